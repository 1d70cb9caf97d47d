// VideoRegistry: what the specification's calls do.
#include "registry/videos/video_registry.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "registry/ledger/upload_ledger.h"
#include "registry/posts/upload_facts.h"
#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
using enum asfs::UploadStatus;
namespace fs = std::filesystem;

namespace {

Upload upload_of(VideoRegistry& registry, std::string_view platform = "YouTube") {
  const auto upload = registry.get_upload_status("clip_001", platform);
  REQUIRE(upload);
  REQUIRE(*upload);
  return **upload;
}

UploadPermission permission(VideoRegistry& registry, bool by_hand = false) {
  const auto answer = registry.can_upload("clip_001", "YouTube", by_hand);
  REQUIRE(answer);
  return *answer;
}

/// Makes the row of clip_001 on YouTube say `from`, whatever it said.
void force_status(Stranger& other, std::string_view from) {
  other.run(
      "DELETE FROM video_uploads; DELETE FROM asfs_upload_history; INSERT INTO video_uploads(video_id, "
      "platform,"
      " upload_status, upload_timestamp, retry_count) VALUES ('clip_001', 'YouTube', '" +
      std::string(from) + "', '2026-02-11T07:00:00.000001', 2)");
}

}  // namespace

TEST_CASE("a registered video comes back with everything it was given") {
  const TestLibrary test;
  auto registry = test.open();
  REQUIRE(registry.register_video({.id = "clip_001",
                                   .file_path = "clips/clip_001.mp4",
                                   .title = "日本語",
                                   .duration = 12.5,
                                   .checksum = "aa11",
                                   .duplicate_allowed = true}));
  const auto video = registry.get_video("clip_001").value().value();
  CHECK(video.file_path == "clips/clip_001.mp4");
  CHECK(video.title == "日本語");
  CHECK(video.created_at == local_timestamp(kMorning));
  CHECK(video.duration == 12.5);
  CHECK(video.checksum == "aa11");
  CHECK(video.duplicate_allowed);
  CHECK(video.uploads.empty());
}

TEST_CASE("the title is the file's stem unless it is given, and duplicates are off") {
  const TestLibrary test;
  auto registry = test.with_clip();
  const auto video = registry.get_video("clip_001").value().value();
  CHECK(video.title == "clip_001");
  CHECK_FALSE(video.duplicate_allowed);
}

TEST_CASE("an id that is taken is refused and the first video stays") {
  const TestLibrary test;
  auto registry = test.with_clip();
  const auto again = registry.register_video({.id = "clip_001", .file_path = "other.mp4"});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::blocked);
  CHECK(registry.get_video("clip_001").value()->file_path == "clips/clip_001.mp4");
}

TEST_CASE("an id must be text") {
  const TestLibrary test;
  auto registry = test.open();
  CHECK(registry.register_video({.id = "", .file_path = "a.mp4"}).error().code == Code::usage);
  CHECK(registry.register_video({.id = "a\xff", .file_path = "a.mp4"}).error().code == Code::usage);
}

TEST_CASE("a title with bytes that are not UTF-8 is stored as text") {
  const TestLibrary test;
  auto registry = test.open();
  REQUIRE(registry.register_video({.id = "a", .file_path = "caf\xe9.mp4"}));
  CHECK(registry.get_video("a").value()->title == "caf\xef\xbf\xbd");
  CHECK(registry.get_video("a").value()->file_path == "caf\xe9.mp4");
}

TEST_CASE("all videos come newest first, each with its uploads") {
  const TestLibrary test;
  auto registry = test.open();
  for (const char* id : {"old", "middle", "new"}) {
    REQUIRE(registry.register_video({.id = id, .file_path = "a.mp4"}));
    test.clock.advance(std::chrono::seconds(1));
  }
  REQUIRE(registry.record_upload_attempt("middle", "YouTube", success, "yt1"));
  REQUIRE(registry.record_upload_attempt("middle", "TikTok", failed, std::nullopt, "no network"));
  const auto videos = registry.get_all_videos().value();
  REQUIRE(videos.size() == 3);
  CHECK(videos[0].id == "new");
  CHECK(videos[1].id == "middle");
  CHECK(videos[2].id == "old");
  REQUIRE(videos[1].uploads.size() == 2);
  CHECK(videos[1].uploads.at("YouTube").platform_post_id == "yt1");
  CHECK(videos[1].uploads.at("TikTok").error_message == "no network");
}

TEST_CASE("content is found by its checksum, the oldest video first") {
  const TestLibrary test;
  auto registry = test.with_clip();
  test.clock.advance(std::chrono::seconds(1));
  REQUIRE(registry.register_video({.id = "copy", .file_path = "b.mp4", .checksum = "aa11"}));
  CHECK(registry.find_by_checksum("aa11").value()->id == "clip_001");
  CHECK_FALSE(registry.find_by_checksum("ffff").value());
}

TEST_CASE("a video that was never tried has no upload status") {
  const TestLibrary test;
  auto registry = test.with_clip();
  CHECK_FALSE(registry.get_upload_status("clip_001", "YouTube").value());
}

TEST_CASE("an unknown video is not found by any call") {
  const TestLibrary test;
  auto registry = test.open();
  CHECK_FALSE(registry.get_video("x").value());
  CHECK(registry.can_upload("x", "YouTube").error().code == Code::not_found);
  CHECK(registry.record_upload_attempt("x", "YouTube", failed).error().code == Code::not_found);
  CHECK(registry.increment_retry_count("x", "YouTube").error().code == Code::not_found);
  CHECK(registry.set_duplicate_allowed("x", true).error().code == Code::not_found);
  CHECK(registry.set_title("x", "t").error().code == Code::not_found);
  CHECK(registry.delete_video("x").error().code == Code::not_found);
}

TEST_CASE("a recorded status carries local time with six digits") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  CHECK(upload_of(registry).upload_timestamp == local_timestamp(kMorning));
  CHECK(upload_of(registry).upload_timestamp.size() == std::string("2026-02-11T08:00:00.123456").size());
}

TEST_CASE("every move of the table is obeyed on a real database") {
  const TestLibrary test;
  auto registry = test.with_clip();
  Stranger other(test);
  for (const bool duplicates : {false, true}) {
    REQUIRE(registry.set_duplicate_allowed("clip_001", duplicates));
    for (const auto& from : kStatuses)
      for (const auto& to : kStatuses) {
        CAPTURE(from.name);
        CAPTURE(to.name);
        CAPTURE(duplicates);
        force_status(other, from.name);
        const Transition transition = allowed_transition(from.status, to.status);
        const bool allowed =
            transition == Transition::always || (transition == Transition::with_duplicates && duplicates);
        const auto written =
            registry.record_upload_attempt("clip_001", "YouTube", to.status, "post", "error");
        CHECK(written.has_value() == allowed);
        if (!allowed) CHECK(written.error().code == Code::blocked);
        const Upload row = upload_of(registry);
        CHECK(row.upload_status == (allowed ? to.name : from.name));
        CHECK(row.retry_count == (allowed && to.status == success ? 0 : 2));
        CHECK(row.platform_post_id.has_value() == allowed);
      }
  }
}

TEST_CASE("a video without a row moves like PENDING") {
  const TestLibrary test;
  auto registry = test.with_clip();
  for (const auto& to : kStatuses) {
    Stranger(test).run("DELETE FROM video_uploads");
    REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", to.status));
    CHECK(upload_of(registry).upload_status == to.name);
  }
}

TEST_CASE("three failures may be retried, the fourth is FAILED_FINAL, and a success forgets them") {
  const TestLibrary test;
  auto registry = test.with_clip();
  for (int failure = 1; failure <= 3; ++failure) {
    CHECK(registry.increment_retry_count("clip_001", "YouTube", "no network").value() == failure);
    CHECK(upload_of(registry).is(failed));
  }
  CHECK(registry.increment_retry_count("clip_001", "YouTube", "no network").value() == 4);
  CHECK(upload_of(registry).is(failed_final));
  CHECK(upload_of(registry).error_message == "no network");
  CHECK(upload_of(registry).retry_count == 4);
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  CHECK(upload_of(registry).retry_count == 0);
}

TEST_CASE("a failure is not counted against a success") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  CHECK(registry.increment_retry_count("clip_001", "YouTube").error().code == Code::blocked);
  CHECK(upload_of(registry).platform_post_id == "yt1");
}

TEST_CASE("a posted video is refused with when and where it was posted") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  const auto answer = permission(registry);
  CHECK_FALSE(answer.allowed);
  CHECK(answer.duplicate);
  CHECK(answer.reason ==
        "clip_001 is already on YouTube (post yt1, " + short_time(local_timestamp(kMorning)) + ")");
  CHECK(registry.can_upload("clip_001", "TikTok")->allowed);
}

TEST_CASE("a success without an id, or with a sentence for an id, is told as it is") {
  Upload upload{.platform = "YouTube", .upload_status = "SUCCESS", .upload_timestamp = "2026-02-11T08:00:00"};
  CHECK(already_posted_reason("a", upload) == "a is already on YouTube (2026-02-11 08:00)");
  upload.platform_post_id = "YouTube upload submitted (verify manually)";
  CHECK(already_posted_reason("a", upload) ==
        "a is already on YouTube (YouTube upload submitted (verify manually), 2026-02-11 08:00)");
}

TEST_CASE("a posted video may go again once duplicates are allowed") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  REQUIRE(registry.set_duplicate_allowed("clip_001", true));
  CHECK(permission(registry).allowed);
  REQUIRE(registry.set_duplicate_allowed("clip_001", false));
  CHECK_FALSE(permission(registry).allowed);
}

TEST_CASE("retries that are spent are a no for the program and a yes for a person") {
  const TestLibrary test;
  auto registry = test.with_clip();
  for (int i = 0; i < 4; ++i) REQUIRE(registry.increment_retry_count("clip_001", "YouTube", "bad title"));
  const auto answer = permission(registry);
  CHECK_FALSE(answer.allowed);
  CHECK(answer.reason.find("failed 4 times on YouTube, last with: bad title") != std::string::npos);
  CHECK(permission(registry, true).allowed);
}

TEST_CASE("failed, rate limited and interrupted uploads may be tried again") {
  const TestLibrary test;
  auto registry = test.with_clip();
  Stranger other(test);
  for (const auto status : {pending, failed, rate_limited}) {
    force_status(other, names_of(status).name);
    CHECK(permission(registry).allowed);
  }
}

TEST_CASE("a blocked row is a no until duplicates are allowed") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", blocked, std::nullopt, "Duplicate upload"));
  CHECK(permission(registry).reason.find("is blocked on YouTube (Duplicate upload, ") != std::string::npos);
  CHECK(permission(registry).duplicate);
  REQUIRE(registry.set_duplicate_allowed("clip_001", true));
  CHECK(permission(registry).allowed);
}

TEST_CASE("an upload that another program began is a no, with what to do") {
  const TestLibrary test;
  auto registry = test.with_clip();
  Stranger other(test);
  force_status(other, "IN_PROGRESS");
  const std::string reason = permission(registry).reason;
  CHECK(reason.find("another program began to upload clip_001 to YouTube at 2026-02-11 07:00") !=
        std::string::npos);
  CHECK(reason.find("asfs-videos settle clip_001 YouTube live|not-live") != std::string::npos);
}

TEST_CASE("a status of a word we do not know is a no, not a guess") {
  const TestLibrary test;
  auto registry = test.with_clip();
  Stranger other(test);
  force_status(other, "UPLOADING");
  CHECK_FALSE(permission(registry).allowed);
  CHECK(permission(registry).reason.find("\"UPLOADING\"") != std::string::npos);
}

TEST_CASE("a success that another program overwrote or deleted still counts") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  Stranger other(test);
  SUBCASE("overwritten") {
    other.run("UPDATE video_uploads SET upload_status = 'FAILED', platform_post_id = NULL");
  }
  SUBCASE("replaced") {
    other.run(
        "INSERT OR REPLACE INTO video_uploads(video_id, platform, upload_status, upload_timestamp)"
        " VALUES ('clip_001', 'YouTube', 'IN_PROGRESS', '2026-02-11T09:00:00')");
  }
  SUBCASE("deleted") {
    other.run("DELETE FROM video_uploads");
  }
  const auto answer = permission(registry);
  CHECK_FALSE(answer.allowed);
  CHECK(answer.duplicate);
  CHECK(answer.reason.find("already on YouTube (post yt1") != std::string::npos);
}

TEST_CASE("a new file under an old id is not posted yet") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  REQUIRE(registry.delete_video("clip_001"));
  SUBCASE("other content") {
    REQUIRE(registry.register_video({.id = "clip_001", .file_path = "new.mp4", .checksum = "bb22"}));
    CHECK(permission(registry).allowed);
  }
  SUBCASE("but the same content is") {
    REQUIRE(registry.register_video({.id = "clip_001", .file_path = "new.mp4", .checksum = "aa11"}));
    CHECK_FALSE(permission(registry).allowed);
  }
  SUBCASE("and so may be content that was never hashed") {
    REQUIRE(registry.register_video({.id = "clip_001", .file_path = "new.mp4"}));
    CHECK_FALSE(permission(registry).allowed);
  }
}

TEST_CASE("while an attempt of the ledger runs nobody else writes its status") {
  const TestLibrary test;
  auto registry = test.with_clip();
  const auto claim = UploadLedger(registry).claim({.video_id = "clip_001", .platform = "YouTube"});
  REQUIRE(claim);
  CHECK(registry.record_upload_attempt("clip_001", "YouTube", blocked).error().code == Code::blocked);
  CHECK(registry.increment_retry_count("clip_001", "YouTube").error().code == Code::blocked);
  CHECK(upload_of(registry).is(in_progress));
}

TEST_CASE("a deleted video takes its uploads along and leaves their history") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", success, "yt1"));
  REQUIRE(registry.delete_video("clip_001"));
  CHECK_FALSE(registry.get_video("clip_001").value());
  Stranger other(test);
  CHECK(other.ask("SELECT count(*) FROM video_uploads") == "0");
  CHECK(other.ask("SELECT upload_status, platform_post_id FROM asfs_upload_history") == "SUCCESS|yt1");
}

TEST_CASE("a video is not deleted while it is being uploaded") {
  const TestLibrary test;
  auto registry = test.with_clip();
  UploadLedger ledger(registry);
  REQUIRE(ledger.claim({.video_id = "clip_001", .platform = "YouTube"}));
  const auto refused = registry.delete_video("clip_001");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::blocked);
  CHECK(registry.get_video("clip_001").value());
  test.clock.advance(kLease + std::chrono::seconds(1));
  CHECK(registry.delete_video("clip_001"));
}

TEST_CASE("a title can be changed") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.set_title("clip_001", "New \xf0\x9f\x8e\xac title"));
  CHECK(registry.get_video("clip_001").value()->title == "New \xf0\x9f\x8e\xac title");
}

TEST_CASE("an error text with odd bytes is stored so that every program can read it") {
  const TestLibrary test;
  auto registry = test.with_clip();
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", failed, std::nullopt, "bad \xff byte"));
  CHECK(upload_of(registry).error_message == "bad \xef\xbf\xbd byte");
  REQUIRE(registry.record_upload_attempt("clip_001", "YouTube", failed, std::nullopt, "bad \xfe byte"));
  CHECK(upload_of(registry).error_message == "bad \xef\xbf\xbd byte");
}

TEST_CASE("a table that vanished while the library was open is an error, not a crash") {
  const TestLibrary test;
  auto registry = test.with_clip();
  Stranger(test).run("DROP TABLE video_uploads");
  CHECK(registry.get_all_videos().error().code == Code::library);
  CHECK(registry.record_upload_attempt("clip_001", "YouTube", success).error().code == Code::library);
}

TEST_CASE("a library that cannot be written can be read, one of the Python program, too") {
  const TestLibrary here;
  fs::create_directories(here.library.database().parent_path());
  {
    Stranger python(here);
    python.run(kPythonTables);
    python.run(
        "PRAGMA journal_mode=WAL;"
        "INSERT INTO videos VALUES ('clip_001', 'a.mp4', 'A', '2026-01-01T00:00:00', 1, NULL, 0);"
        "INSERT INTO video_uploads VALUES (1, 'clip_001', 'YouTube', 'SUCCESS', '2026-01-02', 'p', NULL, 0)");
  }
  write_file(here.library.database().native() + "-wal", "");  // as one leaves it who found the disk full
  for (const auto& folder : {here.folder.path(), here.library.database().parent_path()})
    fs::permissions(folder, fs::perms(0555));
  fs::permissions(here.library.database(), fs::perms(0444));
  const bool root = ::geteuid() == 0;
  if (root) REQUIRE(::seteuid(65534) == 0);  // root may write everything
  const auto written = VideoRegistry::open(here.library);
  auto read = VideoRegistry::open_to_read(here.library);
  const auto videos = read ? read->get_all_videos() : std::unexpected(read.error());
  const auto changed = read ? read->set_title("clip_001", "B") : std::unexpected(read.error());
  if (root) REQUIRE(::seteuid(0) == 0);
  for (const auto& folder : {here.folder.path(), here.library.database().parent_path()})
    fs::permissions(folder, fs::perms(0755));
  CHECK_FALSE(written);
  REQUIRE_MESSAGE(videos, (videos ? "" : videos.error().message));
  REQUIRE(videos->size() == 1);
  CHECK(videos->front().uploads.at("YouTube").is(UploadStatus::success));
  CHECK_FALSE(changed);
}
