#include "uploaders/web/recipe_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "registry/base/json_place.h"

namespace asfs::web {

void RecipeText::refuse(const std::string& pointer, const std::string& why) {
  if (error_) return;
  const TextPlace place = place_in_json(text_, pointer);
  error_ = Error{Code::library, fmt::format("{}:{}:{}: {}", file_, place.line, place.column, why)};
}

void Fields::allow(std::initializer_list<std::string_view> keys) const {
  if (!value_.is_object()) return refuse("an object is expected here");
  for (const auto& [key, value] : value_.items())
    if (std::ranges::find(keys, key) == keys.end())
      refuse(key, fmt::format("unknown key \"{}\"; known here: {}", key, fmt::join(keys, ", ")));
}

std::string Fields::as_text() const {
  if (!value_.is_string()) return refuse("a text is expected here"), "";
  return value_.get<std::string>();
}

std::string Fields::text(std::string_view key) const {
  return has(key) ? at(key).as_text() : "";
}

std::string Fields::needed(std::string_view key) const {
  std::string value = text(key);
  if (value.empty()) refuse(fmt::format("\"{}\" is missing here", key));
  return value;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
  std::vector<std::string> all;
  if (!has(key)) return all;
  if (child_at(value_, key).is_string()) return {text(key)};
  for (const Fields& one : at(key).elements()) all.push_back(one.as_text());
  return all;
}

std::optional<std::string> Fields::maybe(std::string_view key) const {
  return has(key) ? std::optional(at(key).as_text()) : std::nullopt;
}

bool Fields::flag(std::string_view key, bool otherwise) const {
  if (!has(key)) return otherwise;
  if (!child_at(value_, key).is_boolean()) refuse(key, "true or false is expected here");
  return flag_at(value_, key);
}

std::int64_t Fields::number(std::string_view key, std::int64_t otherwise, std::int64_t most) const {
  if (!has(key)) return otherwise;
  const auto value = number_at(value_, key);
  if (!value || *value < 0 || *value > most)
    refuse(key, fmt::format("a whole number from 0 to {} is expected here", most));
  return value.value_or(otherwise);
}

std::size_t Fields::choice(std::string_view key, std::initializer_list<std::string_view> words,
                           std::size_t otherwise) const {
  if (!has(key)) return otherwise;
  const auto* found = std::ranges::find(words, text(key));
  if (found == words.end()) {
    refuse(key, fmt::format("one of these is expected here: {}", fmt::join(words, ", ")));
    return otherwise;
  }
  return static_cast<std::size_t>(found - words.begin());
}

std::vector<std::pair<std::string, Fields>> Fields::members() const {
  std::vector<std::pair<std::string, Fields>> all;
  if (value_.is_null()) return all;
  if (!value_.is_object()) return refuse("an object is expected here"), all;
  for (const auto& [key, value] : value_.items()) all.emplace_back(key, at(key));
  return all;
}

std::vector<Fields> Fields::elements() const {
  std::vector<Fields> all;
  if (value_.is_object()) return {*this};
  if (!value_.is_array() && !value_.is_null()) return refuse("a list is expected here"), all;
  for (std::size_t i = 0; i < value_.size(); ++i)
    all.emplace_back(text_, value_[i], fmt::format("{}/{}", pointer_, i));
  return all;
}

}  // namespace asfs::web
