#include "uploaders/tiktok/post.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::tiktok {
namespace {

constexpr std::string_view kPublic = "PUBLIC_TO_EVERYONE";
constexpr std::string_view kPrivate = "SELF_ONLY";
constexpr std::array<std::string_view, 4> kPrivacies{kPublic, "FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS",
                                                     kPrivate};  // the widest first

/// Below 0: not one of ours.
std::ptrdiff_t rank_of(std::string_view privacy) {
  const auto known = std::ranges::find(kPrivacies, privacy);
  return known == kPrivacies.end() ? -1 : known - kPrivacies.begin();
}

Json source_info(const ChunkPlan& plan) {
  return {{"source", "FILE_UPLOAD"},
          {"video_size", plan.size},
          {"chunk_size", plan.chunk},
          {"total_chunk_count", plan.count}};
}

}  // namespace

std::string caption_of(const Metadata& metadata, std::string_view video_title) {
  std::string text = caption_with_hashtags(metadata);
  return text.empty() ? metadata.title.value_or(std::string(video_title)) : text;
}

std::string privacy_of(const TikTokConfig& config, const Metadata& metadata) {
  const std::string wanted = metadata.privacy.value_or(config.privacy);
  if (fold_case(wanted) == "public") return std::string(kPublic);
  if (fold_case(wanted) == "private") return std::string(kPrivate);
  return wanted;
}

TikTokConfig choice_of(const TikTokConfig& config, const AccountMemory& memory) {
  TikTokConfig chosen = config;
  if (chosen.privacy.empty() && rank_of(memory.privacy) >= 0) chosen.privacy = memory.privacy;
  return chosen;
}

std::string narrower_text(std::string_view privacy) {
  return privacy == kPublic
             ? ""
             : fmt::format("TikTok offers this account nothing wider: it was posted as {}", privacy);
}

std::string advice(const TikTokConfig& config, const AccountMemory& memory, const Metadata& metadata) {
  const std::string before = privacy_of(choice_of(config, memory), metadata);
  if (is_draft(config, metadata) || before == privacy_of(config, metadata) || before == kPublic) return {};
  return fmt::format(
      "it is posted as {}, as was chosen for this account before; for others to see it say --privacy, or "
      "TikTok.privacy in config/platforms.json",
      before);
}

void learn(AccountMemory& memory, const Metadata& metadata, std::string_view privacy) {
  if (!only_for_oneself(privacy)) memory.unaudited_at.reset();
  if (metadata.privacy && rank_of(privacy) > rank_of(memory.privacy)) memory.privacy = privacy;
}

Error unaudited(std::string_view privacy) {
  constexpr std::string_view kIs =
      "TikTok has not audited this app: until it has, it may only post as SELF_ONLY, to a private account";
  constexpr std::string_view kNarrow =
      "set the privacy to SELF_ONLY (--privacy private, or TikTok.privacy in config/platforms.json)";
  return {Code::account,
          fmt::format("{}; {}", kIs,
                      only_for_oneself(privacy) ? "set the account to private in the TikTok app" : kNarrow)};
}

bool only_for_oneself(std::string_view privacy) {
  return privacy == kPrivate;
}

bool is_draft(const TikTokConfig& config, const Metadata& metadata) {
  return metadata.draft.value_or(config.draft);
}

Result<void> check_post(const TikTokConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size) {
  if (auto texts = check_texts(metadata, video_title); !texts) return texts;
  if (auto kept = check_not_ignored(metadata, "TikTok", false, true); !kept) return kept;
  if (const auto length = utf16_units(caption_of(metadata, video_title)); length > config.caption_utf16)
    return fail(Code::usage,
                fmt::format("the caption with its hashtags has {} characters (emoji count twice); "
                            "TikTok takes at most {}",
                            length, config.caption_utf16));
  const std::string privacy = privacy_of(config, metadata);
  if ((metadata.privacy || !privacy.empty()) && rank_of(privacy) < 0)
    return fail(Code::usage, fmt::format("the privacy is \"{}\"; TikTok knows {}", one_line(privacy, 40),
                                         fmt::join(kPrivacies, ", ")));
  if (metadata.brand_content.value_or(false) && privacy == kPrivate)
    return fail(Code::usage, "a paid partnership (brand_content) cannot be posted as SELF_ONLY");
  if (file_size > config.max_file_bytes)
    return fail(Code::usage, fmt::format("the file has {} bytes; TikTok takes at most {} ({})", file_size,
                                         config.max_file_bytes, bytes_text(config.max_file_bytes)));
  return {};
}

PostPreview preview_of(const TikTokConfig& config, const Metadata& metadata, std::string_view video_title) {
  constexpr std::array<std::string_view, 4> kWords{"public", "followers", "friends", "private"};
  PostPreview preview{caption_of(metadata, video_title), "as wide as allowed"};
  const std::string privacy = privacy_of(config, metadata);
  if (const auto rank = rank_of(privacy); rank >= 0)
    preview.audience = kWords[static_cast<std::size_t>(rank)];
  else if (!privacy.empty())
    preview.audience = one_line(privacy, 40);
  if (is_draft(config, metadata)) preview.audience = "a draft in the inbox of the app";
  return preview;
}

Result<std::map<std::string, std::string>> web_words(const Config& config, const Metadata& metadata,
                                                     std::string_view video_title) {
  if (metadata.cover_ms) return fail(Code::usage, "a cover cannot be chosen through the browser yet");
  if (metadata.draft.value_or(false))
    return fail(Code::usage, "a draft in the app's inbox needs TikTok's API");
  if (metadata.brand_content.value_or(false) || metadata.brand_organic.value_or(false))
    return fail(Code::usage, "a paid partnership cannot be declared through the browser yet");
  const std::string privacy = privacy_of(config.of<TikTokConfig>(), metadata);
  if (privacy == "FOLLOWER_OF_CREATOR")
    return fail(Code::usage, "TikTok's pages do not offer a post for followers alone; use its API");
  if (metadata.disable_duet != metadata.disable_stitch)
    return fail(Code::usage, "TikTok's pages turn duet and stitch off together; set both, or neither");
  const auto yes = [](const std::optional<bool>& said) { return said.value_or(false) ? "yes" : ""; };
  return std::map<std::string, std::string>{{"caption", caption_of(metadata, video_title)},
                                            {"visibility", privacy},
                                            {"synthetic", yes(metadata.synthetic)},
                                            {"disable_comment", yes(metadata.disable_comment)},
                                            {"disable_reuse", yes(metadata.disable_duet)}};
}

Result<std::string> fit_to_creator(const Creator& creator, const std::string& wanted_privacy,
                                   double duration) {
  if (creator.max_duration_s > 0 && duration > creator.max_duration_s)
    return fail(Code::usage, fmt::format("the video is {} long; this TikTok account may post at most {}",
                                         duration_text(duration), duration_text(creator.max_duration_s)));
  const auto& offered = creator.privacy_levels;
  if (offered.empty()) return fail(Code::usage, "TikTok offers this account no privacy to post with");
  for (const std::string_view privacy : kPrivacies) {
    const bool asked = wanted_privacy.empty() || privacy == wanted_privacy;
    if (asked && std::ranges::find(offered, privacy) != offered.end()) return std::string(privacy);
  }
  return fail(
      Code::usage,
      fmt::format("the privacy is {}; this TikTok account offers {}: choose one of them (--privacy, or "
                  "TikTok.privacy in config/platforms.json)",
                  wanted_privacy.empty() ? "not chosen" : wanted_privacy,
                  one_line(fmt::format("{}", fmt::join(offered, ", ")), 200)));
}

std::uint64_t ChunkPlan::border(std::uint64_t bytes) const {
  if (bytes >= size) return size;
  return std::min(bytes / chunk, count - 1) * chunk;
}

ChunkPlan plan_chunks(const TikTokConfig& config, std::uint64_t size) {
  if (size <= config.whole_bytes) return {size, size, 1};
  return {size, config.chunk_bytes, size / config.chunk_bytes};
}

std::string post_json(const TikTokConfig&, const Metadata& metadata, std::string_view video_title,
                      const Creator& creator, const std::string& privacy, const ChunkPlan& plan) {
  Json post{{"title", caption_of(metadata, video_title)},
            {"privacy_level", privacy},
            {"disable_comment", creator.comment_disabled || metadata.disable_comment.value_or(false)},
            {"disable_duet", creator.duet_disabled || metadata.disable_duet.value_or(false)},
            {"disable_stitch", creator.stitch_disabled || metadata.disable_stitch.value_or(false)},
            {"brand_content_toggle", metadata.brand_content.value_or(false)},
            {"brand_organic_toggle", metadata.brand_organic.value_or(false)}};
  if (metadata.cover_ms) post["video_cover_timestamp_ms"] = *metadata.cover_ms;
  if (metadata.synthetic) post["is_aigc"] = *metadata.synthetic;
  return dumped({{"post_info", std::move(post)}, {"source_info", source_info(plan)}});
}

std::string draft_json(const ChunkPlan& plan) {
  return dumped({{"source_info", source_info(plan)}});
}

std::string handle_text(const Handle& handle) {
  return dumped({{"publish_id", handle.publish_id},
                 {"upload_url", handle.upload_url},
                 {"issued_at", handle.issued_at},
                 {"size", handle.plan.size},
                 {"chunk_size", handle.plan.chunk},
                 {"chunks", handle.plan.count}});
}

std::optional<Handle> parse_handle(std::string_view text) {
  const Json json = read_json(text);
  if (!json.is_object()) return std::nullopt;
  const auto number = [&](const char* key) { return count_at(json, key).value_or(0); };
  Handle handle{text_at(json, "publish_id"),
                text_at(json, "upload_url"),
                static_cast<std::int64_t>(number("issued_at")),
                {number("size"), number("chunk_size"), number("chunks")}};
  const bool whole = !handle.publish_id.empty() && handle.plan.chunk > 0 && handle.plan.count > 0;
  return whole ? std::optional(handle) : std::nullopt;
}

std::string current_upload_url(std::string_view url, std::string_view api_base) {
  const auto begun = url_origin(url);
  const auto base = url_origin(api_base);
  if (begun && base && begun->loopback() && base->loopback()) return std::string(api_base) + begun->rest;
  return std::string(url);
}

std::string_view content_type(const std::filesystem::path& video) {
  const std::string ending = fold_case(video.extension().native());
  if (ending == ".mov" || ending == ".qt") return "video/quicktime";
  return ending == ".webm" ? "video/webm" : "video/mp4";
}

}  // namespace asfs::tiktok
