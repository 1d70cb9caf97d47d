#include "app/view_dialogs.h"

#include <imgui_internal.h>

#include <initializer_list>
#include <optional>

#include "app/icons.h"
#include "app/status_look.h"
#include "app/widgets.h"
#include "registry/base/clock.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr float kWidth = 480, kPadding = 24;

void heading(const Frame& frame, const char* head_icon, ImU32 tint, std::string_view text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(frame.ui.fonts.semibold, size::kHeading);
  const float y = at.y + px(size::kHeading) * 0.5f;
  draw_icon(at.x + px(10), y, tint, head_icon);
  ImGui::SetCursorScreenPos({at.x + px(32), at.y});
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopFont();
  ImGui::Dummy({0, px(4)});
}

/// The video the question is about, as a card.
void video_card(const Frame& frame, std::string_view title, std::string_view second_line) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kSurface);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, px(size::kRounding));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(16), px(12)));
  ImGui::BeginChild("Video", {0, 0}, ImGuiChildFlags_AutoResizeY | ImGuiChildFlags_AlwaysUseWindowPadding);
  paragraph(colour::kText, line_label<400>(title));
  if (!second_line.empty()) {
    ImGui::PushFont(frame.ui.fonts.regular, size::kSmall);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_elided_left(at.x, at.x + ImGui::GetContentRegionAvail().x, at.y + px(6), colour::kTextFaint,
                     second_line);
    ImGui::Dummy({0, px(14)});
    ImGui::PopFont();
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
  ImGui::Dummy({0, px(4)});
}

/// `Privacy   public`
void fact(std::string_view name, std::string_view value) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(at.x, at.y + px(9), colour::kTextFaint, name);
  ImGui::SetCursorScreenPos({at.x + px(112), at.y});
  paragraph(colour::kText, value);
}

/// The buttons at the lower right. The last is the suggested one: Enter takes it when the keyboard has marked
/// none. Esc is `escape`. Returns which was taken.
std::optional<int> buttons(std::initializer_list<const char*> labels, int escape = 0, bool enabled = true) {
  ImGui::Dummy({0, px(8)});
  float width = -px(8);
  for (const char* label : labels) width += button_width(label) + px(8);
  ImGui::SetCursorPosX(std::max(ImGui::GetCursorPosX(), ImGui::GetWindowWidth() - px(kPadding) - width));
  const int last = static_cast<int>(labels.size()) - 1;
  std::optional<int> answer;
  for (int i = 0; const char* label : labels) {
    ImGui::BeginDisabled(i == last && !enabled);
    if (button(label, i == last ? ButtonKind::primary : ButtonKind::plain)) answer = i;
    if (i == last) ImGui::SetItemDefaultFocus();
    ImGui::EndDisabled();
    if (i++ != last) ImGui::SameLine();
  }
  if (ImGui::IsWindowAppearing()) return answer;
  const bool enter =
      ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  if (enter && enabled && !ImGui::GetIO().NavVisible) answer = last;
  if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) answer = escape;
  return answer;
}

void earlier_facts(const Frame& frame, const ConfirmUpload& what) {
  const UploadView& upload = what.video.uploads[what.platform].view;
  const std::string_view platform = kPlatformNames[what.platform];
  if (const Config* config = frame.state.info ? frame.state.info->config : nullptr;
      config && platform == "YouTube")
    fact("Privacy", config->youtube.privacy);
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
  const std::string_view platform = kPlatformNames[what.platform];
  heading(frame, platform_icon(what.platform), colour::kPlatforms[what.platform],
          Label<64>("Upload to {}?", platform));
  video_card(frame, what.video.shown_title(),
             Label<320>("{}   {}", duration_text(what.video.duration > 0 ? what.video.duration : -1.0),
                        line_label<300>(what.video.file_path).view()));
  earlier_facts(frame, what);
  const auto answer = buttons({"Cancel", Label<64>("Upload to {}", platform).c_str()});
  if (answer == 1) frame.ask(StartUpload{what.video.id, std::string(platform)});
  return answer.has_value();
}

Label<128> pending_label(std::uint32_t pending, const PlanView::Platform* planned) {
  const char* plural = pending == 1 ? "" : "s";
  if (!planned) return Label<128>("{} video{}", count_label(pending).view(), plural);
  if (planned->later == 0) return Label<128>("{} now", count_label(planned->now).view());
  return Label<128>("{} now, {} later, the last about {}", count_label(planned->now).view(),
                    count_label(planned->later).view(), planned->last.empty() ? "-" : planned->last.c_str());
}

void pending_line(const Frame& frame, std::size_t platform, std::uint32_t pending) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool connected = frame.connected(platform);
  const float y = at.y + px(16);
  const float right = at.x + ImGui::GetContentRegionAvail().x;
  draw_icon(at.x + px(8), y, connected ? colour::kPlatforms[platform] : colour::kTextFaint,
            platform_icon(platform));
  draw_text(at.x + px(32), y, connected ? colour::kText : colour::kTextFaint, kPlatformNames[platform]);
  const PlanView* plan = frame.state.plan.get();
  if (connected)
    draw_number_right(
        right, y, colour::kText,
        pending_label(pending, plan && plan->error.empty() ? &plan->platforms[platform] : nullptr));
  else
    draw_number_right(right, y, colour::kTextFaint,
                      Label<128>("skipped, not connected yet ({} video{})", count_label(pending).view(),
                                 pending == 1 ? "" : "s"));
  ImGui::Dummy({0, px(28)});
}

/// Every upload with its time or reason.
void plan_list(const PlanView& plan) {
  constexpr float kLine = 24, kShown = 6;
  const float lines = std::min(static_cast<float>(plan.lines.size()), kShown);
  ImGui::Dummy({0, px(4)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kSurface);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (ImGui::BeginChild("##Plan", {0, px(kLine * lines)})) {
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(plan.lines.size()), px(kLine));
    while (clipper.Step())
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
        const PlanView::Line& line = plan.lines[static_cast<std::size_t>(i)];
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x, y = at.y + px(kLine) * 0.5f;
        const float middle = at.x + width * 0.4f;
        draw_icon(at.x + px(12), y, colour::kPlatforms[line.platform], platform_icon(line.platform));
        draw_elided(at.x + px(32), middle - px(8), y, colour::kText, line.title);
        draw_elided(middle, at.x + width - px(4), y, line.skipped ? colour::kWarning : colour::kTextDim,
                    line.text);
        ImGui::Dummy({width, px(kLine)});
        tooltip(line.text);
      }
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  ImGui::Dummy({0, 0});
}

/// What is known of the plan so far.
void plan_facts(const Frame& frame) {
  const PlanView* plan = frame.state.plan.get();
  if (!plan) return paragraph(colour::kTextFaint, "Working out what goes when…");
  if (!plan->error.empty()) return paragraph(colour::kWarning, plan->error);
  if (!plan->lines.empty()) plan_list(*plan);
  const Label<160> sum("{} to send.{}", bytes_text(plan->bytes),
                       plan->skipped == 0 ? "" : " What is marked needs something from you first.");
  paragraph(colour::kTextDim, sum);
}

bool draw_question(Frame& frame, ConfirmAll&) {
  heading(frame, icon::kUpload, colour::kAccent, "Upload all pending videos?");
  paragraph(colour::kTextDim,
            "Every video goes to each platform where it is not uploaded yet. What is blocked or has "
            "failed for good is left alone.");
  ImGui::Dummy({0, px(4)});
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < kPlatformCount; ++i) {
    const std::uint32_t pending = frame.state.table ? frame.state.table->pending[i] : 0;
    if (frame.connected(i)) total += pending;
    pending_line(frame, i, pending);
  }
  plan_facts(frame);
  if (frame.practice()) paragraph(colour::kTextDim, "Practice mode: nothing leaves this computer.");
  if (const PlanView* plan = frame.state.plan.get(); plan && plan->error.empty())
    total = plan->lines.size() - plan->skipped;
  const Label<64> yes("Start {} upload{}###Start uploads", count_label(total).view(), total == 1 ? "" : "s");
  const auto answer = buttons({"Cancel", yes.c_str()}, 0, total > 0);
  if (answer == 1) frame.ask(UploadAllPending{});
  return answer.has_value();
}

bool draw_question(Frame& frame, AlreadyPosted& what) {
  heading(frame, icon::kBlocked, colour::kWarning, "Already posted");
  video_card(frame, what.title, {});
  if (!what.reason.empty()) paragraph(colour::kTextDim, what.reason);
  paragraph(colour::kText,
            Label<256>("This video was posted to {} already. Posting it twice is blocked, because "
                       "platforms punish repeated posts.",
                       what.platform));
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
  if (answer == 1) frame.ask(SettleUpload{what.video_id, what.platform, false, {}});
  return answer.has_value();
}

/// One platform: name, how it stands, and the button on the right.
void account_line(Frame& frame, std::size_t platform, const AccountView& account) {
  using Kind = AccountState::Kind;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x;
  const float y = at.y + px(size::kControl) * 0.5f;
  const bool known = account.state.kind == Kind::signed_in || account.state.kind == Kind::needs_login;
  const std::string_view name = kPlatformNames[platform];
  const Label<64> label("{}###{} {}",
                        account.signing_in ? "In the browser…"
                        : known            ? "Sign out"
                                           : "Sign in…",
                        known ? "Sign out of" : "Sign in to", name);
  const Label<64> again("Sign in again…###Sign in to {}", name);
  const bool dead = account.state.kind == Kind::needs_login;
  const char* shown = dead && !account.signing_in ? again.c_str() : label.c_str();
  const float width = button_width(shown);
  draw_icon(at.x + px(8), y, colour::kPlatforms[platform], platform_icon(platform));
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
    for (std::size_t i = 0; i < kPlatformCount; ++i) account_line(frame, i, (*frame.state.accounts)[i]);
  return buttons({"Close"}).has_value();
}

bool draw_question(Frame& frame, ConfirmClose&) {
  const std::size_t count = frame.state.running->size() + frame.state.waiting->size();
  heading(frame, icon::kUploading, colour::kWarning, "Uploads are running");
  paragraph(colour::kText,
            Label<256>("{} upload{} will be stopped. Uploaded again, a video goes on where it was "
                       "stopped, where the platform allows it; nothing is posted twice.",
                       count, count == 1 ? "" : "s"));
  const auto answer = buttons({"Keep uploading", "Stop and close"});
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
  const float width = std::min(px(kWidth), window.x - px(32));
  ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetWorkCenter(), ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, window.y - px(16)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(px(kPadding), px(kPadding)));
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
    ui.dialog = {};
    return;
  }
  if (std::visit([&frame](auto& what) { return draw_question(frame, what); }, ui.dialog)) {
    ImGui::CloseCurrentPopup();
    ui.dialog = {};
    frame.again_in(0);
  }
  ImGui::EndPopup();
}

}  // namespace asfs
