#include "registry/store/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/config_file.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kChunkUnit = 256 << 10;
constexpr std::string_view kWithout = "the defaults";
constexpr std::uint64_t kMost = 1ull << 50;  // of anything: keeps sums far from overflow

/// Keys of the Python program's platforms.json, under each platform: no typing errors of ours.
constexpr std::array<std::string_view, 10> kPythonKeys{
    "name",         "aspect_ratio", "min_duration", "max_duration",  "max_file_size_mb",
    "video_format", "resolution",   "api_endpoint", "caption_limit", "hashtag_limit"};

/// Lays the file `name` over `defaults`, which also are the list of what is known. Other keys are another
/// program's, or mistyped: they are left alone, and noted.
class Overlay {
 public:
  Overlay(Json& defaults, std::string name) : defaults_(defaults), name_(std::move(name)) {}

  Result<void> lay(const Json& overrides) {
    if (!overrides.is_object())
      return fail(Code::library, fmt::format("{}: the file must hold one JSON object", name_));
    for (const auto& [section, values] : overrides.items()) {
      if (!defaults_.contains(section)) {
        note(section, section, defaults_);
        continue;
      }
      if (!values.is_object())
        return fail(Code::library, fmt::format("{}: \"{}\" must be a JSON object", name_, section));
      for (const auto& [key, value] : values.items())
        if (defaults_[section].contains(key))
          defaults_[section][key] = value;
        else
          note(section + "." + key, key, defaults_[section]);
    }
    return {};
  }

  /// One line for each key that may be one of ours, one for all others.
  void tell(std::vector<std::string>& notes) const {
    notes.insert(notes.end(), mistyped_.begin(), mistyped_.end());
    if (!foreign_.empty())
      notes.push_back(fmt::format("{}: keys of another program are ignored: {}", name_,
                                  one_line(fmt::format("{}", fmt::join(foreign_, ", ")), 200)));
  }

 private:
  void note(const std::string& path, const std::string& key, const Json& known) {
    const auto meant = std::ranges::find(kPythonKeys, key) == kPythonKeys.end()
                           ? nearest_key(key, keys_of(known))
                           : std::nullopt;
    if (meant)
      mistyped_.push_back(fmt::format("{}: \"{}\" is not known and ignored; did you mean \"{}\"?", name_,
                                      one_line(path, 80), *meant));
    else
      foreign_.insert(key);
  }

  Json& defaults_;
  std::string name_;
  std::vector<std::string> mistyped_;
  std::set<std::string> foreign_;
};

/// Reads typed values out of one section; remembers the first error.
class Section {
 public:
  Section(const Json& document, const char* name, std::string file) : name_(name), file_(std::move(file)) {
    const auto found = document.find(name);
    if (found != document.end() && found->is_object()) values_ = &*found;
  }

  template <class Number>
  void number(const char* key, std::uint64_t least, std::uint64_t most, Number& out) {
    const Json* value = find(key);
    const bool fits = value && value->is_number_unsigned() && value->get<std::uint64_t>() >= least &&
                      value->get<std::uint64_t>() <= most;
    if (!fits) return refuse(key, fmt::format("a whole number from {} to {}", least, most));
    out = static_cast<Number>(value->get<std::uint64_t>());
  }

  void real(const char* key, double& out) {
    const Json* value = find(key);
    if (!value || !value->is_number() || value->get<double>() < 0) return refuse(key, "a number, 0 or more");
    out = value->get<double>();
  }

  void flag(const char* key, bool& out) {
    const Json* value = find(key);
    if (!value || !value->is_boolean()) return refuse(key, "true or false");
    out = value->get<bool>();
  }

  void text(const char* key, std::string& out, std::string_view allowed, auto&& fits) {
    const Json* value = find(key);
    if (!value || !value->is_string() || !fits(value->get_ref<const std::string&>()))
      return refuse(key, allowed);
    out = value->get<std::string>();
  }

  void base_url(const char* key, std::string& out) {
    text(key, out, "an https:// address (http:// only for 127.0.0.1, localhost and [::1])",
         [](const std::string& url) { return is_safe_url(url, false); });
    while (out.ends_with('/')) out.pop_back();
  }

  void refuse(const char* key, std::string_view allowed) {
    if (error_) return;
    error_ = Error{Code::library, fmt::format("{}: \"{}.{}\" must be {}", file_, name_, key, allowed)};
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const Json* find(const char* key) const {
    if (!values_) return nullptr;
    const auto found = values_->find(key);
    return found == values_->end() ? nullptr : &*found;
  }

  const char* name_;
  std::string file_;
  const Json* values_ = nullptr;
  std::optional<Error> error_;
};

void read_media(Section& section, MediaLimits& out) {
  section.real("min_duration_s", out.min_duration_s);
  section.real("max_duration_s", out.max_duration_s);
  section.number("min_side", 0, 1 << 20, out.min_side);
  section.number("max_side", 1, 1 << 20, out.max_side);
  section.real("min_aspect", out.min_aspect);
  section.real("max_aspect", out.max_aspect);
  section.real("min_fps", out.min_fps);
  section.real("max_fps", out.max_fps);
  section.text("video_codecs", out.video_codecs, "names of codecs parted by blanks",
               [](const std::string& words) { return !words.empty(); });
}

void read_oauth(Section& section, OAuthConfig& out) {
  const auto address = [](const std::string& url) { return is_safe_url(url, false); };
  section.text("auth_url", out.auth_url, "an https:// address", address);
  section.text("token_url", out.token_url, "an https:// address", address);
  section.text("revoke_url", out.revoke_url, "an https:// address, or empty",
               [&](const std::string& url) { return url.empty() || address(url); });
  section.text("scopes", out.scopes, "scopes parted by blanks", [](const std::string&) { return true; });
}

void read_upload(Section& section, UploadConfig& out) {
  constexpr std::uint64_t hour_ms = 3'600'000;
  section.number("transient_tries", 0, 1000, out.transient_tries);
  section.number("backoff_first_ms", 1, hour_ms, out.backoff_first_ms);
  section.number("backoff_max_ms", 1, hour_ms, out.backoff_max_ms);
  section.number("connect_timeout_s", 1, 3600, out.connect_timeout_s);
  section.number("stall_timeout_s", 1, 3600, out.stall_timeout_s);
  section.number("post_check_s", 0, 86'400, out.post_check_s);
  section.number("post_check_tries", 1, 1000, out.post_check_tries);
  section.number("longest_retry_delay_s", 0, 31 * 86'400, out.longest_retry_delay_s);
  section.number("at_once", 1, 64, out.at_once);
  section.number("at_once_per_platform", 1, 64, out.at_once_per_platform);
  if (out.backoff_max_ms < out.backoff_first_ms)
    section.refuse("backoff_max_ms", "at least backoff_first_ms");
}

void read_youtube(Section& section, YouTubeConfig& out) {
  read_oauth(section, out.oauth);
  section.base_url("api_base", out.api_base);
  section.base_url("upload_base", out.upload_base);
  section.number("chunk_bytes", 0, kMost, out.chunk_bytes);
  if (out.chunk_bytes % kChunkUnit != 0)
    section.refuse("chunk_bytes", "a multiple of 262144 (256 KiB), or 0 to send the file in one request");
  section.text(
      "privacy", out.privacy, "\"private\", \"unlisted\" or \"public\"",
      [](const std::string& word) { return word == "private" || word == "unlisted" || word == "public"; });
  section.text("category_id", out.category_id, "YouTube's number of a category as text, such as \"22\"",
               [](const std::string& id) {
                 return !id.empty() && id.size() < 10 && id.find_first_not_of("0123456789") == id.npos;
               });
  section.flag("made_for_kids", out.made_for_kids);
  section.text("watch_url", out.watch_url, "an https:// address to which the id of a post is added",
               [](const std::string& url) { return is_safe_url(url, true); });
  section.number("list_wait_s", 0, 3600, out.list_wait_s);
  section.number("title_code_points", 1, kMost, out.title_code_points);
  section.number("description_bytes", 1, kMost, out.description_bytes);
  section.number("tags_characters", 1, kMost, out.tags_characters);
  section.number("thumbnail_bytes", 1, kMost, out.thumbnail_bytes);
  section.number("max_file_bytes", 1, kMost, out.max_file_bytes);
  read_media(section, out.media);
}

void read_polling(Section& section, auto& out) {
  section.number("poll_first_ms", 1, 3'600'000, out.poll_first_ms);
  section.number("poll_max_ms", 1, 3'600'000, out.poll_max_ms);
  section.number("poll_total_s", 1, 86'400, out.poll_total_s);
}

void read_tiktok(Section& section, TikTokConfig& out) {
  read_oauth(section, out.oauth);
  section.base_url("api_base", out.api_base);
  section.text("privacy", out.privacy, "one of TikTok's privacy levels, or empty",
               [](const std::string& word) {
                 return word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == word.npos;
               });
  section.flag("draft", out.draft);
  section.number("whole_bytes", 5 << 20, kMost, out.whole_bytes);
  section.number("chunk_bytes", 5 << 20, kMost, out.chunk_bytes);
  read_polling(section, out);
  section.number("post_id_wait_s", 0, 86'400, out.post_id_wait_s);
  section.number("upload_url_s", 1, 86'400, out.upload_url_s);
  section.text("post_url", out.post_url, "an https:// address with {user} and {id}",
               [](const std::string& url) { return is_safe_url(url, true) || url.find('@') != url.npos; });
  section.number("caption_utf16", 1, kMost, out.caption_utf16);
  section.number("max_file_bytes", 1, kMost, out.max_file_bytes);
  read_media(section, out.media);
}

void read_instagram(Section& section, InstagramConfig& out) {
  read_oauth(section, out.oauth);
  section.base_url("api_base", out.api_base);
  out.by_instagram_login = out.api_base == "https://graph.instagram.com";
  section.base_url("upload_base", out.upload_base);
  section.text("api_version", out.api_version, "a version such as \"v25.0\"", [](const std::string& version) {
    return version.starts_with('v') && version.find_first_not_of("0123456789.", 1) == version.npos;
  });
  read_polling(section, out);
  section.number("publish_doubt_s", 0, 3600, out.publish_doubt_s);
  section.text("post_url", out.post_url, "an https:// address to which the shortcode of a post is added",
               [](const std::string& url) { return is_safe_url(url, true); });
  section.number("caption_characters", 1, kMost, out.caption_characters);
  section.number("hashtags", 1, kMost, out.hashtags);
  section.number("mentions", 1, kMost, out.mentions);
  section.number("max_file_bytes", 1, kMost, out.max_file_bytes);
  read_media(section, out.media);
}

void read_limits(Section& section, RateLimits& out) {
  constexpr std::uint64_t month_s = 31 * 86'400;
  std::uint64_t cooldown = 0, delay = 0;
  section.number("cooldown_seconds", 0, month_s, cooldown);
  section.number("max_per_hour", 0, 100'000, out.max_per_hour);
  section.number("max_per_day", 0, 100'000, out.max_per_day);
  section.number("retry_delay_seconds", 0, month_s, delay);
  section.number("max_retries", 0, 1000, out.max_retries);
  out.cooldown = std::chrono::seconds(cooldown);
  out.retry_delay = std::chrono::seconds(delay);
}

// The defaults with the files of that name in `folders` over them. `uppermost`: the last there is; empty:
// none.
Result<Json> read_document(const std::vector<fs::path>& folders, const char* file, std::string_view defaults,
                           fs::path& uppermost, std::vector<std::string>& notes) {
  auto document = parse_config(defaults, fmt::format("the built-in {}", file), kWithout);
  if (!document) return document;
  for (const fs::path& folder : folders) {
    const std::string name = path_text(folder / file);
    const auto text = read_file(folder / file);
    if (!text && text.error().code == Code::not_found) continue;
    if (!text) return fail(Code::library, text.error().message);
    uppermost = folder / file;
    const auto overrides = parse_config(*text, name, kWithout);
    if (!overrides) return overrides;
    Overlay overlay(*document, name);
    if (auto laid = overlay.lay(*overrides); !laid) return std::unexpected(laid.error());
    overlay.tell(notes);
  }
  return document;
}

}  // namespace

Result<Config> load_config(const std::vector<fs::path>& folders, std::string_view platforms_json,
                           std::string_view rate_limits_json) {
  Config config;
  fs::path platforms, limits;
  const auto document = read_document(folders, "platforms.json", platforms_json, platforms, config.notes);
  if (!document) return std::unexpected(document.error());
  const auto rates = read_document(folders, "rate_limits.json", rate_limits_json, limits, config.notes);
  if (!rates) return std::unexpected(rates.error());
  config.own_rate_limits = !limits.empty();

  Section upload(*document, "upload", path_text(platforms));
  read_upload(upload, config.upload);
  if (upload.error()) return std::unexpected(*upload.error());
  const auto read = [&](const char* platform, auto& out, auto read_platform) -> Result<void> {
    Section section(*document, platform, path_text(platforms));
    read_platform(section, out);
    section.flag("pacific_day", out.limits.pacific_day);
    Section rate(*rates, platform, path_text(limits));
    read_limits(rate, out.limits);
    out.limits.longest_retry_delay = std::chrono::seconds(config.upload.longest_retry_delay_s);
    for (const Section* part : {&section, &rate})
      if (part->error()) return std::unexpected(*part->error());
    return {};
  };
  auto done = read("Instagram", config.instagram, read_instagram);
  if (done) done = read("TikTok", config.tiktok, read_tiktok);
  if (done) done = read("YouTube", config.youtube, read_youtube);
  if (!done) return std::unexpected(done.error());
  return config;
}

}  // namespace asfs
