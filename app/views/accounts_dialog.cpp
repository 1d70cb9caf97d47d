#include "app/views/accounts_dialog.h"

#include <algorithm>
#include <utility>

#include "app/ui/icons.h"
#include "app/ui/widgets.h"
#include "app/views/dialog_parts.h"
#include "app/views/time_fields.h"
#include "uploaders/web/terms_notice.h"

namespace asfs {
namespace {

constexpr float kAccountLine = 40, kStateInset = 184, kChoiceInset = 24;

bool is_first(const Frame& frame, std::size_t column) {
  return frame.columns()[column].destination.account().empty();
}

void draw_state(const AccountView& account, ImVec2 at, float right) {
  using Kind = AccountState::Kind;
  const ImU32 tint = account.state.kind == Kind::needs_login  ? colour::kWarning
                     : account.state.kind == Kind::signed_out ? colour::kTextFaint
                                                              : colour::kSuccess;
  const Label<320> words("{}{}{}", name_of(account.state.kind), account.state.name.empty() ? "" : " as ",
                         line_label<80>(account.state.name).view());
  const bool cut = draw_elided(at.x, right, at.y + px(size::kControl) * 0.5f, tint, words);
  if (!cut && account.state.detail.empty()) return;
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({std::max(1.0f, right - at.x), px(size::kControl)});
  tooltip(account.state.detail.empty() ? words.view() : std::string_view(account.state.detail));
}

/// A sign-in would lead nowhere: the way itself has to be chosen first.
bool nothing_set_up(const Frame& frame, std::size_t column, const AccountView& account) {
  return !account.has_app && account.state.kind == AccountState::Kind::signed_out &&
         frame.columns()[column].destination.route == Route::api;
}

/// Signs in or out; ends at `right`. Returns where it begins.
float draw_sign_in(Frame& frame, std::size_t column, const AccountView& account, ImVec2 right_top,
                   bool suggested) {
  using Kind = AccountState::Kind;
  const std::string& name = frame.name_at(column);
  const bool signed_in = account.state.kind == Kind::signed_in;
  const std::string_view word = account.signing_in                        ? "In the browser…"
                                : signed_in                               ? "Sign out"
                                : account.state.kind == Kind::needs_login ? "Sign in again…"
                                                                          : "Sign in…";
  const Label<128> label("{}###{} {}", word, signed_in ? "Sign out of" : "Sign in to", name);
  const float left = right_top.x - button_width(label.c_str());
  ImGui::SetCursorScreenPos({left, right_top.y});
  ImGui::BeginDisabled(account.signing_in || account.state.kind == Kind::token);
  if (button(label.c_str(), suggested ? ButtonKind::primary : ButtonKind::plain)) {
    if (signed_in)
      frame.ask(SignOutOf{name});
    else if (nothing_set_up(frame, column, account))
      frame.ui.next_dialog = ChooseWay{name, account.browser.empty() ? Route::api : Route::browser};
    else
      frame.ask(SignInTo{name});
  }
  ImGui::EndDisabled();
  return left;
}

/// Which way posts go; leads to choosing it. Ends at `right`. Returns where it begins.
float draw_way_button(Frame& frame, std::size_t column, const AccountView& account, ImVec2 right_top) {
  const Destination& destination = frame.columns()[column].destination;
  const bool browser = destination.route == Route::browser;
  const Label<128> label("{} {}###Way of {}", browser ? "Browser" : "API", icon::kCaret, destination.name);
  const float left = right_top.x - button_width(label.c_str());
  ImGui::SetCursorScreenPos({left, right_top.y});
  ImGui::BeginDisabled(account.signing_in);
  if (button(label.c_str(), ButtonKind::quiet))
    frame.ui.next_dialog = ChooseWay{destination.name, destination.route};
  ImGui::EndDisabled();
  tooltip(browser ? "Posts go through a browser…" : "Posts go through the platform's API…");
  return left;
}

/// Name, how it stands, and the buttons on the right; `removable`: some accounts have one to remove them.
void account_line(Frame& frame, std::size_t column, const AccountView& account, bool suggested,
                  bool removable) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x;
  const float y = at.y + px(size::kControl) * 0.5f;
  const bool first = is_first(frame, column);
  const float inset = first ? 0 : px(20);
  draw_icon(at.x + inset + px(8), y, rgb(frame.columns()[column].colour), frame.columns()[column].icon);
  draw_elided(at.x + inset + px(28), at.x + px(kStateInset - 8), y, colour::kText, frame.caption_at(column));
  const float sign_in_left =
      draw_sign_in(frame, column, account, {right - px(removable ? size::kControl + 8 : 0), at.y}, suggested);
  const float buttons_left = draw_way_button(frame, column, account, {sign_in_left - px(4), at.y});
  if (!first) {
    ImGui::SetCursorScreenPos({right - px(size::kControl), at.y});
    const Label<96> remove("Remove {}", frame.name_at(column));
    if (icon_button({remove.c_str(), icon::kRemove, nullptr, colour::kTextDim, !account.signing_in},
                    {px(size::kControl), px(size::kControl)}))
      frame.ui.next_dialog = ConfirmRemoval{frame.name_at(column)};
    tooltip("Remove…");
  }
  draw_state(account, {at.x + px(kStateInset), at.y}, buttons_left - px(12));
  ImGui::SetCursorScreenPos({at.x, at.y + px(kAccountLine)});
}

/// A tick for each account; the order of ticking counts.
void ticked_accounts(const std::string& name, const AccountView& account, std::vector<std::size_t>& ticked) {
  for (std::size_t i = 0; i < account.choices.size(); ++i) {
    const auto found = std::ranges::find(ticked, i);
    const bool on = found != ticked.end();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (check_box(Label<96>("Account {} of {}", i, name).c_str(), on ? Check::on : Check::off)) {
      if (on)
        ticked.erase(found);
      else
        ticked.push_back(i);
    }
    draw_elided(at.x + px(28), at.x + ImGui::GetContentRegionAvail().x, at.y + px(10), colour::kText,
                line_label<120>(account.choices[i]));
  }
}

/// The sign-in sees several accounts: which is meant, or which are?
void account_choices(Frame& frame, AccountsList& what, std::size_t column, const AccountView& account) {
  const std::string& name = frame.name_at(column);
  paragraph(colour::kText, Label<96>("Which account{} on {} shall posts go to?", account.several ? "s" : "",
                                     frame.caption_at(column)));
  if (account.several) {
    ticked_accounts(name, account, what.ticked);
    paragraph(colour::kTextDim,
              Label<160>("The first you tick becomes {}, each other one an account of its own.",
                         frame.caption_at(column)));
    ImGui::BeginDisabled(what.ticked.empty());
    if (button(Label<96>("Use these###Use accounts of {}", name).c_str(), ButtonKind::primary))
      frame.ask(AnswerWhichAccount{name, std::exchange(what.ticked, {})});
    ImGui::EndDisabled();
    ImGui::SameLine(0, px(8));
  } else {
    for (std::size_t i = 0; i < account.choices.size(); ++i)
      if (button(Label<200>("{}###Account {} of {}", line_label<120>(account.choices[i]).view(), i, name)
                     .c_str()))
        frame.ask(AnswerWhichAccount{name, {i}});
  }
  if (button(Label<96>("None of these###No account of {}", name).c_str()))
    frame.ask(AnswerWhichAccount{name, {}}), what.ticked.clear();
  ImGui::Dummy({0, px(4)});
}

/// A platform's accounts stand together, the first one on top.
void account_list(Frame& frame, AccountsList& what) {
  bool removable = false;  // is any of them? Else no place is kept for that button
  for (std::size_t i = 0; i < frame.columns().size(); ++i) removable |= frame.there(i) && !is_first(frame, i);
  for (std::size_t first = 0; first < frame.columns().size(); ++first) {
    if (!is_first(frame, first)) continue;
    for (std::size_t i = 0; i < frame.columns().size(); ++i) {
      const AccountView* account = frame.account(i);
      if (!account || !frame.there(i) || frame.columns()[i].platform != frame.columns()[first].platform)
        continue;
      const bool offered = frame.name_at(i) == what.offered;
      account_line(frame, i, *account, offered && account->state.kind == AccountState::Kind::signed_out,
                   removable);
      if (!account->choices.empty()) account_choices(frame, what, i, *account);
    }
  }
}

/// At most so high that the dialog fits into the window; what does not fit is scrolled.
void scrolled_list(Frame& frame, AccountsList& what) {
  const float most = std::max(px(3 * kAccountLine), ImGui::GetMainViewport()->WorkSize.y - px(300));
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, most});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ImGui::GetStyle().ItemSpacing.x, px(4)));
  ImGui::BeginChild("Accounts", {0, 0}, ImGuiChildFlags_AutoResizeY | ImGuiChildFlags_NavFlattened);
  account_list(frame, what);
  ImGui::Dummy({0, 0});
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

/// What keeps the name from being used; empty: nothing.
Label<200> trouble_with(const Frame& frame, std::string_view platform, std::string_view account) {
  const auto there = static_cast<std::size_t>(
      std::ranges::count_if(frame.columns(), [](const auto& one) { return !one.destination.removed; }));
  if (there >= kMostDestinations)
    return Label<200>("There are {} accounts, and more are not possible.", kMostDestinations);
  if (account.empty()) return {};
  if (!is_account_name(account))
    return Label<200>("Only small letters a to z, digits, - and _, and no more than 32 of them.");
  const auto same = frame.column_of(Label<128>("{}/{}", platform, account));
  if (same && frame.there(*same))
    return Label<200>("There is an account of that name on {} already.", platform);
  return {};
}

/// A way to post, with what it means below it. True when it was chosen.
bool way_choice(std::string_view name, bool chosen, std::string_view meaning) {
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ImGui::GetStyle().ItemSpacing.x, 0));
  const bool pressed = radio(std::string(name).c_str(), chosen);
  ImGui::PopStyleVar();
  ImGui::Indent(px(kChoiceInset));
  paragraph(colour::kTextDim, meaning);
  ImGui::Unindent(px(kChoiceInset));
  return pressed;
}

/// The first line is what it may cost, the others what is done about it.
void draw_terms(std::string_view platform) {
  std::string notice = web::terms_notice(platform);
  const std::size_t first = std::min(notice.find('\n'), notice.size() - 1);
  std::ranges::replace(notice.begin() + static_cast<std::ptrdiff_t>(first) + 1, notice.end(), '\n', ' ');
  ImGui::Indent(px(kChoiceInset));
  paragraph(colour::kWarning, std::string_view(notice).substr(0, first));
  paragraph(colour::kTextDim, std::string_view(notice).substr(first + 1));
  ImGui::Unindent(px(kChoiceInset));
}

}  // namespace

bool draw_accounts(Frame& frame, AccountsList& what) {
  heading(frame, icon::kAccounts, colour::kAccent, "Accounts");
  const auto offered = frame.column_of(what.offered);
  if (offered && frame.there(*offered) && what.other_way)
    paragraph(colour::kSuccess, Label<160>("Posts to {} go another way from now on. Sign in that way, too.",
                                           frame.caption_at(*offered)));
  else if (offered && frame.there(*offered))
    paragraph(colour::kSuccess,
              Label<160>("{} is added. Sign in, and posts can go there.", frame.caption_at(*offered)));
  else if (frame.practice())
    paragraph(colour::kTextDim,
              "Practice mode: no sign-in is needed. These are sign-ins to the practice platforms.");
  else
    paragraph(colour::kTextDim,
              "Posts go by a platform's API, which wants an app of your own (docs/accounts.md), or through "
              "your own browser, which wants none.");
  ImGui::Dummy({0, px(4)});
  scrolled_list(frame, what);
  const auto answer = buttons({"Add account…", "Close"}, 1);
  if (answer == 0) frame.ui.next_dialog = NewAccount{};
  return answer || !std::holds_alternative<std::monostate>(frame.ui.next_dialog);
}

bool draw_new_account(Frame& frame, NewAccount& what) {
  heading(frame, icon::kAccounts, colour::kAccent, "Add an account");
  paragraph(
      colour::kTextDim,
      "Another account of yours on a platform gets a column and buttons of its own, and its own sign-in.");
  ImGui::Dummy({0, px(4)});
  for (std::size_t i = 0; i < frame.columns().size(); ++i) {
    if (!is_first(frame, i)) continue;
    if (i > 0) ImGui::SameLine(0, px(16));
    if (radio(frame.caption_at(i).c_str(), what.platform == i)) what.platform = i;
  }
  const std::string& platform = frame.columns()[what.platform].destination.platform;
  ImGui::Dummy({0, px(4)});
  const std::string_view account = what.name.data();
  const Label<200> trouble = trouble_with(frame, platform, account);
  text_field("##Name", "A name of your own, such as cooking", what.name, !trouble.view().empty());
  const bool fine = !account.empty() && trouble.view().empty();
  const Label<160> name("{}/{}", platform, account);
  field_error(trouble);
  if (fine) paragraph(colour::kTextDim, Label<200>("It will be called {}.", name.view()));
  const auto answer = buttons({"Cancel", "Add"}, 0, fine);
  if (answer == 1) frame.ask(AddAccount{std::string(name.view())});
  if (answer) frame.ui.next_dialog = AccountsList{answer == 1 ? std::string(name.view()) : std::string()};
  return answer.has_value();
}

bool draw_way(Frame& frame, ChooseWay& what) {
  const auto column = frame.column_of(what.platform);
  const AccountView* account = column ? frame.account(*column) : nullptr;
  if (!account) return true;
  const std::string& platform = frame.columns()[*column].destination.platform;
  heading(frame, frame.columns()[*column].icon, rgb(frame.columns()[*column].colour),
          Label<96>("How do posts go to {}?", frame.caption_at(*column)));
  if (way_choice(Label<96>("By {}'s API", platform), what.route == Route::api,
                 account->has_app ? "The platform's own way for programs. Your app is set up."
                                  : "The platform's own way for programs. It wants an app of yours; "
                                    "docs/accounts.md shows how to get one."))
    what.route = Route::api;
  const bool none = account->browser.empty();
  ImGui::BeginDisabled(none);
  const Label<160> posts("{} posts for you on {}'s own pages, in a profile of its own, signed in as you.",
                         account->browser, platform);
  if (way_choice("Through your browser", what.route == Route::browser,
                 none ? "Brave, Chrome, Chromium or Edge would do; none is installed here." : posts.view()))
    what.route = Route::browser;
  ImGui::EndDisabled();
  if (what.route == Route::browser) draw_terms(platform);
  const bool changes = frame.columns()[*column].destination.route != what.route;
  const auto answer =
      buttons({"Cancel", what.route == Route::browser ? "Use the browser" : "Use the API"}, 0, changes);
  if (answer == 1) frame.ask(SetRoute{what.platform, what.route});
  if (answer) frame.ui.next_dialog = AccountsList{answer == 1 ? what.platform : std::string(), true};
  return answer.has_value();
}

bool draw_removal(Frame& frame, ConfirmRemoval& what) {
  const std::string_view caption = frame.caption_of(what.platform);
  heading(frame, icon::kRemove, colour::kWarning, Label<96>("Remove {}?", caption));
  paragraph(colour::kText,
            Label<256>("You are signed out of {}, and its column and buttons go away. Posts that "
                       "were made there stay online.",
                       caption));
  paragraph(colour::kTextDim,
            Label<256>("The library keeps the history of what was posted to it. Added again as "
                       "{}, it goes on with that history: nothing is posted twice.",
                       what.platform));
  const auto answer = buttons({"Remove", "Keep it"}, 1);
  if (answer == 0) frame.ask(RemoveAccount{what.platform});
  if (answer) frame.ui.next_dialog = AccountsList{};
  return answer.has_value();
}

}  // namespace asfs
