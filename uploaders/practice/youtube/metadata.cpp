// The rules for the metadata of a new video: known fields, their types and limits.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/practice/youtube/shapes.h"

namespace asfs::practice::youtube {
namespace {

constexpr std::size_t kMostTitle = 100;         // code points
constexpr std::size_t kMostDescription = 5000;  // bytes
constexpr std::size_t kMostTags = 500;          // code points, counted as below

constexpr std::array<std::string_view, 16> kParts{"snippet",
                                                  "status",
                                                  "id",
                                                  "contentDetails",
                                                  "fileDetails",
                                                  "liveStreamingDetails",
                                                  "localizations",
                                                  "paidProductPlacementDetails",
                                                  "player",
                                                  "processingDetails",
                                                  "recordingDetails",
                                                  "statistics",
                                                  "suggestions",
                                                  "topicDetails",
                                                  "ageGating",
                                                  "monetizationDetails"};

enum class Type : std::uint8_t { text, flag, texts, read_only };
struct Field {
  std::string_view part;
  std::string_view name;
  Type type;
};
constexpr std::array<Field, 23> kFields{{{"snippet", "title", Type::text},
                                         {"snippet", "description", Type::text},
                                         {"snippet", "tags", Type::texts},
                                         {"snippet", "categoryId", Type::text},
                                         {"snippet", "defaultLanguage", Type::text},
                                         {"snippet", "defaultAudioLanguage", Type::read_only},
                                         {"snippet", "publishedAt", Type::read_only},
                                         {"snippet", "channelId", Type::read_only},
                                         {"snippet", "channelTitle", Type::read_only},
                                         {"snippet", "thumbnails", Type::read_only},
                                         {"snippet", "liveBroadcastContent", Type::read_only},
                                         {"snippet", "localized", Type::read_only},
                                         {"status", "privacyStatus", Type::text},
                                         {"status", "publishAt", Type::text},
                                         {"status", "license", Type::text},
                                         {"status", "selfDeclaredMadeForKids", Type::flag},
                                         {"status", "containsSyntheticMedia", Type::flag},
                                         {"status", "embeddable", Type::flag},
                                         {"status", "publicStatsViewable", Type::flag},
                                         {"status", "madeForKids", Type::read_only},
                                         {"status", "uploadStatus", Type::read_only},
                                         {"status", "failureReason", Type::read_only},
                                         {"status", "rejectionReason", Type::read_only}}};

bool has_type(const Json& value, Type type) {
  switch (type) {
    case Type::text:
      return value.is_string();
    case Type::flag:
      return value.is_boolean();
    case Type::texts:
      return value.is_array() &&
             std::ranges::all_of(value, [](const Json& item) { return item.is_string(); });
    case Type::read_only:
      return true;
  }
  return false;
}

using Verdict = std::optional<Answer>;  // nothing: acceptable

Verdict check_fields(const std::string& part, const Json& object) {
  if (!object.is_object()) return error(400, "badRequest", fmt::format("Invalid value at 'video.{}'", part));
  if (part != "snippet" && part != "status") return std::nullopt;
  for (const auto& [name, value] : object.items()) {
    const auto known =
        std::ranges::find_if(kFields, [&](const Field& f) { return f.part == part && f.name == name; });
    if (known == kFields.end())
      return error(
          400, "badRequest",
          fmt::format("Invalid JSON payload received. Unknown name \"{}\" at 'video.{}'", name, part));
    if (!has_type(value, known->type))
      return error(400, "badRequest", fmt::format("Invalid value at 'video.{}.{}'", part, name));
  }
  return std::nullopt;
}

Verdict check_shape(const Json& body, const Json& parts) {
  for (const auto& [name, value] : body.items()) {
    if (name == "kind" || name == "etag" || name == "id") continue;
    if (std::ranges::find(kParts, name) == kParts.end())
      return error(400, "badRequest",
                   fmt::format("Invalid JSON payload received. Unknown name \"{}\" at 'video'", name));
    if (std::ranges::find(parts, Json(name)) == parts.end())
      return error(400, "unexpectedPart", fmt::format("The body has '{}', which 'part' does not name", name));
    if (auto bad = check_fields(name, value)) return bad;
  }
  return std::nullopt;
}

bool has_angle_brackets(std::string_view text) {
  return text.find_first_of("<>") != std::string_view::npos;
}

/// As the platform counts: commas between tags, and two quotes for a tag with a space.
std::size_t tags_length(const Json& tags) {
  std::size_t length = tags.empty() ? 0 : tags.size() - 1;
  for (const Json& tag : tags) {
    const auto& text = tag.get_ref<const std::string&>();
    length += code_points(text) + (text.find(' ') == std::string::npos ? 0 : 2);
  }
  return length;
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// `2026-12-01T18:00:00Z`, with a fraction and an offset if they like.
bool is_date_time(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() <= shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 'd' ? !all_digits(text.substr(i, 1)) : text[i] != shape[i]) return false;
  std::string_view zone = text.substr(shape.size());
  if (zone.starts_with('.')) {
    const auto end = zone.find_first_not_of("0123456789", 1);
    if (end == 1 || end == std::string_view::npos) return false;
    zone.remove_prefix(end);
  }
  if (zone == "Z") return true;
  return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && all_digits(zone.substr(1, 2)) &&
         zone[3] == ':' && all_digits(zone.substr(4));
}

Verdict check_snippet(const Json& snippet) {
  const std::string title = snippet.value("title", "");
  if (title.find_first_not_of(" \t\r\n") == std::string::npos || code_points(title) > kMostTitle ||
      has_angle_brackets(title))
    return error(400, "invalidTitle");
  const std::string description = snippet.value("description", "");
  if (description.size() > kMostDescription || has_angle_brackets(description))
    return error(400, "invalidDescription");
  const Json tags = snippet.value("tags", Json::array());
  const bool bad_tag = std::ranges::any_of(tags, [](const Json& tag) {
    return tag.get_ref<const std::string&>().empty() || has_angle_brackets(tag.get_ref<const std::string&>());
  });
  if (bad_tag || tags_length(tags) > kMostTags) return error(400, "invalidTags");
  const std::string category = snippet.value("categoryId", "22");
  if (category.empty() || category.size() > 2 || !all_digits(category))
    return error(400, "invalidCategoryId");
  return std::nullopt;
}

Verdict check_status(const Json& status) {
  const std::string privacy = status.value("privacyStatus", "public");
  if (privacy != "private" && privacy != "unlisted" && privacy != "public")
    return error(400, "badRequest", "Invalid value at 'video.status.privacyStatus'");
  const std::string license = status.value("license", "youtube");
  if (license != "youtube" && license != "creativeCommon")
    return error(400, "badRequest", "Invalid value at 'video.status.license'");
  if (status.contains("publishAt") &&
      (privacy != "private" || !is_date_time(status["publishAt"].get_ref<const std::string&>())))
    return error(400, "invalidPublishAt");
  return std::nullopt;
}

}  // namespace

std::expected<Json, Answer> check_parts(const std::vector<std::string>& parts) {
  if (parts.empty())
    return std::unexpected(
        error(400, "missingRequiredParameter", "No parts were named: the parameter 'part' is needed"));
  Json known = Json::array();
  for (const std::string& part : parts) {
    if (std::ranges::find(kParts, part) == kParts.end())
      return std::unexpected(error(400, "unknownPart", fmt::format("'{}' is no part of a video", part)));
    known.push_back(part);
  }
  return known;
}

StoredSession new_session(const Insert& insert, std::string file_name) {
  const Json request{{"parts", insert.parts}, {"body", insert.body}, {"file_name", std::move(file_name)}};
  return {.id = random_id(40),
          .platform = "YouTube",
          .title = insert.title,
          .caption = insert.description,
          .request = dumped(request)};
}

bool is_video_type(std::string_view type) {
  return type.starts_with("video/") || type.starts_with("application/octet-stream");
}

std::expected<Insert, Answer> check_insert(const std::vector<std::string>& parts, std::string_view text) {
  auto named = check_parts(parts);
  if (!named) return std::unexpected(std::move(named.error()));
  Json body = text.empty() ? Json::object() : read_json(text);
  if (!body.is_object())
    return std::unexpected(
        error(400, "parseError", "The body must be the video's metadata as JSON in UTF-8"));
  if (auto bad = check_shape(body, *named)) return std::unexpected(*std::move(bad));
  const Json snippet = body.value("snippet", Json::object());
  if (auto bad = check_snippet(snippet)) return std::unexpected(*std::move(bad));
  if (auto bad = check_status(body.value("status", Json::object()))) return std::unexpected(*std::move(bad));
  if (body.contains("localizations") && !snippet.contains("defaultLanguage"))
    return std::unexpected(
        error(400, "defaultLanguageNotSet", "'localizations' needs 'snippet.defaultLanguage' to be set"));
  return Insert{std::move(*named), std::move(body), snippet.value("title", ""),
                snippet.value("description", "")};
}

}  // namespace asfs::practice::youtube
