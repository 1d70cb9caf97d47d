// One upload to Instagram, where the platform leaves things out, lags, or lets others answer.
#include <doctest/doctest.h>

#include "tests/support/scripted_http.h"
#include "uploaders/instagram/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kContainer =
    R"({"id":"17800000000000001","uri":"https://rupload.facebook.com/ig-api-upload/v25.0/17800000000000001"})";
constexpr const char* kMedia = R"({"id":"17900000000000001"})";
constexpr const char* kFinished = R"({"status_code":"FINISHED"})";
constexpr const char* kPublished = R"({"status_code":"PUBLISHED"})";
constexpr const char* kBusy = R"({"status_code":"IN_PROGRESS"})";

std::string error(int code, int subcode) {
  return fmt::format(R"({{"error":{{"message":"m","code":{},"error_subcode":{}}}}})", code, subcode);
}

struct Instagram : ScriptedPlatform {
  Instagram()
      : ScriptedPlatform("Instagram", 3000,
                         [this](const Asked& one) -> std::expected<HttpResponse, HttpError> {
                           if (one.to("rupload")) return bytes();
                           if (one.to("me/accounts"))
                             return json(R"({"data":[{"instagram_business_account":{"id":"178"}}]})");
                           if (one.to("me/permissions")) return permissions();
                           if (one.to("/me?")) return me();
                           if (one.to("publishing_limit")) return json(R"({"data":[]})");
                           if (one.to("media_publish")) return publish();
                           if (one.to("/media")) return one.method == "POST" ? json(kContainer) : json(list);
                           if (one.to("permalink")) return json(R"({"id":"1"})");
                           last_fields = one.url.substr(one.url.find("fields=") + 7);
                           return status();
                         }) {}

  int containers() const { return times("/178/media", "POST") - times("media_publish"); }
  int sent() const { return times("rupload"); }
  int published() const { return times("media_publish"); }
  /// What the list of media shows: one reel with this caption.
  void show(std::string_view id, std::string_view caption) {
    list = fmt::format(R"({{"data":[{{"id":"{}","caption":"{}","timestamp":"2026-02-11T08:00:30+0000"}}]}})",
                       id, caption);
  }

  std::function<HttpResponse()> bytes = [] { return json(R"({"success":true})"); };
  std::function<HttpResponse()> status = [] { return json(kFinished); };
  std::function<HttpResponse()> publish = [] { return json(kMedia); };
  std::function<HttpResponse()> me = [] { return json(R"({"id":"1"})"); };
  std::function<HttpResponse()> permissions = [] {
    return json(R"({"data":[{"permission":"instagram_content_publish","status":"granted"}]})");
  };
  std::string list = R"({"data":[]})";
  std::string last_fields;
};

}  // namespace

TEST_CASE("Instagram: after its success the bytes are not sent again, whatever the container leaves out") {
  for (const char* said :
       {kBusy, R"({"status_code":"IN_PROGRESS","video_status":{"uploading_phase":{"bytes_transferred":0}}})",
        R"({"status_code":"IN_PROGRESS","video_status":null})", R"({"status_code":"NEW_WORD"})", "{}"}) {
    CAPTURE(said);
    Instagram instagram;
    FakeAttempt attempt(instagram.path, instagram.content);
    instagram.status = [&, looks = 0]() mutable { return json(++looks < 5 ? said : kFinished); };
    CHECK(instagram.upload(attempt).success);
    CHECK(instagram.sent() == 1);
    CHECK(instagram.containers() == 1);
    CHECK(instagram.published() == 1);
  }
}

TEST_CASE("Instagram: a later try knows that all was stored, and only asks on") {
  Instagram instagram;
  FakeAttempt first(instagram.path, instagram.content);
  instagram.status = [] { return json(kBusy); };
  const auto waiting = instagram.upload(first);
  CHECK(waiting.error_class == ErrorClass::processing);
  CHECK(first.waits);
  FakeAttempt second(instagram.path, instagram.content);
  second.given_handle = first.handles.back();
  second.has_all = first.has_all;
  CHECK(instagram.upload(second).error_class == ErrorClass::processing);
  CHECK(instagram.sent() == 1);
  CHECK(instagram.asked.size() < 400);
}

TEST_CASE("Instagram: what a container once said to have is not sent again, although it says less later") {
  constexpr const char* kHasAll =
      R"({"status_code":"IN_PROGRESS","video_status":{"uploading_phase":{"status":"complete"}}})";
  constexpr const char* kHasNone =
      R"({"status_code":"IN_PROGRESS","video_status":{"uploading_phase":{"bytes_transferred":0}}})";
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  instagram.bytes = [] { return json("<html>bad gateway</html>", 502); };
  instagram.status = [&, looks = 0]() mutable {
    return json(++looks == 1 ? kHasAll : looks < 5 ? kHasNone : kFinished);
  };
  CHECK(instagram.upload(attempt).success);
  CHECK(instagram.sent() == 1);
}

TEST_CASE("Instagram: bytes that never arrive are sent a few times, with pauses, and then given up") {
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  instagram.bytes = [] {
    return json(R"({"debug_info":{"retriable":false,"type":"ProcessingFailedError","message":"no"}})", 400);
  };
  instagram.status = [] { return json(kBusy); };
  const TimePoint before = instagram.clock.now();
  CHECK(instagram.upload(attempt).error_class == ErrorClass::transient);
  CHECK(instagram.sent() <= 12);
  CHECK(instagram.clock.now() > before);
  CHECK(instagram.published() == 0);
}

TEST_CASE(
    "Instagram: a container that failed is replaced a few times; three times one reason is the video's "
    "fault") {
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  SUBCASE("and then it works") {
    instagram.status = [looks = 0]() mutable {
      return json(++looks == 1 ? R"({"status":"Error: Media download has failed."})" : kFinished);
    };
    CHECK(instagram.upload(attempt).success);
    CHECK(instagram.containers() == 2);
  }
  SUBCASE("and always for one reason") {
    instagram.status = [] { return json(R"({"status_code":"ERROR","status":"Error: 2207076"})"); };
    CHECK(instagram.upload(attempt).error_class == ErrorClass::permanent);
    CHECK(instagram.containers() == 3);
  }
}

TEST_CASE("Instagram: whatever media_publish is answered, it is asked before it is said again") {
  for (const auto& answered :
       {page(403), page(404), page(500), json(error(1, 0), 500), json(error(24, 2207008), 400),
        json(error(100, 33), 400), json(error(506, 0), 400)}) {
    CAPTURE(answered.status);
    CAPTURE(answered.body);
    Instagram instagram;
    FakeAttempt attempt(instagram.path, instagram.content);
    instagram.publish = [&] {
      instagram.status = [] { return json(kPublished); };
      instagram.show("17900000000000001", "First");
      return answered;
    };
    const auto result = instagram.upload(attempt);
    CHECK_MESSAGE(result.success, result.error_message.value_or(""));
    CHECK(result.platform_post_id == "17900000000000001");
    CHECK(instagram.published() == 1);
  }
}

TEST_CASE("Instagram: the reel of another video is never taken, though it says the same") {
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  instagram.publish = [&] {
    instagram.status = [] { return json(kPublished); };
    return page(500);
  };
  instagram.show("17900000000000009", "First");
  SUBCASE("known as that of another video") {
    attempt.known.anothers = {"17900000000000009"};
  }
  SUBCASE("or another video that says the same is unclear") {
    attempt.known.unknown = {{.video_title = "First", .metadata_json = "{}", .post_id = {}}};
  }
  CHECK(instagram.upload(attempt).error_class == ErrorClass::doubt);
}

TEST_CASE(
    "Instagram: a container that stays unpublished is published again, but not while a reel looks like it") {
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  instagram.publish = [&] { return page(502); };
  SUBCASE("no reel to be seen: the same container, a few times") {
    const auto result = instagram.upload(attempt);
    CHECK_FALSE(result.success);
    CHECK(result.resumable);
    CHECK(instagram.published() == 3);
    CHECK(instagram.containers() == 1);
  }
  SUBCASE("a reel that may be it") {
    instagram.show("17900000000000009", "First");
    CHECK_FALSE(instagram.upload(attempt).success);
    CHECK(instagram.published() == 1);
  }
}

TEST_CASE("Instagram: an object that Instagram denies for a while is asked about again, not sent anew") {
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  instagram.status = [looks = 0]() mutable {
    return ++looks < 4 ? json(error(100, 33), 400) : json(kFinished);
  };
  CHECK(instagram.upload(attempt).success);
  CHECK(instagram.containers() == 1);
}

TEST_CASE("Instagram: only the account's own word ends a sign-in") {
  Instagram instagram;
  auto& token = static_cast<FixedToken&>(*instagram.credentials);
  FakeAttempt attempt(instagram.path, instagram.content);
  const auto first = [&](const HttpResponse& said) {
    instagram.status = [said, looks = 0]() mutable { return ++looks == 1 ? said : json(kFinished); };
  };
  SUBCASE("code 102 of a healthy account passes") {
    first(json(error(102, 0), 401));
    CHECK(instagram.upload(attempt).success);
    CHECK(token.refreshed == 0);
  }
  SUBCASE("so does code 10, when the permission is granted") {
    first(json(error(10, 0), 403));
    CHECK(instagram.upload(attempt).success);
  }
  SUBCASE("an unauthorized answer of the upload host does, too") {
    instagram.bytes = [&, n = 0]() mutable {
      return ++n == 1
                 ? json(
                       R"({"debug_info":{"type":"ProcessingFailedError","message":"unauthorized user request"}})",
                       400)
                 : json(R"({"success":true})");
    };
    instagram.status = [&] { return json(instagram.sent() < 2 ? kBusy : kFinished); };
    CHECK(instagram.upload(attempt).success);
    CHECK(token.refreshed == 0);
  }
  SUBCASE("a dead token is dead") {
    token.fresh.clear();
    instagram.me = [] { return json(error(190, 463), 401); };
    first(json(error(190, 463), 401));
    CHECK(instagram.upload(attempt).error_class == ErrorClass::needs_login);
  }
  SUBCASE("a permission that was taken back is missing") {
    instagram.permissions = [] {
      return json(R"({"data":[{"permission":"instagram_content_publish","status":"declined"}]})");
    };
    first(json(error(10, 0), 403));
    CHECK(instagram.upload(attempt).error_class == ErrorClass::needs_login);
  }
}

TEST_CASE("Instagram: a host that does not know a field is asked for fewer") {
  Instagram instagram;
  FakeAttempt attempt(instagram.path, instagram.content);
  instagram.status = [&] {
    return instagram.last_fields.find("video_status") != std::string::npos ? json(error(100, 0), 400)
                                                                           : json(kFinished);
  };
  CHECK(instagram.upload(attempt).success);
}
