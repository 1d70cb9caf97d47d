#include "uploaders/platform/platform_uploader.h"

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

std::string PlatformUploader::advice(const Metadata&, std::string_view, std::uint64_t) const {
  return {};
}

namespace {

std::unexpected<Error> may_exist() {
  return fail(Code::blocked,
              "all of the video had been sent, so that it may be published: it is not sent again");
}

}  // namespace

Result<void> UploadAttempt::save_handle(std::string_view handle) {
  if (maybe_published()) return may_exist();
  return keep_handle(handle);
}

Result<void> UploadAttempt::before_bytes() const {
  if (maybe_published()) return may_exist();
  return {};
}

Result<void> UploadAttempt::start_over(bool no_post) {
  if (maybe_published() && !no_post) return may_exist();
  return forget_begun();
}

}  // namespace asfs
