#include "uploaders/youtube/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "registry/base/json.h"
#include "registry/base/pacific_time.h"
#include "registry/base/text.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::youtube {
namespace {
using Kind = Trouble::Kind;

enum class Wait : std::uint8_t { none, minutes, day, pacific_day };

struct Rule {
  int status;                ///< 0: any
  std::string_view reason;   ///< empty: any
  std::string_view mention;  ///< what the message must mention; empty: anything
  Kind kind;
  ErrorClass error_class;
  Wait wait;
  std::string_view advice;
};

constexpr std::string_view kQuota = "the daily quota of the API project is used up";
constexpr std::string_view kNoChannel =
    "this account has no YouTube channel; create one at youtube.com first";
constexpr std::string_view kNoScope = "sign in again and allow uploading";
constexpr std::string_view kAccount = "the YouTube account is suspended or closed";

// The first row that fits decides.
constexpr std::array kRules{
    Rule{400, "uploadLimitExceeded", "", Kind::stop, ErrorClass::rate_limited, Wait::day,
         "the channel has reached its own upload limit"},
    Rule{403, "quotaExceeded", "", Kind::stop, ErrorClass::rate_limited, Wait::pacific_day, kQuota},
    Rule{403, "dailyLimitExceeded", "", Kind::stop, ErrorClass::rate_limited, Wait::pacific_day, kQuota},
    Rule{429, "", "per day", Kind::stop, ErrorClass::rate_limited, Wait::pacific_day, kQuota},
    Rule{429, "", "", Kind::again, ErrorClass::rate_limited, Wait::minutes, "too many requests"},
    Rule{403, "rateLimitExceeded", "", Kind::again, ErrorClass::rate_limited, Wait::minutes,
         "too many requests"},
    Rule{403, "userRateLimitExceeded", "", Kind::again, ErrorClass::rate_limited, Wait::minutes,
         "too many requests"},
    Rule{403, "insufficientPermissions", "", Kind::stop, ErrorClass::needs_login, Wait::none, kNoScope},
    Rule{403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "", Kind::stop, ErrorClass::needs_login, Wait::none,
         kNoScope},
    Rule{403, "accessNotConfigured", "", Kind::stop, ErrorClass::account, Wait::none,
         "switch the YouTube Data API on in the API project"},
    Rule{401, "youtubeSignupRequired", "", Kind::stop, ErrorClass::account, Wait::none, kNoChannel},
    Rule{403, "authenticatedUserNotChannel", "", Kind::stop, ErrorClass::account, Wait::none, kNoChannel},
    Rule{403, "authenticatedUserAccountSuspended", "", Kind::stop, ErrorClass::account, Wait::none, kAccount},
    Rule{403, "authenticatedUserAccountClosed", "", Kind::stop, ErrorClass::account, Wait::none, kAccount},
    Rule{400, "invalidTitle", "", Kind::stop, ErrorClass::permanent, Wait::none, "change the title"},
    Rule{400, "invalidDescription", "", Kind::stop, ErrorClass::permanent, Wait::none, "change the caption"},
    Rule{400, "invalidTags", "", Kind::stop, ErrorClass::permanent, Wait::none, "change the tags"},
    Rule{400, "invalidCategoryId", "", Kind::stop, ErrorClass::permanent, Wait::none, "change the category"},
    Rule{401, "", "", Kind::sign_in, ErrorClass::needs_login, Wait::none, "sign in again"},
    Rule{404, "", "", Kind::unknown, ErrorClass::transient, Wait::none, ""},
    Rule{410, "", "", Kind::unknown, ErrorClass::transient, Wait::none, ""},
    Rule{408, "", "", Kind::again, ErrorClass::transient, Wait::none, ""},
    Rule{416, "", "", Kind::again, ErrorClass::transient, Wait::none,
         ""},  // not where the server stands: ask
};

struct Problem {
  std::vector<std::string> reasons;
  std::string message;
};

// Google's messages hold links as HTML.
std::string without_tags(std::string_view text) {
  std::string plain;
  bool tag = false;
  for (const char c : text) {
    if (c == '<') tag = true;
    if (!tag) plain += c;
    if (c == '>') tag = false;
  }
  return plain;
}

// The body may be anything: HTML from a proxy, half a document, nothing.
Problem read_problem(const std::string& body) {
  Problem problem;
  const Json document = read_json(body);
  const Json& error = child_at(document, "error");
  problem.message = one_line(without_tags(text_at(error, "message")), 300);
  for (const char* list : {"errors", "details"})
    if (const Json& reasons = child_at(error, list); reasons.is_array())
      for (const Json& one : reasons)
        if (auto reason = text_at(one, "reason"); !reason.empty())
          problem.reasons.push_back(one_line(reason, 60));
  return problem;
}

const Rule& rule_for(int status, const Problem& problem) {
  static constexpr Rule kServer{0, "", "", Kind::again, ErrorClass::transient, Wait::none, ""};
  static constexpr Rule kRefused{0, "", "", Kind::stop, ErrorClass::permanent, Wait::none, ""};
  for (const Rule& rule : kRules) {
    if (rule.status != status) continue;
    if (!rule.reason.empty() && std::ranges::find(problem.reasons, rule.reason) == problem.reasons.end())
      continue;
    if (problem.message.find(rule.mention) == std::string::npos) continue;
    return rule;
  }
  return status >= 400 && status < 500 ? kRefused : kServer;
}

std::optional<TimePoint> waits_until(Wait wait, TimePoint now) {
  using namespace std::chrono;
  switch (wait) {
    case Wait::minutes:
      return now + minutes(15);
    case Wait::day:
      return now + hours(24);
    case Wait::pacific_day:
      return next_pacific_midnight(now) + minutes(5);  // their clocks need not agree with ours
    case Wait::none:
      return std::nullopt;
  }
  std::unreachable();
}

Trouble read_error(const HttpResponse& response, TimePoint now) {
  const Problem problem = read_problem(response.body);
  const Rule& rule = rule_for(response.status, problem);
  const bool own = !problem.reasons.empty() || !problem.message.empty();
  Trouble trouble{.kind = rule.kind,
                  .error_class = rule.error_class,
                  .message = answered_text("YouTube", response.status, own),
                  .not_before = response.retry_after(now),
                  .retry_at = {},
                  .reason = problem.reasons.empty() ? "" : problem.reasons.front(),
                  .own = own};
  if (rule.wait != Wait::none)
    trouble.retry_at = trouble.not_before ? trouble.not_before : waits_until(rule.wait, now);
  if (!trouble.reason.empty()) trouble.message += " " + trouble.reason;
  if (!problem.message.empty()) trouble.message += ": " + problem.message;
  if (!rule.advice.empty()) trouble.message += fmt::format(" ({})", rule.advice);
  return trouble;
}

std::unexpected<Trouble> unreadable(int status, std::string_view what) {
  return std::unexpected(Trouble{.kind = Kind::again,
                                 .error_class = ErrorClass::transient,
                                 .message = fmt::format("YouTube answered HTTP {} {}", status, what),
                                 .not_before = {},
                                 .retry_at = {}});
}

// `bytes=0-LAST` as a count; nullopt when it is something else.
std::optional<std::uint64_t> stored_bytes(std::string_view range) {
  if (range.starts_with("bytes=")) range.remove_prefix(6);
  if (!range.starts_with("0-")) return std::nullopt;
  range.remove_prefix(2);
  std::uint64_t last = 0;
  const auto [end, error] = std::from_chars(range.data(), range.data() + range.size(), last);
  if (error != std::errc() || end != range.data() + range.size()) return std::nullopt;
  return last + 1;
}

Answered<SessionState> read_incomplete(const HttpResponse& response, std::uint64_t total) {
  SessionState state;
  state.moved_to = response.header("Location").value_or("");
  if (const auto range = response.header("Range")) {
    const auto stored = stored_bytes(*range);
    if (!stored || *stored > total) return unreadable(response.status, "with a Range that makes no sense");
    state.stored = *stored;
  }
  return state;
}

bool is_google_api(std::string_view host) {
  return host == "googleapis.com" || host.ends_with(".googleapis.com");
}

}  // namespace

Answered<std::string> read_initiation(const HttpResponse& response, TimePoint now) {
  if (response.status < 200 || response.status >= 300) return std::unexpected(read_error(response, now));
  std::string uri = response.header("Location").value_or("");
  if (uri.empty()) return unreadable(response.status, "without an upload address");
  return uri;
}

Answered<SessionState> read_session_answer(const HttpResponse& response, std::uint64_t total, TimePoint now) {
  if (response.status == 308) return read_incomplete(response, total);
  if (response.status < 200 || response.status >= 300) {
    Trouble trouble = read_error(response, now);
    // How an upload that ended in failure answers ever after.
    const bool failed = response.status == 400 && trouble.own && trouble.error_class == ErrorClass::permanent;
    if (failed) trouble.kind = Kind::restart;
    return std::unexpected(std::move(trouble));
  }
  const Json document = read_json(response.body);
  SessionState state{.video_id = text_at(document, "id"), .stored = total, .moved_to = {}};
  if (is_video_id(state.video_id)) return state;
  state.video_id.clear();
  // A video without an id of ours: it has everything, and will be asked for the id.
  constexpr std::array kParts{"kind", "etag", "id", "snippet", "status"};
  const bool video =
      std::ranges::any_of(kParts, [&](const char* part) { return !child_at(document, part).is_null(); });
  if (video) return state;
  return unreadable(response.status, "but nothing that names the video");
}

std::string read_refusal(const HttpResponse& response, TimePoint now) {
  return read_error(response, now).message;
}

namespace {

/// The items of a list answer; nullopt when it is none.
std::optional<Json> items_of(const HttpResponse& response) {
  const Json document = read_json(response.body);
  if (response.status != 200) return std::nullopt;
  const Json& items = child_at(document, "items");
  const bool objects =
      items.is_array() && std::ranges::all_of(items, [](const Json& one) { return one.is_object(); });
  return objects ? std::optional(items) : std::nullopt;
}

std::optional<std::string> problem_of(const Json& video) {
  const Json status = child_at(video, "status");
  const std::string state = text_at(status, "uploadStatus");
  if (state != "failed" && state != "rejected") return std::nullopt;
  const std::string reason = text_at(status, state == "failed" ? "failureReason" : "rejectionReason");
  return fmt::format("YouTube took the video but {} it: {}",
                     state == "failed" ? "could not process" : "rejected",
                     reason.empty() ? "no reason given" : one_line(reason, 60));
}

}  // namespace

std::optional<std::string> processing_problem(const HttpResponse& response) {
  const auto items = items_of(response);
  return items && !items->empty() ? problem_of(items->front()) : std::nullopt;
}

PostCheck read_post_check(const HttpResponse& response, std::string_view privacy) {
  using State = PostCheck::State;
  const auto items = items_of(response);
  if (!items)
    return {State::unknown, fmt::format("YouTube answered HTTP {} to the question", response.status), {}};
  if (items->empty()) return {State::gone, "YouTube no longer has the video: it was removed", {}};
  const Json& video = items->front();
  if (auto problem = problem_of(video)) return {State::gone, *std::move(problem), {}};
  const Json status = child_at(video, "status");
  const std::string shown = text_at(status, "privacyStatus");
  if (!shown.empty() && shown != privacy)
    return {State::restricted,
            fmt::format("YouTube shows it as {}, not as {}", one_line(shown, 20), privacy),
            {}};
  const bool settled = text_at(status, "uploadStatus") == "processed";
  return {settled ? State::kept : State::processing, settled ? "" : "YouTube is still processing it", {}};
}

namespace {

/// The items of a list answer, or why there are none.
Answered<Json> list_of(const HttpResponse& response, TimePoint now) {
  if (response.status < 200 || response.status >= 300) return std::unexpected(read_error(response, now));
  auto items = items_of(response);
  if (!items) return unreadable(response.status, "without a list");
  return *std::move(items);
}

/// Google writes large numbers as text.
std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

/// `P1DT2H3M4.5S`; nullopt for anything else, and for none: it is not known yet.
std::optional<double> duration_of(std::string_view text) {
  constexpr std::string_view kUnits = "DHMS";
  constexpr std::array<double, 4> kSeconds{86'400, 3600, 60, 1};
  double seconds = 0;
  if (!text.starts_with('P')) return std::nullopt;
  for (text.remove_prefix(1); !text.empty();) {
    if (text.front() == 'T') {
      text.remove_prefix(1);
      continue;
    }
    double number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    const auto unit = text.empty() ? kUnits.npos : kUnits.find(text.front());
    if (read.ec != std::errc() || unit == kUnits.npos) return std::nullopt;
    seconds += number * kSeconds[unit];
    text.remove_prefix(1);
  }
  return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

}  // namespace

Answered<bool> is_processed(const HttpResponse& response, TimePoint now) {
  const auto items = list_of(response, now);
  if (!items) return std::unexpected(items.error());
  return items->empty() || text_at(child_at(items->front(), "status"), "uploadStatus") != "uploaded";
}

Answered<std::string> read_uploads_list(const HttpResponse& response, TimePoint now) {
  const auto items = list_of(response, now);
  if (!items) return std::unexpected(items.error());
  std::string id;
  if (!items->empty())
    id = text_at(child_at(child_at(items->front(), "contentDetails"), "relatedPlaylists"), "uploads");
  if (id.empty()) return unreadable(response.status, "without the channel's list of uploads");
  return id;
}

Answered<std::vector<std::string>> read_listed_ids(const HttpResponse& response, TimePoint now) {
  const auto items = list_of(response, now);
  if (!items) return std::unexpected(items.error());
  std::vector<std::string> ids;
  for (const Json& item : *items)
    if (auto id = text_at(child_at(item, "contentDetails"), "videoId"); is_video_id(id))
      ids.push_back(std::move(id));
  return ids;
}

Answered<std::vector<ListedPost>> read_videos(const HttpResponse& response, TimePoint now) {
  const auto items = list_of(response, now);
  if (!items) return std::unexpected(items.error());
  std::vector<ListedPost> videos;
  for (const Json& item : *items) {
    const Json& snippet = child_at(item, "snippet");
    videos.push_back({text_at(item, "id"), text_at(snippet, "title"),
                      unix_time(text_at(snippet, "publishedAt")),
                      duration_of(text_at(child_at(item, "contentDetails"), "duration")),
                      number_in(text_at(child_at(item, "fileDetails"), "fileSize"))});
  }
  return videos;
}

bool is_video_id(std::string_view text) {
  return text.size() == 11 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '_';
         });
}

std::optional<std::string> session_refusal(std::string_view uri, std::string_view upload_base) {
  const auto origin = url_origin(uri);
  const auto base = url_origin(upload_base);
  if (!origin || !base || !url_is_safe(uri))
    return "YouTube's answer names an upload address that is not safe to use";
  if (origin->host == base->host || (is_google_api(origin->host) && is_google_api(base->host)))
    return std::nullopt;
  return fmt::format("the upload's address is on {}, not on {}: the access token is not sent there",
                     one_line(origin->host, 80), base->host);
}

std::string current_session_uri(std::string_view handle, std::string_view upload_base) {
  const auto begun = url_origin(handle);
  const auto base = url_origin(upload_base);
  if (begun && base && begun->loopback() && base->loopback()) return std::string(upload_base) + begun->rest;
  return std::string(handle);
}

}  // namespace asfs::youtube
