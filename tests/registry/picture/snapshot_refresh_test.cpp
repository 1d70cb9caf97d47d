// How the picture of the registry follows what others write.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "registry/picture/snapshot.h"
#include "tests/support/random_writes.h"
#include "tests/support/snapshot_scene.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr const char* kOneVideo =
    "INSERT INTO videos VALUES ('clip_001', 'clips/a.mp4', 'First', '2026-02-11T08:00:00.000000', 12.5, "
    "'abc', 1);";

std::string text_of(const VideoView& video) {
  std::string text =
      fmt::format("{}|{}|{}|{}|{}|{}|{}", video.id, video.title, video.file_path, video.created_at,
                  video.duration, video.duplicate_allowed, video.other_platforms);
  for (const UploadView& upload : video.uploads)
    text += fmt::format("|{} {} {} {} {} {} {}", upload.present,
                        upload.status ? names_of(*upload.status).name : "?", upload.status_text,
                        upload.timestamp, upload.post_id, upload.error, upload.retry_count);
  return text;
}

std::vector<std::string> rows_of(const Snapshot& snapshot) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < snapshot.size(); ++i) rows.push_back(text_of(snapshot.video(i)));
  return rows;
}

std::vector<std::string> sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// What a reader that starts now sees, in no order.
std::vector<std::string> all_anew(const TestLibrary& test) {
  auto reader = SnapshotScene::opened(test);
  return sorted(rows_of(**reader.refresh()));
}

/// The rows that the delta names are exactly those that differ.
bool is_exact(const SnapshotDelta& delta) {
  std::vector<std::uint32_t> differing;
  for (std::uint32_t row = 0; row < std::max(delta.from->size(), delta.to->size()); ++row) {
    const bool in_both = row < delta.from->size() && row < delta.to->size();
    if (!in_both || delta.from->video(row) != delta.to->video(row)) differing.push_back(row);
  }
  return differing == delta.rows;
}

/// While it lives, connections that are opened call `work` just before they read video_uploads.
class BeforeUploadsAreRead {
 public:
  explicit BeforeUploadsAreRead(std::function<void()> work) {
    work_ = std::move(work);
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
  }
  BeforeUploadsAreRead(const BeforeUploadsAreRead&) = delete;
  BeforeUploadsAreRead& operator=(const BeforeUploadsAreRead&) = delete;
  ~BeforeUploadsAreRead() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch));
    work_ = nullptr;
  }

 private:
  static int watch(sqlite3* db, char**, const void*) {
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, begun, nullptr);
  }
  static int begun(unsigned, void*, void*, void* sql) {
    const std::string_view text(static_cast<const char*>(sql));
    const bool reads =
        text.contains("FROM video_uploads NOT INDEXED") || text.contains("FROM video_uploads WHERE");
    if (work_ && reads) work_();
    return 0;
  }

  static inline std::function<void()> work_;
};

using Rows = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("without a commit the very same picture comes back") {
  SnapshotScene scene(kOneVideo);
  const auto before = scene.refresh();
  CHECK_FALSE(scene.reader.changed());
  CHECK(scene.refresh() == before);
}

TEST_CASE("another program's commit is noticed and shown") {
  SnapshotScene scene(kOneVideo);
  const auto before = scene.refresh();
  scene.other.run("BEGIN; UPDATE videos SET title = 'Second';");
  CHECK_FALSE(scene.reader.changed());
  scene.other.run("COMMIT");
  CHECK(scene.reader.changed());
  const auto after = scene.refresh();
  CHECK(after->video(0).title == "Second");
  CHECK(before->video(0).title == "First");
  CHECK(after->generation() == before->generation() + 1);
  CHECK_FALSE(scene.reader.changed());
}

TEST_CASE("a commit that changes no video brings no new picture") {
  SnapshotScene scene(kOneVideo);
  const auto before = scene.refresh();
  CHECK(scene.after("CREATE TABLE another(x); INSERT INTO another VALUES (1)")->generation() > 0);
  const auto settled = scene.refresh();
  CHECK(scene.after("INSERT INTO another VALUES (2)") == settled);
  CHECK(scene.after("UPDATE videos SET title = title") == settled);
}

TEST_CASE("the delta names the changed row and the two pictures") {
  SnapshotScene scene(added("a") + added("b") + added("c"));
  const auto before = scene.refresh();
  const auto after = scene.after(uploaded("b", "TikTok", "SUCCESS"));
  const SnapshotDelta& delta = scene.reader.last_delta();
  CHECK(delta.from == before);
  CHECK(delta.to == after);
  CHECK(delta.rows == Rows{1});
}

TEST_CASE("a new video comes last") {
  SnapshotScene scene(added("z") + added("m"));
  CHECK(ids_of(*scene.after(added("a"))) == Ids{"z", "m", "a"});
  CHECK(scene.reader.last_delta().rows == Rows{2});
}

TEST_CASE("the last video moves into the place of a deleted one") {
  SnapshotScene scene(added("a") + added("b") + added("c") + added("d"));
  CHECK(ids_of(*scene.after("DELETE FROM videos WHERE id = 'b'")) == Ids{"a", "d", "c"});
  CHECK(scene.reader.last_delta().rows == Rows{1, 3});
  CHECK(ids_of(*scene.after("DELETE FROM videos WHERE id IN ('c', 'a')")) == Ids{"d"});
  CHECK(scene.after("UPDATE videos SET title = 'moved' WHERE id = 'd'")->video(0).title == "moved");
  CHECK(scene.after("DELETE FROM videos")->size() == 0);
}

TEST_CASE("a renamed video keeps its place") {
  SnapshotScene scene(added("a") + added("b") + added("c"));
  CHECK(ids_of(*scene.after("UPDATE videos SET id = 'x' WHERE id = 'a'")) == Ids{"x", "b", "c"});
  CHECK(scene.reader.last_delta().rows == Rows{0});
}

TEST_CASE("an upload that is deleted or goes to another video leaves the row") {
  SnapshotScene scene(added("a") + added("b") + uploaded("a", "YouTube", "FAILED"));
  auto snapshot = scene.after("UPDATE video_uploads SET video_id = 'b'");
  CHECK_FALSE(snapshot->video(0).uploads[2].present);
  CHECK(snapshot->video(1).uploads[2].present);
  snapshot = scene.after("DELETE FROM video_uploads");
  CHECK_FALSE(snapshot->video(1).uploads[2].present);
}

TEST_CASE("when very much has changed all is loaded anew") {
  SnapshotScene scene;
  const auto snapshot = scene.after(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
      "INSERT INTO videos SELECT 'v' || i, '', '', '', 0, '', 0 FROM n");
  CHECK(snapshot->size() == 1000);
  CHECK(scene.reader.last_delta().from == nullptr);
  CHECK(scene.reader.last_delta().rows.empty());
}

TEST_CASE("without the triggers every commit is still shown") {
  SnapshotScene scene(added("a"));
  scene.other.run(
      "DROP TRIGGER asfs_video_updated; DROP TRIGGER asfs_video_inserted; DROP TRIGGER asfs_video_deleted");
  CHECK(scene.after(added("b"))->size() == 2);
  CHECK(scene.after("UPDATE videos SET title = 'silent' WHERE id = 'a'")->video(0).title == "silent");
}

TEST_CASE("an older copy that is restored into the file is shown") {
  SnapshotScene scene(added("a"));
  scene.other.run("VACUUM INTO '" + (scene.test.folder / "copy.db").native() + "'");
  scene.after("UPDATE videos SET title = 'newer'");
  scene.after(added("b"));

  Stranger copy(scene.test.folder / "copy.db");
  auto* backup = sqlite3_backup_init(scene.other.handle(), "main", copy.handle(), "main");
  REQUIRE(backup);
  CHECK(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
  CHECK(sqlite3_backup_finish(backup) == SQLITE_OK);
  const auto restored = scene.refresh();
  REQUIRE(restored->size() == 1);
  CHECK(restored->video(0).title == "Title of a");
}

TEST_CASE("a change log that somebody began anew is not believed") {
  SnapshotScene scene(added("a") + added("b"));
  const auto snapshot = scene.after(
      "DELETE FROM asfs_changes; DELETE FROM sqlite_sequence; UPDATE videos SET title = 'seen' WHERE id = "
      "'a'");
  CHECK(snapshot->video(0).title == "seen");
}

TEST_CASE("a copy of the library that is put in its place is read") {
  SnapshotScene scene(added("a"));
  TestLibrary another;
  another.open();
  Stranger(another).run(added("x") + added("y") + "UPDATE asfs_library SET id = '" +
                        scene.other.ask("SELECT id FROM asfs_library") + "';" +
                        "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
  const auto database = scene.test.library.database();
  std::filesystem::rename(another.library.database(), database);
  std::filesystem::remove(database.native() + "-wal");
  std::filesystem::remove(database.native() + "-shm");
  CHECK(scene.reader.changed());
  CHECK(ids_of(*scene.refresh()) == Ids{"x", "y"});
}

TEST_CASE("a failed refresh keeps the last picture, and the next one tries again") {
  SnapshotScene scene(added("a"));
  const auto before = scene.refresh();
  scene.other.run("ALTER TABLE videos RENAME COLUMN title TO name");
  const auto failed = scene.reader.refresh();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == Code::library);
  CHECK(scene.reader.changed());
  CHECK(scene.reader.last_delta().to == before);
  CHECK(before->video(0).id == "a");
  CHECK(ids_of(*scene.after("ALTER TABLE videos RENAME COLUMN name TO title;" + added("b"))) ==
        Ids{"a", "b"});
}

TEST_CASE("a library that is gone is an error until it is back") {
  SnapshotScene scene(added("a"));
  const auto home = scene.test.library.database().parent_path();
  const auto hidden = scene.test.folder / "hidden";
  std::filesystem::rename(home, hidden);
  CHECK(scene.reader.changed());
  CHECK_FALSE(scene.reader.refresh());
  std::filesystem::rename(hidden, home);
  CHECK(scene.refresh()->size() == 1);
}

TEST_CASE("a video that changes again and again stays right") {
  SnapshotScene scene;
  for (int i = 0; i < 200; ++i)
    scene.other.run(added(fmt::format("v{}", i)) + uploaded(fmt::format("v{}", i), "TikTok", "FAILED"));
  scene.refresh();
  for (int i = 0; i < 300; ++i) {
    const auto snapshot = scene.after(fmt::format(
        "UPDATE video_uploads SET error_message = printf('%.*c', 500, 'e') || {} WHERE video_id = 'v150'",
        i));
    CHECK(snapshot->video(150).uploads[1].error.ends_with(fmt::format("e{}", i)));
  }
  CHECK(sorted(rows_of(*scene.refresh())) == all_anew(scene.test));
}

TEST_CASE("a picture is of one moment, even when others write between its two tables") {
  const TestLibrary test;
  test.open();
  Stranger other(test);
  other.run(added("a") + uploaded("a", "YouTube", "SUCCESS"));
  const auto write = [&](int number) {
    other.run(fmt::format(
        "BEGIN; UPDATE videos SET title = {0}; UPDATE video_uploads SET error_message = {0}; COMMIT",
        number));
  };
  write(0);
  int written = 0;
  BeforeUploadsAreRead hook([&] { write(++written); });
  auto reader = SnapshotScene::opened(test);
  for (int round = 0; round < 3; ++round) {
    const auto snapshot = reader.refresh();
    REQUIRE(snapshot);
    CHECK(written == round + 1);
    CHECK((*snapshot)->video(0).title == std::to_string(round));
    CHECK((*snapshot)->video(0).uploads[2].error == std::to_string(round));
  }
}

TEST_CASE("whatever is written, the picture kept up to date equals a new one") {
  SnapshotScene scene;
  RandomWrites writes(scene.other, 20260211);
  writes.add_videos(400);
  scene.refresh();
  int followed = 0;
  for (int step = 0; step < 300; ++step) {
    CAPTURE(step);
    const auto before = scene.refresh();
    writes.step();
    const auto after = scene.refresh();
    REQUIRE(sorted(rows_of(*after)) == all_anew(scene.test));
    const SnapshotDelta& delta = scene.reader.last_delta();
    if (after == before || !delta.from) continue;
    ++followed;
    REQUIRE(delta.from == before);
    REQUIRE(is_exact(delta));
  }
  CHECK(followed > 100);
}
