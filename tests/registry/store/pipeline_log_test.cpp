// What the pipeline writes to audit/events.db, as the Python program reads it.
#include "registry/store/pipeline_log.h"

#include <doctest/doctest.h>

#include "tests/support/temp_folder.h"

using namespace asfs;
using asfs::test::TempFolder;

namespace {

std::string text_of(const Library& library, const char* query) {
  Database db(library.audit_database(), Database::Mode::read_only);
  auto row = db.prepare(query);
  return row->step() ? row->text(0) : "";
}

}  // namespace

TEST_CASE(
    "an event of the pipeline has the Python program's columns, and its details as Python writes them") {
  const TempFolder folder;
  const Library library{folder.path()};
  PipelineLog log(library);
  REQUIRE(log.record(PipelineEvent{.video_path = "/v/Müller.mp4",
                                   .stage = "transcription",
                                   .status = "completed",
                                   .details = R"({"segments":3,"name":"ü"})"}));
  REQUIRE(log.record(PipelineEvent{
      .video_path = "/v/b.mp4", .stage = "pipeline", .status = "failed", .error_message = "no picture"}));
  CHECK(text_of(library, "SELECT details FROM pipeline_events WHERE stage = 'transcription'") ==
        R"({"segments": 3, "name": "\u00fc"})");
  CHECK(text_of(library, "SELECT video_path FROM pipeline_events WHERE id = 1") == "/v/Müller.mp4");
  CHECK(text_of(library, "SELECT error_message FROM pipeline_events WHERE details IS NULL") == "no picture");
}

TEST_CASE("a clip that is noted again gets its new values, and no second row") {
  const TempFolder folder;
  const Library library{folder.path()};
  PipelineLog log(library);
  ClipRow clip{.clip_id = "talk-1",
               .video_path = "/v/talk.mp4",
               .start = 1,
               .end = 21,
               .duration = 20,
               .file_path = "/c/talk-1.mp4",
               .score = 71.5,
               .metadata = "{}"};
  REQUIRE(log.record(clip));
  clip.score = 80;
  REQUIRE(log.record(clip));
  CHECK(text_of(library, "SELECT count(*) || ' ' || max(score) || ' ' || max(video_path) FROM clips") ==
        "1 80.0 /v/talk.mp4");
}

TEST_CASE("tables that the Python program made are taken as they are") {
  const TempFolder folder;
  const Library library{folder.path()};
  std::filesystem::create_directories(library.audit_database().parent_path());
  {
    Database db(library.audit_database(), Database::Mode::read_write_create);
    db.prepare(
          "CREATE TABLE clips (id INTEGER PRIMARY KEY AUTOINCREMENT, clip_id TEXT UNIQUE NOT NULL, "
          "video_path TEXT NOT NULL,"
          " start_time REAL NOT NULL, end_time REAL NOT NULL, duration REAL NOT NULL, file_path TEXT, score "
          "REAL,"
          " created_at TEXT NOT NULL, metadata TEXT)")
        ->run();
  }
  PipelineLog log(library);
  REQUIRE(log.record(ClipRow{.clip_id = "a",
                             .video_path = "/v.mp4",
                             .end = 9,
                             .duration = 9,
                             .file_path = "/a.mp4",
                             .metadata = "{}"}));
  CHECK(text_of(library, "SELECT clip_id FROM clips") == "a");
}
