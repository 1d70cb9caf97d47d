#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "tests/uploaders/youtube/scripted_youtube.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"
#include "uploaders/youtube/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("limits wait until the platform takes videos again") {
  PracticeStudio studio;
  const TimePoint midnight = std::chrono::sys_days(std::chrono::year(2026) / 2 / 12) + 8h + 5min;
  SUBCASE("the project's quota, until midnight in California") {
    studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "quotaExceeded"}});
    const auto result = studio.upload();
    check_failed(result, ErrorClass::rate_limited, "quotaExceeded");
    CHECK(result.retry_at == midnight);
  }
  SUBCASE("the project's uploads a day") {
    studio.fault({{"kind", "status"}, {"status", 429}});
    const auto result = studio.upload();
    check_failed(result, ErrorClass::rate_limited, "per day");
    CHECK(result.retry_at == midnight);
  }
  SUBCASE("the channel's own, for a day") {
    studio.fault({{"kind", "status"}, {"status", 400}, {"reason", "uploadLimitExceeded"}});
    const auto result = studio.upload();
    check_failed(result, ErrorClass::rate_limited);
    CHECK(result.retry_at == kMorning + 24h);
  }
  SUBCASE("too many requests at once, which do not get fewer") {
    studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "rateLimitExceeded"}, {"times", 1000}});
    const auto result = studio.upload();
    check_failed(result, ErrorClass::rate_limited);
    CHECK(*result.retry_at >= kMorning + 15min);
  }
  SUBCASE("a server that asks for more patience than an attempt has") {
    studio.fault({{"kind", "status"}, {"status", 503}, {"retry_after", 3600}});
    const auto result = studio.upload();
    check_failed(result, ErrorClass::rate_limited);
    CHECK(result.retry_at == kMorning + 1h);
  }
  CHECK(studio.posts().empty());
}

TEST_CASE("a short Retry-After is waited for") {
  PracticeStudio studio;
  studio.fault({{"kind", "status"}, {"status", 503}, {"retry_after", 120}});
  studio.check_posted_once(studio.upload());
  CHECK(studio.clock.now() >= kMorning + 120s);
}

TEST_CASE("trouble that does not end is given up after the configured tries, to be resumed later") {
  PracticeStudio studio;
  studio.config.upload.transient_tries = 3;
  studio.fault({{"kind", "status"}, {"status", 503}, {"on", Json{"send", "status_query"}}, {"times", 1000}});
  const auto result = studio.upload();
  check_failed(result, ErrorClass::transient, "HTTP 503");
  CHECK(result.resumable);
  CHECK(studio.faults()[0]["fired"] == 4);
}

TEST_CASE("headway gives new tries") {
  PracticeStudio studio;
  studio.config.upload.transient_tries = 1;
  for (const int at : {500'000, 1'000'000, 1'500'000, 2'000'000})
    studio.fault({{"kind", "reset"}, {"at_byte", at}});
  studio.check_posted_once(studio.upload());
}

TEST_CASE("without headway the tries come to an end") {
  ScriptedStudio studio;
  studio.config.upload.transient_tries = 2;
  studio.script = {studio.opened(), {308, {}, ""}};
  check_failed(studio.upload(), ErrorClass::transient, "stored none");
}

TEST_CASE("a refusal ends the upload with the platform's words") {
  PracticeStudio studio;
  studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "forbidden"}});
  const auto result = studio.upload();
  check_failed(result, ErrorClass::permanent, "HTTP 403 forbidden: Forbidden");
  CHECK_FALSE(result.resumable);
}

TEST_CASE("a video whose processing failed is no success") {
  PracticeStudio studio;
  studio.fault({{"kind", "processing_failed"}, {"reason", "codec"}});
  const auto result = studio.upload();
  check_failed(result, ErrorClass::permanent, "could not process it: codec");
  CHECK_FALSE(result.resumable);
}

TEST_CASE("a success that makes no sense is asked about again") {
  ScriptedStudio studio;
  SUBCASE("and cleared up") {
    studio.script = {studio.opened(), {200, {}, "<html>welcome</html>"}, kMade, kNothingKnown};
    const auto result = studio.upload();
    CHECK(result.success);
    CHECK(result.platform_post_id == "abcdefghi-_");
    CHECK(studio.seen[2].range == "bytes */1000000");
  }
  SUBCASE("and again by a later try, for it stays ours to ask") {
    FakeAttempt attempt(studio.path, studio.content);
    studio.script = {studio.opened(), {200, {}, "<html>welcome</html>"}};
    CHECK(studio.upload(attempt).resumable);
    CHECK(attempt.may_be_live);
  }
  SUBCASE("also when every byte is said to be there, but not the end") {
    FakeAttempt attempt(studio.path, studio.content);
    studio.script = {studio.opened(), {308, {{"Range", "bytes=0-999999"}}, ""}};
    CHECK(studio.upload(attempt).resumable);
    CHECK(attempt.may_be_live);
  }
}

TEST_CASE("what somebody in between answers to a chunk acknowledges no byte") {
  ScriptedStudio studio;
  studio.config.of<YouTubeConfig>().chunk_bytes = 500'000;
  const ScriptedYouTube::Reply half{308, {{"Range", "bytes=0-499999"}}, ""};
  SUBCASE("before all were sent, be it in the words of YouTube") {
    for (const char* body : {R"({"data":{}})", R"({"kind":"youtube#video","id":"?"})"}) {
      studio.script = {studio.opened(), {200, {}, body}, half, kMade, kNothingKnown};
      studio.seen.clear();
      CHECK(studio.upload().success);
      CHECK(studio.seen[2].range == "bytes */1000000");
      CHECK(studio.seen[3].range == "bytes 500000-999999/1000000");
    }
  }
  SUBCASE("nor after the last one, in words that are not YouTube's") {
    studio.script = {studio.opened(), half, {200, {}, R"({"data":{}})"}, half, kMade, kNothingKnown};
    CHECK(studio.upload().success);
    CHECK(studio.seen[4].range == "bytes 500000-999999/1000000");
  }
}

TEST_CASE("what the server wants is followed: 308 without a range, a moved session") {
  ScriptedStudio studio;
  studio.config.of<YouTubeConfig>().chunk_bytes = 2 * kChunk;
  studio.script = {
      studio.opened(),
      {308, {{"Range", "bytes=0-262143"}, {"Location", studio.url() + "/moved?upload_id=SECRET2"}}, ""},
      {308, {}, ""},
      {308, {}, ""},
      {308, {{"Range", "bytes=0-524287"}}, ""},
      kMade,
      kNothingKnown};
  FakeAttempt attempt(studio.path, studio.content);
  CHECK(studio.upload(attempt).success);
  REQUIRE(attempt.handles.size() == 2);
  CHECK(youtube::parse_handle(attempt.handles[0]).uri == studio.url() + "/session?upload_id=SECRET");
  CHECK(youtube::parse_handle(attempt.handles[1]).uri == studio.url() + "/moved?upload_id=SECRET2");
  const std::vector<std::string> expected{"",
                                          "bytes 0-524287/1000000",
                                          "bytes 262144-786431/1000000",
                                          "bytes */1000000",
                                          "bytes 0-524287/1000000",
                                          "bytes 524288-999999/1000000"};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(studio.seen[i].range == expected[i]);
  CHECK(studio.seen[2].target == "/moved?upload_id=SECRET2");
}

TEST_CASE("the access token is not sent to a foreign upload address") {
  ScriptedStudio studio;
  SUBCASE("handed out at the initiation") {
    studio.script = {{200, {{"Location", "http://localhost:1/session"}}, ""}};
  }
  SUBCASE("handed out later") {
    studio.config.of<YouTubeConfig>().chunk_bytes = kChunk;
    studio.script = {studio.opened(),
                     {308, {{"Range", "bytes=0-262143"}, {"Location", "https://evil.example/s"}}, ""}};
  }
  check_failed(studio.upload(), ErrorClass::permanent, "the access token is not sent there");
}

TEST_CASE("the handle is kept before the first byte, or nothing is sent") {
  PracticeStudio studio;
  FakeAttempt attempt(studio.path, studio.content);
  attempt.save_fails = true;
  check_failed(studio.upload(attempt), ErrorClass::transient, "taken over");
  CHECK(studio.sessions()[0]["bytes_received"] == 0);
}

TEST_CASE("when the upload is no longer ours the last byte is held back") {
  PracticeStudio studio;
  FakeAttempt attempt(studio.path, studio.content);
  attempt.publish_fails = true;
  const auto result = studio.upload(attempt);
  check_failed(result, ErrorClass::transient, "taken over");
  CHECK(result.resumable);
  CHECK(studio.posts().empty());
}

TEST_CASE("a changed file is never published") {
  PracticeStudio studio;
  FakeAttempt attempt(studio.path, studio.content);
  std::string other = studio.content;
  other[1'234'567] ^= 1;
  write_file(studio.path, other);
  for (const std::uint64_t chunk : {std::uint64_t{0}, std::uint64_t{kChunk}}) {
    studio.config.of<YouTubeConfig>().chunk_bytes = chunk;
    FakeAttempt changed(studio.path, studio.content);
    const auto result = studio.upload(changed);
    check_failed(result, ErrorClass::changed_file, "changed since it was registered");
    CHECK_FALSE(result.resumable);
    CHECK(changed.publishes == 0);
  }
  CHECK(studio.posts().empty());
}

TEST_CASE("a server that is not there is tried for a while") {
  PracticeStudio studio;
  studio.credentials = std::make_unique<FixedToken>();
  studio.server().stop();
  const auto result = studio.upload();
  check_failed(result, ErrorClass::offline, "cannot reach 127.0.0.1");
  CHECK_FALSE(result.resumable);
}
