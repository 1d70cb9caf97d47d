#include "uploaders/platform_uploader.h"

#include <array>

namespace asfs {

std::string_view name_of(UploadStep step) {
  constexpr std::array<std::string_view, 7> kNames{"checking",   "looking up", "starting", "sending",
                                                   "publishing", "waiting",    "done"};
  return kNames[static_cast<std::size_t>(step)];
}

std::string_view name_of(PostCheck::State state) {
  constexpr std::array<std::string_view, 5> kNames{"kept", "processing", "restricted", "gone", "unknown"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace asfs
