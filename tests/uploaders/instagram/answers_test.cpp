// Instagram's table, row by row.
#include "uploaders/instagram/answers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
using namespace asfs::instagram;
using Kind = Trouble::Kind;

namespace {

HttpResponse answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}
HttpResponse refusal(int code, int subcode, int status = 400) {
  return answer(status, fmt::format(R"({{"error":{{"message":"m","type":"OAuthException","code":{},)"
                                    R"("error_subcode":{},"fbtrace_id":"F1"}}}})",
                                    code, subcode));
}

struct Row {
  int code, subcode;
  Kind kind;
  ErrorClass error_class;
};
constexpr Row kRows[] = {
    {190, 458, Kind::sign_in, ErrorClass::needs_login},
    {190, 463, Kind::sign_in, ErrorClass::needs_login},
    {190, 0, Kind::sign_in, ErrorClass::needs_login},
    {102, 0, Kind::sign_in, ErrorClass::needs_login},
    {10, 0, Kind::stop, ErrorClass::needs_login},
    {200, 0, Kind::stop, ErrorClass::needs_login},
    {299, 0, Kind::stop, ErrorClass::needs_login},
    {1, 0, Kind::again, ErrorClass::transient},
    {2, 0, Kind::again, ErrorClass::transient},
    {4, 0, Kind::stop, ErrorClass::rate_limited},
    {17, 0, Kind::stop, ErrorClass::rate_limited},
    {32, 0, Kind::stop, ErrorClass::rate_limited},
    {613, 0, Kind::stop, ErrorClass::rate_limited},
    {341, 0, Kind::stop, ErrorClass::rate_limited},
    {80002, 0, Kind::stop, ErrorClass::rate_limited},
    {4, 2207051, Kind::stop, ErrorClass::permanent},
    {9, 2207042, Kind::stop, ErrorClass::rate_limited},
    {25, 2207050, Kind::stop, ErrorClass::account},
    {368, 0, Kind::stop, ErrorClass::rate_limited},
    {506, 0, Kind::unknown, ErrorClass::transient},
    {9007, 2207027, Kind::not_ready, ErrorClass::transient},
    {24, 2207008, Kind::unknown, ErrorClass::transient},
    {24, 2207006, Kind::unknown, ErrorClass::transient},
    {-2, 2207020, Kind::restart, ErrorClass::transient},
    {-2, 2207003, Kind::again, ErrorClass::transient},
    {9004, 2207052, Kind::again, ErrorClass::transient},
    {-1, 2207001, Kind::again, ErrorClass::transient},
    {-1, 2207032, Kind::again, ErrorClass::transient},
    {-1, 2207053, Kind::restart, ErrorClass::transient},
    {-1, 2207076, Kind::restart, ErrorClass::transient},
    {-1, 2207077, Kind::restart, ErrorClass::transient},
    {-1, 2207082, Kind::restart, ErrorClass::transient},
    {352, 2207026, Kind::stop, ErrorClass::permanent},
    {-1, 2207085, Kind::stop, ErrorClass::permanent},
    {36004, 2207010, Kind::stop, ErrorClass::permanent},
    {100, 2207040, Kind::stop, ErrorClass::permanent},
    {1, 2207057, Kind::stop, ErrorClass::permanent},
    {100, 2207023, Kind::stop, ErrorClass::permanent},
    {100, 33, Kind::again, ErrorClass::transient},
    {100, 0, Kind::stop, ErrorClass::permanent},
    {12345, 0, Kind::stop, ErrorClass::permanent},
};

ContainerStatus status_of(std::string body) {
  const auto status = read_status(answer(200, std::move(body)), kMorning);
  REQUIRE(status);
  return *status;
}

}  // namespace

TEST_CASE("Instagram: every code and subcode has its meaning, whatever the type says") {
  for (const Row& row : kRows) {
    CAPTURE(row.code);
    CAPTURE(row.subcode);
    const auto id = read_id(refusal(row.code, row.subcode), kMorning);
    REQUIRE_FALSE(id);
    CHECK(static_cast<int>(id.error().kind) == static_cast<int>(row.kind));
    CHECK(static_cast<int>(id.error().error_class) == static_cast<int>(row.error_class));
    CHECK(id.error().retry_at.has_value() == (row.error_class == ErrorClass::rate_limited));
    CHECK(id.error().message.find("[fbtrace_id F1]") != std::string::npos);
  }
}

TEST_CASE("Instagram: a rate limit ends when the usage header says") {
  HttpResponse limited = refusal(4, 0, 403);
  limited.headers.emplace_back("X-Business-Use-Case-Usage",
                               R"({"178":[{"type":"instagram","estimated_time_to_regain_access":7}]})");
  CHECK(read_id(limited, kMorning).error().retry_at == kMorning + std::chrono::minutes(7));
  CHECK(read_id(refusal(4, 0, 403), kMorning).error().retry_at == kMorning + std::chrono::hours(1));
}

TEST_CASE("Instagram: is_transient and server errors pass; answers that make no sense do, too") {
  CHECK(read_id(answer(400, R"({"error":{"code":777,"is_transient":true}})"), kMorning).error().kind ==
        Kind::again);
  for (const char* body : {"", "<html>", "{", "[]", "{}"}) {
    CHECK(read_id(answer(200, body), kMorning).error().kind == Kind::again);
    CHECK(read_id(answer(502, body), kMorning).error().kind == Kind::again);
  }
}

TEST_CASE("Instagram: what is no id of a container names none, so that nothing is sent to it") {
  for (const char* id :
       {R"("SOMETHING_NEW")", R"("12")", "17889615691921648.5", "null", R"(["17889615691921648"])"})
    CHECK(read_container(answer(200, fmt::format(R"({{"id":{}}})", id)), kMorning).error().kind ==
          Kind::again);
  CHECK(read_container(answer(200, R"({"id":"17889615691921648"})"), kMorning)->id == "17889615691921648");
}

TEST_CASE("Instagram: a container's state, bytes and the subcode in its words are read") {
  using State = ContainerStatus::State;
  const auto partly = status_of(R"({"id":"1","status_code":"IN_PROGRESS","video_status":{"uploading_phase":)"
                                R"({"status":"in_progress","bytes_transferred":50002}}})");
  CHECK(partly.state == State::in_progress);
  CHECK(partly.bytes == 50002);
  CHECK_FALSE(partly.upload_complete);
  CHECK(status_of(R"({"status_code":"FINISHED"})").state == State::finished);
  CHECK(status_of(R"({"status_code":"EXPIRED"})").state == State::expired);
  const auto format = status_of(R"({"status_code":"ERROR","status":"Error: … with error code 2207026"})");
  CHECK(format.trouble.kind == Kind::stop);
  CHECK(format.trouble.error_class == ErrorClass::permanent);
  CHECK(status_of(R"({"status_code":"ERROR","status":"2207082"})").trouble.kind == Kind::restart);
  CHECK_FALSE(read_status(answer(200, R"({"status_code":"NEW"})"), kMorning));
}

TEST_CASE("Instagram: a container that has failed says so in its state, in its words or in a phase") {
  for (const char* body :
       {R"({"id":"1","status":"Error: Media download has failed."})",
        R"({"status_code":"","status":"Error: Media download has failed."})",
        R"({"status_code":"IN_PROGRESS","video_status":{"uploading_phase":{"status":"error"}}})",
        R"({"status_code":"IN_PROGRESS","video_status":{"processing_phase":{"status":"error"}}})"}) {
    CAPTURE(body);
    const auto status = status_of(body);
    CHECK(status.state == ContainerStatus::State::failed);
    CHECK(status.trouble.kind == Kind::restart);
    CHECK(status.trouble.error_class == ErrorClass::transient);
  }
  CHECK(status_of(R"({"status_code":"FINISHED","status":"Error: x"})").state ==
        ContainerStatus::State::finished);
}

TEST_CASE("Instagram: whether posting is granted is read from the permissions") {
  CHECK(may_publish(answer(
            200, R"({"data":[{"permission":"instagram_content_publish","status":"granted"}]})")) == true);
  CHECK(may_publish(answer(
            200, R"({"data":[{"permission":"instagram_content_publish","status":"declined"}]})")) == false);
  CHECK(may_publish(answer(200, R"({"data":[]})")) == false);
  for (const auto& silent : {answer(500, "<html>"), answer(200, "[]"), answer(200, R"({"data":5})")})
    CHECK_FALSE(may_publish(silent).has_value());
}

TEST_CASE("Instagram: the upload host's answers") {
  CHECK_FALSE(read_upload(answer(200, R"({"success":true,"message":"Upload successful."})"), kMorning));
  const auto failed = [](std::string_view type, std::string_view message) {
    return read_upload(
        answer(400, fmt::format(R"({{"debug_info":{{"retriable":false,"type":"{}","message":"{}"}}}})", type,
                                message)),
        kMorning);
  };
  CHECK(failed("ProcessingFailedError", "Request processing failed")->kind == Kind::again);
  CHECK(failed("ProcessingFailedError", "unauthorized user request")->kind == Kind::sign_in);
  CHECK(failed("FILE_NOT_FOUND", "gone")->kind == Kind::restart);
  CHECK(read_upload(answer(500, "<html>"), kMorning)->kind == Kind::again);
}

TEST_CASE("Instagram: who the account is, in every shape that is known") {
  const auto user = [](std::string body) {
    return read_user(answer(200, std::move(body)), kMorning).value_or("");
  };
  CHECK(user(R"({"data":[{"id":"1"},{"id":"2","instagram_business_account":{"id":"178"}}]})") == "178");
  CHECK(user(R"({"user_id":"179","username":"x"})") == "179");
  CHECK(user(R"({"data":[{"user_id":180}]})") == "180");
  CHECK(user(R"({"data":[]})").empty());
}

TEST_CASE("Instagram: of several accounts none is taken on a guess") {
  const auto user = read_user(answer(200, R"({"data":[{"instagram_business_account":{"id":"178"}},)"
                                          R"({"instagram_business_account":{"id":"179"}}]})"),
                              kMorning);
  REQUIRE_FALSE(user);
  CHECK(user.error().error_class == ErrorClass::account);
  CHECK(user.error().message.find("--page") != std::string::npos);
}
