#include "app/ui_state.h"

namespace asfs {

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
  for (std::size_t i = 0; i < kPlatformCount; ++i) uploads[i] = video.uploads[i];
}

void open_dialog(UiState& ui, Dialog dialog) {
  ui.dialog = std::move(dialog);
  ui.dialog_opened = false;
}

}  // namespace asfs
