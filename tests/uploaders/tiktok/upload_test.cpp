// One upload to TikTok, where the platform leaves things out, lags, or lets others answer.
#include <doctest/doctest.h>

#include "tests/support/scripted_http.h"
#include "uploaders/tiktok/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kCreator =
    R"({"data":{"privacy_level_options":["PUBLIC_TO_EVERYONE"],"creator_username":"x"},"error":{"code":"ok"}})";
constexpr const char* kBegun =
    R"({"data":{"publish_id":"v_pub_1","upload_url":"https://up.example/video/?upload_id=1"},"error":{"code":"ok"}})";

std::string status_text(std::string_view data) {
  return fmt::format(R"({{"data":{},"error":{{"code":"ok"}}}})", data);
}
const std::string kPosted =
    status_text(R"({"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7512345678901234567]})");
const std::string kBusy = status_text(R"({"status":"PROCESSING_UPLOAD"})");
constexpr const char* kForgotten = R"({"data":{},"error":{"code":"invalid_publish_id"}})";

struct TikTok : ScriptedPlatform {
  TikTok()
      : ScriptedPlatform("TikTok", 3000, [this](const Asked& one) -> std::expected<HttpResponse, HttpError> {
          if (one.to("creator_info")) return json(kCreator);
          if (one.to("/init/")) return json(kBegun);
          if (one.to("/video/list")) return json(list);
          if (one.method == "PUT") return put();
          return status();
        }) {}

  int begun() const { return times("/init/"); }
  int sent() const { return times("up.example"); }
  int looks() const { return times("status/fetch"); }
  /// As a try leaves it whose last byte went out.
  std::string handle() const {
    return R"({"publish_id":"v_pub_1","upload_url":"https://up.example/video/?upload_id=1","issued_at":)" +
           std::to_string(unix_millis(kMorning) / 1000) + R"(,"size":3000,"chunk_size":3000,"chunks":1})";
  }

  std::function<HttpResponse()> put = [] { return HttpResponse{201, {}, ""}; };
  std::function<HttpResponse()> status = [] { return json(kPosted); };
  std::string list = R"({"data":{"videos":[]},"error":{"code":"ok"}})";
};

}  // namespace

TEST_CASE("TikTok: once every byte was acknowledged it is only asked, however the status lags") {
  for (const char* said :
       {R"({"status":"PROCESSING_UPLOAD"})", R"({"status":"PROCESSING_UPLOAD","uploaded_bytes":0})",
        R"({"status":"PROCESSING_UPLOAD","uploaded_bytes":null})",
        R"({"status":"PROCESSING_UPLOAD","uploaded_bytes":"3000"})", R"({"status":"A_NEW_WORD"})",
        R"({"status":7})", R"({})"}) {
    CAPTURE(said);
    TikTok tiktok;
    FakeAttempt attempt(tiktok.path, tiktok.content);
    tiktok.status = [&, looks = 0]() mutable { return json(++looks < 4 ? status_text(said) : kPosted); };
    const auto result = tiktok.upload(attempt);
    CHECK_MESSAGE(result.success, result.error_message.value_or(""));
    CHECK(result.platform_post_id == "7512345678901234567");
    CHECK(tiktok.begun() == 1);
    CHECK(tiktok.sent() == 1);
  }
}

TEST_CASE("TikTok: whatever the last chunk is answered, nothing is sent or begun again") {
  for (const int answered : {200, 201, 206, 400, 403, 404, 405, 416, 500, 502}) {
    CAPTURE(answered);
    TikTok tiktok;
    FakeAttempt attempt(tiktok.path, tiktok.content);
    tiktok.put = [&] { return page(answered); };
    tiktok.status = [&, looks = 0]() mutable {
      ++looks;
      return looks == 1 ? page(404) : looks == 2 ? json(kBusy) : json(kPosted);
    };
    CHECK(tiktok.upload(attempt).success);
    CHECK(tiktok.begun() == 1);
    CHECK(tiktok.sent() == 1);
  }
}

TEST_CASE("TikTok: a later try only asks on, also when the upload address is old") {
  TikTok tiktok;
  FakeAttempt attempt(tiktok.path, tiktok.content);
  attempt.given_handle = tiktok.handle();
  attempt.may_be_live = true;
  tiktok.clock.advance(3h);
  tiktok.status = [] { return json(kBusy); };
  const auto result = tiktok.upload(attempt);
  CHECK(result.error_class == ErrorClass::processing);
  CHECK(result.resumable);
  CHECK(result.retry_at);
  CHECK(attempt.waits);
  CHECK(tiktok.begun() + tiktok.sent() == 0);
  CHECK(tiktok.looks() < 200);
}

TEST_CASE("TikTok: a status question that is answered by a page fails nothing") {
  for (const int answered : {400, 403, 404, 410, 500}) {
    CAPTURE(answered);
    TikTok tiktok;
    FakeAttempt attempt(tiktok.path, tiktok.content);
    tiktok.status = [&] { return page(answered); };
    const auto result = tiktok.upload(attempt);
    CHECK(result.error_class == ErrorClass::transient);
    CHECK(result.resumable);
    CHECK(tiktok.begun() == 1);
    CHECK(tiktok.sent() == 1);
  }
}

TEST_CASE("TikTok: an upload that TikTok no longer knows is a question to a person, once all was sent") {
  TikTok tiktok;
  FakeAttempt attempt(tiktok.path, tiktok.content);
  tiktok.status = [] { return json(kForgotten, 400); };
  CHECK(tiktok.upload(attempt).error_class == ErrorClass::doubt);
  CHECK(tiktok.begun() == 1);
}

TEST_CASE("TikTok: its own word that a post failed is final, and only that begins another") {
  TikTok tiktok;
  FakeAttempt attempt(tiktok.path, tiktok.content);
  SUBCASE("a reason that may pass") {
    tiktok.status = [looks = 0]() mutable {
      return json(++looks == 1 ? status_text(R"({"status":"FAILED","fail_reason":"internal"})") : kPosted);
    };
    CHECK(tiktok.upload(attempt).success);
    CHECK(tiktok.begun() == 2);
  }
  SUBCASE("one that does not") {
    tiktok.status = [] { return json(status_text(R"({"status":"FAILED","fail_reason":"spam_risk"})")); };
    CHECK(tiktok.upload(attempt).error_class == ErrorClass::permanent);
    CHECK_FALSE(attempt.may_be_live);
  }
  SUBCASE("the same one three times is the video's fault") {
    tiktok.status = [] { return json(status_text(R"({"status":"FAILED","fail_reason":"internal"})")); };
    CHECK(tiktok.upload(attempt).error_class == ErrorClass::permanent);
    CHECK(tiktok.begun() == 3);
  }
}

TEST_CASE("TikTok: a post that was seen once is one, whatever is said while its number is waited for") {
  TikTok tiktok;
  FakeAttempt attempt(tiktok.path, tiktok.content);
  tiktok.status = [looks = 0]() mutable {
    return ++looks == 1 ? json(status_text(R"({"status":"PUBLISH_COMPLETE"})"))
                        : json(R"({"error":{"code":"token_not_authorized_for_specified_publish_id"}})", 403);
  };
  const auto result = tiktok.upload(attempt);
  CHECK(result.success);
  CHECK(result.platform_post_id == "v_pub_1");
}

TEST_CASE("TikTok: a forgotten upload is found among the posts by its proof, not by its words alone") {
  TikTok tiktok;
  KnownPosts known;
  const auto post = [](std::string_view id, int minutes, std::string_view words, int seconds) {
    return fmt::format(R"({{"id":"{}","create_time":{},"video_description":"{}","duration":{}}})", id,
                       unix_millis(kMorning) / 1000 + 60 * minutes, words, seconds);
  };
  const auto look = [&](const std::string& videos) {
    tiktok.list = fmt::format(R"({{"data":{{"videos":[{}]}},"error":{{"code":"ok"}}}})", videos);
    tiktok.status = [] { return json(kForgotten, 400); };
    return tiktok.made()->reconcile({.handle = tiktok.handle(),
                                     .file_size = 3000,
                                     .maybe_published = true,
                                     .metadata = {},
                                     .video_title = "At the sea",
                                     .video_seconds = 12.4,
                                     .owners = &known},
                                    {});
  };
  using State = Reconciliation::State;
  const std::string mine = post("7512345678901234567", 1, "At the  sea", 12);
  CHECK(look(mine).state == State::done);
  CHECK(look(mine).post_id == "7512345678901234567");
  CHECK(look(post("7512345678901234567", -30, "At the sea", 12)).state == State::unclear);
  CHECK(look(post("7512345678901234567", 1, "At the sea", 31)).state == State::unclear);
  CHECK(look(post("7512345678901234567", 1, "At the lake", 12)).state == State::unclear);
  CHECK(look(R"({"id":"7512345678901234567","video_description":"At the sea","duration":12})").state ==
        State::unclear);
  CHECK(look(mine + "," + post("7512345678901234568", 2, "At the sea", 12)).state == State::unclear);
  known.anothers = {"7512345678901234568"};
  CHECK(look(mine + "," + post("7512345678901234568", 2, "At the sea", 12)).post_id == "7512345678901234567");
  known.anothers = {"7512345678901234567"};
  CHECK(look(mine).state == State::unclear);
  known.anothers.clear();
  known.unknown = {{.video_title = "At the sea", .metadata_json = "{}", .post_id = "v_pub_2"}};
  CHECK(look(mine).state == State::unclear);
  known.unknown[0].video_title = "Something else";
  CHECK(look(mine).state == State::done);
}
