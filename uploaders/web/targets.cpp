#include "uploaders/web/targets.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::web {

void Targets::learn_language() {
  const auto language = page_.evaluate("document.documentElement.lang");
  if (language && language->is_string()) language_ = fold_case(language->get<std::string>());
}

std::vector<std::string> Targets::words(std::string_view name) const {
  std::vector<std::string> found;
  const auto table = recipe_.words.find(filled_in(name, values_));
  if (table == recipe_.words.end()) return found;
  const auto take = [&](bool own) {
    for (const auto& [language, words] : table->second)
      if ((language_ == language || language_.starts_with(language + "-")) == own)
        for (const std::string& word : words)
          if (std::ranges::find(found, word) == found.end()) found.push_back(word);
  };
  take(true);
  take(false);
  return found;
}

std::vector<Locator> Targets::locators(const Target& target) const {
  std::vector<Locator> all;
  for (const Locator& locator : target.locators) {
    const std::string& said = locator.name.empty() ? locator.text : locator.name;
    if (!said.starts_with('@')) {
      all.push_back(locator);
      continue;
    }
    for (const std::string& word : words(said.substr(1))) {
      all.push_back(locator);
      (locator.name.empty() ? all.back().text : all.back().name) = word;
    }
  }
  return all;
}

std::vector<Element> Targets::all(std::string_view name) {
  const Target* target = this->target(name);
  if (!target) return {};
  for (const Locator& locator : locators(*target))
    if (auto found = page_.find(locator); found && !found->empty()) return *std::move(found);
  return {};
}

Sought Targets::one(std::string_view name) {
  const Target* target = this->target(name);
  if (!target) return {};
  std::string several;
  for (const Locator& locator : locators(*target)) {
    const auto found = page_.find(locator);
    if (!found || found->empty()) continue;
    if (found->size() == 1 || target->last) return {found->back(), ""};
    if (several.empty()) several = fmt::format("{} fit {}", found->size(), locator_text(locator));
  }
  return {std::nullopt, several};
}

std::optional<bool> Sight::is_there(const std::string& name) {
  const auto locators_of = [&](const std::string& one) {
    const Target* target = targets_.target(one);
    return target ? targets_.locators(*target) : std::vector<Locator>();
  };
  if (!found_) {
    std::vector<std::vector<Locator>> questions;
    for (const std::string& one : names_) questions.push_back(locators_of(one));
    found_ = targets_.page_.finds(questions);
  }
  if (!*found_) return std::nullopt;
  const auto place = std::ranges::find(names_, name);
  if (place != names_.end() && (**found_)[static_cast<std::size_t>(place - names_.begin())]) return true;
  for (const Locator& locator : locators_of(name)) {
    if (locator.role.empty()) continue;
    const auto found = targets_.page_.find(locator);
    if (!found) return std::nullopt;
    if (!found->empty()) return true;
  }
  return false;
}

std::string Targets::text(std::string_view name) {
  const auto found = all(name);
  if (found.empty()) return "";
  return page_.text_in(found.back()).value_or("");
}

std::string Targets::shown(std::string_view name) const {
  const Target* target = this->target(name);
  const auto all = target ? locators(*target) : std::vector<Locator>();
  return all.empty() ? std::string(name)
                     : fmt::format("{} ({})", filled_in(name, values_), locator_text(all.front()));
}

std::string Targets::unknown_dialog() {
  Json own = Json::array();
  for (const std::string& css : recipe_.own_dialogs) own.push_back(css);
  for (const std::string& css : recipe_.dialogs) {
    const auto found = page_.find({.css = css});
    if (!found) continue;
    for (const Element& dialog : *found) {
      const auto words =
          page_.ask(dialog,
                    "function (own) { return own.some(css => this.matches(css) ||"
                    " this.querySelector(css) || asfs.is_within(this, css)) ? '' : asfs.name_of(this); }",
                    Json::array({own}));
      if (words && words->is_string() && !words->get<std::string>().empty())
        return one_line(words->get<std::string>(), 120);
    }
  }
  return "";
}

}  // namespace asfs::web
