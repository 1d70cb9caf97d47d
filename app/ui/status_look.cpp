#include "app/ui/status_look.h"

#include <array>
#include <utility>

#include "app/model/when_label.h"
#include "app/ui/icons.h"
#include "app/ui/theme.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

using enum StatusKind;

constexpr std::string_view label(UploadStatus status) {
  return names_of(status).label;
}

constexpr std::array<StatusLook, kStatusKindCount> kLooks{{
    {not_uploaded, icon::kNotUploaded, colour::kTextFaint, label(UploadStatus::pending)},
    {uploading, icon::kUploading, colour::kAccent, label(UploadStatus::in_progress)},
    {uploaded, icon::kUploaded, colour::kSuccess, label(UploadStatus::success)},
    {troubled, icon::kWarning, colour::kWarning, "Has a problem"},
    {failed, icon::kFailed, colour::kDanger, label(UploadStatus::failed)},
    {failed_final, icon::kFailed, colour::kDanger, label(UploadStatus::failed_final)},
    {may_be_live, icon::kMayBeLive, colour::kWarning, "May be live"},
    {blocked, icon::kBlocked, colour::kWarning, label(UploadStatus::blocked)},
    {rate_limited, icon::kRateLimited, colour::kWaiting, label(UploadStatus::rate_limited)},
    {unknown, icon::kUnknown, colour::kTextDim, "Unknown"},
}};

constexpr std::array<StatusKind, kUploadStatusCount> kKinds{not_uploaded, uploading, uploaded,    failed,
                                                            failed_final, blocked,   rate_limited};

}  // namespace

StatusKind kind_of(const UploadView& upload) {
  if (!upload.present) return not_uploaded;
  if (!upload.status) return unknown;
  if (*upload.status == UploadStatus::blocked && contains_folded(upload.error, kMayBeLive))
    return may_be_live;
  if (*upload.status == UploadStatus::success && !upload.error.empty() && !upload.without_row)
    return troubled;
  return kKinds[static_cast<std::size_t>(*upload.status)];
}

const StatusLook& look_of(StatusKind kind) {
  return kLooks[static_cast<std::size_t>(kind)];
}

Label<48> status_word(const UploadView& upload, int max_retries) {
  const StatusKind kind = kind_of(upload);
  if (kind == unknown && !upload.status_text.empty()) return line_label<48>(upload.status_text);
  const std::string_view word = look_of(kind).word;
  if (kind == failed && upload.retry_count > 0)
    return upload.retry_count > max_retries
               ? Label<48>("{} ({}×)", word, upload.retry_count)
               : Label<48>("{} ({} of {})", word, upload.retry_count, max_retries);
  return Label<48>::of(word);
}

Label<200> wait_label(const DestinationWait& wait, TimePoint now) {
  switch (wait.why) {
    case DestinationWait::Why::offline:
      return Label<200>("Offline since {}", when_label(wait.since, now).view());
    case DestinationWait::Why::sign_in:
      return Label<200>("Waits for a sign-in");
    case DestinationWait::Why::account:
      return line_label<200>(wait.said);
  }
  std::unreachable();
}

bool is_post_id(std::string_view post_id) {
  if (post_id.empty() || post_id.size() > 64) return false;
  for (const char c : post_id)
    if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-' && c != '_')
      return false;
  return true;
}

}  // namespace asfs
