#include "uploaders/platform/platform_api.h"

namespace asfs {

Result<void> PlatformApi::take(Result<std::string> token) {
  if (!token) return std::unexpected(std::move(token.error()));
  token_ = std::move(*token);
  return {};
}

HttpRequest PlatformApi::make(std::string method, std::string url, Progress alive) const {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.on_progress = std::move(alive);
  request.connect_timeout = std::chrono::seconds(context_.config.upload.connect_timeout_s);
  request.stall_timeout = std::chrono::seconds(context_.config.upload.stall_timeout_s);
  request.stop = stop_;
  return request;
}

Answered<HttpResponse> PlatformApi::send(const HttpRequest& request) {
  auto response = http_.send(request);
  if (!response) return std::unexpected(no_answer(response.error()));
  return *std::move(response);
}

}  // namespace asfs
