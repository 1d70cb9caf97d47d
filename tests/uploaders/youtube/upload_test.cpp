#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "tests/uploaders/youtube/scripted_youtube.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"
#include "uploaders/youtube/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("a video arrives byte for byte with what was to be said about it") {
  PracticeStudio studio;
  FakeAttempt attempt(studio.path, studio.content);
  Metadata metadata;
  metadata.title = "Gr\xC3\xBC\xC3\x9F Gott";
  metadata.caption = "Two\nlines";
  metadata.hashtags = {"viral"};
  metadata.tags = {"one", "two words"};
  metadata.privacy = "unlisted";
  metadata.made_for_kids = true;
  const auto result = studio.upload(attempt, metadata);
  studio.check_posted_once(result);
  const Json post = studio.posts()[0];
  CHECK(post["title"] == "Gr\xC3\xBC\xC3\x9F Gott");
  CHECK(post["caption"] == "Two\nlines\n\n#viral");
  const Json video =
      studio.api("/youtube/v3/videos?part=snippet,status&id=" + *result.platform_post_id).json()["items"][0];
  CHECK(video["snippet"]["tags"] == Json{"one", "two words"});
  CHECK(video["snippet"]["categoryId"] == "22");
  CHECK(video["status"]["privacyStatus"] == "unlisted");
  CHECK(video["status"]["selfDeclaredMadeForKids"] == true);
  REQUIRE(attempt.handles.size() == 1);
  CHECK(youtube::parse_handle(attempt.handles[0]).uri.starts_with(studio.server().url()));
  CHECK(attempt.publishes == 1);
  CHECK(attempt.steps.front() == UploadStep::checking);
  CHECK(attempt.steps.back() == UploadStep::done);
}

TEST_CASE("what is left out comes from the video and the configuration") {
  PracticeStudio studio(1000);
  studio.config.of<YouTubeConfig>().privacy = "private";
  const auto result = studio.upload();
  studio.check_posted_once(result);
  CHECK(studio.posts()[0]["title"] == "First");
  const Json video =
      studio.api("/youtube/v3/videos?part=status&id=" + *result.platform_post_id).json()["items"][0];
  CHECK(video["status"]["privacyStatus"] == "private");
  CHECK(video["status"]["selfDeclaredMadeForKids"] == false);
}

TEST_CASE("a video of one byte arrives") {
  PracticeStudio studio(1);
  studio.check_posted_once(studio.upload());
}

TEST_CASE("in chunks every chunk but the last has the configured size") {
  PracticeStudio studio(3 * kChunk + 5);
  studio.config.of<YouTubeConfig>().chunk_bytes = 2 * kChunk;
  FakeAttempt attempt(studio.path, studio.content);
  studio.check_posted_once(studio.upload(attempt));
  CHECK(studio.sent_ranges() ==
        std::vector<std::string>{"bytes 0-524287/786437", "bytes 524288-786436/786437"});
  CHECK(attempt.publishes == 1);
}

TEST_CASE("whatever passes by itself ends in exactly one post") {
  struct Trouble {
    const char* name;
    std::vector<Json> faults;
  };
  const std::vector<Trouble> troubles{
      {"503 twice", {{{"kind", "status"}, {"status", 503}, {"times", 2}}}},
      {"503 at the initiation", {{{"kind", "status"}, {"status", 503}, {"on", "initiate"}}}},
      {"503 to the status query",
       {{{"kind", "reset"}, {"at_byte", 1000}},
        {{"kind", "status"}, {"status", 500}, {"on", "status_query"}}}},
      {"502 as HTML", {{{"kind", "status"}, {"status", 502}, {"body", "html"}, {"times", 3}}}},
      {"500 with nothing", {{{"kind", "status"}, {"status", 500}, {"body", "empty"}, {"times", 3}}}},
      {"429", {{{"kind", "status"}, {"status", 403}, {"reason", "userRateLimitExceeded"}, {"times", 2}}}},
      {"cut at the first byte", {{{"kind", "reset"}, {"at_byte", 0}}}},
      {"cut in the middle", {{{"kind", "reset"}, {"at_byte", 1'500'000}}}},
      {"cut three times",
       {{{"kind", "reset"}, {"at_byte", 100'000}},
        {{"kind", "reset"}, {"at_byte", 700'000}},
        {{"kind", "reset"}, {"at_byte", 2'999'999}}}},
      {"taken partly", {{{"kind", "partial"}, {"at_byte", 700'000}}}},
      {"answer lost after the last byte", {{{"kind", "lost_answer"}}}},
      {"answer lost, then 503",
       {{{"kind", "lost_answer"}}, {{"kind", "status"}, {"status", 503}, {"times", 3}}}},
      {"session gone before the bytes", {{{"kind", "expired_session"}, {"on", "send"}}}},
      {"session gone, as 410", {{{"kind", "expired_session"}, {"on", "send"}, {"status", 410}}}},
      {"token ran out at the initiation", {{{"kind", "token_expired"}, {"on", "initiate"}}}},
      {"token ran out while sending", {{{"kind", "token_expired"}, {"on", "send"}}}},
      {"token ran out when asked",
       {{{"kind", "lost_answer"}}, {{"kind", "token_expired"}, {"on", "status_query"}}}},
      {"look-up after the upload fails",
       {{{"kind", "status"}, {"status", 403}, {"on", "api"}, {"reason", "insufficientPermissions"}}}},
      {"not listed yet", {{{"kind", "not_listed"}}}},
  };
  for (const std::uint64_t chunk : {std::uint64_t{0}, std::uint64_t{2 * kChunk}})
    for (const Trouble& trouble : troubles) {
      CAPTURE(std::string(trouble.name));
      CAPTURE(chunk);
      PracticeStudio studio;
      studio.config.of<YouTubeConfig>().chunk_bytes = chunk;
      for (const Json& fault : trouble.faults) REQUIRE(studio.fault(fault).status < 300);
      studio.check_posted_once(studio.upload());
    }
}

TEST_CASE("after a cut only what is missing is sent") {
  PracticeStudio studio;
  studio.fault({{"kind", "reset"}, {"at_byte", 1'000'000}});
  studio.check_posted_once(studio.upload());
  CHECK(studio.sent_ranges() == std::vector<std::string>{"bytes 1000000-2999999/3000000"});
}

TEST_CASE("a server that stalls is left after the stall timeout and found again") {
  PracticeStudio studio(24'000'000);
  studio.config.upload.stall_timeout_s = 1;
  studio.fault({{"kind", "stall"}, {"at_byte", 100'000}, {"seconds", 60}});
  studio.check_posted_once(studio.upload());
}

TEST_CASE("a session that is gone before all could be sent is begun anew, a few times") {
  PracticeStudio studio(24'000'000);
  studio.fault({{"kind", "reset"}, {"at_byte", 1000}});
  studio.fault({{"kind", "expired_session"}, {"on", "status_query"}});
  SUBCASE("once") {
    FakeAttempt attempt(studio.path, studio.content);
    studio.check_posted_once(studio.upload(attempt));
    CHECK(attempt.handles.size() == 2);
    CHECK(attempt.handles[0] != attempt.handles[1]);
  }
  SUBCASE("over and over") {
    studio.fault({{"kind", "expired_session"}, {"on", "send"}, {"times", 2}});
    const auto result = studio.upload();
    check_failed(result, ErrorClass::transient, "HTTP 404");
    CHECK_FALSE(result.resumable);
    CHECK(studio.posts().empty());
  }
}

TEST_CASE("a session that is gone after all was sent is found among the uploads, or leaves a doubt") {
  PracticeStudio studio;
  studio.fault({{"kind", "lost_answer"}});
  studio.fault({{"kind", "expired_session"}, {"on", "status_query"}});
  SUBCASE("its video is listed") {
    studio.check_posted_once(studio.upload());
  }
  SUBCASE("it is not, and nothing is sent again") {
    studio.fault({{"kind", "not_listed"}, {"times", 9}});
    check_failed(studio.upload(), ErrorClass::doubt);
    CHECK(studio.posts().size() == 1);
  }
}

TEST_CASE("a token that stays refused asks for a login") {
  PracticeStudio studio;
  studio.fault({{"kind", "token_expired"}, {"times", 10}});
  check_failed(studio.upload(), ErrorClass::needs_login, "HTTP 401");
  CHECK(studio.posts().empty());
}

TEST_CASE("a fresh token is asked for once for each headway, and used from then on") {
  ScriptedStudio studio;
  studio.config.of<YouTubeConfig>().chunk_bytes = 2 * kChunk;
  studio.script = {studio.opened(), {401, {}, ""},
                   {308, {}, ""},   {308, {{"Range", "bytes=0-524287"}}, ""},
                   {401, {}, ""},   {308, {{"Range", "bytes=0-524287"}}, ""},
                   kMade,           kNothingKnown};
  CHECK(studio.upload().success);
  CHECK(studio.token().refreshed == 2);
  CHECK(studio.seen[1].token == "Bearer TOKEN-1");
  CHECK(studio.seen[2].token == "Bearer TOKEN-2");
}

TEST_CASE("without a token nothing is sent") {
  ScriptedStudio studio;
  studio.script = {{401, {}, ""}};
  studio.token().fresh.clear();
  const auto refused = studio.upload();
  check_failed(refused, ErrorClass::needs_login, "no fresh token");
  CHECK(studio.seen.size() == 1);
}

TEST_CASE("a cancelled upload can be resumed, also on a server that was started again") {
  PracticeStudio studio(24'000'000);
  studio.fault({{"kind", "slow"}, {"bytes_per_second", 20'000'000}});
  FakeAttempt first(studio.path, studio.content);
  first.stop_at = 1'000'000;
  const auto stopped = studio.upload(first);
  check_failed(stopped, ErrorClass::cancelled);
  CHECK(stopped.resumable);
  CHECK(studio.posts().empty());
  REQUIRE(first.handles.size() == 1);

  studio.restart();
  studio.config.of<YouTubeConfig>().upload_base = studio.config.of<YouTubeConfig>().api_base =
      studio.server().url();
  studio.credentials = practice_credentials(studio.server().url());
  FakeAttempt second(studio.path, studio.content);
  second.given_handle = first.handles[0];
  studio.check_posted_once(studio.upload(second));
  CHECK(second.handles.empty());
  CHECK(second.publishes == 1);
}

TEST_CASE("a session that was finished by an earlier process is a success without sending") {
  PracticeStudio studio;
  FakeAttempt first(studio.path, studio.content);
  const auto made = studio.upload(first);
  REQUIRE(made.success);
  FakeAttempt second(studio.path, studio.content);
  second.given_handle = first.handles[0];
  const auto result = studio.upload(second);
  studio.check_posted_once(result);
  CHECK(second.publishes == 0);
}

TEST_CASE("a session of an earlier process that is gone is begun anew, unless it may have been completed") {
  PracticeStudio studio;
  FakeAttempt attempt(studio.path, studio.content);
  attempt.given_handle =
      studio.server().url() + "/upload/youtube/v3/videos?uploadType=resumable&upload_id=unknown";
  SUBCASE("its last byte never went out") {
    studio.check_posted_once(studio.upload(attempt));
  }
  SUBCASE("its last byte went out") {
    attempt.may_be_live = true;
    check_failed(studio.upload(attempt), ErrorClass::doubt, "all of the video had been sent");
    CHECK(studio.posts().empty());
  }
}

TEST_CASE("whatever the request with the last byte is answered, no other session is begun") {
  for (const int status : {400, 401, 403, 404, 410, 413, 429, 500}) {
    for (const char* body :
         {"<html>gone</html>", R"({"error":{"message":"no","errors":[{"reason":"notFound"}]}})"}) {
      CAPTURE(status);
      CAPTURE(body);
      ScriptedStudio studio;
      studio.script = {studio.opened(), {status, {}, body}, kMade, kNothingKnown};
      const auto result = studio.upload();
      CHECK(result.success);
      CHECK(studio.seen[2].range == "bytes */1000000");
      CHECK(studio.seen.size() == 4);
    }
  }
}

TEST_CASE("a question about a session that may be complete fails nothing, whatever is answered") {
  for (const int status : {400, 403, 404, 410, 500}) {
    CAPTURE(status);
    ScriptedStudio studio;
    FakeAttempt attempt(studio.path, studio.content);
    attempt.given_handle = studio.url() + "/session";
    attempt.may_be_live = true;
    studio.script = {{status, {}, "<html>gone</html>"}};
    const auto result = studio.upload(attempt);
    check_failed(result, ErrorClass::transient);
    CHECK(result.resumable);
    CHECK(attempt.handles.empty());
    for (const auto& seen : studio.seen) CHECK(seen.range == "bytes */1000000");
  }
}

TEST_CASE("the session that lacks bytes by its own word gets them, also after the last one went out") {
  ScriptedStudio studio;
  studio.script = {
      studio.opened(), {502, {}, ""}, {308, {{"Range", "bytes=0-499999"}}, ""}, kMade, kNothingKnown};
  CHECK(studio.upload().success);
  CHECK(studio.seen[3].range == "bytes 500000-999999/1000000");
}

TEST_CASE("a session of an earlier process that goes away while it is sent to is begun anew") {
  PracticeStudio studio;
  const std::string session_path = studio.begin(studio.content.size());
  FakeAttempt attempt(studio.path, studio.content);
  attempt.given_handle = studio.server().url() + session_path;
  studio.fault({{"kind", "expired_session"}, {"on", "send"}});
  studio.check_posted_once(studio.upload(attempt));
  CHECK(attempt.handles.size() == 1);
}

TEST_CASE("a stop during the wait between tries ends the upload") {
  ScriptedStudio studio;
  FakeAttempt attempt(studio.path, studio.content);
  studio.script = {studio.opened(), {503, {{"Retry-After", "60"}}, ""}};
  attempt.stop_source.request_stop();
  check_failed(studio.upload(attempt), ErrorClass::cancelled);
}

TEST_CASE("metadata beyond the limits is refused with field, limit and what it is") {
  PracticeStudio studio(10);
  const auto uploader = studio.uploader();
  const auto error = [&](const Metadata& metadata, std::string_view title = "T", std::uint64_t size = 10) {
    const auto fits = uploader->check(metadata, title, size);
    if (fits) return std::string();
    CHECK(fits.error().code == Code::usage);
    return fits.error().message;
  };
  const auto repeated = [](std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  CHECK(error({}) == "");
  CHECK(error({}, repeated("\xF0\x9F\x98\x80", 100)) == "");
  CHECK(error({}, repeated("\xF0\x9F\x98\x80", 101)) ==
        "the title has 101 characters; YouTube takes at most 100");
  CHECK(error({}, "") == "the title is empty; YouTube needs one");
  CHECK(error({.title = " \n"}) == "the title is empty; YouTube needs one");
  CHECK(error({.title = "a<b"}).find("< or >") != std::string::npos);
  CHECK(error({.caption = "a>b"}).find("< or >") != std::string::npos);
  CHECK(error({.caption = repeated("\xC3\xA4", 2500)}) == "");
  CHECK(error({.caption = repeated("\xC3\xA4", 2500) + "x"}).find("5001 bytes; YouTube takes at most 5000") !=
        std::string::npos);
  CHECK(error({.caption = repeated("x", 4996), .hashtags = {"a"}}) == "");
  CHECK(error({.caption = repeated("x", 4997), .hashtags = {"a"}}).find("5001 bytes") != std::string::npos);
  CHECK(error({.tags = {repeated("x", 249), repeated("y", 248) + " z"}}).find("502 characters") !=
        std::string::npos);
  CHECK(error({.tags = {repeated("x", 249), repeated("y", 250)}}) == "");
  CHECK(error({.tags = {"a", " "}}) == "one of the tags is empty");
  CHECK(error({.privacy = "secret"}).find("private, unlisted and public") != std::string::npos);
  CHECK(error({.category = "music"}).find("numbers") != std::string::npos);
  CHECK(error({}, "T", 274'877'906'944) == "");
  CHECK(error({}, "T", 274'877'906'945).find("274877906945 bytes") != std::string::npos);
}

TEST_CASE("an upload with metadata beyond the limits sends nothing") {
  ScriptedStudio studio;
  check_failed(studio.upload({.title = "<>"}), ErrorClass::permanent);
  CHECK(studio.seen.empty());
}
