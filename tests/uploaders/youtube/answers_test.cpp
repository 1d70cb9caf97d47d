#include "uploaders/youtube/answers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace asfs;
using namespace asfs::youtube;
using namespace std::chrono_literals;
using Kind = Trouble::Kind;

namespace {

constexpr TimePoint kNow{
    std::chrono::seconds(1'770'796'800)};  // 2026-02-11 08:00:00 UTC, midnight in Los Angeles

HttpResponse error(int status, std::string_view reason, std::string_view message = "m") {
  return {.status = status,
          .headers = {},
          .body = fmt::format(
              R"({{"error":{{"code":{0},"message":"{2}","errors":[{{"message":"{2}","domain":"d",)"
              R"("reason":"{1}"}}]}}}})",
              status, reason, message)};
}

Answered<SessionState> session(const HttpResponse& response) {
  return read_session_answer(response, 1000, kNow);
}
Trouble read(const HttpResponse& response) {
  auto state = session(response);
  REQUIRE_FALSE(state);
  return std::move(state.error());
}

struct Expected {
  int status;
  std::string_view reason;
  Kind kind;
  ErrorClass error_class;
  std::optional<Duration> wait;
};

}  // namespace

TEST_CASE("every documented reason has its class") {
  using enum ErrorClass;
  const Duration midnight = 24h + 5min;
  const Expected table[] = {
      {400, "invalidTitle", Kind::restart, permanent, {}},
      {400, "mediaBodyRequired", Kind::restart, permanent, {}},
      {400, "uploadLimitExceeded", Kind::stop, rate_limited, 24h},
      {403, "quotaExceeded", Kind::stop, rate_limited, midnight},
      {403, "dailyLimitExceeded", Kind::stop, rate_limited, midnight},
      {429, "rateLimitExceeded", Kind::again, rate_limited, 15min},
      {403, "rateLimitExceeded", Kind::again, rate_limited, 15min},
      {403, "userRateLimitExceeded", Kind::again, rate_limited, 15min},
      {403, "forbidden", Kind::stop, permanent, {}},
      {403, "insufficientPermissions", Kind::stop, needs_login, {}},
      {403, "accessNotConfigured", Kind::stop, account, {}},
      {401, "authError", Kind::sign_in, needs_login, {}},
      {401, "youtubeSignupRequired", Kind::stop, account, {}},
      {404, "notFound", Kind::unknown, transient, {}},
      {410, "", Kind::unknown, transient, {}},
      {416, "", Kind::again, transient, {}},
      {418, "teapot", Kind::stop, permanent, {}},
      {500, "backendError", Kind::again, transient, {}},
      {503, "", Kind::again, transient, {}},
      {302, "", Kind::again, transient, {}},
  };
  for (const Expected& row : table) {
    const Trouble answer = read(error(row.status, row.reason));
    CAPTURE(row.status);
    CAPTURE(std::string(row.reason));
    CHECK(answer.kind == row.kind);
    CHECK(answer.error_class == row.error_class);
    CHECK(answer.retry_at.has_value() == row.wait.has_value());
    if (row.wait) CHECK(answer.retry_at == kNow + *row.wait);
  }
}

TEST_CASE("a 429 that names the daily limit waits for the next day in California") {
  const Trouble answer =
      read(error(429, "rateLimitExceeded",
                 "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day'"));
  CHECK(answer.kind == Kind::stop);
  CHECK(answer.retry_at == kNow + 24h + 5min);
}

TEST_CASE("the newer error shape names its reason in details") {
  const Trouble answer =
      read({.status = 403,
            .headers = {},
            .body = R"({"error":{"code":403,"message":"no","status":"PERMISSION_DENIED",)"
                    R"("details":[{"@type":"x"},{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}})"});
  CHECK(answer.error_class == ErrorClass::needs_login);
}

TEST_CASE("the message for people has status, reason, the server's words and what to do") {
  const Trouble answer = read(error(403, "quotaExceeded", "You have exceeded your <a href='/q'>quota</a>."));
  CHECK(answer.message ==
        "YouTube answered HTTP 403 quotaExceeded: You have exceeded your quota. (the daily quota of the API "
        "project is "
        "used up)");
}

TEST_CASE("an error body may be anything") {
  for (const std::string& body :
       {std::string(), std::string("<html>502</html>"), std::string("{"), std::string("null"),
        std::string("[1]"), std::string(R"({"error":"invalid_grant"})"),
        std::string(R"({"error":{"message":5,"errors":[1,{"reason":7}],"details":{}}})"),
        std::string("\xFF\xFE"), std::string(1 << 20, '['), std::string(1 << 20, 'x')}) {
    const Trouble answer = read({.status = 503, .headers = {}, .body = body});
    CHECK(answer.kind == Kind::again);
    CHECK(answer.message.find("HTTP 503") != std::string::npos);
    CHECK(of_a_question(answer).kind == Kind::again);
    CHECK(answer.message.size() < 1000);
  }
}

TEST_CASE("Retry-After is kept for the wait") {
  HttpResponse response = error(503, "backendError");
  response.headers = {{"Retry-After", "7"}};
  CHECK(read(response).not_before == kNow + 7s);
}

TEST_CASE("308 says how much is stored, nothing when it does not") {
  const auto stored = [](HttpHeaders headers) {
    return session({.status = 308, .headers = std::move(headers), .body = ""});
  };
  CHECK(stored({})->stored == 0);
  CHECK(stored({{"Range", "bytes=0-499"}})->stored == 500);
  CHECK(stored({{"Range", "0-499"}})->stored == 500);
  CHECK(stored({{"Range", "bytes=0-999"}})->stored == 1000);
  CHECK(stored({{"Range", "bytes=0-999"}})->video_id.empty());
  CHECK(stored({{"Range", "bytes=0-0"}, {"Location", "https://x/"}})->moved_to == "https://x/");
  for (const char* range : {"bytes=0-1000", "bytes=5-10", "bytes=0-", "bytes=0--5", "bytes=0-9x", "",
                            "items=0-5", "bytes=0-99999999999999999999999"})
    CHECK_MESSAGE(read({.status = 308, .headers = {{"Range", range}}, .body = ""}).kind == Kind::again,
                  std::string(range));
}

TEST_CASE("a success counts only with the id of a video") {
  const auto made = [](std::string body) {
    return session({.status = 201, .headers = {}, .body = std::move(body)});
  };
  CHECK(made(R"({"kind":"youtube#video","id":"abcdefghi-_"})")->video_id == "abcdefghi-_");
  for (const char* body : {"", "<html>ok</html>", R"({"id":"abcdefghi-_")", "{}", R"({"data":{}})"}) {
    REQUIRE_FALSE(made(body));
    CHECK(made(body).error().kind == Kind::again);
  }
  // In YouTube's form: every byte is there, and the session will be asked for the id.
  for (const char* body :
       {R"({"kind":"youtube#video"})", R"({"id":5})", R"({"id":"short"})", R"({"id":"abcdefghi/_"})"}) {
    REQUIRE(made(body));
    CHECK(made(body)->video_id.empty());
    CHECK(made(body)->stored == 1000);
  }
}

TEST_CASE("an initiation counts only with an upload address") {
  HttpResponse response{
      .status = 200, .headers = {{"location", "https://www.googleapis.com/u?upload_id=x"}}, .body = ""};
  CHECK(read_initiation(response, kNow) == "https://www.googleapis.com/u?upload_id=x");
  response.headers.clear();
  CHECK(read_initiation(response, kNow).error().kind == Kind::again);
}

TEST_CASE("only YouTube's own words say that a session is gone or has failed, not a page on the way") {
  for (const int status : {400, 404, 410}) {
    const auto own = of_a_question(read(error(status, "notFound")));
    CHECK(own.own);
    CHECK((own.kind == Kind::unknown || own.kind == Kind::restart));
    const auto page = of_a_question(read({.status = status, .headers = {}, .body = "<html>gone</html>"}));
    CHECK_FALSE(page.own);
    CHECK(page.error_class == ErrorClass::transient);
    CHECK(page.message.find("without words of YouTube's own") != std::string::npos);
  }
}

TEST_CASE("the access token goes to the upload host or to Google's own hosts, and nowhere else") {
  const char* google = "https://www.googleapis.com";
  CHECK_FALSE(session_refusal("https://www.googleapis.com/upload?upload_id=x", google));
  CHECK_FALSE(session_refusal("https://upload.googleapis.com/x", google));
  CHECK_FALSE(session_refusal("http://127.0.0.1:5000/x", "http://127.0.0.1:5000"));
  CHECK(session_refusal("http://www.googleapis.com/x", google));
  CHECK(session_refusal("https://www.googleapis.com.evil.example/x", google));
  CHECK(session_refusal("https://evilgoogleapis.com/x", google));
  CHECK(session_refusal("https://evil.example/x", google));
  CHECK(session_refusal("http://127.0.0.1:5000/x", google));
  CHECK(session_refusal("https://www.googleapis.com@evil.example/x", google));
  CHECK(session_refusal("https://upload.googleapis.com/x", "https://proxy.example"));
  CHECK(session_refusal("/relative", google));
  CHECK(session_refusal("https://evil.example/?upload_id=SECRET", google)->find("SECRET") ==
        std::string::npos);
}

TEST_CASE("a practice session is found again when the practice platforms come back on another port") {
  CHECK(current_session_uri("http://127.0.0.1:1111/u?upload_id=x", "http://127.0.0.1:2222") ==
        "http://127.0.0.1:2222/u?upload_id=x");
  CHECK(current_session_uri("https://www.googleapis.com/u", "http://127.0.0.1:2222") ==
        "https://www.googleapis.com/u");
  CHECK(current_session_uri("http://127.0.0.1:1111/u", "https://www.googleapis.com") ==
        "http://127.0.0.1:1111/u");
}

TEST_CASE("a video that failed afterwards is known by videos.list") {
  const auto problem = [](std::string body) {
    return processing_problem({.status = 200, .headers = {}, .body = std::move(body)});
  };
  CHECK(problem(R"({"items":[{"status":{"uploadStatus":"failed","failureReason":"codec"}}]})") ==
        "YouTube took the video but could not process it: codec");
  CHECK(problem(R"({"items":[{"status":{"uploadStatus":"rejected","rejectionReason":"duplicate"}}]})") ==
        "YouTube took the video but rejected it: duplicate");
  for (const char* fine : {R"({"items":[{"status":{"uploadStatus":"uploaded"}}]})", R"({"items":[]})", "{}",
                           "", "[]", R"({"items":[5]})", R"({"items":[{"status":5}]})"})
    CHECK_FALSE(problem(fine));
}
