// What the uploaders to the platforms' APIs have in common: what does not fit is refused before anything is
// asked, and how a look-up is answered. Used by the platforms' own files alone.
#pragma once

#include <memory>

#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/trouble.h"
#include "uploaders/platform/uploader_context.h"

namespace asfs {

class ApiUploader : public PlatformUploader {
 public:
  UploadResult upload(const std::filesystem::path& video_path, const Metadata& metadata,
                      UploadAttempt& attempt) final;

 protected:
  explicit ApiUploader(const UploaderContext& context) : context_(context), http_(context.http()) {}

  /// The attempt's video, whose metadata is within the limits.
  virtual UploadResult send(const std::filesystem::path& video_path, const Metadata& metadata,
                            UploadAttempt& attempt) = 0;

  static Reconciliation found(Reconciliation::State state, std::optional<std::string> post_id = {},
                              std::uint64_t bytes_received = 0);
  static Reconciliation failed_because(const Trouble& trouble,
                                       Reconciliation::State state = Reconciliation::State::failed);
  /// The answer where an upload was begun in practice and `base` is a real platform, or the other way round:
  /// what practice began made no post here; what the real platform began waits until we are back there.
  static std::optional<Reconciliation> begun_elsewhere(std::string_view begun, std::string_view base);

  const UploaderContext context_;
  const std::unique_ptr<Http> http_;
};

}  // namespace asfs
