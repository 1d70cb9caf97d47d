#include <doctest/doctest.h>
#include <fmt/format.h>
#include <httplib.h>

#include <deque>

#include "registry/base/json.h"
#include "tests/support/upload_studio.h"
#include "uploaders/transfer/http.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"
#include "uploaders/youtube/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

void check_failed(const UploadResult& result, ErrorClass error_class, std::string_view mention = "") {
  CHECK_FALSE(result.success);
  CHECK_FALSE(result.platform_post_id);
  CHECK(static_cast<int>(result.error_class) == static_cast<int>(error_class));
  REQUIRE(result.error_message);
  CHECK_MESSAGE(result.error_message->find(mention) != std::string::npos, *result.error_message);
  CHECK(result.error_message->find("upload_id") == std::string::npos);
  CHECK(result.error_message->find("TOKEN") == std::string::npos);
}

// A YouTube that answers by a script, one entry for each request, the last one for ever.
class ScriptedYouTube {
 public:
  struct Reply {
    int status = 200;
    HttpHeaders headers;
    std::string body;
  };
  struct Seen {
    std::string method, target, range, token, content_type;
    std::size_t body = 0;
  };

  ScriptedYouTube() {
    port_ = server_.bind_to_any_port("127.0.0.1");
    const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
      reply(request, response);
    };
    server_.Post(".*", answer).Put(".*", answer).Get(".*", answer);
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    server_.wait_until_ready();
  }
  ~ScriptedYouTube() { server_.stop(); }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  Reply opened() const { return {200, {{"Location", url() + "/session?upload_id=SECRET"}}, ""}; }

  std::deque<Reply> script;
  std::vector<Seen> seen;

 private:
  void reply(const httplib::Request& request, httplib::Response& response) {
    seen.push_back({request.method, request.target, request.get_header_value("Content-Range"),
                    request.get_header_value("Authorization"), request.get_header_value("Content-Type"),
                    request.body.size()});
    const Reply next = script.empty() ? Reply{500, {}, ""} : script.front();
    if (script.size() > 1) script.pop_front();
    response.status = next.status;
    for (const auto& [name, value] : next.headers) response.set_header(name, value);
    if (!next.body.empty()) response.set_content(next.body, "application/json");
  }

  httplib::Server server_;
  int port_ = -1;
  std::jthread thread_;
};

struct ScriptedStudio : ScriptedYouTube, Studio {
  explicit ScriptedStudio(std::size_t size = 1'000'000)
      : Studio(url(), std::make_unique<FixedToken>(), size) {}
  FixedToken& token() { return static_cast<FixedToken&>(*credentials); }
};

const ScriptedYouTube::Reply kMade{201, {}, R"({"kind":"youtube#video","id":"abcdefghi-_"})"};
const ScriptedYouTube::Reply kNothingKnown{200, {}, R"({"items":[]})"};

}  // namespace

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
