#include "uploaders/platform/api_uploader.h"

#include "registry/base/text.h"
#include "uploaders/transfer/http_url.h"

namespace asfs {

UploadResult ApiUploader::upload(const std::filesystem::path& video_path, const Metadata& metadata,
                                 UploadAttempt& attempt) {
  const std::uint64_t size = attempt.video().size();
  attempt.progress(UploadStep::checking, 0, size);
  if (auto fits = check(metadata, attempt.video_title(), size); !fits)
    return {.error_message = fits.error().message,
            .error_class = fits.error().code == Code::account ? ErrorClass::account : ErrorClass::permanent};
  return send(video_path, metadata, attempt);
}

Reconciliation ApiUploader::found(Reconciliation::State state, std::optional<std::string> post_id,
                                  std::uint64_t bytes_received) {
  Reconciliation result;
  result.state = state;
  result.post_id = std::move(post_id);
  result.bytes_received = bytes_received;
  return result;
}

Reconciliation ApiUploader::failed_because(const Trouble& trouble, Reconciliation::State state) {
  Reconciliation result;
  result.state = state;
  result.error.error_class = trouble.error_class;
  result.error.error_message = one_line(trouble.message);
  result.error.retry_at = trouble.retry_at;
  return result;
}

std::optional<Reconciliation> ApiUploader::begun_elsewhere(std::string_view begun, std::string_view base) {
  const auto then = url_origin(begun);
  const auto now = url_origin(base);
  if (!then || !now || then->loopback() == now->loopback()) return std::nullopt;
  return failed_because({.error_class = ErrorClass::transient,
                         .message = "the upload was begun on another platform than this one"},
                        then->loopback() ? Reconciliation::State::not_made : Reconciliation::State::failed);
}

}  // namespace asfs
