#include "uploaders/metadata/metadata.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/local_time.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

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

std::optional<TimePoint> publish_time(std::string_view text) {
  constexpr std::size_t kDate = 10, kTime = 16;
  const bool has_offset = text.size() > kTime && (text.back() == 'Z' || text.find_last_of("+-") >= kTime);
  return has_offset && text[kDate] == 'T' ? parse_time(text) : std::nullopt;
}

Result<void> check_texts(const Metadata& metadata, std::string_view video_title) {
  if (!metadata.title && !is_utf8(video_title))
    return fail(Code::usage, "the video's title is not UTF-8 text; give it another one");
  if (metadata.title && !is_utf8(*metadata.title)) return fail(Code::usage, "the title is not UTF-8 text");
  if (metadata.caption && !is_utf8(*metadata.caption))
    return fail(Code::usage, "the caption is not UTF-8 text");
  if (!std::ranges::all_of(metadata.hashtags, is_utf8) || !std::ranges::all_of(metadata.tags, is_utf8))
    return fail(Code::usage, "one of the tags is not UTF-8 text");
  return {};
}

Result<void> check_not_ignored(const Metadata& metadata, std::string_view platform, bool keeps_publish_at,
                               bool keeps_draft) {
  if (metadata.publish_at && !keeps_publish_at)
    return fail(
        Code::usage,
        fmt::format("publish_at is set, but {0} would publish it at once; write it under \"YouTube\", "
                    "and let the upload to {0} begin at its time (--at)",
                    platform));
  if (metadata.draft.value_or(false) && !keeps_draft)
    return fail(Code::usage,
                fmt::format("draft is set, but {} knows no drafts and would publish it; write it under "
                            "\"TikTok\"",
                            platform));
  return {};
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
