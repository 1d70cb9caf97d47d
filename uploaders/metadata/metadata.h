// What a post shall say: the specification's `metadata` document, one per video, with what differs by
// platform under the platform's name.
//
// Read from JSON once (metadata_document.h), checked against a platform's limits by that platform's uploader
// before anything is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "registry/base/result.h"

namespace asfs {

/// Fields left out take the platform's defaults; hashtags and line breaks arrive as typed.
struct Metadata {
  std::optional<std::string> title;     ///< default: the video's title
  std::optional<std::string> caption;   ///< YouTube: the description
  std::vector<std::string> hashtags;    ///< with or without '#'; appended to the caption
  std::vector<std::string> tags;        ///< YouTube's search tags
  std::optional<std::string> privacy;   ///< in the platform's own words (YouTube: private, unlisted, public)
  std::optional<std::string> category;  ///< YouTube's category id
  std::optional<bool> made_for_kids;
  std::optional<bool> synthetic;          ///< made or changed by AI: YouTube, TikTok and Instagram mark it
  std::optional<std::string> publish_at;  ///< YouTube, with privacy private: ISO 8601 date and time
  std::optional<std::string> thumbnail;   ///< YouTube: path of an image
  std::optional<std::int64_t> cover_ms;   ///< TikTok, Instagram: the frame that is the cover
  std::optional<bool> disable_comment;    ///< TikTok, like the next ones
  std::optional<bool> disable_duet;
  std::optional<bool> disable_stitch;
  std::optional<bool> brand_content;     ///< a paid partnership
  std::optional<bool> brand_organic;     ///< advertises the own business
  std::optional<bool> draft;             ///< TikTok: to the inbox of the app, to be finished there
  std::optional<bool> share_to_feed;     ///< Instagram
  std::optional<std::string> video_url;  ///< Instagram: public address the platform fetches the video from
};

/// How a post will look to those who may see it: for people who are about to send it.
struct PostPreview {
  std::string text;      ///< what is read first: its title, or its caption
  std::string audience;  ///< `public`, `private until 2026-12-01 18:00`, `a draft in the inbox of the app`
};

/// Code::usage when a text in it, or the video's title, is not UTF-8: nobody wants the replacement in a post.
Result<void> check_texts(const Metadata& metadata, std::string_view video_title);

/// What limits when and by whom a post is seen is kept or refused, never left out. Code::usage when
/// `platform` would publish at once what says `publish_at`, or to all what says `draft`.
Result<void> check_not_ignored(const Metadata& metadata, std::string_view platform, bool keeps_publish_at,
                               bool keeps_draft);

/// `2026-12-01T18:00:00Z` or with an offset such as +01:00, seconds or not; nullopt for what is no such time,
/// or a day or an offset that does not exist.
std::optional<TimePoint> publish_time(std::string_view text);

/// Caption and hashtags as one text: the hashtags follow after a blank line, those already in the caption
/// left out.
std::string caption_with_hashtags(const Metadata& metadata);

}  // namespace asfs
