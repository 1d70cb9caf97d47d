#include "uploaders/stage/upload_stage.h"

#include <doctest/doctest.h>

#include <thread>

#include "registry/base/json.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/http.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

class FixedToken final : public Credentials {
 public:
  Result<std::string> access_token(std::string_view) override { return std::string("TOKEN"); }
  Result<std::string> refreshed_token(std::string_view) override {
    return fail(Code::needs_login, "the token is not accepted any more");
  }
};

// A library that holds one registered clip, and practice platforms.
struct Studio : Practice, TestLibrary {
  std::string content;
  std::filesystem::path clip = library.home / "clips/clip_001.mp4";
  Config config;
  std::unique_ptr<Credentials> credentials = practice_credentials(server().url());

  explicit Studio(std::size_t size = 1'000'000) : content(test_bytes(size)) {
    write_file(clip, content);
    auto registry = open();
    REQUIRE(registry.register_video(
        {.id = "clip_001", .file_path = "clips/clip_001.mp4", .title = "First", .checksum = sha256()}));
    auto loaded = upload_config(library, server().url());
    REQUIRE(loaded);
    config = *std::move(loaded);
    config.upload.transient_tries = 2;
  }

  std::string sha256() const {
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    return hash.finish();
  }
  StageResult run(const Metadata& metadata = {}, const StageOptions& options = {}) {
    const StageContext context{library, config, *credentials, clock};
    return run_upload_stage(context, "clip_001", "YouTube", metadata, options);
  }
  std::string ask(const std::string& sql) { return Stranger(library.database()).ask(sql); }
  std::string row() {
    return ask(
        "SELECT upload_status, ifnull(platform_post_id, ''), ifnull(error_message, ''), retry_count FROM "
        "video_uploads");
  }
  std::string events() {
    return Stranger(library.audit_database())
        .ask("SELECT clip_id, platform, status FROM upload_events ORDER BY id");
  }
  std::vector<Json> log_lines() const {
    std::ifstream in(library.upload_log());
    std::vector<Json> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
    return lines;
  }
  std::string post_id() const { return posts().at(0)["post_id"]; }
  void check_posted_once() const {
    const Json made = posts();
    REQUIRE(made.size() == 1);
    CHECK(made[0]["sha256"] == sha256());
  }

  // A try that got as far as this and then died with its process.
  void leave_behind(const std::string& handle, bool maybe_published, const std::string& metadata = "{}") {
    auto registry = open();
    UploadLedger ledger(registry);
    const auto claim =
        ledger.claim({.video_id = "clip_001", .platform = "YouTube", .metadata_json = metadata});
    REQUIRE(claim);
    if (!handle.empty()) REQUIRE(ledger.save_handle(claim->attempt_id, handle));
    if (maybe_published) REQUIRE(ledger.before_publish(claim->attempt_id));
    clock.advance(kLease + 1s);
  }
  std::string session_url(const std::string& path) const { return server().url() + path; }
};

void check_error(const StageResult& result, Code code, std::string_view mention) {
  REQUIRE(result.error);
  CHECK(static_cast<int>(result.error->code) == static_cast<int>(code));
  CHECK_MESSAGE(result.error->message.find(mention) != std::string::npos, result.error->message);
}

std::string status_of(const StageResult& result) {
  return std::string(names_of(result.status).name);
}

}  // namespace

TEST_CASE("an upload is sent, recorded and written to the audit trail") {
  Studio studio;
  UploadProgress progress;
  const auto result = studio.run({.caption = "Hello", .hashtags = {"#viral"}}, {.progress = &progress});
  CHECK_FALSE(result.error);
  CHECK(status_of(result) == "SUCCESS");
  studio.check_posted_once();
  CHECK(result.post_id == studio.post_id());
  CHECK(result.video_id == "clip_001");
  CHECK(result.platform == "YouTube");
  CHECK(result.retry_count == 0);
  CHECK(result.warning.empty());
  CHECK(studio.row() == "SUCCESS|" + studio.post_id() + "||0");
  CHECK(studio.posts()[0]["caption"] == "Hello\n\n#viral");
  CHECK(studio.events() == "clip_001|YouTube|uploading\nclip_001|YouTube|success");
  const auto lines = studio.log_lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["status"] == "SUCCESS");
  CHECK(lines[0]["upload_id"] == studio.post_id());
  CHECK(lines[0]["metadata"]["hashtags"] == Json{"#viral"});
  CHECK(progress.step == UploadStep::done);
  CHECK(progress.total == 1'000'000);
  CHECK(progress.sent == 1'000'000);
}

TEST_CASE("a second upload is refused, written down, and leaves the first alone") {
  Studio studio;
  studio.run();
  const std::string before = studio.row();
  const auto result = studio.run();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::blocked, "clip_001 is already on YouTube (post " + studio.post_id());
  check_error(result, Code::blocked, "; to post it again: asfs-videos duplicates clip_001 on");
  CHECK(result.post_id == studio.post_id());
  CHECK(studio.row() == before);
  CHECK(studio.posts().size() == 1);
  CHECK(studio.events().ends_with("clip_001|YouTube|blocked"));
  const auto lines = studio.log_lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[1]["status"] == "BLOCKED");
  CHECK(lines[1]["upload_id"] == studio.post_id());
}

TEST_CASE("a second upload is refused even when the file is gone by now") {
  Studio studio;
  studio.run();
  std::filesystem::remove(studio.clip);
  CHECK(status_of(studio.run()) == "BLOCKED");
  CHECK(studio.row().starts_with("SUCCESS|"));
}

TEST_CASE("with duplicates allowed the same video is posted again") {
  Studio studio;
  studio.run();
  REQUIRE(studio.open().set_duplicate_allowed("clip_001", true));
  CHECK(status_of(studio.run()) == "SUCCESS");
  CHECK(studio.posts().size() == 2);
}

TEST_CASE("what cannot be tried at all is refused and changes nothing") {
  Studio studio;
  const StageContext context{studio.library, studio.config, *studio.credentials, studio.clock};
  check_error(run_upload_stage(context, "nobody", "YouTube"), Code::not_found, "nobody");
  check_error(run_upload_stage(context, "clip_001", "Vimeo"), Code::not_found, "\"Vimeo\"");
  CHECK(studio.row().empty());
  CHECK_FALSE(std::filesystem::exists(studio.library.upload_log()));
  std::stop_source stop;
  stop.request_stop();
  check_error(studio.run({}, {.stop = stop.get_token()}), Code::cancelled, "stopped");
  CHECK(studio.row().empty());
}

TEST_CASE("a platform may be named in any capitalisation and is recorded under its name") {
  Studio studio;
  const StageContext context{studio.library, studio.config, *studio.credentials, studio.clock};
  CHECK(status_of(run_upload_stage(context, "clip_001", "youtube")) == "SUCCESS");
  CHECK(studio.ask("SELECT DISTINCT platform FROM video_uploads") == "YouTube");
}

TEST_CASE("a missing file is a failure that names the path") {
  Studio studio;
  std::filesystem::remove(studio.clip);
  const auto result = studio.run();
  CHECK(status_of(result) == "FAILED");
  CHECK(result.retry_count == 1);
  check_error(result, Code::not_found, "Video file not found: " + studio.clip.native());
  CHECK(studio.row() == "FAILED||Video file not found: " + studio.clip.native() + "|1");
  CHECK(studio.events().ends_with("clip_001|YouTube|failed"));
}

TEST_CASE("metadata beyond the limits is refused before anything is tried") {
  Studio studio;
  const auto result = studio.run({.title = std::string(101, 'x')});
  check_error(result, Code::usage, "101 characters");
  CHECK(status_of(result) == "FAILED");
  CHECK(studio.row().empty());
  CHECK(studio.sessions().empty());
  CHECK(studio.events() == "clip_001|YouTube|failed");
}

TEST_CASE("a file that is not whole is not posted, and uses up no retry") {
  Studio studio;
  // Registered by another program while its copy was going on: a box of 2,000,008 bytes.
  const std::string box("\0\0\0\x08wide\0\x1E\x84\x88mdat", 16);
  studio.content = box + studio.content;
  write_file(studio.clip, studio.content);
  Stranger(studio).run("UPDATE videos SET checksum = NULL");
  const auto result = studio.run();
  check_error(result, Code::failed, "clip_001.mp4 is incomplete: its mdat box reaches 1.0 MB beyond");
  CHECK(result.retry_count == 0);
  CHECK(studio.row().starts_with("PENDING"));
  CHECK(studio.posts().empty());
}

TEST_CASE("a changed file is never posted") {
  Studio studio;
  std::string other = studio.content;
  other[500'000] ^= 1;
  write_file(studio.clip, other);
  const auto result = studio.run();
  CHECK(status_of(result) == "FAILED");
  check_error(result, Code::failed, "changed since it was registered");
  CHECK(studio.posts().empty());
}

TEST_CASE("the fourth failure is for good, until a person tries again") {
  Studio studio;
  studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "forbidden"}, {"times", 4}});
  for (int failure = 1; failure <= 4; ++failure) {
    const auto result = studio.run();
    CHECK(status_of(result) == (failure < 4 ? "FAILED" : "FAILED_FINAL"));
    CHECK(result.retry_count == failure);
    check_error(result, Code::failed, "HTTP 403 forbidden");
  }
  const auto refused = studio.run();
  CHECK(status_of(refused) == "FAILED_FINAL");
  check_error(refused, Code::failed, "no more automatic retries");
  CHECK(refused.retry_count == 4);
  CHECK(studio.sessions().empty());
  const auto by_hand = studio.run({}, {.by_hand = true});
  CHECK(status_of(by_hand) == "SUCCESS");
  CHECK(by_hand.retry_count == 0);
}

TEST_CASE("a limit of the platform waits, without using up a retry") {
  Studio studio;
  studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "quotaExceeded"}});
  const auto result = studio.run();
  CHECK(status_of(result) == "RATE_LIMITED");
  check_error(result, Code::rate_limited, "quotaExceeded");
  CHECK(result.retry_at > kMorning);
  CHECK(result.retry_count == 0);
  CHECK(studio.row().starts_with("RATE_LIMITED|"));
}

TEST_CASE("a dead token asks for a login, without using up a retry") {
  Studio studio;
  studio.credentials = std::make_unique<FixedToken>();
  const auto result = studio.run();
  CHECK(status_of(result) == "FAILED");
  check_error(result, Code::needs_login, "not accepted");
  CHECK(result.retry_count == 0);
}

TEST_CASE("without a connection an upload stays pending, and uses up no retry") {
  Studio studio;
  SUBCASE("to the platform") {
    studio.config.of<YouTubeConfig>().upload_base = "http://127.0.0.1:1";
  }
  SUBCASE("to where its token comes from") {
    studio.credentials = practice_credentials("http://127.0.0.1:1");
  }
  for (int i = 0; i < 6; ++i) {
    const auto result = studio.run();
    check_error(result, Code::offline, "cannot reach 127.0.0.1");
    CHECK(status_of(result) == "PENDING");
    CHECK(static_cast<int>(result.next) == static_cast<int>(NextStep::connect));
    CHECK(result.retry_at.value_or(TimePoint::max()) - studio.clock.now() <= 1min);
  }
  CHECK(studio.row().ends_with("|0"));
}

TEST_CASE("what is wrong with the account or the app uses up no retry") {
  Studio studio;
  studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "accessNotConfigured"}});
  const auto result = studio.run();
  check_error(result, Code::account, "switch the YouTube Data API on");
  CHECK(status_of(result) == "FAILED");
  CHECK(static_cast<int>(result.next) == static_cast<int>(NextStep::mend_account));
  CHECK(result.retry_count == 0);
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
}

TEST_CASE("a cancelled upload is pending again and goes on where it was") {
  Studio studio(24'000'000);
  studio.fault({{"kind", "stall"}, {"at_byte", 1'000'000}, {"seconds", 60}});
  std::stop_source stop;
  std::jthread person([&] {
    while (studio.sessions().empty() || studio.sessions()[0]["bytes_received"] != 1'000'000)
      std::this_thread::sleep_for(10ms);
    stop.request_stop();
  });
  const auto stopped = studio.run({.title = "Of the first try"}, {.stop = stop.get_token()});
  person.join();
  CHECK(status_of(stopped) == "PENDING");
  check_error(stopped, Code::cancelled, "stopped");
  CHECK(studio.posts().empty());

  const auto result = studio.run({.title = "Of the second try"});
  CHECK(status_of(result) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 1);
  CHECK(studio.posts()[0]["title"] == "Of the first try");
}

TEST_CASE(
    "an upload cancelled after its last byte says that the post may still appear, and sends nothing again") {
  Studio studio;
  studio.fault({{"kind", "stall"}, {"at_byte", studio.content.size()}, {"seconds", 60}});
  UploadProgress progress;
  std::stop_source stop;
  std::jthread person([&] {
    while (!progress.may_be_live || studio.sessions()[0]["bytes_received"] != studio.content.size())
      std::this_thread::sleep_for(10ms);
    stop.request_stop();
  });
  const auto stopped = studio.run({}, {.stop = stop.get_token(), .progress = &progress});
  person.join();
  CHECK(status_of(stopped) == "IN_PROGRESS");
  CHECK(may_still_appear(stopped));
  check_error(stopped, Code::cancelled, "its post may still appear on YouTube; nothing is sent again");
  auto registry = studio.open();
  const auto open = UploadLedger(registry).on_their_way();
  REQUIRE(open->size() == 1);
  CHECK(open->front().may_be_live);
  CHECK(open->front().owner.empty());

  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 1);
  CHECK(UploadLedger(registry).on_their_way()->empty());
}

TEST_CASE("of two uploads at the same moment one is sent, the other is told who is at it") {
  Studio studio(3'000'000);
  studio.fault({{"kind", "slow"}, {"bytes_per_second", 10'000'000}});
  std::array<StageResult, 2> results;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < 2; ++i) threads[i] = std::jthread([&, i] { results[i] = studio.run(); });
  }
  studio.check_posted_once();
  const bool first_won = !results[0].error;
  const StageResult& loser = results[first_won ? 1 : 0];
  CHECK_FALSE(results[first_won ? 0 : 1].error);
  CHECK(status_of(loser) == "BLOCKED");
  check_error(loser, Code::blocked, "is being uploaded to YouTube by pid ");
}

TEST_CASE("an upload that another process took over sends no last byte") {
  Studio studio(24'000'000);
  studio.fault({{"kind", "slow"}, {"bytes_per_second", 20'000'000}});
  std::jthread other([&] {
    while (studio.sessions().empty() || studio.sessions()[0]["bytes_received"] == 0)
      std::this_thread::sleep_for(10ms);
    Stranger(studio.library.database())
        .run("PRAGMA busy_timeout=5000; UPDATE asfs_attempts SET owner_pid = 1");
  });
  const auto result = studio.run();
  other.join();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::blocked, "not this process's any more");
  CHECK(studio.posts().empty());
}

TEST_CASE("a video that another program posted meanwhile is not posted again") {
  Studio studio(24'000'000);
  studio.fault({{"kind", "slow"}, {"bytes_per_second", 20'000'000}});
  std::jthread other([&] {
    while (studio.sessions().empty() || studio.sessions()[0]["bytes_received"] == 0)
      std::this_thread::sleep_for(10ms);
    Stranger(studio.library.database())
        .run(
            "PRAGMA busy_timeout=5000;"
            "UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'theirs'");
  });
  const auto result = studio.run();
  other.join();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::blocked, "already on YouTube (post theirs");
  CHECK(result.post_id == "theirs");
  CHECK(studio.posts().empty());
  CHECK(studio.row().starts_with("SUCCESS|theirs|"));
  CHECK(studio.ask("SELECT count(*) FROM asfs_attempts WHERE state = 'running'") == "0");
}

TEST_CASE("an earlier try that was finished after all is a success without sending") {
  Studio studio;
  const std::string session = studio.begin(studio.content.size());
  studio.put_whole(session, studio.content);
  SUBCASE("known to have sent all") {
    studio.leave_behind(studio.session_url(session), true);
  }
  SUBCASE("not known to") {
    studio.leave_behind(studio.session_url(session), false);
  }
  SUBCASE("and its file is gone by now") {
    studio.leave_behind(studio.session_url(session), true);
    std::filesystem::remove(studio.clip);
  }
  const auto result = studio.run();
  CHECK(status_of(result) == "SUCCESS");
  CHECK(result.post_id == studio.post_id());
  studio.check_posted_once();
}

TEST_CASE("an earlier try that is half sent goes on from there") {
  Studio studio;
  const std::string session = studio.begin(studio.content.size(), "Of the first try");
  studio.put(session, studio.content.substr(0, kChunk), 0, studio.content.size());
  SUBCASE("and had not sent all") {
    studio.leave_behind(studio.session_url(session), false);
  }
  SUBCASE("or thought it had") {
    studio.leave_behind(studio.session_url(session), true);
  }
  SUBCASE("on practice platforms that came back on another port") {
    studio.leave_behind("http://127.0.0.1:1" + session, false);
  }
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 1);
}

TEST_CASE("an earlier try that cannot have been posted is begun anew") {
  Studio studio;
  SUBCASE("it had no session yet") {
    studio.leave_behind("", false);
  }
  SUBCASE("its session is gone, and not all had been sent") {
    studio.leave_behind(studio.session_url("/upload/youtube/v3/videos?upload_id=gone"), false);
  }
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
}

TEST_CASE("an earlier try that may have been posted is left to a person") {
  Studio studio;
  SUBCASE("its session is gone") {
    studio.leave_behind(studio.session_url("/upload/youtube/v3/videos?upload_id=gone"), true);
  }
  SUBCASE("it left nothing to ask by") {
    studio.leave_behind("", true);
  }
  const auto result = studio.run();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::failed, "may be live");
  check_error(result, Code::failed, "asfs-videos settle clip_001 YouTube live|not-live");
  CHECK(result.retry_count == 0);
  CHECK(studio.sessions().empty());
  CHECK(studio.row().starts_with("BLOCKED||"));

  const auto again = studio.run({}, {.by_hand = true});
  CHECK(status_of(again) == "BLOCKED");
  check_error(again, Code::blocked, "may be live");

  auto registry = studio.open();
  REQUIRE(UploadLedger(registry).settle("clip_001", "YouTube", false, std::nullopt));
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
}

TEST_CASE("a lost answer that no look-up settles is left to a person") {
  Studio studio;
  studio.fault({{"kind", "lost_answer"}});
  studio.fault({{"kind", "expired_session"}, {"on", "status_query"}});
  studio.fault({{"kind", "not_listed"}, {"times", 9}});
  const auto result = studio.run();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::failed, "may be live");
  CHECK(studio.run().error->code == Code::blocked);
  CHECK(studio.posts().size() == 1);
}

TEST_CASE("an earlier try that cannot be looked up just now stays as it is, and nothing is sent") {
  Studio studio;
  const std::string session = studio.begin(studio.content.size());
  studio.put_whole(session, studio.content);
  studio.leave_behind(studio.session_url(session), true);
  studio.fault({{"kind", "status"}, {"status", 503}, {"times", 3}});
  const auto result = studio.run();
  check_error(result, Code::failed, "nothing was sent");
  CHECK(result.retry_count == 0);
  CHECK(studio.sessions().size() == 1);

  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
}

TEST_CASE("a page in the platform's place says nothing about an upload that may be live") {
  for (const int status : {400, 403, 404, 410, 500}) {
    CAPTURE(status);
    Studio studio;
    const std::string session = studio.begin(studio.content.size());
    studio.put_whole(session, studio.content);
    studio.leave_behind(studio.session_url(session), true);
    studio.fault(
        {{"kind", "status"}, {"status", status}, {"body", "html"}, {"on", "status_query"}, {"times", 20}});
    for (int i = 0; i < 3; ++i) {
      const auto result = studio.run();
      CHECK(status_of(result) == "IN_PROGRESS");
      CHECK(result.retry_count == 0);
      CHECK(result.retry_at > studio.clock.now());
    }
    request(studio.port(), "DELETE", "/practice/faults");
    CHECK(status_of(studio.run()) == "SUCCESS");
    studio.check_posted_once();
  }
}

TEST_CASE("a platform that does not tell for a day makes it a question to a person") {
  Studio studio;
  const std::string session = studio.begin(studio.content.size());
  studio.put_whole(session, studio.content);
  studio.leave_behind(studio.session_url(session), true);
  studio.fault({{"kind", "status"}, {"status", 503}, {"on", "status_query"}, {"times", 100}});
  studio.clock.advance(22h);
  CHECK(status_of(studio.run()) == "IN_PROGRESS");
  studio.clock.advance(3h);
  const auto result = studio.run();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::failed, "has not told for a day");
  check_error(result, Code::failed, "HTTP 503");
  CHECK(studio.sessions().size() == 1);
}

TEST_CASE("an upload that made no post and cannot be asked about for a day is begun anew") {
  Studio studio;
  const std::string session = studio.begin(studio.content.size());
  studio.leave_behind(studio.session_url(session), false);
  studio.fault({{"kind", "status"}, {"status", 503}, {"on", "status_query"}, {"times", 6}});
  CHECK(status_of(studio.run()) == "PENDING");
  studio.clock.advance(25h);
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 2);
}

TEST_CASE("an upload whose file is gone goes on being asked about, and is no failure") {
  Studio studio;
  const std::string session = studio.begin(studio.content.size());
  studio.leave_behind(studio.session_url(session), true);
  std::filesystem::remove(studio.clip);
  const auto result = studio.run();
  CHECK(status_of(result) == "IN_PROGRESS");
  check_error(result, Code::rate_limited, "clip_001.mp4");
}

TEST_CASE("trouble after the last byte is looked up by the next try, never sent again") {
  Studio studio;
  studio.fault({{"kind", "lost_answer"}});
  studio.fault({{"kind", "status"}, {"status", 503}, {"on", "status_query"}, {"times", 3}});
  const auto result = studio.run();
  CHECK(status_of(result) == "IN_PROGRESS");
  check_error(result, Code::failed, "HTTP 503");
  CHECK(static_cast<int>(result.next) == static_cast<int>(NextStep::look_up));
  CHECK(result.retry_at > studio.clock.now());
  CHECK(result.retry_count == 0);
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 1);
}

TEST_CASE("a try that broke off is resumed by the next one, and its failure counts") {
  Studio studio(16'000'000);  // more than the buffers of a connection swallow
  studio.config.upload.transient_tries = 0;
  studio.fault({{"kind", "reset"}, {"at_byte", 500'000}});
  const auto broken = studio.run();
  CHECK(status_of(broken) == "FAILED");
  CHECK(broken.retry_count == 1);
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 1);
}

TEST_CASE("an audit trail that cannot be written is a warning, and the upload stands") {
  Studio studio;
  std::filesystem::create_directories(studio.library.audit_database());
  const auto result = studio.run();
  CHECK(status_of(result) == "SUCCESS");
  CHECK_FALSE(result.error);
  CHECK(result.warning.find("audit") != std::string::npos);
  CHECK(studio.log_lines().size() == 1);
}

TEST_CASE("a damaged library is reported and nothing is sent") {
  Studio studio;
  write_file(studio.library.database(), std::string(10'000, 'x'));
  std::filesystem::remove(studio.library.database().native() + "-wal");
  std::filesystem::remove(studio.library.database().native() + "-shm");
  const auto result = studio.run();
  check_error(result, Code::library, "videos.db");
  CHECK(studio.sessions().empty());
}

TEST_CASE("no token is to be found in what an upload leaves behind") {
  Studio studio;
  studio.fault({{"kind", "token_expired"}, {"times", 10}});
  const auto result = studio.run();
  check_error(result, Code::needs_login, "HTTP 401");
  const auto token = studio.credentials->access_token("YouTube");
  REQUIRE(token);
  CHECK(read_text(studio.library.upload_log()).find("practice-") == std::string::npos);
  CHECK(read_text(studio.library.database()).find(*token) == std::string::npos);
  CHECK(read_text(studio.library.database().native() + "-wal").find(*token) == std::string::npos);
  CHECK(read_text(studio.library.audit_database()).find(*token) == std::string::npos);
}

TEST_CASE(
    "what comes too soon is RATE_LIMITED with the time, unless a person forces it, which is written down") {
  Studio studio;
  studio.config.of<YouTubeConfig>().limits = {.cooldown = 1h};
  auto registry = studio.open();
  REQUIRE(registry.register_video({.id = "other", .file_path = "x.mp4"}));
  REQUIRE(registry.record_upload_attempt("other", "YouTube", UploadStatus::success, "abc"));
  const auto soon = studio.run();
  check_error(soon, Code::rate_limited, "one upload every 60 minutes");
  CHECK(status_of(soon) == "RATE_LIMITED");
  REQUIRE(soon.retry_at);
  CHECK(*soon.retry_at > studio.clock.now() + 59min);
  CHECK(studio.posts().empty());
  CHECK(studio.events() == "clip_001|YouTube|rate_limited");
  const auto forced = studio.run({}, {.skip_limits = true});
  CHECK_FALSE(forced.error);
  studio.check_posted_once();
  CHECK(Stranger(studio.library.audit_database())
            .ask("SELECT error_message FROM upload_events WHERE status = 'uploading'")
            .starts_with("forced by a person: "));
}

TEST_CASE("a passing failure names the time of its next try, a lasting one does not") {
  Studio studio;
  studio.config.upload.transient_tries = 1;
  studio.fault({{"kind", "status"}, {"status", 503}, {"times", 20}});
  const auto failed = studio.run();
  REQUIRE(failed.retry_at);
  CHECK(*failed.retry_at >= studio.clock.now());
  CHECK(static_cast<int>(failed.next) == static_cast<int>(NextStep::retry));
  Studio gone;
  std::filesystem::remove(gone.clip);
  CHECK_FALSE(gone.run().retry_at);
}
