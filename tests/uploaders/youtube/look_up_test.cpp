#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "tests/uploaders/youtube/scripted_youtube.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"
#include "uploaders/youtube/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("an unfinished upload is looked up by its handle") {
  PracticeStudio studio(24'000'000);
  using State = Reconciliation::State;
  const auto look_up = [&](const std::string& handle, std::uint64_t size) {
    return studio.uploader()->reconcile({.handle = handle, .file_size = size}, {});
  };
  FakeAttempt attempt(studio.path, studio.content);
  SUBCASE("half sent") {
    studio.config.upload.transient_tries = 0;
    studio.fault({{"kind", "reset"}, {"at_byte", 1'000'000}});
    studio.upload(attempt);
    const auto found = look_up(attempt.handles.at(0), 24'000'000);
    CHECK(found.state == State::part);
    CHECK(found.bytes_received == 1'000'000);
    CHECK(look_up(attempt.handles.at(0), 0).state == State::part);
  }
  SUBCASE("finished, and its answer lost") {
    studio.config.upload.transient_tries = 0;
    studio.fault({{"kind", "lost_answer"}});
    CHECK_FALSE(studio.upload(attempt).success);
    const auto found = look_up(attempt.handles.at(0), 24'000'000);
    CHECK(found.state == State::done);
    CHECK(found.post_id == studio.posts()[0]["post_id"].get<std::string>());
  }
  SUBCASE("unknown") {
    CHECK(look_up(studio.server().url() + "/upload/youtube/v3/videos?upload_id=none", 10).state ==
          State::not_made);
  }
  SUBCASE("the token runs out in between, and the server coughs") {
    studio.upload(attempt);
    studio.fault({{"kind", "token_expired"}});
    studio.fault({{"kind", "status"}, {"status", 503}, {"times", 2}});
    CHECK(look_up(attempt.handles.at(0), 24'000'000).state == State::done);
  }
  SUBCASE("no answer to be had") {
    studio.upload(attempt);
    studio.fault({{"kind", "status"}, {"status", 503}, {"times", 100}});
    const auto found = look_up(attempt.handles.at(0), 24'000'000);
    CHECK(found.state == State::failed);
    check_failed(found.error, ErrorClass::transient, "HTTP 503");
  }
  SUBCASE("a quota that is used up") {
    studio.upload(attempt);
    studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "quotaExceeded"}});
    const auto found = look_up(attempt.handles.at(0), 24'000'000);
    CHECK(found.state == State::failed);
    CHECK(found.error.error_class == ErrorClass::rate_limited);
    CHECK(found.error.retry_at);
  }
  SUBCASE("nobody there") {
    studio.upload(attempt);
    studio.credentials = std::make_unique<FixedToken>();
    studio.server().stop();
    CHECK(look_up(attempt.handles.at(0), 24'000'000).state == State::failed);
  }
}

TEST_CASE("a finished upload whose processing failed is no success when it is looked up, either") {
  PracticeStudio studio(1'000'000);
  const std::string session = studio.begin(studio.content.size());
  REQUIRE(studio.fault({{"kind", "processing_failed"}}).status == 200);
  REQUIRE(studio.put_whole(session, studio.content).status == 201);
  const auto found = studio.uploader()->reconcile({.handle = studio.server().url() + session,
                                                   .file_size = studio.content.size(),
                                                   .maybe_published = true},
                                                  {});
  CHECK(found.state == Reconciliation::State::part);
  FakeAttempt earlier(studio.path, studio.content);
  earlier.given_handle = studio.server().url() + session;
  earlier.may_be_live = true;
  check_failed(studio.upload(earlier), ErrorClass::permanent, "could not process it");
  CHECK_FALSE(earlier.may_be_live);
}

TEST_CASE("a look-up that is answered by nonsense is no answer: it is asked again later") {
  for (const ScriptedYouTube::Reply& reply : {ScriptedYouTube::Reply{200, {}, "<html>welcome</html>"},
                                              {404, {}, "<html>"},
                                              {410, {}, ""},
                                              {400, {}, "<html>"}}) {
    ScriptedStudio studio;
    studio.script = {reply};
    CHECK(studio.uploader()
              ->reconcile({.handle = studio.url() + "/session", .file_size = 10, .maybe_published = true}, {})
              .state == Reconciliation::State::failed);
  }
}

TEST_CASE(
    "an upload begun on practice platforms made nothing on the real one, and the other way round it waits") {
  ScriptedStudio studio;
  using State = Reconciliation::State;
  const auto real = studio.uploader()->reconcile(
      {.handle = "https://www.googleapis.com/upload?upload_id=SECRET", .file_size = 10}, {});
  CHECK(real.state == State::failed);
  CHECK(real.error.error_message->find("SECRET") == std::string::npos);
  CHECK(studio.seen.empty());
  studio.config.of<YouTubeConfig>().upload_base = "https://www.googleapis.com";
  CHECK(studio.uploader()
            ->reconcile({.handle = "http://127.0.0.1:1/upload?upload_id=x", .file_size = 10}, {})
            .state == State::not_made);
}
