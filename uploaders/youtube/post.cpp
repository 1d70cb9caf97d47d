#include "uploaders/youtube/post.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::youtube {
namespace {

constexpr std::array<std::string_view, 3> kPrivacies{"private", "unlisted", "public"};

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

bool has_angle_bracket(std::string_view text) {
  return text.find_first_of("<>") != text.npos;
}

// As YouTube counts: commas between tags, and quotes around a tag with a blank.
std::size_t tags_length(const std::vector<std::string>& tags) {
  std::size_t length = tags.empty() ? 0 : tags.size() - 1;
  for (const std::string& tag : tags) length += code_points(tag) + (tag.find(' ') == tag.npos ? 0 : 2);
  return length;
}

Result<void> check_title(const YouTubeConfig& config, std::string_view title) {
  if (is_blank(title)) return fail(Code::usage, "the title is empty; YouTube needs one");
  if (has_angle_bracket(title))
    return fail(Code::usage, "the title holds < or >, which YouTube does not take");
  if (const auto length = code_points(title); length > config.title_code_points)
    return fail(Code::usage, fmt::format("the title has {} characters; YouTube takes at most {}", length,
                                         config.title_code_points));
  return {};
}

Result<void> check_description(const YouTubeConfig& config, std::string_view text) {
  if (has_angle_bracket(text))
    return fail(Code::usage, "the caption holds < or >, which YouTube does not take");
  if (text.size() > config.description_bytes)
    return fail(Code::usage,
                fmt::format("the caption with its hashtags has {} bytes; YouTube takes at most {}",
                            text.size(), config.description_bytes));
  return {};
}

Result<void> check_tags(const YouTubeConfig& config, const std::vector<std::string>& tags) {
  if (std::ranges::any_of(tags, is_blank)) return fail(Code::usage, "one of the tags is empty");
  if (const auto length = tags_length(tags); length > config.tags_characters)
    return fail(Code::usage,
                fmt::format("the tags have {} characters with commas and quotes; YouTube takes at most {}",
                            length, config.tags_characters));
  return {};
}

Result<void> check_publish_at(const Metadata& metadata, TimePoint now) {
  if (!metadata.publish_at) return {};
  const std::string shown = one_line(*metadata.publish_at, 40);
  const auto time = publish_time(*metadata.publish_at);
  if (!time)
    return fail(Code::usage, fmt::format("publish_at is \"{}\"; write it like 2026-12-01T18:00:00Z or "
                                         "2026-12-01T18:00:00+01:00, a day and an offset that exist",
                                         shown));
  if (*time <= now)
    return fail(Code::usage, fmt::format("publish_at {} is over: YouTube would publish it at once", shown));
  if (metadata.privacy && *metadata.privacy != "private")
    return fail(Code::usage,
                fmt::format("the privacy is {}; YouTube publishes at a time (publish_at) only what "
                            "is private until then",
                            *metadata.privacy));
  return {};
}

Result<void> check_choices(const Metadata& metadata) {
  if (metadata.privacy && std::ranges::find(kPrivacies, *metadata.privacy) == kPrivacies.end())
    return fail(Code::usage, fmt::format("the privacy is \"{}\"; YouTube knows private, unlisted and public",
                                         one_line(*metadata.privacy, 40)));
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (metadata.category && (metadata.category->empty() || !std::ranges::all_of(*metadata.category, digit)))
    return fail(Code::usage,
                fmt::format("the category is \"{}\"; YouTube's categories are numbers, such as 22",
                            one_line(*metadata.category, 40)));
  return {};
}

Result<void> check_thumbnail(const YouTubeConfig& config, const Metadata& metadata) {
  if (!metadata.thumbnail) return {};
  const auto image = read_thumbnail(config, metadata);
  return image ? Result<void>() : std::unexpected(image.error());
}

}  // namespace

Result<void> check_post(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size, TimePoint now) {
  if (auto texts = check_texts(metadata, video_title); !texts) return texts;
  if (auto kept = check_not_ignored(metadata, "YouTube", true, false); !kept) return kept;
  if (auto title = check_title(config, title_of(metadata, video_title)); !title) return title;
  if (auto text = check_description(config, caption_with_hashtags(metadata)); !text) return text;
  if (auto tags = check_tags(config, metadata.tags); !tags) return tags;
  if (auto choices = check_choices(metadata); !choices) return choices;
  if (auto time = check_publish_at(metadata, now); !time) return time;
  if (auto image = check_thumbnail(config, metadata); !image) return image;
  if (file_size > config.max_file_bytes)
    return fail(Code::usage, fmt::format("the file has {} bytes; YouTube takes at most {} ({})", file_size,
                                         config.max_file_bytes, bytes_text(config.max_file_bytes)));
  return {};
}

Result<std::string> read_thumbnail(const YouTubeConfig& config, const Metadata& metadata) {
  const std::filesystem::path path(metadata.thumbnail.value_or(""));
  std::error_code unknown;
  const auto size = std::filesystem::file_size(path, unknown);
  if (!unknown && size > config.thumbnail_bytes)
    return fail(Code::usage, fmt::format("the thumbnail {} has {} bytes; YouTube takes at most {}",
                                         path_text(path), size, config.thumbnail_bytes));
  auto image = read_file(path);
  if (!image) return fail(Code::usage, "the thumbnail cannot be used: " + image.error().message);
  if (!image->starts_with("\x89PNG\r\n") && !image->starts_with("\xFF\xD8\xFF"))
    return fail(Code::usage, fmt::format("the thumbnail {} is neither PNG nor JPEG", path_text(path)));
  return image;
}

std::string title_of(const Metadata& metadata, std::string_view video_title) {
  return metadata.title.value_or(std::string(video_title));
}

std::string privacy_of(const YouTubeConfig& config, const Metadata& metadata) {
  return metadata.publish_at ? "private" : metadata.privacy.value_or(config.privacy);
}

Result<std::map<std::string, std::string>> web_words(const Config& config, const Metadata& metadata,
                                                     std::string_view video_title) {
  if (metadata.publish_at)
    return fail(Code::usage,
                "publish_at cannot be set through the browser yet; schedule the upload here instead");
  if (metadata.category) return fail(Code::usage, "a category cannot be set through the browser yet");
  if (metadata.thumbnail)
    return fail(Code::usage,
                "a thumbnail cannot be set through the browser yet; leave it out, or use YouTube's API");
  return std::map<std::string, std::string>{
      {"title", title_of(metadata, video_title)},
      {"caption", caption_with_hashtags(metadata)},
      {"visibility", privacy_of(config.of<YouTubeConfig>(), metadata)},
      {"made_for_kids", metadata.made_for_kids.value_or(false) ? "yes" : ""},
      {"synthetic", metadata.synthetic.value_or(false) ? "yes" : ""},
      {"not_synthetic", metadata.synthetic.value_or(true) ? "" : "yes"},
      {"tags", fmt::format("{}", fmt::join(metadata.tags, ","))}};
}

PostPreview preview_of(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title) {
  std::string audience = privacy_of(config, metadata);
  if (metadata.publish_at) {
    const auto time = publish_time(*metadata.publish_at);
    audience += " until " + (time ? short_time(local_timestamp(*time)) : one_line(*metadata.publish_at, 40));
  }
  return {title_of(metadata, video_title), std::move(audience)};
}

std::string post_json(const YouTubeConfig& config, const Metadata& metadata, std::string_view video_title) {
  Json post;
  auto& snippet = post["snippet"];
  snippet["title"] = title_of(metadata, video_title);
  snippet["description"] = caption_with_hashtags(metadata);
  if (!metadata.tags.empty()) snippet["tags"] = metadata.tags;
  snippet["categoryId"] = metadata.category.value_or(config.category_id);
  auto& status = post["status"];
  status["privacyStatus"] = privacy_of(config, metadata);
  if (metadata.publish_at) status["publishAt"] = *metadata.publish_at;
  if (metadata.synthetic) status["containsSyntheticMedia"] = *metadata.synthetic;
  status["selfDeclaredMadeForKids"] = metadata.made_for_kids.value_or(config.made_for_kids);
  return dumped(post);
}

std::string handle_text(const Handle& handle) {
  return dumped({{"uri", handle.uri}, {"begun_at", handle.begun_at}});
}

Handle parse_handle(std::string_view text) {
  const Json json = read_json(text);
  if (!json.is_object()) return {.uri = std::string(text)};
  return {text_at(json, "uri"), static_cast<std::int64_t>(count_at(json, "begun_at").value_or(0))};
}

}  // namespace asfs::youtube
