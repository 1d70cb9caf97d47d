#include "uploaders/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <variant>

#include "registry/base/text.h"
#include "registry/snapshot.h"

namespace asfs {
namespace {

using Json = nlohmann::ordered_json;

Error wrong_type(std::string_view key, std::string_view wanted) {
  return {Code::usage, fmt::format("metadata: \"{}\" must be {}", key, wanted)};
}

// YouTube's category ids are digits in a text, so people write them as numbers too.
Result<void> read(const Json& value, std::string_view key, std::optional<std::string>& out) {
  if (key == "category" && value.is_number_unsigned())
    out = std::to_string(value.get<std::uint64_t>());
  else if (value.is_string())
    out = value.get<std::string>();
  else
    return std::unexpected(wrong_type(key, "a text"));
  return {};
}

Result<void> read(const Json& value, std::string_view key, std::vector<std::string>& out) {
  const bool texts =
      value.is_array() && std::ranges::all_of(value, [](const Json& one) { return one.is_string(); });
  if (!texts) return std::unexpected(wrong_type(key, "a list of texts"));
  out = value.get<std::vector<std::string>>();
  return {};
}

Result<void> read(const Json& value, std::string_view key, std::optional<bool>& out) {
  if (!value.is_boolean()) return std::unexpected(wrong_type(key, "true or false"));
  out = value.get<bool>();
  return {};
}

Result<void> read(const Json& value, std::string_view key, std::optional<std::int64_t>& out) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost)
    return std::unexpected(wrong_type(key, fmt::format("a whole number from 0 to {}", kMost)));
  out = value.get<std::int64_t>();
  return {};
}

using Member = std::variant<std::optional<std::string> Metadata::*, std::vector<std::string> Metadata::*,
                            std::optional<bool> Metadata::*, std::optional<std::int64_t> Metadata::*>;
struct Field {
  std::string_view key;
  Member member;
};

// Every key of the document; `description` is read as `caption`.
constexpr std::array kFields{
    Field{"title", &Metadata::title},
    Field{"caption", &Metadata::caption},
    Field{"description", &Metadata::caption},
    Field{"hashtags", &Metadata::hashtags},
    Field{"tags", &Metadata::tags},
    Field{"privacy", &Metadata::privacy},
    Field{"category", &Metadata::category},
    Field{"made_for_kids", &Metadata::made_for_kids},
    Field{"synthetic", &Metadata::synthetic},
    Field{"publish_at", &Metadata::publish_at},
    Field{"thumbnail", &Metadata::thumbnail},
    Field{"cover_ms", &Metadata::cover_ms},
    Field{"disable_comment", &Metadata::disable_comment},
    Field{"disable_duet", &Metadata::disable_duet},
    Field{"disable_stitch", &Metadata::disable_stitch},
    Field{"brand_content", &Metadata::brand_content},
    Field{"brand_organic", &Metadata::brand_organic},
    Field{"draft", &Metadata::draft},
    Field{"share_to_feed", &Metadata::share_to_feed},
    Field{"video_url", &Metadata::video_url},
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

// The platform a key names, in any capitalisation; "" for none.
std::string_view platform_named(std::string_view key) {
  for (const std::string_view name : kPlatformNames)
    if (fold_case(name) == fold_case(key)) return name;
  return {};
}

// Lays an object's fields over `metadata`; null takes the default again.
Result<void> read_fields(const Json& object, Metadata& metadata) {
  if (object.contains("caption") && object.contains("description"))
    return fail(Code::usage, "metadata: \"description\" is another name for \"caption\"; give one of them");
  for (const auto& [key, value] : object.items()) {
    const auto found = std::ranges::find(kFields, key, &Field::key);
    if (found == kFields.end())
      return fail(Code::usage,
                  fmt::format("metadata: unknown key \"{}\"; there are {}", one_line(key, 40), known_keys()));
    auto read_member = [&, &json = value](auto field) -> Result<void> {
      metadata.*field = {};
      return json.is_null() ? Result<void>() : read(json, found->key, metadata.*field);
    };
    if (auto done = std::visit(read_member, found->member); !done) return done;
  }
  return {};
}

template <typename T>
void write(Json& document, std::string_view key, const std::optional<T>& value) {
  if (value) document[std::string(key)] = *value;
}
void write(Json& document, std::string_view key, const std::vector<std::string>& value) {
  if (!value.empty()) document[std::string(key)] = value;
}

}  // namespace

Result<Metadata> parse_metadata(std::string_view json, std::string_view platform) {
  Metadata metadata;
  if (trimmed(json).empty()) return metadata;
  const auto document = parse_document(json);
  if (!document) return std::unexpected(document.error());
  if (!document->is_object())
    return fail(Code::usage, "metadata must be a JSON object, like {\"caption\": \"…\"}");
  Json common = Json::object();
  Json own = Json::object();
  for (const auto& [key, value] : document->items()) {
    const auto name = platform_named(key);
    if (name.empty()) {
      common[key] = value;
      continue;
    }
    if (!value.is_object()) return std::unexpected(wrong_type(key, "an object"));
    Metadata checked;  // what another platform shall say must be right as well
    if (auto right = read_fields(value, checked); !right) return std::unexpected(std::move(right.error()));
    if (name == platform) own = value;
  }
  for (const Json* fields : {&common, &own})
    if (auto right = read_fields(*fields, metadata); !right) return std::unexpected(std::move(right.error()));
  return metadata;
}

std::string metadata_json(const Metadata& metadata) {
  Json document = Json::object();
  for (const auto& [key, member] : kFields)
    if (key != "description")
      std::visit([&, &name = key](auto field) { write(document, name, metadata.*field); }, member);
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
