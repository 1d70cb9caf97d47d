#include "uploaders/metadata/metadata_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <vector>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/picture/snapshot.h"
#include "registry/store/config_file.h"

namespace asfs {
namespace {
using Field = MetadataField;

constexpr std::array kFields{
    Field{"title", &Metadata::title},
    Field{"caption", &Metadata::caption},
    Field{"hashtags", &Metadata::hashtags},
    Field{"tags", &Metadata::tags},
    Field{"privacy", &Metadata::privacy},
    Field{"category", &Metadata::category},
    Field{"made_for_kids", &Metadata::made_for_kids},
    Field{"synthetic", &Metadata::synthetic},
    Field{"publish_at", &Metadata::publish_at},
    Field{"thumbnail", &Metadata::thumbnail, true},
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

// ---- JSON -------------------------------------------------------------------------------------------

std::unexpected<Error> must_be(std::string_view wanted) {
  return fail(Code::usage, fmt::format("must be {}", wanted));
}

// YouTube's category ids are digits in a text, so people write them as numbers too.
Result<void> read(const Json& value, std::string_view key, std::optional<std::string>& out) {
  if (key == "category" && value.is_number_unsigned())
    out = std::to_string(value.get<std::uint64_t>());
  else if (value.is_string())
    out = value.get<std::string>();
  else
    return must_be("a text");
  if (key == "publish_at" && !publish_time(*out))
    return must_be(
        "a time like 2026-12-01T18:00:00Z or 2026-12-01T18:00:00+01:00, a day and an offset that exist");
  return {};
}

Result<void> read(const Json& value, std::string_view, std::vector<std::string>& out) {
  const bool texts =
      value.is_array() && std::ranges::all_of(value, [](const Json& one) { return one.is_string(); });
  if (!texts) return must_be("a list of texts");
  out = value.get<std::vector<std::string>>();
  return {};
}

Result<void> read(const Json& value, std::string_view, std::optional<bool>& out) {
  if (!value.is_boolean()) return must_be("true or false");
  out = value.get<bool>();
  return {};
}

Result<void> read(const Json& value, std::string_view, std::optional<std::int64_t>& out) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost)
    return must_be(fmt::format("a whole number from 0 to {}", kMost));
  out = value.get<std::int64_t>();
  return {};
}

template <typename T>
void write(Json& document, std::string_view key, const std::optional<T>& value) {
  if (value) document[std::string(key)] = *value;
}
void write(Json& document, std::string_view key, const std::vector<std::string>& value) {
  if (!value.empty()) document[std::string(key)] = value;
}

// ---- what people type; what cannot be read stays a text, which read_value() refuses -------------------

// A line break inside a cell is often CRLF because the file's lines end so.
Json typed(std::string_view text, std::string_view, const std::optional<std::string>&) {
  std::string lines(text);
  for (std::size_t at = 0; (at = lines.find("\r\n", at)) != lines.npos;) lines.erase(at, 1);
  return lines;
}

Json typed(std::string_view text, std::string_view key, const std::vector<std::string>&) {
  const std::string_view parted_by = key == "hashtags" ? " \t,;\r\n" : ",;\r\n";
  Json list = Json::array();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(parted_by), text.size());
    if (const auto word = trimmed(text.substr(0, end)); !word.empty()) list.push_back(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

Json typed(std::string_view text, std::string_view, const std::optional<bool>&) {
  const std::string word = fold_case(trimmed(text));
  if (word == "true" || word == "yes" || word == "1") return true;
  if (word == "false" || word == "no" || word == "0") return false;
  return text;
}

Json typed(std::string_view text, std::string_view, const std::optional<std::int64_t>&) {
  const std::string_view digits = trimmed(text);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  if (error != std::errc() || end != digits.end()) return text;
  return number;
}

}  // namespace

const MetadataField* find_metadata_field(std::string_view key) {
  const auto found = std::ranges::find(kFields, key == "description" ? "caption" : key, &Field::key);
  return found == kFields.end() ? nullptr : &*found;
}

bool resembles_metadata_field(std::string_view key) {
  std::vector<std::string> known{"description"};
  for (const Field& field : kFields) known.emplace_back(field.key);
  // Shorter words are two letters away from too many others.
  return find_metadata_field(key) != nullptr || (key.size() > 4 && nearest_key(key, known).has_value());
}

std::string metadata_keys() {
  std::string keys;
  for (const Field& field : kFields) {
    keys += (keys.empty() ? "" : ", ") + std::string(field.key);
    if (field.key == "caption") keys += ", description";
  }
  return keys;
}

Result<void> read_value(const MetadataField& field, const Json& value, Metadata& metadata) {
  const auto read_member = [&](auto member) -> Result<void> {
    metadata.*member = {};
    return value.is_null() ? Result<void>() : read(value, field.key, metadata.*member);
  };
  return std::visit(read_member, field.member);
}

Json fields_of(const Metadata& metadata) {
  Json document = Json::object();
  for (const Field& field : kFields)
    std::visit([&](auto member) { write(document, field.key, metadata.*member); }, field.member);
  return document;
}

Result<Json> typed_value(const MetadataField& field, std::string_view text) {
  Metadata metadata;
  Json value =
      std::visit([&](auto member) { return typed(text, field.key, metadata.*member); }, field.member);
  if (auto right = read_value(field, value, metadata); !right) return std::unexpected(right.error());
  return value;
}

}  // namespace asfs
