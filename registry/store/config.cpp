#include "registry/store/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <stdexcept>

#include "registry/base/files.h"
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "registry/store/config_file.h"
#include "registry/store/config_section.h"

namespace asfs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWithout = "the defaults";

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

struct NoPlatform final : SettingsOf<NoPlatform> {};

void read_media(ConfigSection& section, MediaLimits& out) {
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

void read_oauth(ConfigSection& section, OAuthConfig& out) {
  const auto address = [](const std::string& url) { return is_safe_url(url, false); };
  section.text("auth_url", out.auth_url, "an https:// address", address);
  section.text("token_url", out.token_url, "an https:// address", address);
  section.text("revoke_url", out.revoke_url, "an https:// address, or empty",
               [&](const std::string& url) { return url.empty() || address(url); });
  section.text("scopes", out.scopes, "scopes parted by blanks", [](const std::string&) { return true; });
}

void read_upload(ConfigSection& section, UploadConfig& out) {
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

void read_limits(ConfigSection& section, RateLimits& out) {
  constexpr std::uint64_t month_s = 31 * 86'400;
  std::uint64_t cooldown = 0, delay = 0;
  section.number("cooldown_seconds", 0, month_s, cooldown);
  section.number("max_per_hour", 0, 100'000, out.max_per_hour);
  section.number("max_per_day", 0, 100'000, out.max_per_day);
  section.number("retry_delay_seconds", 0, month_s, delay);
  section.number("max_retries", 0, 1000, out.max_retries);
  section.number("app_per_day", 0, 100'000, out.app_per_day);
  out.cooldown = std::chrono::seconds(cooldown);
  out.retry_delay = std::chrono::seconds(delay);
}

// The defaults with the files of that name in `folders` over them. `uppermost`: the last there is; empty:
// none.
Result<Json> read_document(const std::vector<fs::path>& folders, const char* file, Json document,
                           fs::path& uppermost, std::vector<std::string>& notes) {
  for (const fs::path& folder : folders) {
    const std::string name = path_text(folder / file);
    const auto text = read_file(folder / file);
    if (!text && text.error().code == Code::not_found) continue;
    if (!text) return fail(Code::library, text.error().message);
    uppermost = folder / file;
    const auto overrides = parse_config(*text, name, kWithout);
    if (!overrides) return overrides;
    Overlay overlay(document, name);
    if (auto laid = overlay.lay(*overrides); !laid) return std::unexpected(laid.error());
    overlay.tell(notes);
  }
  return document;
}

}  // namespace

void Polling::read(ConfigSection& section) {
  section.number("poll_first_ms", 1, 3'600'000, first_ms);
  section.number("poll_max_ms", 1, 3'600'000, max_ms);
  section.number("poll_total_s", 1, 86'400, total_s);
}

void Polling::make_hasty() {
  first_ms = std::min(first_ms, 50u);
  max_ms = std::min(max_ms, 1000u);
  total_s = std::min(total_s, 5u);
}

const PlatformConfig& Config::at(std::string_view destination) const {
  static const NoPlatform kNone;
  const auto found = platforms_.find(platform_of(destination));
  return found == platforms_.end() ? kNone : found->second.get();
}

PlatformConfig& Config::at(std::string_view destination) {
  const auto found = platforms_.find(platform_of(destination));
  if (found == platforms_.end()) throw std::logic_error("no such platform");
  return found->second.get();
}

const RateLimits& Config::limits(std::string_view destination) const {
  const auto own = own_limits_.find(destination);
  return own == own_limits_.end() ? at(destination).limits : own->second;
}

void Config::change_limits(const std::function<void(RateLimits&)>& change) {
  for (auto& [name, platform] : platforms_) change(platform.get().limits);
  for (auto& [name, limits] : own_limits_) change(limits);
}

class ConfigLoader {
 public:
  ConfigLoader(const Library& library, std::span<const PlatformSettings* const> platforms)
      : library_(library), platforms_(platforms) {}

  Result<Config> load(std::string_view upload_defaults) {
    Json defaults = read_json(upload_defaults), rate_defaults = Json::object();
    for (const PlatformSettings* platform : platforms_) {
      const Json own = read_json(platform->defaults);
      defaults[std::string(platform->platform)] = child_at(own, "platforms");
      Json& rates = rate_defaults[std::string(platform->platform)] = read_json(kRateLimits);
      if (const Json& others = child_at(own, "rate_limits"); others.is_object()) rates.update(others);
    }
    const auto folders = library_.config_folders();
    auto document =
        read_document(folders, "platforms.json", std::move(defaults), platforms_file_, config_.notes);
    if (!document) return std::unexpected(document.error());
    auto rates =
        read_document(folders, "rate_limits.json", std::move(rate_defaults), limits_file_, config_.notes);
    if (!rates) return std::unexpected(rates.error());
    config_.own_rate_limits = !limits_file_.empty();
    ConfigSection upload(*document, "upload", path_text(platforms_file_));
    read_upload(upload, config_.upload);
    if (upload.error()) return std::unexpected(*upload.error());
    for (const PlatformSettings* platform : platforms_)
      if (auto read = read_platform(*platform, *document, *rates); !read)
        return std::unexpected(read.error());
    if (auto read = read_own_accounts(*rates); !read) return std::unexpected(read.error());
    return std::move(config_);
  }

 private:
  Result<void> read_platform(const PlatformSettings& settings, const Json& document, const Json& rates) {
    ConfigSection section(document, settings.platform, path_text(platforms_file_));
    auto platform = settings.make();
    read_oauth(section, platform->oauth);
    section.base_url("api_base", platform->api_base);
    section.number("max_file_bytes", 1, ConfigSection::kMost, platform->max_file_bytes);
    read_media(section, platform->media);
    platform->read(section);
    section.flag("pacific_day", platform->limits.pacific_day);
    ConfigSection rate(rates, settings.platform, path_text(limits_file_));
    read_limits(rate, platform->limits);
    platform->limits.longest_retry_delay = std::chrono::seconds(config_.upload.longest_retry_delay_s);
    for (const ConfigSection* part : {&section, &rate})
      if (part->error()) return std::unexpected(*part->error());
    config_.platforms_.insert_or_assign(std::string(settings.platform),
                                        Config::AnyPlatform(std::move(platform)));
    return {};
  }

  /// Limits of destinations lie over those of their platforms.
  Result<void> read_own_accounts(const Json& rates) {
    const auto document = read_destinations(library_);
    if (!document) return std::unexpected(document.error());
    auto destinations = destinations_in(*document);
    if (!destinations) return std::unexpected(destinations.error());
    config_.destinations = *std::move(destinations);
    for (const auto& [name, values] : document->items()) {
      const Json& own = child_at(values, "limits");
      if (own.is_null()) continue;
      Json all = Json::object({{name, child_at(rates, platform_of(name))}});
      Overlay overlay(all, "destinations.json");
      if (auto laid = overlay.lay(Json::object({{name, own}})); !laid) return laid;
      overlay.tell(config_.notes);
      RateLimits limits = config_.at(name).limits;
      ConfigSection section(all, name, "destinations.json");
      read_limits(section, limits);
      if (section.error()) return std::unexpected(*section.error());
      config_.own_limits_[name] = limits;
    }
    share_apps();
    return {};
  }

  /// All accounts on a platform are posted to by its app, but those that have one of their own in
  /// accounts.json.
  void share_apps() {
    if (config_.destinations.size() == platforms_.size()) return;  // as a rule: one account on each
    const auto text = read_file(library_.config_folder() / "accounts.json");
    const Json apps = text ? read_json(*text, JsonComments::welcome) : Json();
    const auto has_own = [&](const std::string& name) {
      return !child_at(apps, name).is_null() && platform_of(name) != name;
    };
    for (const Destination& one : config_.destinations) {
      std::vector<std::string> others;
      for (const Destination& other : config_.destinations)
        if (other.name != one.name && other.platform == one.platform && !has_own(one.name) &&
            !has_own(other.name))
          others.push_back(other.name);
      if (others.empty()) continue;
      config_.own_limits_.try_emplace(one.name, config_.at(one.name).limits).first->second.app_shared =
          std::move(others);
    }
  }

  const Library& library_;
  std::span<const PlatformSettings* const> platforms_;
  fs::path platforms_file_, limits_file_;
  Config config_;
};

Result<Config> load_config(const Library& library, std::span<const PlatformSettings* const> platforms,
                           std::string_view upload_defaults) {
  return ConfigLoader(library, platforms).load(upload_defaults);
}

}  // namespace asfs
