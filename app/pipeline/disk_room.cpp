#include "app/pipeline/disk_room.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <map>
#include <system_error>

#include "registry/base/files.h"
#include "registry/base/text.h"

namespace asfs::pipeline {

Result<void> check_room(const std::vector<RoomNeed>& needs) {
  std::map<dev_t, double> asked;  // by disk
  for (const RoomNeed& need : needs) {
    if (auto there = make_private_folder(need.folder); !there) return there;
    struct stat info {};
    std::error_code unknown;
    const auto free = std::filesystem::space(need.folder, unknown).available;
    if (unknown || ::stat(need.folder.c_str(), &info) != 0) continue;
    const double before = asked[info.st_dev], all = asked[info.st_dev] += need.bytes;
    if (static_cast<double>(free) >= all) continue;
    return fail(Code::library,
                fmt::format("{} take about {}{}, and {} has {} free; free some space, or {}", need.what,
                            bytes_text(static_cast<std::uint64_t>(need.bytes)),
                            before > 0 ? fmt::format(" beside {} of other files",
                                                     bytes_text(static_cast<std::uint64_t>(before)))
                                       : "",
                            path_text(need.folder), bytes_text(free), need.remedy));
  }
  return {};
}

}  // namespace asfs::pipeline
