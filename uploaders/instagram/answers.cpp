#include "uploaders/instagram/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::instagram {
namespace {
using Kind = Trouble::Kind;

constexpr int kAny = -1000;
constexpr std::chrono::seconds kNone{0};
constexpr std::chrono::hours kHour{1};
constexpr std::chrono::hours kDay{24};

struct Rule {
  int code;     ///< kAny: whatever
  int subcode;  ///< kAny: whatever
  Kind kind;
  ErrorClass error_class;
  std::chrono::seconds wait;  ///< for rate_limited
  std::string_view advice;
};

constexpr std::string_view kLimit = "too many requests";
constexpr std::string_view kProcessing = "Instagram could not process the video";

// The first row that fits decides; `type` never does, since it is the same for all.
constexpr std::array kRules{
    Rule{190, kAny, Kind::sign_in, ErrorClass::needs_login, kNone, "sign in again"},
    Rule{102, kAny, Kind::sign_in, ErrorClass::needs_login, kNone, "sign in again"},
    Rule{10, kAny, Kind::stop, ErrorClass::needs_login, kNone, "sign in again and allow publishing"},
    Rule{4, 2207051, Kind::stop, ErrorClass::permanent, kNone,
         "Instagram takes it for spam: look at the account, and wait a day"},
    Rule{4, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit},
    Rule{17, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit},
    Rule{32, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit},
    Rule{613, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit},
    Rule{341, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit},
    Rule{80002, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit},
    Rule{9, 2207042, Kind::stop, ErrorClass::rate_limited, kHour,
         "the account has reached Instagram's number of posts in 24 hours"},
    Rule{368, kAny, Kind::stop, ErrorClass::rate_limited, kDay, "the account is blocked for a time"},
    Rule{25, 2207050, Kind::stop, ErrorClass::account, kNone,
         "the account is restricted or inactive: open the Instagram app"},
    Rule{506, kAny, Kind::unknown, ErrorClass::transient, kNone, "Instagram says that it is posted already"},
    Rule{9007, kAny, Kind::not_ready, ErrorClass::transient, kNone, ""},
    Rule{24, 2207008, Kind::unknown, ErrorClass::transient, kNone, ""},
    Rule{24, 2207006, Kind::unknown, ErrorClass::transient, kNone, ""},
    Rule{kAny, 2207020, Kind::restart, ErrorClass::transient, kNone, "the begun upload has expired"},
    Rule{kAny, 2207003, Kind::again, ErrorClass::transient, kNone,
         "Instagram could not fetch the video in time"},
    Rule{kAny, 2207052, Kind::again, ErrorClass::transient, kNone, "Instagram could not fetch the video"},
    Rule{kAny, 2207001, Kind::again, ErrorClass::transient, kNone, ""},
    Rule{kAny, 2207032, Kind::again, ErrorClass::transient, kNone, ""},
    Rule{kAny, 2207053, Kind::restart, ErrorClass::transient, kNone, kProcessing},
    Rule{kAny, 2207076, Kind::restart, ErrorClass::transient, kNone, kProcessing},
    Rule{kAny, 2207077, Kind::restart, ErrorClass::transient, kNone, kProcessing},
    Rule{kAny, 2207082, Kind::restart, ErrorClass::transient, kNone, kProcessing},
    Rule{kAny, 2207085, Kind::stop, ErrorClass::permanent, kNone, "the video's format is not taken"},
    Rule{kAny, 2207026, Kind::stop, ErrorClass::permanent, kNone, "the video's format is not taken"},
    Rule{kAny, 2207010, Kind::stop, ErrorClass::permanent, kNone, "shorten the caption"},
    Rule{kAny, 2207040, Kind::stop, ErrorClass::permanent, kNone, "use fewer tags"},
    Rule{kAny, 2207057, Kind::stop, ErrorClass::permanent, kNone, "the cover's time is outside of the video"},
    Rule{kAny, 2207023, Kind::stop, ErrorClass::permanent, kNone, ""},
    Rule{kAny, 2207081, Kind::stop, ErrorClass::permanent, kNone, "this account cannot post trial reels"},
    // A recurring fault of the platform, while the object exists.
    Rule{100, 33, Kind::again, ErrorClass::transient, kNone, ""},
    Rule{100, kAny, Kind::stop, ErrorClass::permanent, kNone, ""},
    Rule{1, kAny, Kind::again, ErrorClass::transient, kNone, ""},
    Rule{2, kAny, Kind::again, ErrorClass::transient, kNone, ""},
};

Rule rule_for(int status, int code, int subcode, bool is_transient) {
  for (const Rule& rule : kRules)
    if ((rule.code == kAny || rule.code == code) && (rule.subcode == kAny || rule.subcode == subcode))
      return rule;
  if (code >= 200 && code <= 299)
    return {code, kAny, Kind::stop, ErrorClass::needs_login, kNone, "sign in again and allow publishing"};
  if (is_transient || status >= 500 || status == 408 || status < 400)
    return {code, kAny, Kind::again, ErrorClass::transient, kNone, ""};
  if (status == 429) return {code, kAny, Kind::stop, ErrorClass::rate_limited, kHour, kLimit};
  if (status == 401) return {code, kAny, Kind::sign_in, ErrorClass::needs_login, kNone, "sign in again"};
  return {code, kAny, Kind::stop, ErrorClass::permanent, kNone, ""};
}

/// Minutes until the account may call again, as the usage header says.
std::optional<std::chrono::minutes> regain_time(const HttpResponse& response) {
  const Json usage = read_json(response.header("X-Business-Use-Case-Usage").value_or(""));
  std::int64_t most = 0;
  if (usage.is_object())
    for (const Json& list : usage)
      if (list.is_array())
        for (const Json& one : list)
          most = std::max(most, number_at(one, "estimated_time_to_regain_access").value_or(0));
  return most > 0 ? std::optional(std::chrono::minutes(std::min<std::int64_t>(most, 7 * 24 * 60)))
                  : std::nullopt;
}

Trouble trouble_of(const HttpResponse& response, TimePoint now) {
  const Json error = child_at(read_json(response.body), "error");
  const int code = static_cast<int>(number_at(error, "code").value_or(0));
  const int subcode = static_cast<int>(number_at(error, "error_subcode").value_or(0));
  const Rule rule = rule_for(response.status, code, subcode, flag_at(error, "is_transient"));
  Trouble trouble{.kind = rule.kind,
                  .error_class = rule.error_class,
                  .message = {},
                  .not_before = response.retry_after(now),
                  .retry_at = {},
                  .reason = code == 0 ? "" : fmt::format("{}/{}", code, subcode),
                  .own = error.is_object() && code != 0};
  if (rule.error_class == ErrorClass::rate_limited) {
    const auto regain = regain_time(response);
    trouble.retry_at = trouble.not_before ? *trouble.not_before : now + (regain ? *regain : rule.wait);
  }
  trouble.message = answered_text("Instagram", response.status, trouble.own);
  if (code != 0)
    trouble.message += fmt::format(" (error {}{})", code, subcode ? fmt::format("/{}", subcode) : "");
  const std::string said =
      text_at(error, "error_user_msg").empty() ? text_at(error, "message") : text_at(error, "error_user_msg");
  if (!said.empty()) trouble.message += ": " + one_line(said, 200);
  if (!rule.advice.empty()) trouble.message += fmt::format(" ({})", rule.advice);
  if (const auto trace = text_at(error, "fbtrace_id"); !trace.empty())
    trouble.message += fmt::format(" [fbtrace_id {}]", one_line(trace, 40));
  return trouble;
}

Trouble unreadable(const HttpResponse& response) {
  return {.kind = Kind::again,
          .error_class = ErrorClass::transient,
          .message =
              fmt::format("Instagram answered HTTP {} with something that makes no sense", response.status),
          .not_before = {},
          .retry_at = {}};
}

Answered<Json> document_of(const HttpResponse& response, TimePoint now) {
  Json document = read_json(response.body);
  if (response.status < 200 || response.status >= 300 || (document.is_object() && document.contains("error")))
    return std::unexpected(trouble_of(response, now));
  if (!document.is_object()) return std::unexpected(unreadable(response));
  return document;
}

/// The subcode that the words of a failed container hold: `…error code 2207026`.
int subcode_in(std::string_view words) {
  const auto at = words.find("2207");
  int subcode = 0;
  for (auto i = at; i < words.size() && words[i] >= '0' && words[i] <= '9' && i < at + 9; ++i)
    subcode = subcode * 10 + (words[i] - '0');
  return subcode;
}

}  // namespace

Answered<Container> read_container(const HttpResponse& response, TimePoint now) {
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  Container container{id_at(*document, "id"), text_at(*document, "uri")};
  if (!is_media_id(container.id)) return std::unexpected(unreadable(response));
  return container;
}

Answered<ContainerStatus> read_status(const HttpResponse& response, TimePoint now) {
  using State = ContainerStatus::State;
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  constexpr std::array<std::pair<std::string_view, State>, 5> kStates{{{"IN_PROGRESS", State::in_progress},
                                                                       {"FINISHED", State::finished},
                                                                       {"PUBLISHED", State::published},
                                                                       {"ERROR", State::failed},
                                                                       {"EXPIRED", State::expired}}};
  const std::string words = text_at(*document, "status");
  std::string word = text_at(*document, "status_code");
  const Json phases = child_at(*document, "video_status");
  const Json uploading = child_at(phases, "uploading_phase");
  const bool phase_failed = text_at(uploading, "status") == "error" ||
                            text_at(child_at(phases, "processing_phase"), "status") == "error";
  // An error is told in any of three places.
  if ((word.empty() && words.starts_with("Error")) || (word == "IN_PROGRESS" && phase_failed)) word = "ERROR";
  const auto known = std::ranges::find(kStates, word, [](const auto& row) { return row.first; });
  if (known == kStates.end()) return std::unexpected(unreadable(response));
  ContainerStatus status{.state = known->second};
  status.bytes = count_at(uploading, "bytes_transferred").value_or(0);
  status.upload_complete = text_at(uploading, "status") == "complete";
  if (status.state == State::failed) {
    const int subcode = subcode_in(words);
    const Rule rule = rule_for(200, 0, subcode, false);
    status.trouble.own = true;
    status.trouble.reason = subcode ? std::to_string(subcode) : "";
    status.trouble.kind = rule.kind == Kind::stop ? Kind::stop : Kind::restart;
    status.trouble.error_class = rule.kind == Kind::stop ? rule.error_class : ErrorClass::transient;
    status.trouble.message = "Instagram took the video but cannot publish it: " +
                             (words.empty() ? std::string("no reason given") : one_line(words, 200));
  }
  return status;
}

Answered<std::string> read_id(const HttpResponse& response, TimePoint now) {
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  std::string id = id_at(*document, "id");
  if (!is_media_id(id)) return std::unexpected(unreadable(response));
  return id;
}

Answered<std::string> read_permalink(const HttpResponse& response, TimePoint now) {
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  std::string link = text_at(*document, "permalink");
  return url_is_safe(link) ? link : std::string();
}

Answered<std::vector<ListedPost>> read_media_list(const HttpResponse& response, TimePoint now) {
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  const Json data = child_at(*document, "data");
  if (!data.is_array()) return std::unexpected(unreadable(response));
  std::vector<ListedPost> list;
  for (const Json& one : data)
    list.push_back(
        {id_at(one, "id"), text_at(one, "caption"), unix_time(text_at(one, "timestamp")), std::nullopt});
  return list;
}

Answered<Quota> read_quota(const HttpResponse& response, TimePoint now) {
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  const Json data = child_at(*document, "data");
  if (!data.is_array() || data.empty()) return std::unexpected(unreadable(response));
  const auto count = [](std::optional<std::int64_t> number) {
    return static_cast<int>(std::clamp<std::int64_t>(number.value_or(0), 0, 1'000'000));
  };
  return Quota{.total = count(number_at(child_at(data[0], "config"), "quota_total")),
               .used = count(number_at(data[0], "quota_usage")),
               .asked_at = now};
}

std::optional<bool> may_publish(const HttpResponse& response) {
  const Json data = child_at(read_json(response.body), "data");
  if (response.status != 200 || !data.is_array()) return std::nullopt;
  for (const Json& one : data)
    if (text_at(one, "permission") == "instagram_content_publish") return text_at(one, "status") == "granted";
  return false;
}

Answered<std::string> read_user(const HttpResponse& response, TimePoint now) {
  const auto document = document_of(response, now);
  if (!document) return std::unexpected(document.error());
  Json found = Json::array({*document});
  if (document->contains("data")) found = child_at(*document, "data");
  if (found.is_object()) found = Json::array({found});
  std::set<std::string> users;
  if (found.is_array())
    for (const Json& one : found)
      for (const std::string& id :
           {id_at(child_at(one, "instagram_business_account"), "id"), id_at(one, "user_id")})
        if (!id.empty()) users.insert(id);
  if (users.size() == 1) return *users.begin();
  if (users.size() > 1)
    return std::unexpected(Trouble{.error_class = ErrorClass::account,
                                   .message = "this token sees several Instagram accounts; say which one is "
                                              "meant: asfs-videos login Instagram --token - --page NAME"});
  return std::unexpected(Trouble{.error_class = ErrorClass::account,
                                 .message =
                                     "no Instagram account can be posted to with this sign-in: it must be a "
                                     "professional account, linked to a Facebook page that was allowed"});
}

std::optional<Trouble> read_upload(const HttpResponse& response, TimePoint now) {
  const Json document = read_json(response.body);
  const Json info = child_at(document, "debug_info");
  if (response.status >= 200 && response.status < 300 && flag_at(document, "success")) return std::nullopt;
  if (!info.is_object())
    return document.is_object() && document.contains("error") ? trouble_of(response, now)
                                                              : unreadable(response);
  const std::string type = text_at(info, "type");
  const std::string said = text_at(info, "message");
  Trouble trouble{.kind = Kind::again,
                  .error_class = ErrorClass::transient,
                  .message = fmt::format("Instagram answered HTTP {} {} to the video's bytes: {}",
                                         response.status, one_line(type, 60), one_line(said, 200)),
                  .not_before = {},
                  .retry_at = {},
                  .reason = one_line(type, 60),
                  .own = true};
  if (said.find("unauthorized") != said.npos)
    trouble.kind = Kind::sign_in, trouble.error_class = ErrorClass::needs_login;
  else if (type == "FILE_NOT_FOUND" || said.find("1363008") != said.npos)
    trouble.kind = Kind::restart;
  return trouble;
}

bool is_media_id(std::string_view text) {
  return text.size() >= 15 && text.size() <= 20 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace asfs::instagram
