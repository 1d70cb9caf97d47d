#include "uploaders/platform/own_post.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "uploaders/metadata/metadata_document.h"

namespace asfs {
namespace {

constexpr std::int64_t kClocksApart = 60;  // seconds that our clock and a platform's may disagree by
constexpr double kLengthsApart = 1.6;      // platforms round, and count frames differently

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool looks_like(const ListedPost& post, const OwnPost& own, const PostShape& shape) {
  const bool as_long = own.seconds == 0 || !post.seconds || *post.seconds == 0 ||
                       std::abs(*post.seconds - own.seconds) <= kLengthsApart;
  const bool as_large = own.bytes == 0 || !post.bytes || *post.bytes == own.bytes;
  return shape.is_id(post.id) && post.made_at != 0 && post.made_at >= own.since - kClocksApart && as_long &&
         as_large && same_caption(post.caption, own.caption, shape.caption_cut);
}

/// Another video says the same, and the id of its post is not known.
bool has_rival(const OwnPost& own, const PostShape& shape) {
  if (!own.owners) return false;
  return std::ranges::any_of(own.owners->unknown_posts(), [&](const UnknownPost& other) {
    if (other.post_id && shape.is_id(*other.post_id)) return false;
    const auto words = parse_metadata(other.metadata_json);
    return !words || same_caption(shape.caption_of(*words, other.video_title), own.caption, 0);
  });
}

}  // namespace

std::int64_t unix_time(const std::string& text) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  return rest ? static_cast<std::int64_t>(::timegm(&parts)) : 0;
}

bool same_caption(std::string_view listed, std::string_view own, std::size_t cut) {
  const std::string as_listed = without_blanks(listed), whole = without_blanks(own);
  if (as_listed == whole) return true;
  if (cut == 0) return false;
  std::string_view shown = as_listed;
  for (const std::string_view dots : {"...", "\xE2\x80\xA6"})
    if (shown.ends_with(dots)) shown.remove_suffix(dots.size());
  while (shown.ends_with(' ')) shown.remove_suffix(1);
  constexpr std::size_t kSlack = 10;  // blanks that were dropped, and what the cut itself takes
  return whole.starts_with(shown) && characters(shown) + kSlack >= cut;
}

Found find_own_post(const std::vector<ListedPost>& list, const OwnPost& own, const PostShape& shape) {
  Found found;
  if (without_blanks(own.caption).empty()) return found;
  std::string id;
  for (const ListedPost& post : list) {
    if (!looks_like(post, own, shape) || (own.owners && own.owners->is_anothers(post.id))) continue;
    ++found.candidates;
    id = post.id;
  }
  if (found.candidates == 1 && !has_rival(own, shape)) found.post_id = std::move(id);
  return found;
}

}  // namespace asfs
