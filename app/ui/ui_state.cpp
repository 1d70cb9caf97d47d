#include "app/ui/ui_state.h"

#include <algorithm>

namespace asfs {
namespace {

constexpr std::size_t kToastsAtMost = 5;

double seconds_shown(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::info:
      return 4;
    case Notice::Kind::success:
      return 6;
    case Notice::Kind::warning:
      return 10;
    case Notice::Kind::error:
      return 15;
  }
  return 6;
}

}  // namespace

UploadCopy& UploadCopy::operator=(const UploadView& upload) {
  status_text = upload.status_text;
  timestamp = upload.timestamp;
  post_id = upload.post_id;
  error = upload.error;
  view = upload;
  view.status_text = status_text;
  view.timestamp = timestamp;
  view.post_id = post_id;
  view.error = error;
  return *this;
}

VideoCopy::VideoCopy(const VideoView& video)
    : id(video.id),
      title(video.title),
      file_path(video.file_path),
      duration(video.duration),
      duplicate_allowed(video.duplicate_allowed) {
  for (const UploadView& upload : video.uploads) uploads.emplace_back(upload);
}

void open_dialog(UiState& ui, Dialog dialog) {
  ui.dialog = std::move(dialog);
  ui.dialog_opened = false;
}

void show_notice(UiState& ui, Notice notice, double now) {
  if (notice.blocked) {
    Notice::BlockedDuplicate& blocked = *notice.blocked;
    ui.refused.push_back({std::move(blocked.video_id), std::move(blocked.platform), std::move(blocked.title),
                          std::move(notice.detail)});
    return;
  }
  const double until = now + seconds_shown(notice.kind);
  ui.toasts.push_back({ui.next_toast++, std::move(notice), now, until});
  // The oldest of the mildest goes: no good news hides an error that nobody has read.
  if (ui.toasts.size() > kToastsAtMost)
    ui.toasts.erase(
        std::ranges::min_element(ui.toasts, {}, [](const Toast& toast) { return toast.notice.kind; }));
}

}  // namespace asfs
