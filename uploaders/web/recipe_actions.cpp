// What a recipe does to a page.
#include <fmt/format.h>

#include <algorithm>

#include "registry/base/text.h"
#include "uploaders/web/recipe_run.h"

namespace asfs::web {
namespace {

constexpr std::chrono::seconds kIsThereIn{15}, kIsGoneIn{20};
constexpr std::chrono::milliseconds kStaysFor{750};
constexpr int kMostRounds = 8, kMostCovers = 3;

}  // namespace

RecipeRun::Ended RecipeRun::act(const Action& action) {
  using Kind = Action::Kind;
  if (auto going = alive(); !going) return std::unexpected(going.error());
  switch (action.kind) {
    case Kind::go: {
      const auto gone = page_.go_to(filled_in(action.text, values_));
      if (!gone && gone.error().code == Code::offline) return std::unexpected(gone.error());
      if (auto going = alive(); !going) return std::unexpected(going.error());
      if (!gone) return changed(gone.error().message);
      targets_.learn_language();
      return std::nullopt;
    }
    case Kind::type:
    case Kind::press: {
      const auto typed =
          action.kind == Kind::type ? page_.type(filled_in(action.text, values_)) : page_.press(action.text);
      if (!typed) return changed(typed.error().message);
      return std::nullopt;
    }
    case Kind::steady:
      wait_until_steady(action.target);
      return std::nullopt;
    case Kind::click:
      return click(action);
    case Kind::fill:
      return fill(action);
    case Kind::attach:
    case Kind::choose:
      return attach(action);
    case Kind::publish:
      return publish(action);
  }
  return std::nullopt;
}

Sought RecipeRun::seek(std::string_view target) {
  Sought sought;
  page_.wait(
      [&] {
        sought = targets_.one(target);
        return sought.element.has_value();
      },
      std::min(kIsThereIn, recipe_.state(state_)->patience));
  host_.comes_by(state_, filled_in(target, values_), targets_);
  return sought;
}

RecipeRun::Ended RecipeRun::not_found(const Action& action, const Sought& sought) const {
  if (auto going = alive(); !going) return std::unexpected(going.error());
  return changed(sought.why_not.empty() ? fmt::format("there is no {}", targets_.shown(action.target))
                                        : sought.why_not);
}

// ---- what comes up by itself ---------------------------------------------------------------------

bool RecipeRun::is_up(const Interrupt& interrupt) {
  return std::ranges::all_of(interrupt.see, [&](const auto& seen) { return targets_.is_there(seen); });
}

RecipeRun::Ended RecipeRun::press_away(const Interrupt& interrupt) {
  const Sought button = targets_.one(interrupt.press);
  if (!button.element) return std::nullopt;  // on its way in or out, or more than one: not touched
  static_cast<void>(page_.click(*button.element));
  const auto gone = [&] {
    return std::ranges::none_of(interrupt.see, [&](const auto& seen) { return targets_.is_there(seen); });
  };
  if (page_.wait(gone, kIsGoneIn)) return std::nullopt;
  if (auto going = alive(); !going) return std::unexpected(going.error());
  return changed(fmt::format("\"{}\" does not go away", interrupt.name));
}

RecipeRun::Ended RecipeRun::sweep() {
  if (published_) return std::nullopt;
  for (int round = 0; round < kMostRounds; ++round) {
    const auto known =
        std::ranges::find_if(recipe_.interrupts, [&](const Interrupt& one) { return is_up(one); });
    if (known == recipe_.interrupts.end()) break;
    if (!known->end.empty()) return ended(known->end);
    if (auto over = press_away(*known); !over || *over) return over;
  }
  if (const std::string dialog = targets_.unknown_dialog(); !dialog.empty())
    return changed(fmt::format("a dialog came up that is not known, and nothing was clicked: {}", dialog));
  return std::nullopt;
}

// ---- clicks --------------------------------------------------------------------------------------

RecipeRun::Ended RecipeRun::click(const Action& action) {
  std::string why;
  for (int tries = 0; tries < kMostCovers; ++tries) {
    if (auto over = sweep(); !over || *over) return over;
    if (action.optional && !targets_.is_there(action.target)) return std::nullopt;
    const Sought sought = seek(action.target);
    if (!sought.element) return not_found(action, sought);
    const auto clicked = page_.click(*sought.element);
    if (clicked) return std::nullopt;
    if (auto going = alive(); !going) return std::unexpected(going.error());
    why = clicked.error().message;
  }
  return changed(why);
}

// The host writes down that a post may exist as late as can be, and what lies over the button is looked for
// once more afterwards: up to the press of the mouse nothing has been sent.
RecipeRun::Ended RecipeRun::publish(const Action& action) {
  const auto not_pressed = [&](const std::string& why) -> Ended {
    if (auto going = alive(); !going) return std::unexpected(going.error());
    Ending ending = changed(why + "; nothing was published");
    ending.end.no_post = true;
    return ending;
  };
  if (auto over = sweep(); !over || *over) return over;
  for (const auto& [target, text] : filled_)
    if (const auto fields = targets_.all(target);
        !fields.empty() && !same_text(page_.text_in(fields.back()).value_or(""), text))
      return not_pressed(fmt::format("{} does not hold its text any more", targets_.shown(target)));
  const Sought sought = seek(action.target);
  if (!sought.element) return not_found(action, sought);
  if (auto aimed = page_.aim(*sought.element); !aimed) return not_pressed(aimed.error().message);
  if (auto noted = host_.before_publish(); !noted) return std::unexpected(noted.error());
  for (const Watched& one : recipe_.witnesses) heard_before_[one.name] = witness_.seen(one.name).size();
  const auto point = page_.aim(*sought.element);
  if (!point) return not_pressed(point.error().message);
  published_ = true;
  const auto pressed = page_.press_mouse(*sought.element, *point);
  if (auto going = alive(); !going) return std::unexpected(going.error());
  static_cast<void>(pressed);  // what became of it the branches tell
  return std::nullopt;
}

// ---- fields --------------------------------------------------------------------------------------

void RecipeRun::wait_until_steady(std::string_view target) {
  std::string text = targets_.text(target);
  auto since = std::chrono::steady_clock::now();
  page_.wait(
      [&] {
        std::string now = targets_.text(target);
        if (now != text) text = std::move(now), since = std::chrono::steady_clock::now();
        return std::chrono::steady_clock::now() >= since + kStaysFor;
      },
      kIsThereIn);
}

// Pages overwrite what was filled in with what they meant to put there all along.
RecipeRun::Ended RecipeRun::fill(const Action& action) {
  const std::string text = filled_in(action.text, values_);
  std::string why = fmt::format("{} does not keep its text", targets_.shown(action.target));
  for (int tries = 0; tries < 2; ++tries) {
    if (auto over = sweep(); !over || *over) return over;
    const Sought sought = seek(action.target);
    if (!sought.element) return not_found(action, sought);
    if (auto filled = page_.fill(*sought.element, text); !filled) {
      if (auto going = alive(); !going) return std::unexpected(going.error());
      why = filled.error().message;
      continue;
    }
    wait_until_steady(action.target);
    if (!same_text(targets_.text(action.target), text)) continue;
    filled_[action.target] = text;
    return std::nullopt;
  }
  return changed(why);
}

RecipeRun::Ended RecipeRun::attach(const Action& action) {
  if (auto over = sweep(); !over || *over) return over;
  const Sought sought = seek(action.target);
  if (!sought.element) return not_found(action, sought);
  if (auto noted = host_.before_bytes(); !noted) return std::unexpected(noted.error());
  const std::filesystem::path file(values_["file"]);
  const auto given = action.kind == Action::Kind::choose ? page_.attach_by_click(*sought.element, file)
                                                         : page_.attach(*sought.element, file);
  if (auto going = alive(); !going) return std::unexpected(going.error());
  if (!given) return changed(given.error().message);
  return std::nullopt;
}

}  // namespace asfs::web
