// What a post shall say: the specification's `metadata` document, one per video, with what differs by
// platform under the platform's name.
//
// Read from JSON once, checked against a platform's limits by that platform's uploader before anything is
// sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// Reads `{"caption": "…", "hashtags": ["#a"], …, "TikTok": {"caption": "…"}}`: the fields under the name of
/// `platform` replace those for all, null takes its default again. `description` is another name for
/// `caption`. Code::usage names an unknown key or the wrong type, also under the other platforms' names. ""
/// and "{}" are an empty document.
Result<Metadata> parse_metadata(std::string_view json, std::string_view platform = {});

/// As JSON, only with the fields that are set; parse_metadata() reads it back.
std::string metadata_json(const Metadata& metadata);

/// `document` with every field of `over` in its place, also those under a platform's name; the other fields
/// stay as they are. Fails with Code::usage when one of the two is no JSON object; says nothing of their
/// fields.
Result<std::string> lay_over(std::string_view document, std::string_view over);

/// Caption and hashtags as one text: the hashtags follow after a blank line, those already in the caption
/// left out.
std::string caption_with_hashtags(const Metadata& metadata);

}  // namespace asfs
