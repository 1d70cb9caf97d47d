// The audit trail as other programs read it.
#include "registry/store/audit_log.h"

#include <doctest/doctest.h>

#include "tests/support/test_library.h"

using namespace asfs;
using namespace asfs::test;

namespace {

UploadEvent posted() {
  return {.video_id = "clip_001",
          .platform = "Instagram",
          .status = UploadStatus::success,
          .upload_id = "ABC123",
          .retry_count = 0,
          .error_message = std::nullopt,
          .metadata_json = "{}"};
}

}  // namespace

TEST_CASE("a log line is the specified one, key for key") {
  CHECK(
      upload_log_line(posted(), "2026-02-11T08:00:00.000000") ==
      R"({"timestamp": "2026-02-11T08:00:00.000000", "video_id": "clip_001", "platform": "Instagram", )"
      R"("status": "SUCCESS", "upload_id": "ABC123", "retry_count": 0, "error_message": null, "metadata": {}})");
}

TEST_CASE("text outside ASCII is escaped as Python does it, emoji by a surrogate pair") {
  UploadEvent event = posted();
  event.status = UploadStatus::failed;
  event.upload_id.reset();
  event.retry_count = 2;
  event.error_message = "café \"日本\" \xf0\x9f\x8e\xac\n\x7f";
  const std::string line = upload_log_line(event, "t");
  CHECK(line.find(R"("upload_id": null, "retry_count": 2, )") != std::string::npos);
  CHECK(line.find(R"("caf\u00e9 \"\u65e5\u672c\" \ud83c\udfac\n\u007f")") != std::string::npos);
}

TEST_CASE("metadata keeps its order and is nested in the same style") {
  UploadEvent event = posted();
  event.metadata_json =
      R"({"title":"x","hashtags":["#a","#b"],"deep":{"n":1.5,"none":null},"empty":[],"yes":true})";
  CHECK(
      upload_log_line(event, "t")
          .ends_with(
              R"("metadata": {"title": "x", "hashtags": ["#a", "#b"], "deep": {"n": 1.5, "none": null}, "empty": [], "yes": true}})"));
}

TEST_CASE("bytes that are not UTF-8 and metadata that is not JSON never stop a line") {
  UploadEvent event = posted();
  event.video_id = "caf\xe9";
  event.error_message = "\xff\xfe";
  event.metadata_json = "{\"a\": ";
  const std::string line = upload_log_line(event, "t");
  CHECK(line.find(R"("video_id": "caf\ufffd")") != std::string::npos);
  CHECK(line.find(R"("error_message": "\ufffd\ufffd")") != std::string::npos);
  CHECK(line.ends_with(R"("metadata": {}})"));
  event.metadata_json = "{\"a\": \"\xff\"}";
  CHECK(upload_log_line(event, "t").ends_with(R"("metadata": {"a": "\ufffd"}})"));
}

TEST_CASE("a finished attempt is one row in events.db and one line in uploads.log") {
  const TestLibrary test;
  AuditLog audit(test.library, test.clock);
  REQUIRE(audit.record(posted()));
  CHECK(read_text(test.library.upload_log()) == upload_log_line(posted(), local_timestamp(kMorning)) + "\n");
  CHECK(Stranger(test.library.audit_database()).ask("SELECT * FROM upload_events") ==
        "1|" + local_timestamp(kMorning) + "|clip_001|Instagram|success|ABC123|0||");
}

TEST_CASE("a start is a row in events.db and no line") {
  const TestLibrary test;
  AuditLog audit(test.library, test.clock);
  UploadEvent event = posted();
  event.status = UploadStatus::in_progress;
  REQUIRE(audit.record(event));
  CHECK_FALSE(std::filesystem::exists(test.library.upload_log()));
  CHECK(Stranger(test.library.audit_database()).ask("SELECT status FROM upload_events") == "uploading");
}

TEST_CASE("the events table has the shared columns, and metadata only when there is some") {
  const TestLibrary test;
  AuditLog audit(test.library, test.clock);
  UploadEvent event = posted();
  REQUIRE(audit.record(event));
  event.metadata_json = R"({"caption":"é","n":[1,2]})";
  REQUIRE(audit.record(event));
  Stranger other(test.library.audit_database());
  CHECK(other.ask("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('upload_events')") ==
        "id|INTEGER|0||1\ntimestamp|TEXT|1||0\nclip_id|TEXT|1||0\nplatform|TEXT|1||0\nstatus|TEXT|1||0\n"
        "upload_id|TEXT|0||0\nretry_count|INTEGER|0|0|0\nerror_message|TEXT|0||0\nmetadata|TEXT|0||0");
  CHECK(other.ask("SELECT metadata IS NULL, metadata FROM upload_events") ==
        "1|\n0|{\"caption\": \"\\u00e9\", \"n\": [1, 2]}");
}

TEST_CASE("events.db becomes a WAL file, and all is in the file itself when nobody has it open") {
  const TestLibrary test;
  Stranger(test.library.audit_database()).run("CREATE TABLE clips (clip_id TEXT)");  // by the Python program
  {
    AuditLog audit(test.library, test.clock);
    REQUIRE(audit.record(posted()));
    CHECK(Stranger(test.library.audit_database()).ask("PRAGMA journal_mode") == "wal");
    CHECK(std::filesystem::exists(test.library.audit_database().native() + "-wal"));
  }
  CHECK_FALSE(std::filesystem::exists(test.library.audit_database().native() + "-wal"));
  CHECK(Stranger(test.library.audit_database()).ask("SELECT count(*) FROM upload_events") == "1");
}

TEST_CASE("the history of a video is read oldest first, rows of other programs too") {
  const TestLibrary test;
  Stranger python(test.library.audit_database());
  python.run(
      "CREATE TABLE upload_events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,"
      " clip_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL, upload_id TEXT,"
      " retry_count INTEGER DEFAULT 0, error_message TEXT, metadata TEXT);"
      "INSERT INTO upload_events(timestamp, clip_id, platform, status) VALUES"
      " ('2026-02-10T08:00:00', 'clip_001', 'TikTok', 'uploading'), ('x', 'other', 'TikTok', 'failed')");
  AuditLog audit(test.library, test.clock);
  REQUIRE(audit.record(posted()));
  const auto events = audit.events_of("clip_001").value();
  REQUIRE(events.size() == 2);
  CHECK(events[0].status == "uploading");
  CHECK_FALSE(events[0].upload_id);
  CHECK(events[1].status == "success");
  CHECK(events[1].upload_id == "ABC123");
}

TEST_CASE("there is no history without events, and asking for it creates nothing") {
  const TestLibrary test;
  AuditLog audit(test.library, test.clock);
  CHECK(audit.events_of("clip_001").value().empty());
  CHECK_FALSE(std::filesystem::exists(test.library.audit_database()));
  Stranger(test.library.audit_database()).run("CREATE TABLE clips (clip_id TEXT)");
  CHECK(audit.events_of("clip_001").value().empty());
}

TEST_CASE("a damaged events.db is reported and the log line is written all the same") {
  const TestLibrary test;
  write_file(test.library.audit_database(), std::string(5000, 'x'));
  AuditLog audit(test.library, test.clock);
  const auto recorded = audit.record(posted());
  REQUIRE_FALSE(recorded);
  CHECK(recorded.error().message.find("events.db") != std::string::npos);
  CHECK(read_text(test.library.upload_log()).ends_with("\"metadata\": {}}\n"));
}

TEST_CASE("a log that cannot be written is reported and the event is stored all the same") {
  const TestLibrary test;
  std::filesystem::create_directories(test.library.upload_log());
  AuditLog audit(test.library, test.clock);
  CHECK_FALSE(audit.record(posted()));
  CHECK(audit.events_of("clip_001").value().size() == 1);
}
