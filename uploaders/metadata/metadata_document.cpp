#include "uploaders/metadata/metadata_document.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/local_time.h"
#include "registry/base/text.h"
#include "registry/store/destinations.h"
#include "registry/store/platform_names.h"
#include "uploaders/metadata/metadata_fields.h"

namespace asfs {
namespace {

Error wrong(std::string_view key, std::string_view why) {
  return {Code::usage, fmt::format("metadata: \"{}\" {}", key, why)};
}

Result<Json> parse_document(std::string_view json) {
  auto document = parse_json(json);
  if (document) return *std::move(document);
  const JsonFault& fault = document.error();
  if (fault.line == 0) return fail(Code::usage, "metadata: " + fault.what);
  return fail(Code::usage,
              fmt::format("metadata is not valid JSON (line {}, column {})", fault.line, fault.column));
}

// Lays an object's fields over `metadata`; null takes the default again.
Result<void> read_fields(const Json& object, Metadata& metadata) {
  if (object.contains("caption") && object.contains("description"))
    return fail(Code::usage, "metadata: \"description\" is another name for \"caption\"; give one of them");
  for (const auto& [key, value] : object.items()) {
    const MetadataField* field = find_metadata_field(key);
    if (field == nullptr)
      return fail(Code::usage, fmt::format("metadata: unknown key \"{}\"; there are {}", one_line(key, 40),
                                           metadata_keys()));
    if (auto done = read_value(*field, value, metadata); !done)
      return std::unexpected(wrong(key, done.error().message));
  }
  return {};
}

Result<Json> parse_object(std::string_view json) {
  if (trimmed(json).empty()) return Json::object();
  auto document = parse_document(json);
  if (document && !document->is_object())
    return fail(Code::usage, "metadata must be a JSON object, like {\"caption\": \"…\"}");
  return document;
}

// A caption takes the place of a description: they are one field.
void set_field(Json& object, const std::string& key, const Json& value) {
  if (key == "caption") object.erase("description");
  if (key == "description") object.erase("caption");
  object[key] = value;
}

// What the document says for one platform, however its name is written there; the last one counts.
Json& part_of(Json& document, std::string_view platform) {
  Json* part = nullptr;
  for (auto& [key, value] : document.items())
    if (destination_named(key) == platform && value.is_object()) part = &value;
  return part != nullptr ? *part : document[std::string(platform)] = Json::object();
}

}  // namespace

Result<MetadataDocument> MetadataDocument::read(std::string_view json) {
  MetadataDocument document;
  if (json.empty() || json == "{}")
    return document;  // most videos of a large library say nothing of their own
  auto common = parse_object(json);
  if (!common) return std::unexpected(common.error());
  Json parts = Json::object();
  for (const auto& [key, value] : common->items()) {
    if (find_metadata_field(key) != nullptr || destination_named(key).empty()) continue;
    if (!value.is_object()) return std::unexpected(wrong(key, "must be an object"));
    Metadata checked;
    if (auto right = read_fields(value, checked); !right) return std::unexpected(std::move(right.error()));
    parts[key] = value;
  }
  for (const auto& [key, part] : parts.items()) common->erase(key);
  if (auto right = read_fields(*common, document.for_all_); !right)
    return std::unexpected(std::move(right.error()));
  if (!parts.empty()) document.parts_ = std::make_shared<const Json>(std::move(parts));
  return document;
}

Metadata MetadataDocument::words_for(std::string_view platform) const {
  Metadata words = for_all_;
  if (!parts_) return words;
  const Json *of_platform = nullptr, *own = nullptr;
  for (const auto& [key, value] : parts_->items()) {
    const auto name = destination_named(key);
    if (name == platform_of(platform))
      of_platform = &value;
    else if (name == platform)
      own = &value;
  }
  for (const Json* part : {of_platform, own})
    if (part != nullptr) static_cast<void>(read_fields(*part, words));  // they are right
  return words;
}

Result<Metadata> parse_metadata(std::string_view json, std::string_view platform) {
  const auto document = MetadataDocument::read(json);
  if (!document) return std::unexpected(document.error());
  return document->words_for(platform);
}

Result<Metadata> words_of(std::string_view given, std::string_view own, std::string_view platform) {
  return parse_metadata(given.empty() || given == "{}" ? own : given, platform);
}

std::string metadata_json(const Metadata& metadata) {
  return dumped(fields_of(metadata));
}

Result<std::string> lay_over(std::string_view document, std::string_view over) {
  auto laid = parse_object(document);
  if (!laid) return std::unexpected(laid.error());
  const auto above = parse_object(over);
  if (!above) return std::unexpected(above.error());
  for (const auto& [key, value] : above->items()) {
    const auto platform = destination_named(key);
    if (platform.empty() || !value.is_object()) {
      set_field(*laid, key, value);
      continue;
    }
    Json& part = part_of(*laid, platform);
    for (const auto& [own_key, own_value] : value.items()) set_field(part, own_key, own_value);
  }
  return dumped(*laid);
}

Result<std::string> with_files_in(std::string_view document, const std::filesystem::path& folder) {
  auto parsed = parse_object(document);
  if (!parsed) return std::unexpected(parsed.error());
  const auto count_from_folder = [&](Json& object) {
    for (auto& [key, value] : object.items()) {
      const MetadataField* field = find_metadata_field(key);
      if (field == nullptr || !field->names_file || !value.is_string()) continue;
      std::error_code unknown;
      const auto absolute = std::filesystem::absolute(folder, unknown);
      value = ((unknown ? folder : absolute) / value.get<std::string>()).lexically_normal().native();
    }
  };
  count_from_folder(*parsed);
  for (auto& [key, value] : parsed->items())
    if (value.is_object() && !destination_named(key).empty()) count_from_folder(value);
  return dumped(*parsed);
}

bool is_metadata(std::string_view json) {
  const auto document = parse_object(json);
  if (!document) return false;
  for (const auto& [key, value] : document->items())
    if (resembles_metadata_field(key) || !destination_named(key).empty()) return true;
  return document->empty();
}

Result<std::string> checked_document(std::string_view json, std::string_view name,
                                     const std::filesystem::path& folder) {
  const auto sound = parse_metadata(json);
  if (!sound) return fail(sound.error().code, fmt::format("{}: {}", name, sound.error().message));
  return with_files_in(json, folder);
}

Result<std::string> words_beside(const std::filesystem::path& video, const std::string& document) {
  if (document.empty() || !is_metadata(document)) return std::string();
  return checked_document(document, path_text(std::filesystem::path(video).replace_extension(".json")),
                          video.parent_path());
}

}  // namespace asfs
