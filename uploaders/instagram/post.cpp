#include "uploaders/instagram/post.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::instagram {
namespace {

/// Words that begin with `sign`, as in #art and @name.
std::size_t count_words(std::string_view text, char sign) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const bool begins = i == 0 || std::string_view(" \n\r\t#@").find(text[i - 1]) != std::string_view::npos;
    count += text[i] == sign && begins &&
             std::string_view(" \n\r\t#@").find(text[i + 1]) == std::string_view::npos;
  }
  return count;
}

Result<void> at_most(std::string_view what, std::size_t actual, std::size_t limit) {
  if (actual <= limit) return {};
  return fail(Code::usage, fmt::format("the caption with its hashtags has {} {}; Instagram takes at most {}",
                                       actual, what, limit));
}

bool is_meta_host(std::string_view host) {
  return host == "facebook.com" || host.ends_with(".facebook.com") || host.ends_with(".instagram.com");
}

}  // namespace

std::string caption_of(const Metadata& metadata, std::string_view video_title) {
  std::string text = caption_with_hashtags(metadata);
  return text.empty() ? metadata.title.value_or(std::string(video_title)) : text;
}

Result<void> check_post(const InstagramConfig& config, const Metadata& metadata, std::string_view video_title,
                        std::uint64_t file_size) {
  if (auto texts = check_texts(metadata, video_title); !texts) return texts;
  if (auto kept = check_not_ignored(metadata, "Instagram", false, false); !kept) return kept;
  const std::string caption = caption_of(metadata, video_title);
  // In UTF-16 units, which are never fewer than code points: what Instagram counts by is not said.
  if (auto fits = at_most("characters (emoji count twice)", utf16_units(caption), config.caption_characters);
      !fits)
    return fits;
  if (auto fits = at_most("hashtags", count_words(caption, '#'), config.hashtags); !fits) return fits;
  if (auto fits = at_most("mentions", count_words(caption, '@'), config.mentions); !fits) return fits;
  if (metadata.privacy && fold_case(*metadata.privacy) != "public")
    return fail(Code::usage, fmt::format("the privacy is \"{}\"; reels on Instagram are public",
                                         one_line(*metadata.privacy, 40)));
  if (!metadata.video_url && config.by_instagram_login)
    return fail(Code::usage,
                "with an Instagram login (graph.instagram.com) a file of yours cannot be sent: give its "
                "public address as video_url, or sign in through Facebook (docs/accounts.md)");
  if (metadata.video_url && !url_is_safe(*metadata.video_url))
    return fail(Code::usage, "video_url must be an https:// address that Instagram can reach");
  if (file_size > config.max_file_bytes)
    return fail(Code::usage, fmt::format("the file has {} bytes; Instagram takes at most {} ({})", file_size,
                                         config.max_file_bytes, bytes_text(config.max_file_bytes)));
  return {};
}

PostPreview preview_of(const InstagramConfig&, const Metadata& metadata, std::string_view video_title) {
  return {caption_of(metadata, video_title), "public"};
}

Result<std::map<std::string, std::string>> web_words(const Config&, const Metadata& metadata,
                                                     std::string_view video_title) {
  if (metadata.cover_ms) return fail(Code::usage, "a cover cannot be chosen through the browser yet");
  if (metadata.video_url)
    return fail(Code::usage, "through the browser the file itself is posted; leave video_url out");
  if (!metadata.share_to_feed.value_or(true))
    return fail(Code::usage, "through the browser a reel is always shared to the feed, too");
  return std::map<std::string, std::string>{{"caption", caption_of(metadata, video_title)},
                                            {"synthetic", metadata.synthetic.value_or(false) ? "yes" : ""}};
}

std::string advice(const Metadata& metadata, std::string_view video_title, std::uint64_t file_size) {
  constexpr std::size_t kHashtags = 5;               // as many as its own app takes
  constexpr std::uint64_t kFileBytes = 300'000'000;  // as its documents say; larger ones often go through
  std::string text;
  if (const auto count = count_words(caption_of(metadata, video_title), '#'); count > kHashtags)
    text = fmt::format("the caption has {} hashtags; Instagram's own app allows {}", count, kHashtags);
  if (file_size > kFileBytes)
    text += fmt::format("{}the file has {}; Instagram asks for {} or less", text.empty() ? "" : "; ",
                        bytes_text(file_size), bytes_text(kFileBytes));
  return text;
}

Form container_form(const Metadata& metadata, std::string_view video_title) {
  Form form{{"media_type", "REELS"}, {"caption", caption_of(metadata, video_title)}};
  if (metadata.video_url)
    form.emplace_back("video_url", *metadata.video_url);
  else
    form.emplace_back("upload_type", "resumable");
  if (metadata.cover_ms) form.emplace_back("thumb_offset", std::to_string(*metadata.cover_ms));
  if (metadata.share_to_feed) form.emplace_back("share_to_feed", *metadata.share_to_feed ? "true" : "false");
  if (metadata.synthetic) form.emplace_back("is_ai_generated", *metadata.synthetic ? "true" : "false");
  return form;
}

std::string form_text(const Form& form) {
  std::string text;
  for (const auto& [name, value] : form)
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", url_encode(name), url_encode(value));
  return text;
}

std::string handle_text(const Handle& handle) {
  const Json json{{"container", handle.container},
                  {"uri", handle.uri},
                  {"user", handle.user},
                  {"publishing_since", handle.publishing_since}};
  return dumped(json);
}

std::optional<Handle> parse_handle(std::string_view text) {
  const Json json = read_json(text);
  if (!json.is_object()) return std::nullopt;
  Handle handle{text_at(json, "container"), text_at(json, "uri"), text_at(json, "user")};
  handle.publishing_since = number_at(json, "publishing_since").value_or(handle.publishing_since);
  return handle.container.empty() || handle.user.empty() ? std::nullopt : std::optional(handle);
}

std::string current_upload_uri(std::string_view uri, std::string_view upload_base) {
  const auto begun = url_origin(uri);
  const auto base = url_origin(upload_base);
  if (begun && base && begun->loopback() && base->loopback()) return std::string(upload_base) + begun->rest;
  return std::string(uri);
}

std::optional<std::string> uri_refusal(std::string_view uri, const InstagramConfig& config) {
  const auto origin = url_origin(uri);
  const auto base = url_origin(config.upload_base);
  if (!origin || !base || !url_is_safe(uri))
    return "Instagram's answer names an upload address that is not safe to use";
  if (origin->host == base->host || (is_meta_host(origin->host) && is_meta_host(base->host)))
    return std::nullopt;
  return fmt::format("the upload's address is on {}, not on {}: the access token is not sent there",
                     one_line(origin->host, 80), base->host);
}

}  // namespace asfs::instagram
