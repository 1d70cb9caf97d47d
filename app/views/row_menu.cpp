#include "app/views/row_menu.h"

#include <imgui.h>

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/row.h"
#include "app/views/status_cell.h"
#include "uploaders/row/platforms.h"
#include "uploaders/web/kept_page.h"

namespace asfs {
namespace {

VideoView view_of(const VideoCopy& copy) {
  VideoView video;
  video.id = copy.id;
  video.title = copy.title;
  video.file_path = copy.file_path;
  video.duration = copy.duration;
  video.duplicate_allowed = copy.duplicate_allowed;
  video.uploads.resize(copy.uploads.size());
  for (std::size_t i = 0; i < copy.uploads.size(); ++i) video.uploads[i] = copy.uploads[i].view;
  return video;
}

void copy(Frame& frame, const std::string& text, std::string_view what) {
  ImGui::SetClipboardText(text.c_str());
  show_notice(frame.ui, {Notice::Kind::info, std::string(what) + " copied", {}, {}}, frame.now);
}

void upload_entries(Frame& frame, const VideoCopy& video) {
  for (std::size_t i = 0; i < video.uploads.size(); ++i) {
    if (!frame.there(i)) continue;
    if (const RunningUpload* running = frame.running(video.id, i); running || frame.waiting(video.id, i)) {
      const bool late = running && !cancel_hint(*running).empty();
      const Label<96> label("Cancel the upload to {}{}", frame.caption_at(i),
                            late ? " (the post may still appear)" : "");
      if (menu_entry(icon::kClear, label, colour::kTextDim, !running || !running->cancelling.load()))
        frame.ask(CancelUpload{video.id, frame.name_at(i)});
    } else if (menu_entry(frame.columns()[i].icon, Label<64>("Upload to {}…", frame.caption_at(i)),
                          rgb(frame.columns()[i].colour), !video.id.empty())) {
      open_dialog(frame.ui, upload_question(frame, view_of(video), i));
    }
  }
}

/// BLOCKED, a word nobody knows, or "uploading" without an upload of ours: only a person can say how it
/// ended.
bool can_settle(const Frame& frame, const VideoCopy& video, std::size_t destination) {
  const StatusKind kind = kind_of(video.uploads[destination].view);
  const bool unclear = kind == StatusKind::may_be_live || kind == StatusKind::blocked ||
                       kind == StatusKind::unknown || kind == StatusKind::uploading;
  return unclear && !frame.running(video.id, destination);
}

void post_entries(Frame& frame, const VideoCopy& video, std::size_t destination) {
  const std::string_view name = frame.caption_at(destination);
  const UploadCopy& upload = video.uploads[destination];
  if (can_settle(frame, video, destination) &&
      menu_entry(icon::kMayBeLive, Label<64>("Is it live on {}?…", name), colour::kWarning))
    open_dialog(frame.ui, Settle{video.id, frame.name_at(destination), std::string(video.shown_title()),
                                 upload.error, kind_of(upload.view) == StatusKind::uploading});
  if (is_post_id(upload.post_id)) {
    if (menu_entry(icon::kOpen, Label<64>("Open the post on {}", name)))
      frame.ask(OpenPost{frame.name_at(destination), upload.post_id});
    const Config* config = frame.state.info ? frame.state.info->config : nullptr;
    const std::string url =
        config ? frame.columns()[destination].platform->post_url(*config, upload.post_id) : std::string();
    if (!url.empty() && menu_entry(icon::kLink, Label<64>("Copy the link to the {} post", name)))
      copy(frame, url, "Link");
    if (menu_entry(icon::kCopy, Label<64>("Copy the {} post id", name)))
      copy(frame, upload.post_id, "Post id");
  }
  if (!upload.error.empty() && menu_entry(icon::kCopy, Label<64>("Copy the {} error", name)))
    copy(frame, upload.error, "Error");
  if (const std::string page = web::kept_page_in(upload.error);
      !page.empty() && menu_entry(icon::kPicture, Label<64>("See the page of {} that it failed on", name)))
    frame.ask(OpenFile{page});
}

bool has_post_entries(const Frame& frame, const VideoCopy& video) {
  for (std::size_t i = 0; i < video.uploads.size(); ++i)
    if (frame.there(i) && (can_settle(frame, video, i) || is_post_id(video.uploads[i].post_id) ||
                           !video.uploads[i].error.empty()))
      return true;
  return false;
}

}  // namespace

void draw_row_menu(Frame& frame) {
  UiState& ui = frame.ui;
  if (ui.open_menu) ImGui::OpenPopup("Row menu");
  ui.open_menu = false;
  begin_menu_style();
  if (ImGui::BeginPopup("Row menu")) {
    upload_entries(frame, ui.menu);
    if (has_post_entries(frame, ui.menu)) ImGui::Separator();
    for (std::size_t i = 0; i < ui.menu.uploads.size(); ++i)
      if (frame.there(i)) post_entries(frame, ui.menu, i);
    ImGui::Separator();
    if (menu_entry(icon::kFolder, "Open the folder", colour::kTextDim, !ui.menu.file_path.empty()))
      frame.ask(OpenFolder{ui.menu.file_path});
    if (menu_entry(icon::kFile, "Copy the file path", colour::kTextDim, !ui.menu.file_path.empty()))
      copy(frame, ui.menu.file_path, "File path");
    ImGui::EndPopup();
  }
  end_menu_style();
}

}  // namespace asfs
