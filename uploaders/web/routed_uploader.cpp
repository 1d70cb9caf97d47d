#include "uploaders/web/routed_uploader.h"

#include "uploaders/accounts/web_account.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/web_handle.h"
#include "uploaders/web/web_uploader.h"

namespace asfs {
namespace {

constexpr std::string_view kBrowser = "browser ";

/// Which way new uploads go.
Route route_in(const UploaderContext& context) {
  if (context.route) return *context.route;
  const Destination* destination = context.config.destinations.find(context.destination);
  return destination == nullptr ? Route::api : destination->route;
}

/// Which way an upload went, or goes that has no handle yet.
Route route_of(std::string_view handle, Route otherwise) {
  if (handle.empty()) return otherwise;
  return web::parse_web_handle(handle) ? Route::browser : Route::api;
}

class RoutedUploader final : public PlatformUploader {
 public:
  explicit RoutedUploader(const UploaderContext& context)
      : api_(platform_at(context.destination).make(context)), browser_(context), route_(route_in(context)) {}

  UploadResult upload(const std::filesystem::path& path, const Metadata& metadata,
                      UploadAttempt& attempt) override {
    return by_browser(attempt.handle()) ? browser_.upload(path, metadata, attempt)
                                        : api_->upload(path, metadata, attempt);
  }
  Result<void> check(const Metadata& metadata, std::string_view title, std::uint64_t size) const override {
    auto fits = api_->check(metadata, title, size);
    return fits && route_ == Route::browser ? browser_.check(metadata, title) : fits;
  }
  PostPreview preview(const Metadata& metadata, std::string_view title) const override {
    return api_->preview(metadata, title);
  }
  std::string advice(const Metadata& metadata, std::string_view title, std::uint64_t size) const override {
    return api_->advice(metadata, title, size);
  }
  Reconciliation reconcile(const Unfinished& attempt, std::stop_token stop) override {
    return by_browser(attempt.handle) ? browser_.reconcile(attempt, stop) : api_->reconcile(attempt, stop);
  }
  PostCheck look_at_post(std::string_view id, const Metadata& metadata, std::stop_token stop) override {
    return route_ == Route::browser ? browser_.look_at_post(id, metadata, stop)
                                    : api_->look_at_post(id, metadata, stop);
  }

 private:
  bool by_browser(std::string_view handle) const { return route_of(handle, route_) == Route::browser; }

  const std::unique_ptr<PlatformUploader> api_;
  web::WebUploader browser_;
  const Route route_;
};

}  // namespace

std::unique_ptr<PlatformUploader> make_uploader(const UploaderContext& context) {
  if (context.library.home.empty()) return platform_at(context.destination).make(context);
  return std::make_unique<RoutedUploader>(context);
}

std::string account_in_use(const UploaderContext& context) {
  return route_in(context) == Route::browser ? web_account_id(context.library, context.destination)
                                             : context.credentials.account_id(context.destination);
}

std::string place_of_posts(const UploaderContext& context, std::string_view handle) {
  const std::string& base = context.config.at(context.destination).api_base;
  return route_of(handle, route_in(context)) == Route::browser ? std::string(kBrowser) + base : base;
}

Route route_of_place(std::string_view place) {
  return place.starts_with(kBrowser) ? Route::browser : Route::api;
}

}  // namespace asfs
