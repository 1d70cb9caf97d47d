#include "registry/base/json.h"

#include <fmt/format.h>

#include <algorithm>
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

template <class Document>
std::expected<Document, JsonFault> parse_json(std::string_view text, JsonComments comments) {
  if (text.size() > kLongestJson)
    return std::unexpected(JsonFault{"it is larger than " + bytes_text(kLongestJson)});
  bool too_deep = false;
  const auto within_limits = [&](int depth, typename Document::parse_event_t event, Document&) {
    using Event = typename Document::parse_event_t;
    const bool opens = event == Event::array_start || event == Event::object_start;
    too_deep = too_deep || (opens && depth >= kDeepestJson);
    return !too_deep;  // the rest is read past, and none of it kept
  };
  try {
    Document document = Document::parse(text, within_limits, true, comments == JsonComments::welcome);
    if (!too_deep) return document;
    return std::unexpected(JsonFault{fmt::format("it is nested more than {} levels deep", kDeepestJson)});
  } catch (const typename Document::out_of_range&) {
    return std::unexpected(JsonFault{"a number in it is too large"});
  } catch (const typename Document::parse_error& error) {
    return std::unexpected(fault_at(text, error.byte));
  }
}

template <class Document>
Document read_json(std::string_view text, JsonComments comments) {
  auto document = parse_json<Document>(text, comments);
  return document ? *std::move(document) : Document(Document::value_t::discarded);
}

template std::expected<nlohmann::json, JsonFault> parse_json(std::string_view, JsonComments);
template std::expected<nlohmann::ordered_json, JsonFault> parse_json(std::string_view, JsonComments);
template nlohmann::json read_json(std::string_view, JsonComments);
template nlohmann::ordered_json read_json(std::string_view, JsonComments);

}  // namespace asfs
