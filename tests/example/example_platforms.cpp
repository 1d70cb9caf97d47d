// The program's platforms, and one more: all that is done for it is its folder, and its line here.
#include <vector>

#include "tests/example/platform.h"
#include "uploaders/all_platforms.h"

namespace {

[[maybe_unused]] const bool kUsed = [] {
  static std::vector<const asfs::Platform*> rows;
  for (const asfs::Platform* row : asfs::all_platforms()) rows.push_back(row);
  rows.push_back(&asfs::example::kPlatform);
  asfs::use_platforms(rows);
  return true;
}();

}  // namespace
