// What the picture of the registry shows of whatever the file holds.
#include <doctest/doctest.h>

#include <string>

#include "registry/picture/snapshot_reader.h"
#include "tests/support/destinations.h"
#include "tests/support/snapshot_scene.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("a new library has an empty picture") {
  SnapshotScene scene;
  CHECK(scene.refresh()->size() == 0);
}

TEST_CASE("there is no picture of a library that does not exist") {
  const TestLibrary test;
  const auto reader = SnapshotReader::open(test.library);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().code == Code::library);
}

TEST_CASE("the picture holds every column of a video and of its uploads") {
  SnapshotScene scene(
      "INSERT INTO videos VALUES ('clip_001', 'clips/a.mp4', 'First', '2026-02-11T08:00:00.000000', 12.5, "
      "'abc', 1);"
      "INSERT INTO video_uploads(video_id, platform, upload_status, upload_timestamp, platform_post_id,"
      " error_message, retry_count) VALUES ('clip_001', 'YouTube', 'FAILED', 'then', 'post', 'why', 2);");
  const auto snapshot = scene.refresh();
  REQUIRE(snapshot->size() == 1);
  const VideoView video = snapshot->video(0);
  CHECK(video.id == "clip_001");
  CHECK(video.file_path == "clips/a.mp4");
  CHECK(video.title == "First");
  CHECK(video.created_at == "2026-02-11T08:00:00.000000");
  CHECK(video.duration == 12.5);
  CHECK(video.duplicate_allowed);
  CHECK_FALSE(video.uploads[place_of("Instagram")].present);
  const UploadView youtube = video.uploads[place_of("YouTube")];
  CHECK(youtube.present);
  CHECK(youtube.status == UploadStatus::failed);
  CHECK(youtube.status_text == "FAILED");
  CHECK(youtube.timestamp == "then");
  CHECK(youtube.post_id == "post");
  CHECK(youtube.error == "why");
  CHECK(youtube.retry_count == 2);
  CHECK(snapshot->text(0, TextColumn::id) == "clip_001");
  CHECK(snapshot->text(0, TextColumn::title) == "First");
  CHECK(snapshot->text(0, TextColumn::file_path) == "clips/a.mp4");
  CHECK(snapshot->text(0, TextColumn::created_at) == "2026-02-11T08:00:00.000000");
}

TEST_CASE("NULL, numbers, blobs and broken text are shown, and hide no other row") {
  SnapshotScene scene;
  scene.other.run(
      "DROP TABLE video_uploads; DROP TABLE videos;"
      "CREATE TABLE videos(id, file_path, title, created_at, duration, checksum, duplicate_allowed);"
      "CREATE TABLE video_uploads(id, video_id, platform, upload_status, upload_timestamp,"
      " platform_post_id, error_message, retry_count);"
      "INSERT INTO videos VALUES ('odd', NULL, 17, x'61ff', 'long', 2.5, 'yes'),"
      " ('nul', 'a' || char(0) || 'b', CAST(x'80' AS TEXT), 'ア', NULL, '', -1), ('plain', '', '', '', 1, "
      "'', 0);"
      "INSERT INTO video_uploads VALUES (1, 'odd', 'TikTok', NULL, 3, x'ff', NULL, 'many')");
  const auto snapshot = scene.refresh();
  REQUIRE(snapshot->size() == 3);
  const VideoView odd = snapshot->video(0), nul = snapshot->video(1);
  CHECK(odd.file_path == "");
  CHECK(odd.title == "17");
  CHECK(odd.created_at == "a\uFFFD");
  CHECK(odd.duration == 0.0);
  CHECK_FALSE(odd.duplicate_allowed);
  CHECK(odd.uploads[1].present);
  CHECK_FALSE(odd.uploads[1].status);
  CHECK(odd.uploads[1].status_text == "");
  CHECK(odd.uploads[1].timestamp == "3");
  CHECK(odd.uploads[1].post_id == "\uFFFD");
  CHECK(odd.uploads[1].retry_count == 0);
  CHECK(nul.file_path == std::string_view("a\0b", 3));
  CHECK(nul.title == "\uFFFD");
  CHECK(nul.created_at == "ア");
  CHECK(nul.duplicate_allowed);
  CHECK(snapshot->video(2).id == "plain");
}

TEST_CASE("videos without a usable id are shown, and loaded anew when they change") {
  SnapshotScene scene(
      added("a") +
      "INSERT INTO videos(id, file_path, title, created_at) VALUES (NULL, '', 'one', ''),"
      " (NULL, '', 'two', ''), (x'61', '', 'blob', ''), (CAST(x'ff' AS TEXT), '', 'broken', '')");
  CHECK(ids_of(*scene.refresh()) == Ids{"a", "", "", "", ""});
  CHECK(scene.after("UPDATE videos SET title = 'three' WHERE title = 'two'")->video(2).title == "three");
  CHECK(scene.after("UPDATE videos SET title = 'BLOB' WHERE typeof(id) = 'blob'")->video(3).title == "BLOB");
  CHECK(scene.reader.last_delta().from == nullptr);
}

TEST_CASE("a status that we do not know keeps its word") {
  SnapshotScene scene(added("a") + uploaded("a", "YouTube", "success"));
  const UploadView upload = scene.refresh()->video(0).uploads[2];
  CHECK(upload.present);
  CHECK_FALSE(upload.status);
  CHECK(upload.status_text == "success");
}

TEST_CASE("uploads on platforms without a column are counted") {
  SnapshotScene scene(added("a") + uploaded("a", "youtube", "SUCCESS") + uploaded("a", "Vimeo", "SUCCESS"));
  const VideoView video = scene.refresh()->video(0);
  CHECK(video.other_platforms == 2);
  CHECK_FALSE(video.uploads[2].present);
}

TEST_CASE("an upload of no video is ignored until the video is there") {
  SnapshotScene scene(uploaded("later", "YouTube", "SUCCESS"));
  CHECK(scene.refresh()->size() == 0);
  CHECK(scene.after(added("later"))->video(0).uploads[2].present);
}

TEST_CASE("a text without end is cut") {
  SnapshotScene scene(
      "INSERT INTO videos(id, file_path, title, created_at) VALUES ('a', printf('%.*c', 9000000, 'x'),"
      " replace(printf('%.*c', 3000000, 'x'), 'x', 'ア'), '')");
  const VideoView video = scene.refresh()->video(0);
  CHECK(video.file_path.size() == 16 << 10);
  CHECK(video.title.size() < 20'000);
  CHECK(video.title.starts_with("アア"));
}

TEST_CASE("a picture has the destinations that were handed in, whatever the library lists by now") {
  const TestLibrary test;
  test.with_clip();
  const Destinations before = load_destinations(test.library).value();
  REQUIRE(add_destination(test.library, {"YouTube/cooking", "YouTube", ""}));
  const auto picture = SnapshotReader::open(test.library, before)->refresh().value();
  CHECK(picture->destinations().size() == before.size());
  CHECK(picture->video(0).uploads.size() == before.size());
  CHECK(SnapshotReader::open(test.library)->refresh().value()->video(0).uploads.size() == before.size() + 1);
}
