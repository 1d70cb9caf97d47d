// Uploads through the person's own browser, as a recipe says. What can be posted and how it will look is
// asked of the platform's uploader to its API, whose limits are the same.
//
// A handle is written down before the video is given to the page: whose pages they are, what they held
// before, and the platform's id as soon as there is one. The file is read once before, and looked at again
// before the click of no return, as the browser reads it by itself.
#pragma once

#include <memory>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs::web {

class WebUploader {
 public:
  explicit WebUploader(const UploaderContext& context) : context_(context) {}

  UploadResult upload(const std::filesystem::path& video_path, const Metadata& metadata,
                      UploadAttempt& attempt);
  /// What no page can be told is refused, never left out: Code::usage.
  Result<void> check(const Metadata& metadata, std::string_view video_title) const;
  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop);
  PostCheck look_at_post(std::string_view post_id, const Metadata& metadata, std::stop_token stop);

 private:
  const UploaderContext context_;
};

}  // namespace asfs::web
