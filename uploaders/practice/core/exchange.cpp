#include "uploaders/practice/core/exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/store/platform_names.h"

namespace asfs::practice {

bool is_practised(std::string_view platform) {
  return std::ranges::find(known_platforms(), platform) != known_platforms().end();
}

std::string Request::param(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

std::vector<std::string> Request::list_param(const std::string& name) const {
  std::vector<std::string> values;
  const auto [first, last] = query.equal_range(name);
  for (auto it = first; it != last; ++it) {
    std::string_view rest = it->second;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      if (comma != 0) values.emplace_back(rest.substr(0, comma));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return values;
}

std::optional<std::string> Request::read_text(std::size_t limit) {
  std::string text;
  if (!has_body) return text;
  if (content_length && *content_length > limit) return std::nullopt;
  const bool whole = read_body([&](std::string_view block) {
    if (text.size() + block.size() > limit) return false;
    text += block;
    return true;
  });
  if (!whole) return std::nullopt;
  return text;
}

Answer json_answer(int status, const Json& value) {
  return {
      .status = status, .body = dumped(value, 2) + "\n", .content_type = "application/json; charset=UTF-8"};
}

Answer problem(int status, std::string_view message) {
  return json_answer(status, Json::object({{"error", message}}));
}

Answer dropped() {
  return {.drop = true};
}

Answer malformed() {
  return {.body = R"({"id":"17","data":{"publ)", .content_type = "application/json; charset=UTF-8"};
}

namespace {

/// The first object with this field, from the outside in.
Json* find_field(Json& at, const std::string& field) {
  if (at.is_object() && at.contains(field)) return &at;
  if (at.is_structured())
    for (Json& inside : at)
      if (Json* found = find_field(inside, field)) return found;
  return nullptr;
}

Json not_filled_in(const Json& value) {
  if (value.is_string()) return "";
  if (value.is_number()) return 0;
  if (value.is_boolean()) return false;
  return value.is_array() ? Json::array() : Json();
}

bool distort_header(Answer& answer, std::string_view how, const std::string& field, const std::string& word) {
  const auto header = std::ranges::find(answer.headers, field, [](const auto& pair) { return pair.first; });
  if (header == answer.headers.end()) return false;
  if (how == "word")
    header->second = word;
  else
    answer.headers.erase(header);
  return true;
}

}  // namespace

bool distort(Answer& answer, std::string_view how, const std::string& field, const std::string& word) {
  if (answer.drop) return false;
  if (distort_header(answer, how, field, word)) return true;
  Json document = read_json(answer.body);
  Json* const object = find_field(document, field);
  if (!object) return false;
  Json& value = (*object)[field];
  if (how == "word" && !value.is_string()) return false;
  if (how == "omit")
    object->erase(field);
  else
    value = how == "word" ? Json(word) : not_filled_in(value);
  answer.body = dumped(document, 2) + "\n";
  return true;
}

void spoil(Answer& answer, std::string_view how) {
  if (how == "empty") answer.body.clear();
  if (how != "html") return;
  answer.body = fmt::format(
      "<!DOCTYPE html><html><title>Error {0}</title><p><b>{0}.</b> That's an error.</html>\n", answer.status);
  answer.content_type = "text/html; charset=UTF-8";
}

}  // namespace asfs::practice
