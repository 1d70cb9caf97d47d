#include "uploaders/tiktok/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::tiktok {
namespace {
using Kind = Trouble::Kind;

struct Rule {
  std::string_view code;
  Kind kind;
  ErrorClass error_class;
  std::chrono::seconds wait;  ///< for rate_limited
  std::string_view advice;
};

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::seconds kNone{0};

// By error.code of the envelope.
constexpr std::array kCodes{
    Rule{"access_token_invalid", Kind::sign_in, ErrorClass::needs_login, kNone, "sign in again"},
    Rule{"scope_not_authorized", Kind::stop, ErrorClass::needs_login, kNone,
         "sign in again and allow posting videos"},
    Rule{"scope_permission_missed", Kind::stop, ErrorClass::account, kNone,
         "the TikTok app lacks the scope; add it in the developer portal"},
    Rule{"spam_risk_too_many_posts", Kind::stop, ErrorClass::rate_limited, kDay,
         "the account has reached TikTok's daily number of posts"},
    Rule{"reached_active_user_cap", Kind::stop, ErrorClass::rate_limited, kDay,
         "the TikTok app has reached its daily number of users"},
    Rule{"spam_risk_too_many_pending_share", Kind::stop, ErrorClass::rate_limited, kDay,
         "too many drafts wait in the TikTok app: finish or delete some"},
    Rule{"spam_risk_user_banned_from_posting", Kind::stop, ErrorClass::account, kNone,
         "TikTok does not let this account post"},
    Rule{kUnaudited, Kind::stop, ErrorClass::account, kNone, ""},
    Rule{"privacy_level_option_mismatch", Kind::stop, ErrorClass::permanent, kNone,
         "choose a privacy that the account offers"},
    Rule{"invalid_params", Kind::stop, ErrorClass::permanent, kNone,
         "ASFS Videos asked in a way TikTok does not take; please report it"},
    Rule{"url_ownership_unverified", Kind::stop, ErrorClass::permanent, kNone, ""},
    Rule{"token_not_authorized_for_specified_publish_id", Kind::stop, ErrorClass::needs_login, kNone,
         "the upload was begun by another account: sign in with that one"},
    Rule{"invalid_publish_id", Kind::unknown, ErrorClass::transient, kNone, ""},
    Rule{"rate_limit_exceeded", Kind::again, ErrorClass::rate_limited, std::chrono::seconds(60),
         "too many requests"},
    Rule{"internal_error", Kind::again, ErrorClass::transient, kNone, ""},
};

struct Reason {
  std::string_view name;
  ErrorClass error_class;
  bool restart;
  std::chrono::seconds wait;
  std::string_view advice;
};

// By fail_reason of a post.
constexpr std::array kReasons{
    Reason{"internal", ErrorClass::transient, true, kNone, "TikTok failed at it"},
    Reason{"video_pull_failed", ErrorClass::transient, true, kNone, "TikTok could not take the video"},
    Reason{"photo_pull_failed", ErrorClass::transient, true, kNone, "TikTok could not take the video"},
    Reason{"file_format_check_failed", ErrorClass::permanent, false, kNone, "the file's format is not taken"},
    Reason{"duration_check_failed", ErrorClass::permanent, false, kNone,
           "the video is too long or too short"},
    Reason{"frame_rate_check_failed", ErrorClass::permanent, false, kNone,
           "23 to 60 pictures a second are taken"},
    Reason{"picture_size_check_failed", ErrorClass::permanent, false, kNone,
           "sides of 360 to 4096 pixels are taken"},
    Reason{"publish_cancelled", ErrorClass::permanent, false, kNone, "it was cancelled on TikTok"},
    Reason{"auth_removed", ErrorClass::needs_login, false, kNone, "sign in again"},
    Reason{"spam_risk_too_many_posts", ErrorClass::rate_limited, false, kDay,
           "the account has reached TikTok's daily number of posts"},
    Reason{"spam_risk_user_banned_from_posting", ErrorClass::account, false, kNone,
           "TikTok does not let this account post"},
    Reason{"spam_risk_text", ErrorClass::permanent, false, kNone, "change the caption"},
    Reason{"spam_risk", ErrorClass::permanent, false, kNone, "TikTok takes it for spam"},
};

// Errors that no row names go by the HTTP status.
Rule rule_for(int status, std::string_view code) {
  const auto row = std::ranges::find(kCodes, code, &Rule::code);
  if (row != kCodes.end()) return *row;
  if (status == 429) return {code, Kind::again, ErrorClass::rate_limited, std::chrono::seconds(60), ""};
  if (status == 401) return {code, Kind::sign_in, ErrorClass::needs_login, kNone, "sign in again"};
  if (status >= 400 && status < 500 && status != 408)
    return {code, Kind::stop, ErrorClass::permanent, kNone, ""};
  // A success with an error code we do not know was refused for a reason; without one it makes no sense.
  if (status < 300 && !code.empty()) return {code, Kind::stop, ErrorClass::permanent, kNone, ""};
  return {code, Kind::again, ErrorClass::transient, kNone, ""};
}

Trouble trouble_of(const HttpResponse& response, const Json& document, TimePoint now) {
  const Json error = child_at(document, "error");
  const std::string code = text_at(error, "code");
  const Rule rule = rule_for(response.status, code);
  Trouble trouble{.kind = rule.kind,
                  .error_class = rule.error_class,
                  .message = {},
                  .not_before = response.retry_after(now),
                  .retry_at = {},
                  .reason = one_line(code, 60),
                  .own = !code.empty()};
  if (rule.error_class == ErrorClass::rate_limited)
    trouble.retry_at = trouble.not_before ? *trouble.not_before : now + rule.wait;
  trouble.message = answered_text("TikTok", response.status, trouble.own);
  if (!code.empty()) trouble.message += " " + one_line(code, 60);
  if (const auto said = text_at(error, "message"); !said.empty())
    trouble.message += ": " + one_line(said, 200);
  if (!rule.advice.empty()) trouble.message += fmt::format(" ({})", rule.advice);
  auto log_id = text_at(error, "log_id");
  if (log_id.empty()) log_id = text_at(error, "logid");
  if (!log_id.empty()) trouble.message += fmt::format(" [log_id {}]", one_line(log_id, 60));
  return trouble;
}

Trouble unreadable(const HttpResponse& response) {
  return {
      .kind = Kind::again,
      .error_class = ErrorClass::transient,
      .message = fmt::format("TikTok answered HTTP {} with something that makes no sense", response.status),
      .not_before = {},
      .retry_at = {}};
}

/// The `data` of an answer that says "ok".
Answered<Json> data_of(const HttpResponse& response, TimePoint now) {
  const Json document = read_json(response.body);
  const Json error = child_at(document, "error");
  if (text_at(error, "code") != "ok") return std::unexpected(trouble_of(response, document, now));
  const Json data = child_at(document, "data");
  if (!data.is_object()) return std::unexpected(unreadable(response));
  return data;
}

std::vector<std::string> post_ids_of(const Json& data) {
  std::vector<std::string> ids;
  for (const char* key : {"publicaly_available_post_id", "publicly_available_post_id"}) {
    const auto list = data.find(key);
    if (list == data.end() || !list->is_array()) continue;
    for (const Json& one : *list) {
      const std::string id = one.is_string()           ? one.get<std::string>()
                             : one.is_number_integer() ? one.dump()
                                                       : "";
      if (is_post_id(id)) ids.push_back(id);
    }
  }
  return ids;
}

void read_reason(PostStatus& status, const std::string& reason, TimePoint now) {
  static constexpr Reason kOther{"", ErrorClass::permanent, false, kNone, ""};
  const auto row = std::ranges::find(kReasons, reason, &Reason::name);
  const Reason& rule = row == kReasons.end() ? kOther : *row;
  status.restart = rule.restart;
  status.trouble.kind = rule.restart ? Kind::restart : Kind::stop;
  status.trouble.error_class = rule.error_class;
  status.trouble.reason = one_line(reason, 60);
  status.trouble.own = true;
  status.trouble.message = fmt::format("TikTok took the video but did not publish it: {}",
                                       reason.empty() ? "no reason given" : one_line(reason, 60));
  if (!rule.advice.empty()) status.trouble.message += fmt::format(" ({})", rule.advice);
  if (rule.error_class == ErrorClass::rate_limited) status.trouble.retry_at = now + rule.wait;
}

}  // namespace

Answered<Creator> read_creator(const HttpResponse& response, TimePoint now) {
  const auto data = data_of(response, now);
  if (!data) return std::unexpected(data.error());
  Creator creator;
  creator.username = text_at(*data, "creator_username");
  const auto levels = data->find("privacy_level_options");
  if (levels == data->end() || !levels->is_array()) return std::unexpected(unreadable(response));
  for (const Json& level : *levels)
    if (level.is_string()) creator.privacy_levels.push_back(level.get<std::string>());
  creator.comment_disabled = flag_at(*data, "comment_disabled");
  creator.duet_disabled = flag_at(*data, "duet_disabled");
  creator.stitch_disabled = flag_at(*data, "stitch_disabled");
  creator.max_duration_s = static_cast<int>(
      std::min<std::uint64_t>(count_at(*data, "max_video_post_duration_sec").value_or(0), 1'000'000));
  return creator;
}

Answered<Begun> read_begun(const HttpResponse& response, TimePoint now) {
  const auto data = data_of(response, now);
  if (!data) return std::unexpected(data.error());
  Begun begun{id_at(*data, "publish_id"), text_at(*data, "upload_url")};
  if (begun.publish_id.empty() || begun.upload_url.empty()) return std::unexpected(unreadable(response));
  return begun;
}

Answered<PostStatus> read_status(const HttpResponse& response, TimePoint now) {
  const auto data = data_of(response, now);
  if (!data) return std::unexpected(data.error());
  const std::string word = text_at(*data, "status");
  PostStatus status;
  status.uploaded_bytes = count_at(*data, "uploaded_bytes");
  status.post_ids = post_ids_of(*data);
  if (word == "PUBLISH_COMPLETE")
    status.state = PostStatus::State::complete;
  else if (word == "SEND_TO_USER_INBOX")
    status.state = PostStatus::State::in_inbox;
  else if (word == "FAILED")
    status.state = PostStatus::State::failed, read_reason(status, text_at(*data, "fail_reason"), now);
  else if (!word.starts_with("PROCESSING"))
    return std::unexpected(unreadable(response));
  return status;
}

Answered<std::vector<ListedPost>> read_list(const HttpResponse& response, TimePoint now) {
  const auto data = data_of(response, now);
  if (!data) return std::unexpected(data.error());
  const Json list = child_at(*data, "videos");
  if (!list.is_array()) return std::unexpected(unreadable(response));
  std::vector<ListedPost> videos;
  for (const Json& video : list) {
    if (!video.is_object()) continue;
    ListedPost post{id_at(video, "id"), text_at(video, "video_description"),
                    static_cast<std::int64_t>(count_at(video, "create_time").value_or(0)), std::nullopt};
    if (const auto seconds = count_at(video, "duration")) post.seconds = static_cast<double>(*seconds);
    videos.push_back(std::move(post));
  }
  return videos;
}

ChunkAnswer read_chunk(int status) {
  switch (status) {
    case 206:
      return ChunkAnswer::taken;
    case 200:
    case 201:
      return ChunkAnswer::all_taken;
    case 403:
    case 404:
      return ChunkAnswer::dead_url;
    case 405:  // which the upload host was seen to answer for no reason
    case 416:  // not where it stands
      return ChunkAnswer::again;
    default:
      return status >= 400 && status < 500 && status != 408 && status != 429 ? ChunkAnswer::refused
                                                                             : ChunkAnswer::again;
  }
}

bool is_post_id(std::string_view text) {
  return text.size() >= 15 && text.size() <= 20 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace asfs::tiktok
