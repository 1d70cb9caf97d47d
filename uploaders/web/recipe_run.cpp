#include "uploaders/web/recipe_run.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <charconv>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::web {
namespace {

using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr seconds kFindsIn{15};
constexpr std::chrono::hours kForever{24 * 365};
constexpr int kMostStates = 300;

bool fits(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

/// 0.17 of "Uploading 17% …"; 0 when there is no percentage.
double part_said(std::string_view text) {
  const std::size_t sign = text.find('%');
  if (sign == std::string_view::npos) return 0;
  std::size_t begin = text.substr(0, sign).find_last_not_of("0123456789., ") + 1;
  while (begin < sign && (text[begin] < '0' || text[begin] > '9')) ++begin;
  int percent = 0;
  std::from_chars(text.data() + begin, text.data() + sign, percent);
  return std::clamp(percent, 0, 100) / 100.0;
}

/// What the condition asks for is looked at, too.
void add_to(Sight& sight, const Condition& condition) {
  for (const auto* names : {&condition.see, &condition.not_see})
    for (const std::string& name : *names) sight.add(name);
}

}  // namespace

std::string text_at_pointer(const Json& document, std::string_view pointer) {
  const Json* at = &document;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view step = pointer.substr(0, end);
    pointer.remove_prefix(end);
    std::size_t index = 0;
    if (at->is_array() && std::from_chars(step.data(), step.data() + step.size(), index).ec == std::errc() &&
        index < at->size())
      at = &(*at)[index];
    else
      at = &child_at(*at, step);
  }
  if (at->is_null() || at->is_structured()) return "";
  return at->is_string() ? at->get<std::string>() : dumped(*at);
}

std::string part_after(const std::string& text, const std::vector<std::string>& after) {
  if (after.empty()) return one_line(trimmed(text), 200);
  for (const std::string& mark : after) {
    const std::size_t place = text.find(mark);
    if (place == std::string::npos) continue;
    std::size_t end = place + mark.size();
    while (end < text.size() && is_plain_id(text.substr(end, 1))) ++end;
    if (end > place + mark.size()) return text.substr(place + mark.size(), end - place - mark.size());
  }
  return "";
}

// ---- the machine ---------------------------------------------------------------------------------

Result<Ending> RecipeRun::play(std::string_view flow) {
  const auto first = recipe_.flows.find(std::string(flow));
  if (first == recipe_.flows.end())
    return fail(Code::failed, fmt::format("the recipe has no flow \"{}\"", flow));
  std::string next = first->second;
  for (int steps = 0; steps < kMostStates; ++steps) {
    if (recipe_.end(next)) return ended(next);
    const State& state = *recipe_.state(next);
    if (!state.only_with.empty() && values_[state.only_with].empty()) {
      next = state.otherwise;
      continue;
    }
    state_ = next;
    enter(state);
    for (const Action& action : state.actions) {
      if (action.kind == Action::Kind::publish && host_.stops_before_publish()) {
        const Sought button = seek(action.target);
        if (!button.element) return changed(fmt::format("there is no {}", targets_.shown(action.target)));
        return Ending{
            {.kind = End::Kind::ready, .says = "stops before the point of no return"}, "", state_, false};
      }
      auto over = act(action);
      if (!over) return std::unexpected(over.error());
      if (*over) return **std::move(over);
    }
    auto branch = next_of(state);
    if (!branch) return std::unexpected(branch.error());
    next = std::move(branch->name);
    if (next.empty())
      return changed(fmt::format("nothing that is known came within {} s", state.patience.count()));
    if (state.read.empty() || !branch->as_expected) continue;
    auto over = read_value(state);
    if (!over) return std::unexpected(over.error());
    if (*over) return **std::move(over);
  }
  return changed("it goes in circles");
}

void RecipeRun::enter(const State& state) {
  host_.progress(state.step, 0);
  targets_.learn_language();
  progress_.clear();
  attributes_.clear();
  for (const Branch& branch : state.until)
    if (const auto& one = branch.when.attribute; one && one->changed)
      attributes_[one->target + " " + one->name] = attribute_at(one->target, one->name).value_or("");
  if (published_) return;  // what was heard since then goes on counting
  for (const Watched& one : recipe_.witnesses) heard_before_[one.name] = witness_.seen(one.name).size();
}

Result<void> RecipeRun::alive() const {
  if (page_.tools().stopped()) return fail(Code::cancelled, "stopped");
  if (const std::string why = page_.trouble(); !why.empty()) return fail(Code::failed, why);
  return {};
}

// "" when nothing came.
Result<RecipeRun::Next> RecipeRun::next_of(const State& state) {
  const Branch* taken = nullptr;
  std::vector<const Branch*> branches;
  for (const Branch& branch : state.until) branches.push_back(&branch);
  if (!published_)
    for (const Branch& branch : recipe_.always) branches.push_back(&branch);
  auto swept_at = SteadyClock::now();
  auto give_up_at = SteadyClock::now() + state.patience;
  Ended over;
  page_.wait(
      [&] {
        taken = first_that_holds(branches);
        if (taken) return true;
        if (show_progress(state)) give_up_at = SteadyClock::now() + state.patience;
        if (SteadyClock::now() >= give_up_at) return true;
        if (published_ || SteadyClock::now() < swept_at + seconds(1)) return false;
        for (const Interrupt& one : recipe_.interrupts)
          if (one.end.empty() && is_up(one)) over = press_away(one);
        if (auto wanted = host_.may_go_on(); !wanted) over = std::unexpected(wanted.error());
        swept_at = SteadyClock::now();
        return !over || *over;
      },
      kForever);
  if (!over) return std::unexpected(over.error());
  if (auto going = alive(); !going) return std::unexpected(going.error());
  if (!taken) return Next{state.late};
  return Next{taken->then, std::ranges::find(state.until, taken->then, &Branch::then) != state.until.end()};
}

const Branch* RecipeRun::first_that_holds(const std::vector<const Branch*>& branches) {
  Sight sight(targets_);
  for (const Branch* branch : branches) add_to(sight, branch->when);
  const auto found =
      std::ranges::find_if(branches, [&](const Branch* branch) { return holds(branch->when, sight); });
  return found == branches.end() ? nullptr : *found;
}

bool RecipeRun::show_progress(const State& state) {
  std::string said = state.progress.empty() ? "" : targets_.text(state.progress);
  host_.progress(state.step, part_said(said));
  const bool moved = !said.empty() && said != progress_;
  if (moved) progress_ = std::move(said);
  return moved;
}

Result<Ending> RecipeRun::ended(std::string_view end_name) {
  Ending ending{*recipe_.end(end_name), std::string(end_name), state_, published_};
  std::string quote;
  if (!ending.end.quote.empty()) quote = one_line(targets_.text(ending.end.quote), 200);
  Values said = values_;
  said["quote"] = quote;
  ending.end.says = filled_in(ending.end.says, said);
  return ending;
}

Ending RecipeRun::changed(const std::string& what) const {
  const auto shown = page_.is_shown();
  const State* state = recipe_.state(state_);
  return {{.kind = End::Kind::failed,
           .error_class = ErrorClass::transient,
           .says = fmt::format(
               "{}'s page is not as expected while the program {} (step \"{}\"): {}{}", recipe_.platform,
               state ? state->says : "works", state_, what,
               shown && !*shown ? "; the browser's window is hidden, and hidden pages stand still" : "")},
          "",
          state_,
          published_};
}

// ---- conditions ----------------------------------------------------------------------------------

bool RecipeRun::holds(const Condition& condition) {
  Sight sight(targets_);
  add_to(sight, condition);
  return holds(condition, sight);
}

bool RecipeRun::holds(const Condition& condition, Sight& sight) {
  if (!condition.address.empty()) {
    const auto is_here = [&](const Template& pattern) {
      return fits(filled_in(pattern, values_), page_.address());
    };
    if (std::ranges::none_of(condition.address, is_here)) return false;
  }
  if (condition.heard && !holds(*condition.heard)) return false;
  if (condition.attribute && !holds(*condition.attribute)) return false;
  if (condition.reads) {
    const auto& reads = *condition.reads;
    const std::string text = targets_.text(reads.target);
    const bool any = std::ranges::any_of(targets_.words(reads.words), [&](const std::string& word) {
      return contains_folded(text, fold_case(word));
    });
    if (text.empty() || any == reads.none) return false;
  }
  const auto has = [&](const std::string& name) { return sight.has(name); };
  if (!condition.see.empty() && std::ranges::none_of(condition.see, has)) return false;
  return std::ranges::all_of(condition.not_see, [&](const std::string& name) { return sight.lacks(name); });
}

std::string RecipeRun::attribute_of(const Element& element, std::string_view name) {
  const auto value = page_.ask(element,
                               "function (name) { return name === 'checked' ? String(this.checked) :"
                               " this.getAttribute(name) ?? ''; }",
                               Json::array({std::string(name)}));
  return value && value->is_string() ? value->get<std::string>() : "";
}

std::optional<std::string> RecipeRun::attribute_at(std::string_view target, std::string_view name) {
  const auto found = targets_.all(target);
  return found.empty() ? std::nullopt : std::optional(attribute_of(found.back(), name));
}

bool RecipeRun::holds(const Condition::Attribute& attribute) {
  const auto value = attribute_at(attribute.target, attribute.name);
  if (!value) return false;
  if (attribute.is && !fits(filled_in(*attribute.is, values_), *value)) return false;
  if (attribute.is_not && fits(filled_in(*attribute.is_not, values_), *value)) return false;
  return !attribute.changed || attributes_[attribute.target + " " + attribute.name] != *value;
}

bool RecipeRun::holds(const Condition::Heard& heard) {
  const auto exchanges = witness_.seen(heard.witness);
  for (std::size_t i = heard_before_[heard.witness]; i < exchanges.size(); ++i) {
    if (heard.sent) return true;
    if (!exchanges[i]->said) continue;
    const std::string value = text_at_pointer(*exchanges[i]->said, heard.pointer);
    const bool is = !heard.is || fits(*heard.is, value);
    const bool is_not = heard.is_not && fits(*heard.is_not, value);
    if (is && !is_not && (heard.is || heard.is_not || heard.pointer.empty() || !value.empty())) return true;
  }
  return false;
}

// ---- reading -------------------------------------------------------------------------------------

std::string RecipeRun::value_of(const Reading& reading) {
  if (reading.address) return part_after(page_.address(), reading.after);
  if (!reading.witness.empty()) {
    const auto exchanges = witness_.seen(reading.witness);
    for (auto one = exchanges.rbegin(); one != exchanges.rend(); ++one)
      if (std::string value = (*one)->said ? text_at_pointer(*(*one)->said, reading.pointer) : "";
          !value.empty())
        return one_line(value, 200);
    return "";
  }
  if (reading.attribute.empty()) return part_after(targets_.text(reading.target), reading.after);
  std::string found;
  for (const Element& element : targets_.all(reading.target)) {
    const std::string part = part_after(attribute_of(element, reading.attribute), reading.after);
    if (part.empty() || part == found) continue;
    if (!found.empty()) return "";  // two different ones are none
    found = part;
  }
  return found;
}

RecipeRun::Ended RecipeRun::read_value(const State& state) {
  std::string value;
  page_.wait(
      [&] {
        for (const Reading& one : state.read)
          if (value = value_of(one); !value.empty()) return true;
        return false;
      },
      std::min(kFindsIn, state.patience));
  if (auto going = alive(); !going) return std::unexpected(going.error());
  if (value.empty()) return changed(fmt::format("\"{}\" cannot be read", state.reads_into));
  values_[state.reads_into] = value;
  if (auto kept = host_.noted(state.reads_into, value); !kept) return std::unexpected(kept.error());
  return std::nullopt;
}

}  // namespace asfs::web
