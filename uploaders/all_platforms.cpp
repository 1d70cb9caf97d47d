#include "uploaders/all_platforms.h"

#include "uploaders/instagram/platform.h"
#include "uploaders/tiktok/platform.h"
#include "uploaders/youtube/platform.h"

namespace asfs {

std::span<const Platform* const> all_platforms() {
  static constexpr const Platform* kAll[] = {
      &instagram::kPlatform,
      &tiktok::kPlatform,
      &youtube::kPlatform,
  };
  return kAll;
}

}  // namespace asfs
