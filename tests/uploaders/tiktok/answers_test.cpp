// TikTok's tables, row by row.
#include "uploaders/tiktok/answers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
using namespace asfs::tiktok;
using Kind = Trouble::Kind;

namespace {

HttpResponse answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}
HttpResponse refusal(int status, std::string_view code) {
  return answer(status,
                fmt::format(R"({{"data":{{}},"error":{{"code":"{}","message":"m","log_id":"L1"}}}})", code));
}
HttpResponse post_status(std::string_view data) {
  return answer(200, fmt::format(R"({{"data":{},"error":{{"code":"ok","message":"","log_id":"L"}}}})", data));
}
PostStatus status_of(std::string_view data) {
  const auto status = read_status(post_status(data), kMorning);
  REQUIRE(status);
  return *status;
}

struct Row {
  int status;
  std::string_view code;
  Kind kind;
  ErrorClass error_class;
};
constexpr Row kRows[] = {
    {400, "invalid_param", Kind::stop, ErrorClass::permanent},
    {400, "invalid_params", Kind::stop, ErrorClass::permanent},
    {400, "invalid_file_upload", Kind::stop, ErrorClass::permanent},
    {400, "scope_permission_missed", Kind::stop, ErrorClass::account},
    {400, "invalid_publish_id", Kind::unknown, ErrorClass::transient},
    {400, "token_not_authorized_for_specified_publish_id", Kind::stop, ErrorClass::needs_login},
    {401, "access_token_invalid", Kind::sign_in, ErrorClass::needs_login},
    {401, "scope_not_authorized", Kind::stop, ErrorClass::needs_login},
    {403, "spam_risk_too_many_posts", Kind::stop, ErrorClass::rate_limited},
    {200, "spam_risk_too_many_posts", Kind::stop, ErrorClass::rate_limited},
    {200, "reached_active_user_cap", Kind::stop, ErrorClass::rate_limited},
    {403, "spam_risk_too_many_pending_share", Kind::stop, ErrorClass::rate_limited},
    {200, "spam_risk_user_banned_from_posting", Kind::stop, ErrorClass::account},
    {403, "unaudited_client_can_only_post_to_private_accounts", Kind::stop, ErrorClass::account},
    {403, "privacy_level_option_mismatch", Kind::stop, ErrorClass::permanent},
    {403, "url_ownership_unverified", Kind::stop, ErrorClass::permanent},
    {429, "rate_limit_exceeded", Kind::again, ErrorClass::rate_limited},
    {500, "internal_error", Kind::again, ErrorClass::transient},
    {503, "something_new", Kind::again, ErrorClass::transient},
    {200, "something_new", Kind::stop, ErrorClass::permanent},
};

struct Reason {
  std::string_view reason;
  ErrorClass error_class;
  bool restart;
};
constexpr Reason kReasons[] = {
    {"file_format_check_failed", ErrorClass::permanent, false},
    {"duration_check_failed", ErrorClass::permanent, false},
    {"frame_rate_check_failed", ErrorClass::permanent, false},
    {"picture_size_check_failed", ErrorClass::permanent, false},
    {"internal", ErrorClass::transient, true},
    {"video_pull_failed", ErrorClass::transient, true},
    {"photo_pull_failed", ErrorClass::transient, true},
    {"publish_cancelled", ErrorClass::permanent, false},
    {"auth_removed", ErrorClass::needs_login, false},
    {"spam_risk_too_many_posts", ErrorClass::rate_limited, false},
    {"spam_risk_user_banned_from_posting", ErrorClass::account, false},
    {"spam_risk_text", ErrorClass::permanent, false},
    {"spam_risk", ErrorClass::permanent, false},
    {"never heard of", ErrorClass::permanent, false},
};

}  // namespace

TEST_CASE("TikTok: every error code has its meaning") {
  for (const Row& row : kRows) {
    CAPTURE(row.code);
    const auto begun = read_begun(refusal(row.status, row.code), kMorning);
    REQUIRE_FALSE(begun);
    CHECK(static_cast<int>(begun.error().kind) == static_cast<int>(row.kind));
    CHECK(static_cast<int>(begun.error().error_class) == static_cast<int>(row.error_class));
    CHECK(begun.error().retry_at.has_value() == (row.error_class == ErrorClass::rate_limited));
    CHECK(begun.error().message.find("[log_id L1]") != std::string::npos);
  }
}

TEST_CASE("TikTok: every reason of a failed post has its meaning") {
  for (const Reason& row : kReasons) {
    CAPTURE(row.reason);
    const auto status = status_of(fmt::format(R"({{"status":"FAILED","fail_reason":"{}"}})", row.reason));
    CHECK(status.state == PostStatus::State::failed);
    CHECK(static_cast<int>(status.trouble.error_class) == static_cast<int>(row.error_class));
    CHECK(status.restart == row.restart);
  }
}

TEST_CASE("TikTok: only an envelope that says ok is a success, whatever the HTTP status") {
  for (const char* body : {"", "<html>", "{", "[]", "{}", R"({"data":{"publish_id":"p","upload_url":"u"}})",
                           R"({"data":{},"error":{"code":"ok"}})", R"({"data":[],"error":{"code":"ok"}})"}) {
    CAPTURE(body);
    const auto begun = read_begun(answer(200, body), kMorning);
    REQUIRE_FALSE(begun);
    CHECK(begun.error().kind == Kind::again);
  }
}

TEST_CASE("TikTok: post ids keep all their digits, as numbers or texts, in either spelling") {
  CHECK(status_of(R"({"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7512345678901234567]})")
            .post_ids == std::vector<std::string>{"7512345678901234567"});
  CHECK(status_of(R"({"status":"PUBLISH_COMPLETE","publicly_available_post_id":["7512345678901234567"]})")
            .post_ids == std::vector<std::string>{"7512345678901234567"});
  CHECK(status_of(R"({"status":"PUBLISH_COMPLETE","publicaly_available_post_id":["../x",-1]})")
            .post_ids.empty());
  CHECK(status_of(R"({"status":"PROCESSING_UPLOAD","uploaded_bytes":5})").uploaded_bytes == 5);
  CHECK(status_of(R"({"status":"SEND_TO_USER_INBOX"})").state == PostStatus::State::in_inbox);
  CHECK_FALSE(read_status(post_status(R"({"status":"NEW_WORD"})"), kMorning));
}

TEST_CASE("TikTok: every answer to a chunk has its meaning") {
  CHECK(read_chunk(206) == ChunkAnswer::taken);
  CHECK(read_chunk(201) == ChunkAnswer::all_taken);
  CHECK(read_chunk(400) == ChunkAnswer::refused);
  CHECK(read_chunk(403) == ChunkAnswer::dead_url);
  CHECK(read_chunk(404) == ChunkAnswer::dead_url);
  for (const int status : {405, 408, 416, 429, 500, 502, 503, 504})
    CHECK(read_chunk(status) == ChunkAnswer::again);
}
