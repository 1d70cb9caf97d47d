#include "uploaders/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "registry/base/text.h"

namespace asfs {
namespace {

using Json = nlohmann::ordered_json;

Result<void> read_text(const Json& value, std::string_view key, std::optional<std::string>& out) {
  if (!value.is_string()) return fail(Code::usage, fmt::format("metadata: \"{}\" must be a text", key));
  out = value.get<std::string>();
  return {};
}

Result<void> read_texts(const Json& value, std::string_view key, std::vector<std::string>& out) {
  const bool texts =
      value.is_array() && std::ranges::all_of(value, [](const Json& one) { return one.is_string(); });
  if (!texts) return fail(Code::usage, fmt::format("metadata: \"{}\" must be a list of texts", key));
  out = value.get<std::vector<std::string>>();
  return {};
}

Result<void> read_flag(const Json& value, std::string_view key, std::optional<bool>& out) {
  if (!value.is_boolean())
    return fail(Code::usage, fmt::format("metadata: \"{}\" must be true or false", key));
  out = value.get<bool>();
  return {};
}

// YouTube's category ids are digits in a text, so people write them as numbers too.
Result<void> read_category(const Json& value, std::string_view key, std::optional<std::string>& out) {
  if (!value.is_number_unsigned()) return read_text(value, key, out);
  out = std::to_string(value.get<std::uint64_t>());
  return {};
}

struct Field {
  std::string_view key;
  Result<void> (*read)(const Json& value, std::string_view key, Metadata& out);
};

// Every key of the document; `description` is read as `caption`.
constexpr std::array kFields{
    Field{"title", [](const Json& v, std::string_view k, Metadata& m) { return read_text(v, k, m.title); }},
    Field{"caption",
          [](const Json& v, std::string_view k, Metadata& m) { return read_text(v, k, m.caption); }},
    Field{"description",
          [](const Json& v, std::string_view k, Metadata& m) { return read_text(v, k, m.caption); }},
    Field{"hashtags",
          [](const Json& v, std::string_view k, Metadata& m) { return read_texts(v, k, m.hashtags); }},
    Field{"tags", [](const Json& v, std::string_view k, Metadata& m) { return read_texts(v, k, m.tags); }},
    Field{"privacy",
          [](const Json& v, std::string_view k, Metadata& m) { return read_text(v, k, m.privacy); }},
    Field{"category",
          [](const Json& v, std::string_view k, Metadata& m) { return read_category(v, k, m.category); }},
    Field{"made_for_kids",
          [](const Json& v, std::string_view k, Metadata& m) { return read_flag(v, k, m.made_for_kids); }},
};

std::string known_keys() {
  std::string keys;
  for (const Field& field : kFields) keys += (keys.empty() ? "" : ", ") + std::string(field.key);
  return keys;
}

Result<Json> parse_document(std::string_view json) {
  try {
    return Json::parse(json);
  } catch (const Json::out_of_range&) {
    return fail(Code::usage, "metadata: a number in it is too large");
  } catch (const Json::parse_error& error) {
    const auto before = json.substr(0, std::min(json.size(), error.byte > 0 ? error.byte - 1 : 0));
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return fail(Code::usage, fmt::format("metadata is not valid JSON (line {}, column {})", line, column));
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  return first == text.npos ? std::string_view()
                            : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool continues_hashtag(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') ||
         ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

// `#art` stands in "#Art!" but not in "#artist".
bool has_hashtag(std::string_view text, std::string_view tag) {
  const std::string folded = fold_case(text);
  const std::string wanted = fold_case(tag);
  for (auto at = folded.find(wanted); at != folded.npos; at = folded.find(wanted, at + 1))
    if (at + wanted.size() == folded.size() || !continues_hashtag(folded[at + wanted.size()])) return true;
  return false;
}

}  // namespace

Result<Metadata> parse_metadata(std::string_view json) {
  Metadata metadata;
  if (trimmed(json).empty()) return metadata;
  const auto document = parse_document(json);
  if (!document) return std::unexpected(document.error());
  if (!document->is_object())
    return fail(Code::usage, "metadata must be a JSON object, like {\"caption\": \"…\"}");
  if (document->contains("caption") && document->contains("description"))
    return fail(Code::usage, "metadata: \"description\" is another name for \"caption\"; give one of them");
  for (const auto& [key, value] : document->items()) {
    const auto field = std::ranges::find(kFields, key, &Field::key);
    if (field == kFields.end())
      return fail(Code::usage,
                  fmt::format("metadata: unknown key \"{}\"; there are {}", one_line(key, 40), known_keys()));
    if (value.is_null()) continue;
    if (auto read = field->read(value, key, metadata); !read) return std::unexpected(std::move(read.error()));
  }
  return metadata;
}

std::string metadata_json(const Metadata& metadata) {
  Json document = Json::object();
  if (metadata.title) document["title"] = *metadata.title;
  if (metadata.caption) document["caption"] = *metadata.caption;
  if (!metadata.hashtags.empty()) document["hashtags"] = metadata.hashtags;
  if (!metadata.tags.empty()) document["tags"] = metadata.tags;
  if (metadata.privacy) document["privacy"] = *metadata.privacy;
  if (metadata.category) document["category"] = *metadata.category;
  if (metadata.made_for_kids) document["made_for_kids"] = *metadata.made_for_kids;
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string caption_with_hashtags(const Metadata& metadata) {
  std::string text = metadata.caption.value_or("");
  std::string line;
  for (const std::string& typed : metadata.hashtags) {
    const std::string_view word = trimmed(typed);
    if (word.empty() || word == "#") continue;
    const std::string tag = (word.front() == '#' ? "" : "#") + std::string(word);
    if (has_hashtag(text, tag) || has_hashtag(line, tag)) continue;
    line += (line.empty() ? "" : " ") + tag;
  }
  if (line.empty()) return text;
  return text.empty() ? line : text + "\n\n" + line;
}

}  // namespace asfs
