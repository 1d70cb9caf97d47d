// Two connections that read one picture of a file, so that two threads can share the reading. A failing
// statement throws SqliteError.
#pragma once

#include <optional>

#include "registry/base/sqlite.h"

namespace asfs {

/// BEGIN on both now: as long as it lives, all statements of both read what the file held at one moment,
/// whatever others commit meanwhile. Made and ended by one thread; in between each connection may have its
/// own. Both are of one file, and neither writes; they may be one and the same.
class SameMoment {
 public:
  SameMoment(Database& first, Database& second);

 private:
  std::optional<ReadTransaction> first_, second_;
};

}  // namespace asfs
