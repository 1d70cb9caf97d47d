#include "registry/base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "registry/base/text.h"

namespace asfs {
namespace {

JsonFault fault_at(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  return {"this is not valid JSON", line, before.size() - (before.rfind('\n') + 1) + 1};  // npos + 1 is 0
}

}  // namespace

bool is_plain_id(std::string_view text) {
  static constexpr std::string_view kAlso = "-_.~:";
  return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kAlso.find(c) != kAlso.npos;
  });
}

std::expected<Json, JsonFault> parse_json(std::string_view text, JsonComments comments) {
  using Event = Json::parse_event_t;
  if (text.size() > kLongestJson)
    return std::unexpected(JsonFault{"it is larger than " + bytes_text(kLongestJson)});
  std::optional<JsonFault> beyond;
  std::array<std::size_t, kDeepestJson + 1> members{};  // of the object that is open, by depth
  const auto within_limits = [&](int depth, Event event, Json&) {
    const bool opens = event == Event::array_start || event == Event::object_start;
    if (beyond) return false;  // the rest is read past, and none of it kept
    if (opens && depth >= kDeepestJson)
      beyond = JsonFault{fmt::format("it is nested more than {} levels deep", kDeepestJson)};
    else if (opens)
      members[static_cast<std::size_t>(depth) + 1] = 0;
    else if (event == Event::key && ++members[static_cast<std::size_t>(depth)] > kWidestJson)
      beyond = JsonFault{fmt::format("an object in it has more than {} members", kWidestJson)};
    return !beyond;
  };
  try {
    Json document = Json::parse(text, within_limits, true, comments == JsonComments::welcome);
    if (!beyond) return document;
    return std::unexpected(*std::move(beyond));
  } catch (const Json::out_of_range&) {
    return std::unexpected(JsonFault{"a number in it is too large"});
  } catch (const Json::parse_error& error) {
    return std::unexpected(fault_at(text, error.byte));
  }
}

Json read_json(std::string_view text, JsonComments comments) {
  auto document = parse_json(text, comments);
  return document ? *std::move(document) : Json(Json::value_t::discarded);
}

std::string dumped(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

const Json& child_at(const Json& object, std::string_view key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

std::string text_at(const Json& object, std::string_view key) {
  const Json& value = child_at(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag_at(const Json& object, std::string_view key) {
  const Json& value = child_at(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::optional<std::int64_t> number_at(const Json& object, std::string_view key) {
  const Json& value = child_at(object, key);
  const bool fits =
      value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
  return fits ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}

std::optional<double> real_at(const Json& object, std::string_view key) {
  const Json& value = child_at(object, key);
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::optional<std::uint64_t> count_at(const Json& object, std::string_view key) {
  const Json& value = child_at(object, key);
  return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

std::string id_at(const Json& object, std::string_view key) {
  const Json& value = child_at(object, key);
  std::string id = value.is_number_unsigned() ? value.dump() : text_at(object, key);
  return is_plain_id(id) ? id : std::string();
}

}  // namespace asfs
