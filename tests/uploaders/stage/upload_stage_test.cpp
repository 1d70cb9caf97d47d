#include "uploaders/stage/upload_stage.h"

#include <doctest/doctest.h>

#include <thread>

#include "registry/base/json.h"
#include "tests/uploaders/stage/stage_studio.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/http.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("an upload is sent, recorded and written to the audit trail") {
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
  studio.run();
  std::filesystem::remove(studio.clip);
  CHECK(status_of(studio.run()) == "BLOCKED");
  CHECK(studio.row().starts_with("SUCCESS|"));
}

TEST_CASE("with duplicates allowed the same video is posted again") {
  StageStudio studio;
  studio.run();
  REQUIRE(studio.open().set_duplicate_allowed("clip_001", true));
  CHECK(status_of(studio.run()) == "SUCCESS");
  CHECK(studio.posts().size() == 2);
}

TEST_CASE("what cannot be tried at all is refused and changes nothing") {
  StageStudio studio;
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
  StageStudio studio;
  const StageContext context{studio.library, studio.config, *studio.credentials, studio.clock};
  CHECK(status_of(run_upload_stage(context, "clip_001", "youtube")) == "SUCCESS");
  CHECK(studio.ask("SELECT DISTINCT platform FROM video_uploads") == "YouTube");
}

TEST_CASE("a missing file is a failure that names the path") {
  StageStudio studio;
  std::filesystem::remove(studio.clip);
  const auto result = studio.run();
  CHECK(status_of(result) == "FAILED");
  CHECK(result.retry_count == 1);
  check_error(result, Code::not_found, "Video file not found: " + studio.clip.native());
  CHECK(studio.row() == "FAILED||Video file not found: " + studio.clip.native() + "|1");
  CHECK(studio.events().ends_with("clip_001|YouTube|failed"));
}

TEST_CASE("metadata beyond the limits is refused before anything is tried") {
  StageStudio studio;
  const auto result = studio.run({.title = std::string(101, 'x')});
  check_error(result, Code::usage, "101 characters");
  CHECK(status_of(result) == "FAILED");
  CHECK(studio.row().empty());
  CHECK(studio.sessions().empty());
  CHECK(studio.events() == "clip_001|YouTube|failed");
}

TEST_CASE("a file that is not whole is not posted, and uses up no retry") {
  StageStudio studio;
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
  StageStudio studio;
  std::string other = studio.content;
  other[500'000] ^= 1;
  write_file(studio.clip, other);
  const auto result = studio.run();
  CHECK(status_of(result) == "FAILED");
  check_error(result, Code::failed, "changed since it was registered");
  CHECK(studio.posts().empty());
}

TEST_CASE("the fourth failure is for good, until a person tries again") {
  StageStudio studio;
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
  StageStudio studio;
  studio.fault({{"kind", "status"}, {"status", 403}, {"reason", "quotaExceeded"}});
  const auto result = studio.run();
  CHECK(status_of(result) == "RATE_LIMITED");
  check_error(result, Code::rate_limited, "quotaExceeded");
  CHECK(result.retry_at > kMorning);
  CHECK(result.retry_count == 0);
  CHECK(studio.row().starts_with("RATE_LIMITED|"));
}

TEST_CASE("a dead token asks for a login, without using up a retry") {
  StageStudio studio;
  studio.credentials = std::make_unique<StageToken>();
  const auto result = studio.run();
  CHECK(status_of(result) == "FAILED");
  check_error(result, Code::needs_login, "not accepted");
  CHECK(result.retry_count == 0);
}

TEST_CASE("without a connection an upload stays pending, and uses up no retry") {
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio(24'000'000);
  studio.stand_still();
  std::stop_source stop;
  std::jthread person([&] {
    studio.await_standstill();
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
  StageStudio studio;
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
  StageStudio studio(3'000'000);
  studio.stand_still();
  std::array<StageResult, 2> results;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads[i] = std::jthread([&, i] {
        results[i] = studio.run();
        studio.end_faults();  // by the one that is told, so the other goes on
      });
  }
  studio.check_posted_once();
  const bool first_won = !results[0].error;
  const StageResult& loser = results[first_won ? 1 : 0];
  CHECK_FALSE(results[first_won ? 0 : 1].error);
  CHECK(status_of(loser) == "BLOCKED");
  check_error(loser, Code::blocked, "is being uploaded to YouTube by pid ");
}

TEST_CASE("an upload that another process took over sends no last byte") {
  StageStudio studio(24'000'000);
  studio.stand_still();
  std::jthread other([&] {
    studio.await_standstill();
    Stranger(studio.library.database())
        .run("PRAGMA busy_timeout=5000; UPDATE asfs_attempts SET owner_pid = 1");
    studio.end_faults();
  });
  const auto result = studio.run();
  other.join();
  CHECK(status_of(result) == "BLOCKED");
  check_error(result, Code::blocked, "not this process's any more");
  CHECK(studio.posts().empty());
}

TEST_CASE("a video that another program posted meanwhile is not posted again") {
  StageStudio studio(24'000'000);
  studio.stand_still();
  std::jthread other([&] {
    studio.await_standstill();
    Stranger(studio.library.database())
        .run(
            "PRAGMA busy_timeout=5000;"
            "UPDATE video_uploads SET upload_status = 'SUCCESS', platform_post_id = 'theirs'");
    studio.end_faults();
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

TEST_CASE("an audit trail that cannot be written is a warning, and the upload stands") {
  StageStudio studio;
  std::filesystem::create_directories(studio.library.audit_database());
  const auto result = studio.run();
  CHECK(status_of(result) == "SUCCESS");
  CHECK_FALSE(result.error);
  CHECK(result.warning.find("audit") != std::string::npos);
  CHECK(studio.log_lines().size() == 1);
}

TEST_CASE("a damaged library is reported and nothing is sent") {
  StageStudio studio;
  write_file(studio.library.database(), std::string(10'000, 'x'));
  std::filesystem::remove(studio.library.database().native() + "-wal");
  std::filesystem::remove(studio.library.database().native() + "-shm");
  const auto result = studio.run();
  check_error(result, Code::library, "videos.db");
  CHECK(studio.sessions().empty());
}

TEST_CASE("no token is to be found in what an upload leaves behind") {
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
  studio.config.upload.transient_tries = 1;
  studio.fault({{"kind", "status"}, {"status", 503}, {"times", 20}});
  const auto failed = studio.run();
  REQUIRE(failed.retry_at);
  CHECK(*failed.retry_at >= studio.clock.now());
  CHECK(static_cast<int>(failed.next) == static_cast<int>(NextStep::retry));
  StageStudio gone;
  std::filesystem::remove(gone.clip);
  CHECK_FALSE(gone.run().retry_at);
}
