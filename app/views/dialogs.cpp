#include "app/views/dialogs.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/bulk_dialog.h"
#include "app/views/dialog_parts.h"
#include "app/views/status_cell.h"
#include "app/views/time_dialog.h"
#include "registry/base/clock.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr float kWidth = 480, kBulkWidth = 584;

void earlier_facts(const Frame& frame, const ConfirmUpload& what) {
  const UploadView& upload = what.video.uploads[what.platform].view;
  const std::string_view platform = frame.caption_at(what.platform);
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
  const std::string_view platform = frame.caption_at(what.platform);
  heading(frame, frame.columns()[what.platform].icon, rgb(frame.columns()[what.platform].colour),
          Label<64>("Upload to {}?", platform));
  video_card(frame, what.video.shown_title(),
             Label<320>("{}   {}", duration_text(what.video.duration > 0 ? what.video.duration : -1.0),
                        line_label<300>(what.video.file_path).view()));
  const bool ready = post_facts(frame, what.video.id, platform, what.asked);
  earlier_facts(frame, what);
  const auto answer = buttons({"Cancel", "Later…", Label<64>("Upload to {}", platform).c_str()}, 0, ready);
  if (answer == 2) frame.ask(StartUpload{what.video.id, std::string(platform)});
  if (answer == 1)
    frame.ui.next_dialog = choose_time(frame, what.video.id, what.platform, what.video.shown_title());
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
                       what.platform));
  post_facts(frame, what.video_id, what.platform, what.asked);
  const auto answer = buttons({"Enable duplicates and upload", "Keep it blocked"}, 1);
  if (answer == 0) frame.ask(StartUpload{what.video_id, what.platform, true});
  return answer.has_value();
}

bool draw_question(Frame& frame, Settle& what) {
  heading(frame, icon::kMayBeLive, colour::kWarning, Label<64>("Is it live on {}?", what.platform));
  video_card(frame, what.title, {});
  paragraph(colour::kTextDim,
            "How this upload ended is not known. Look at your account first, some minutes after the upload "
            "stopped: a post can appear late, and another try would then post it twice.");
  if (!what.why.empty()) paragraph(colour::kText, line_label<400>(what.why));
  ImGui::Dummy({0, px(4)});
  ImGui::SetNextItemWidth(-FLT_MIN);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::kSurface);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, px(1));
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::InputTextWithHint("##Link", "Link or post id, if it is live (may be left empty)", what.link.data(),
                           what.link.size());
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
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

/// One platform: name, how it stands, and the button on the right.
void account_line(Frame& frame, std::size_t platform, const AccountView& account) {
  using Kind = AccountState::Kind;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x;
  const float y = at.y + px(size::kControl) * 0.5f;
  const bool known = account.state.kind == Kind::signed_in || account.state.kind == Kind::needs_login;
  const std::string_view name = frame.caption_at(platform);
  const Label<64> label("{}###{} {}",
                        account.signing_in ? "In the browser…"
                        : known            ? "Sign out"
                                           : "Sign in…",
                        known ? "Sign out of" : "Sign in to", name);
  const Label<64> again("Sign in again…###Sign in to {}", name);
  const bool dead = account.state.kind == Kind::needs_login;
  const char* shown = dead && !account.signing_in ? again.c_str() : label.c_str();
  const float width = button_width(shown);
  draw_icon(at.x + px(8), y, rgb(frame.columns()[platform].colour), frame.columns()[platform].icon);
  draw_text(at.x + px(32), y, colour::kText, name);
  const ImU32 tint = dead                                     ? colour::kWarning
                     : account.state.kind == Kind::signed_out ? colour::kTextFaint
                                                              : colour::kSuccess;
  Label<320> words("{}{}{}", name_of(account.state.kind), account.state.name.empty() ? "" : " as ",
                   line_label<80>(account.state.name).view());
  if (draw_elided(at.x + px(128), right - width - px(12), y, tint, words) || !account.state.detail.empty()) {
    ImGui::SetCursorScreenPos({at.x + px(128), at.y});
    ImGui::Dummy({std::max(1.0f, right - width - px(12) - at.x - px(128)), px(size::kControl)});
    if (!account.state.detail.empty()) tooltip(account.state.detail);
  }
  ImGui::SetCursorScreenPos({right - width, at.y});
  ImGui::BeginDisabled(account.signing_in || account.state.kind == Kind::token);
  if (button(shown)) {
    if (known && !dead)
      frame.ask(SignOutOf{std::string(name)});
    else
      frame.ask(SignInTo{std::string(name)});
  }
  ImGui::EndDisabled();
  ImGui::SetCursorScreenPos({at.x, at.y + px(size::kControl + 8)});
  ImGui::Dummy({0, 0});
}

/// The sign-in sees several accounts: which is meant?
void account_choices(Frame& frame, std::size_t platform, const AccountView& account) {
  const std::string_view name = frame.caption_at(platform);
  paragraph(colour::kText, Label<96>("Which account on {} shall posts go to?", name));
  for (std::size_t i = 0; i < account.choices.size(); ++i)
    if (button(
            Label<200>("{}###Account {} of {}", line_label<120>(account.choices[i]).view(), i, name).c_str()))
      frame.ask(AnswerWhichAccount{std::string(name), i});
  if (button(Label<64>("None of these###No account of {}", name).c_str()))
    frame.ask(AnswerWhichAccount{std::string(name), account.choices.size()});
  ImGui::Dummy({0, px(4)});
}

bool draw_question(Frame& frame, AccountsList&) {
  heading(frame, icon::kAccounts, colour::kAccent, "Accounts");
  if (frame.practice())
    paragraph(colour::kTextDim,
              "Practice mode: no sign-in is needed. These are sign-ins to the practice platforms.");
  else
    paragraph(colour::kTextDim,
              "Sign in with your browser. Each platform wants an app of your own first; "
              "docs/accounts.md shows how to get one.");
  ImGui::Dummy({0, px(4)});
  if (frame.state.accounts)
    for (std::size_t i = 0; i < frame.columns().size(); ++i) {
      const AccountView& account = (*frame.state.accounts)[i];
      account_line(frame, i, account);
      if (!account.choices.empty()) account_choices(frame, i, account);
    }
  return buttons({"Close"}).has_value();
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
  const bool bulk = std::holds_alternative<ConfirmBulk>(frame.ui.dialog);
  const float width = std::min(px(bulk ? kBulkWidth : kWidth), window.x - px(32));
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
