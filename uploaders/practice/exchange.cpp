#include "uploaders/practice/exchange.h"

#include <fmt/format.h>

#include <algorithm>

namespace asfs::practice {

bool is_practised(std::string_view platform) {
  return std::ranges::find(kPractised, platform) != kPractised.end();
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

std::string dump(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Answer json_answer(int status, const Json& value) {
  return {.status = status, .body = dump(value, 2) + "\n", .content_type = "application/json; charset=UTF-8"};
}

Answer dropped() {
  return {.drop = true};
}

Answer malformed() {
  return {.body = R"({"id":"17","data":{"publ)", .content_type = "application/json; charset=UTF-8"};
}

void spoil(Answer& answer, std::string_view how) {
  if (how == "empty") answer.body.clear();
  if (how != "html") return;
  answer.body = fmt::format(
      "<!DOCTYPE html><html><title>Error {0}</title><p><b>{0}.</b> That's an error.</html>\n", answer.status);
  answer.content_type = "text/html; charset=UTF-8";
}

}  // namespace asfs::practice
