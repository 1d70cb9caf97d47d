#include "uploaders/tiktok.h"

namespace asfs {
namespace {

class TikTokUploader final : public PlatformUploader {
 public:
  explicit TikTokUploader(const UploaderContext& context) : context_(context) {}

  UploadResult upload(const std::filesystem::path&, const Metadata&, UploadSession&) override {
    static_cast<void>(context_);
    return {.error_message = "not connected yet", .error_class = ErrorClass::permanent};
  }
  Result<void> check(const Metadata&, std::string_view, std::uint64_t) const override { return {}; }
  Reconciliation reconcile(const Unfinished&, std::stop_token) override { return {}; }
  PostCheck look_at_post(std::string_view, const Metadata&, std::stop_token) override { return {}; }

 private:
  UploaderContext context_;
};

}  // namespace

std::unique_ptr<PlatformUploader> make_tiktok_uploader(const UploaderContext& context) {
  return std::make_unique<TikTokUploader>(context);
}

std::string tiktok_post_url(const Config&, std::string_view) {
  return {};
}

}  // namespace asfs
