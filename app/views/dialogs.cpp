#include "app/views/dialogs.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/accounts_dialog.h"
#include "app/views/bulk_dialog.h"
#include "app/views/dialog_parts.h"
#include "app/views/status_cell.h"
#include "app/views/time_dialog.h"
#include "registry/base/clock.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr float kWidth = 480, kWideWidth = 584, kAccountsWidth = 656;

void earlier_facts(const Frame& frame, const ConfirmUpload& what) {
  const UploadView& upload = what.video.uploads[what.destination].view;
  const std::string_view platform = frame.caption_at(what.destination);
  if (frame.practice()) fact("Goes to", "The practice platform on this computer");
  const StatusKind kind = kind_of(upload);
  if (is_posted(kind)) ImGui::Dummy({0, px(4)});
  if (is_posted(kind))
    paragraph(colour::kWarning, Label<256>("It was posted on {} already ({}). This makes a second post.",
                                           platform, short_time(upload.timestamp)));
  if ((kind == StatusKind::failed || kind == StatusKind::failed_final) && !upload.error.empty())
    fact("Last failure", line_label<400>(upload.error));
}

bool draw_question(Frame& frame, ConfirmUpload& what) {
  const std::string& platform = frame.name_at(what.destination);
  const std::string& caption = frame.caption_at(what.destination);
  heading(frame, frame.columns()[what.destination].icon, rgb(frame.columns()[what.destination].colour),
          Label<96>("Upload to {}?", caption));
  video_card(frame, what.video.shown_title(),
             Label<320>("{}   {}", duration_text(what.video.duration > 0 ? what.video.duration : -1.0),
                        line_label<300>(what.video.file_path).view()));
  const bool ready = post_facts(frame, what.video.id, platform, what.asked);
  earlier_facts(frame, what);
  const auto answer = buttons({"Cancel", "Later…", Label<96>("Upload to {}", caption).c_str()}, 0, ready);
  if (answer == 2) frame.ask(StartUpload{what.video.id, platform});
  if (answer == 1)
    frame.ui.next_dialog = choose_time(frame, what.video.id, what.destination, what.video.shown_title());
  return answer.has_value();
}

bool draw_question(Frame& frame, ConfirmBulk& what) {
  return draw_bulk_question(frame, what);
}

bool draw_question(Frame& frame, ChooseTime& what) {
  return draw_time_question(frame, what);
}

bool draw_question(Frame& frame, AlreadyPosted& what) {
  heading(frame, icon::kBlocked, colour::kWarning, "Already posted");
  video_card(frame, what.title, {});
  if (!what.reason.empty()) paragraph(colour::kTextDim, what.reason);
  paragraph(colour::kText,
            Label<256>("This video was posted to {} already. Posting it twice is blocked, because "
                       "platforms punish repeated posts.",
                       frame.caption_of(what.platform)));
  post_facts(frame, what.video_id, what.platform, what.asked);
  const auto answer = buttons({"Enable duplicates and upload", "Keep it blocked"}, 1);
  if (answer == 0) frame.ask(StartUpload{what.video_id, what.platform, true});
  return answer.has_value();
}

bool draw_question(Frame& frame, Settle& what) {
  heading(frame, icon::kMayBeLive, colour::kWarning,
          Label<96>("Is it live on {}?", frame.caption_of(what.platform)));
  video_card(frame, what.title, {});
  paragraph(colour::kTextDim,
            "How this upload ended is not known. Look at your account first, some minutes after the upload "
            "stopped: a post can appear late, and another try would then post it twice.");
  if (!what.why.empty()) paragraph(colour::kText, line_label<400>(what.why));
  ImGui::Dummy({0, px(4)});
  text_field("##Link", "Link or post id, if it is live (may be left empty)", what.link);
  const auto answer = buttons({"Decide later", "It is not live", "It is live"});
  if (answer == 2) frame.ask(SettleUpload{what.video_id, what.platform, true, what.link.data()});
  if (answer == 1 && what.may_run && !std::exchange(what.sure, true)) {
    what.why =
        "Another program may be uploading it right now. Say so again only if you are sure that none is.";
    return false;
  }
  if (answer == 1) frame.ask(SettleUpload{what.video_id, what.platform, false, {}, what.sure});
  return answer.has_value();
}

bool draw_question(Frame& frame, AccountsList& what) {
  return draw_accounts(frame, what);
}

bool draw_question(Frame& frame, NewAccount& what) {
  return draw_new_account(frame, what);
}

bool draw_question(Frame& frame, ConfirmRemoval& what) {
  return draw_removal(frame, what);
}

bool draw_question(Frame& frame, ChooseWay& what) {
  return draw_way(frame, what);
}

bool draw_question(Frame& frame, ConfirmClose&) {
  const std::size_t running = frame.state.running->size(), waiting = frame.state.waiting->size();
  heading(frame, icon::kUploading, colour::kWarning,
          running > 0 ? "Uploads are running" : "Uploads are waiting");
  if (running > 0)
    paragraph(
        colour::kText,
        Label<256>("{} upload{} will be stopped, and {} where the platform allows it when the window is "
                   "opened again; nothing is posted twice.",
                   running, running == 1 ? "" : "s", running == 1 ? "goes on" : "go on"));
  if (std::ranges::any_of(*frame.state.running, [](const auto& one) { return !cancel_hint(*one).empty(); }))
    paragraph(colour::kText,
              "What is sent completely may still be posted; the platform is asked when the window is opened "
              "again, and nothing is sent again.");
  if (waiting > 0)
    paragraph(colour::kText, Label<256>("{} {} in the queue until the window is opened again, or "
                                        "`asfs-videos upload --all-pending --wait` sends {}.",
                                        count_label(waiting).view(), waiting == 1 ? "waits" : "wait",
                                        waiting == 1 ? "it" : "them"));
  const auto answer = buttons({"Keep uploading", running > 0 ? "Stop and close" : "Close"});
  if (answer == 1) frame.ui.close_confirmed = true;
  return answer.has_value();
}

bool draw_question(Frame&, std::monostate) {
  return true;
}

/// Opens the popup once, whatever dialog it shows.
bool begin(Frame& frame) {
  if (!frame.ui.dialog_opened) ImGui::OpenPopup("###Dialog");
  frame.ui.dialog_opened = true;
  const ImVec2 window = ImGui::GetMainViewport()->WorkSize;
  const float wanted = std::holds_alternative<AccountsList>(frame.ui.dialog)  ? kAccountsWidth
                       : std::holds_alternative<ConfirmBulk>(frame.ui.dialog) ? kWideWidth
                                                                              : kWidth;
  const float width = std::min(px(wanted), window.x - px(32));
  ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetWorkCenter(), ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, window.y - px(16)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(kDialogPadding), px(kDialogPadding)));
  const bool open = ImGui::BeginPopupModal("###Dialog", nullptr,
                                           ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize |
                                               ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  return open;
}

}  // namespace

void draw_dialog(Frame& frame) {
  UiState& ui = frame.ui;
  if (std::holds_alternative<std::monostate>(ui.dialog) && !ui.refused.empty()) {
    open_dialog(ui, std::move(ui.refused.front()));
    ui.refused.pop_front();
  }
  if (std::holds_alternative<std::monostate>(ui.dialog)) return;
  if (!begin(frame)) {  // closed from outside
    if (const auto* bulk = std::get_if<ConfirmBulk>(&ui.dialog)) drop_plan(frame, *bulk);
    ui.dialog = {};
    return;
  }
  if (std::visit([&frame](auto& what) { return draw_question(frame, what); }, ui.dialog)) {
    ImGui::CloseCurrentPopup();
    open_dialog(ui, std::exchange(ui.next_dialog, {}));
    frame.again_in(0);
  }
  ImGui::EndPopup();
}

}  // namespace asfs
