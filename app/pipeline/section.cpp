#include "app/pipeline/section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "registry/base/json.h"
#include "registry/store/config_file.h"

namespace asfs::pipeline {

Section::Section(const Json& object, std::string where, Code code)
    : object_(object), where_(std::move(where)), code_(code) {}

void Section::number(const char* key, double least, double most, double& out) {
  const Json& found = value(key);
  if (found.is_null()) return;
  if (!found.is_number() || found.get<double>() < least || found.get<double>() > most)
    return refuse(key, fmt::format("a number from {} to {}", least, most));
  out = found.get<double>();
}

void Section::flag(const char* key, bool& out) {
  const Json& found = value(key);
  if (found.is_null()) return;
  if (!found.is_boolean()) return refuse(key, "true or false");
  out = found.get<bool>();
}

void Section::text(const char* key, std::string& out) {
  const Json& found = value(key);
  if (found.is_null()) return;
  if (!found.is_string()) return refuse(key, "a text");
  out = found.get<std::string>();
}

void Section::texts(const char* key, std::vector<std::string>& out) {
  const Json& found = value(key);
  if (found.is_null()) return;
  const bool fits =
      found.is_array() && std::ranges::all_of(found, [](const Json& one) { return one.is_string(); });
  if (!fits) return refuse(key, "a list of texts");
  out = found.get<std::vector<std::string>>();
}

const Json& Section::object(const char* key) {
  static const Json kNone = Json::object();
  const Json& found = value(key);
  if (found.is_null()) return kNone;
  if (!found.is_object()) refuse(key, "an object");
  return found;
}

const Json& Section::value(const char* key) {
  known_.emplace_back(key);
  return child_at(object_, key);
}

void Section::refuse(std::string_view key, std::string_view allowed) {
  if (!error_) error_ = Error{code_, fmt::format("{}: {}: give {}", where_, key, allowed)};
}

std::optional<Error> Section::error() const {
  if (error_ || !object_.is_object()) return error_;
  for (const auto& [key, value] : object_.items())
    if (std::ranges::find(known_, key) == known_.end())
      return Error{code_, unknown_key(where_, key, known_).error().message};
  return std::nullopt;
}

double Section::whole_number(const char* key, int least, int most, double now) {
  const Json& found = value(key);
  if (found.is_null()) return now;
  const double number = found.is_number() ? found.get<double>() : least - 1.0;
  if (number >= least && number <= most && number == std::floor(number)) return number;
  refuse(key, fmt::format("a whole number from {} to {}", least, most));
  return now;
}

std::size_t Section::place_of(const char* key, std::span<const std::string_view> words, std::size_t now) {
  std::string word(words[now]);
  text(key, word);
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) refuse(key, fmt::format("one of {}", fmt::join(words, ", ")));
  return found == words.end() ? now : static_cast<std::size_t>(found - words.begin());
}

}  // namespace asfs::pipeline
