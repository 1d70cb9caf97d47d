// What TikTok is told about a video: the post, the plan of its chunks, and the handle of an upload. Pure.
// Used in this folder alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/result.h"
#include "uploaders/accounts/account_memory.h"
#include "uploaders/metadata/metadata.h"
#include "uploaders/tiktok/answers.h"
#include "uploaders/tiktok/settings.h"

namespace asfs::tiktok {

/// Caption and hashtags as one text, or the title where there are none.
std::string caption_of(const Metadata& metadata, std::string_view video_title);

/// TikTok's privacy_level for what was asked (`public` and `private` are understood too); "" when nobody ever
/// said anything. Here and below `config` is that of choice_of().
std::string privacy_of(const TikTokConfig& config, const Metadata& metadata);

/// The configuration with what a person chose before for the account in place of a privacy that it leaves
/// open: a post that says nothing is never seen by more than that.
TikTokConfig choice_of(const TikTokConfig& config, const AccountMemory& memory);

/// What to tell of a post for which nobody chose a privacy; "" when all can see it.
std::string narrower_text(std::string_view privacy);

/// What the account remembers of a post that TikTok took: the narrowest privacy that one asked for, and that
/// the app is audited when the post is not private.
void learn(AccountMemory& memory, const Metadata& metadata, std::string_view privacy);

/// An app that is not audited posts to a private account and for its owner alone: what a person can do.
/// Code::account.
Error unaudited(std::string_view privacy);
bool only_for_oneself(std::string_view privacy);

/// Only to the inbox of the app, to be finished there.
bool is_draft(const TikTokConfig& config, const Metadata& metadata);

/// Code::usage names field, limit and actual.
Result<void> check_post(const TikTokConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size);

PostPreview preview_of(const TikTokConfig& config, const Metadata& metadata, std::string_view video_title);

/// For TikTok Studio's pages. Code::usage: what they are not told by this program.
Result<std::map<std::string, std::string>> web_words(const Config& config, const Metadata& metadata,
                                                     std::string_view video_title);

/// What only the account can tell: is the privacy offered, is the video short enough? `duration` in seconds,
/// 0 when it is not known. The privacy to post with: just the one that was asked for, or the widest when
/// nobody ever said anything; Code::usage says what is offered.
Result<std::string> fit_to_creator(const Creator& creator, const std::string& wanted_privacy,
                                   double duration);

/// That a post says nothing of its privacy, and goes by what was chosen before: a line for people, or "".
std::string advice(const TikTokConfig& config, const AccountMemory& memory, const Metadata& metadata);

struct ChunkPlan {
  std::uint64_t size = 0;
  std::uint64_t chunk = 0;
  std::uint64_t count = 0;

  /// Where the chunk that begins at `offset` ends; the last one takes the remainder.
  std::uint64_t end_of(std::uint64_t offset) const {
    return offset / chunk + 1 >= count ? size : offset + chunk;
  }
  /// The last border of chunks at or before `bytes`.
  std::uint64_t border(std::uint64_t bytes) const;
};
ChunkPlan plan_chunks(const TikTokConfig& config, std::uint64_t size);

std::string post_json(const TikTokConfig& config, const Metadata& metadata, std::string_view video_title,
                      const Creator& creator, const std::string& privacy, const ChunkPlan& plan);
std::string draft_json(const ChunkPlan& plan);

/// All that is needed to go on with an upload in another process.
struct Handle {
  std::string publish_id;
  std::string upload_url;
  std::int64_t issued_at = 0;  ///< unix seconds
  ChunkPlan plan;
};
std::string handle_text(const Handle& handle);
std::optional<Handle> parse_handle(std::string_view text);

/// As it is to be used now: practice platforms may have come back on another port.
std::string current_upload_url(std::string_view url, std::string_view api_base);

std::string_view content_type(const std::filesystem::path& video);

}  // namespace asfs::tiktok
