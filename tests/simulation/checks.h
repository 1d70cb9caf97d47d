// What must never be, asked of the truth and of the library after every step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/base/sqlite.h"
#include "registry/store/library.h"
#include "tests/simulation/platform.h"
#include "tests/simulation/world.h"

namespace asfs::sim {

/// A row of video_uploads and the open attempt beside it, as any program sees them.
struct Seen {
  std::string status;  ///< "": no row
  std::string post_id, error;
  int retries = 0;
  bool open = false;             ///< an attempt is open
  bool maybe_published = false;  ///< and past the point of no return
};

class Checks {
 public:
  /// Throws Violation from then on. The references outlive it.
  Checks(World& world, SimPlatform& platform, const std::vector<Film>& films, const Library& library,
         std::string platform_name);

  bool posts_only = false;  ///< see RunOptions

  Seen seen(const Film& film);
  /// Bytes are about to be taken: is the handle in the ledger, and before the last one the point of no
  /// return?
  void before_bytes(const Task& task, std::uint64_t arrived);
  void before_publish(const Task& task);
  /// After an exchange: no second post.
  void truth();
  /// Between two uploads: the rows say what is true.
  void rows();
  /// The audit trail and the log tell how the last upload ended.
  void audit(const Film& film, std::string_view status);
  /// No secret stands in any file of the library.
  void secrets();
  /// In the end, in an honest world.
  void ended(const Film& film);

 private:
  std::string ask(const char* sql, std::string_view one = {}, std::string_view two = {});

  World& world_;
  SimPlatform& platform_;
  const std::vector<Film>& films_;
  const Library& library_;
  const std::string name_;
  Database db_;
};

}  // namespace asfs::sim
