// Which video a file is, in libraries as the Python program leaves them.
#include "registry/videos/identity.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "registry/ledger/upload_ledger.h"
#include "registry/videos/registration.h"
#include "tests/support/make_video.h"
#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

/// Two clips in output/clips, of which the Python program knows the first.
struct PythonLibrary : TestLibrary {
  VideoRegistry registry = open();
  fs::path clip = library.home / "output/clips/clip_001.mp4";

  PythonLibrary() {
    make_video(clip, 1, 1);
    written(clip, "2026-02-10T08:00:00");
    run("INSERT INTO videos VALUES ('clip_001', 'output/clips/clip_001.mp4', NULL, '2026-02-10T09:00:00', "
        "0.0,"
        " NULL, 0)");
  }
  void run(const std::string& sql) { Stranger(*this).run(sql); }
  std::string ask(const std::string& sql) { return Stranger(*this).ask(sql); }
  void posted(const std::string& at, const std::string& id = "clip_001") {
    run("INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id)"
        " VALUES ('" +
        id + "', 'YouTube', 'SUCCESS', '" + at + "', 'abc')");
  }
  /// When the file was written, by the same clock as the shared tables.
  void written(const fs::path& file, const std::string& at) {
    const std::string utc = ask("SELECT strftime('%s', '" + at + "', 'utc')");
    using namespace std::chrono;
    fs::last_write_time(file, file_clock::from_sys(sys_seconds(seconds(std::stoll(utc)))));
  }
  RegistrationReport add(const fs::path& path) {
    auto report = register_files(registry, {path});
    REQUIRE_MESSAGE(report, (report ? "" : report.error().message));
    for (const auto& failed : report->failed) FAIL(failed.error.message);
    return *std::move(report);
  }
  std::string ids() {
    return ask("SELECT group_concat(id, ' ') FROM (SELECT id FROM videos ORDER BY rowid)");
  }
  std::string skipped_as(const fs::path& path) {
    const auto report = add(path);
    CHECK(report.registered.empty());
    return report.skipped.empty() ? "" : report.skipped.front().id;
  }
  UploadPermission youtube(const std::string& id) { return registry.can_upload(id, "YouTube").value(); }
};

}  // namespace

TEST_CASE_FIXTURE(PythonLibrary, "the very file that a row without a checksum names is that video") {
  CHECK(skipped_as(clip) == "clip_001");
  CHECK(ids() == "clip_001");
  CHECK(ask("SELECT length(checksum), duration > 0.5, title IS NULL FROM videos") == "64|1|1");
  CHECK(registry.get_file_facts("clip_001").value()->media.width == 64);
}

TEST_CASE_FIXTURE(PythonLibrary,
                  "so it is by another path: a symlink, a folder that is one, a hard link, a copy") {
  fs::path other = folder / "other.mp4";
  SUBCASE("symlink") {
    fs::create_symlink(clip, other);
  }
  SUBCASE("folder") {
    fs::create_directory_symlink(clip.parent_path(), folder / "link");
    other = folder / "link" / "clip_001.mp4";
  }
  SUBCASE("hard link") {
    fs::create_hard_link(clip, other);
  }
  SUBCASE("copy") {
    fs::copy_file(clip, other);
  }
  CHECK(skipped_as(other) == "clip_001");
  CHECK(ids() == "clip_001");
}

TEST_CASE_FIXTURE(PythonLibrary, "what was posted of it is not posted again under another name") {
  posted("2026-02-11T09:00:00");
  fs::copy_file(clip, folder / "copy.mp4");
  CHECK(skipped_as(folder / "copy.mp4") == "clip_001");
  CHECK_FALSE(youtube("clip_001").allowed);
}

TEST_CASE_FIXTURE(PythonLibrary, "only files of the same size are read to find that out") {
  make_video(library.home / "long.mp4", 2, 1);
  run("INSERT INTO videos VALUES ('long', 'long.mp4', NULL, '2026-02-10T09:00:00', 0.0, NULL, 0)");
  make_video(folder / "new.mp4", 1, 2);
  REQUIRE(fs::file_size(folder / "new.mp4") == fs::file_size(clip));
  add(folder / "new.mp4");
  CHECK(ids() == "clip_001 long new");
  CHECK(ask("SELECT group_concat(checksum IS NULL) FROM (SELECT checksum FROM videos ORDER BY rowid)") ==
        "0,1,0");
}

TEST_CASE_FIXTURE(PythonLibrary, "before an upload the content of both is known, and a copy is refused") {
  posted("2026-02-11T09:00:00");
  fs::copy_file(clip, library.home / "copy.mp4");
  run("INSERT INTO videos VALUES ('copy', 'copy.mp4', NULL, '2026-02-12T09:00:00', 0.0, NULL, 0)");
  REQUIRE(know_content(registry, "copy"));
  CHECK(youtube("copy").reason.find("same content as clip_001") != std::string::npos);
}

TEST_CASE_FIXTURE(PythonLibrary,
                  "a clip that was written over before it was posted: the post is the new content's") {
  run("UPDATE videos SET checksum = 'aa11'");  // of the content it had
  written(clip, "2026-02-10T12:00:00");
  posted("2026-02-11T09:00:00");
  const auto report = add(clip);
  REQUIRE(report.registered.size() == 1);
  const std::string id = report.registered.front().id;
  CHECK(id.starts_with("clip_001-"));
  const auto no = youtube(id);
  CHECK_FALSE(no.allowed);
  CHECK(no.duplicate);
  CHECK(no.reason.find("post abc, 2026-02-11 09:00") != std::string::npos);
  CHECK(registry.can_upload(id, "TikTok")->allowed);
}

TEST_CASE_FIXTURE(PythonLibrary,
                  "so it is where a new file took the place of the old one under an absolute path") {
  run("UPDATE videos SET checksum = 'aa11', file_path = '" + clip.native() + "'");
  REQUIRE(note_disk_files(registry));
  make_video(folder / "new.mp4", 1, 3);
  fs::rename(folder / "new.mp4", clip);
  written(clip, "2026-02-10T12:00:00");
  posted("2026-02-11T09:00:00");
  const auto report = add(clip);
  REQUIRE(report.registered.size() == 1);
  CHECK(youtube(report.registered.front().id).duplicate);
}

TEST_CASE_FIXTURE(PythonLibrary, "a clip that was written over after its post is another video, and free") {
  run("UPDATE videos SET checksum = 'aa11'");
  posted("2026-02-11T09:00:00");
  written(clip, "2026-02-12T12:00:00");
  const auto report = add(clip);
  REQUIRE(report.registered.size() == 1);
  CHECK(youtube(report.registered.front().id).allowed);
}

TEST_CASE_FIXTURE(PythonLibrary,
                  "a file newer than the post of a row without a checksum stays unassigned: a question") {
  posted("2026-02-11T09:00:00");
  written(clip, "2026-02-12T12:00:00");
  const auto report = add(clip);
  REQUIRE(report.registered.size() == 1);
  CHECK(ask("SELECT checksum IS NULL FROM videos WHERE id = 'clip_001'") == "1");
  const auto no = youtube(report.registered.front().id);
  CHECK(no.reason.find("may be live on YouTube") != std::string::npos);
  CHECK(no.reason.find("abc, 2026-02-11 09:00") != std::string::npos);
}

TEST_CASE_FIXTURE(PythonLibrary, "contents are found out in the background one by one, until none is left") {
  make_video(library.home / "second.mp4", 1, 2);
  run("INSERT INTO videos VALUES ('second', 'second.mp4', 'T', '2026-02-10T09:00:00', 7.5, NULL, 0),"
      " ('gone', 'gone.mp4', 'T', '2026-02-10T09:00:00', 0, NULL, 0)");
  REQUIRE(note_disk_files(registry));
  int found = 0;
  while (know_next_content(registry).value()) ++found;
  CHECK(found == 2);
  CHECK(ask("SELECT group_concat(id || (checksum IS NOT NULL) || (duration > 0.5), ' ') FROM"
            " (SELECT * FROM videos ORDER BY rowid)") == "clip_00111 second11 gone00");
  CHECK(ask("SELECT duration FROM videos WHERE id = 'second'") == "7.5");  // what stands there stays
}

TEST_CASE_FIXTURE(PythonLibrary, "what another program wrote meanwhile is not overwritten") {
  REQUIRE(note_disk_files(registry));
  run("CREATE TRIGGER t BEFORE UPDATE OF checksum ON videos WHEN OLD.checksum IS NOT NULL"
      " BEGIN SELECT RAISE(ABORT, 'overwritten'); END; UPDATE videos SET checksum = 'aa11'");
  CHECK_FALSE(know_next_content(registry).value());
  CHECK(ask("SELECT checksum FROM videos") == "aa11");
}

TEST_CASE_FIXTURE(PythonLibrary, "finding out stops at once when it is asked to") {
  std::stop_source source;
  source.request_stop();
  CHECK(note_disk_files(registry, source.get_token()).error().code == Code::cancelled);
  REQUIRE(note_disk_files(registry));
  CHECK(know_next_content(registry, source.get_token()).error().code == Code::cancelled);
}
