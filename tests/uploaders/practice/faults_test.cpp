#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/support/practice.h"
#include "tests/support/upload_studio.h"

using namespace asfs;
using namespace asfs::test;

namespace {

double seconds_of(auto&& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// Waits until the first session has received `bytes`.
void await_bytes(const Practice& practice, std::size_t bytes) {
  while (practice.sessions()[0]["bytes_received"] < bytes) std::this_thread::yield();
}

/// 1,000 bytes are on their way, and the platform has stopped reading in their middle.
struct StalledUpload {
  Practice practice;
  std::string session;
  RawHttp http{practice.port()};

  StalledUpload() {
    practice.fault({{"kind", "stall"}, {"at_byte", 500}, {"seconds", 3600}});
    session = practice.begin(1000);
    http.head("PUT", session, {{"Content-Length", "1000"}});
    http.write(test_bytes(1000));
    await_bytes(practice, 500);
  }
};

std::string reason(const RawAnswer& answer) {
  return answer.json()["error"]["errors"][0]["reason"];
}

Json uploads_status(const Practice& practice, const std::string& id) {
  return practice.api("/youtube/v3/videos?part=status,processingDetails&id=" + id).json()["items"];
}

}  // namespace

TEST_CASE("a status fault answers in the platform's error shape, as often as it says") {
  const Practice practice;
  practice.fault(
      {{"kind", "status"}, {"status", 403}, {"reason", "quotaExceeded"}, {"times", 2}, {"retry_after", 7}});
  for (int i = 0; i < 2; ++i) {
    const auto answer = practice.initiate(R"({"snippet":{"title":"x"}})");
    CHECK(answer.status == 403);
    CHECK(reason(answer) == "quotaExceeded");
    CHECK(answer.json()["error"]["errors"][0]["domain"] == "youtube.quota");
    CHECK(answer.header("retry-after") == "7");
  }
  CHECK(practice.initiate(R"({"snippet":{"title":"x"}})").status == 200);
  CHECK(practice.faults()[0]["fired"] == 2);
}

TEST_CASE("a status fault during sending stores nothing and lets the session live") {
  const Practice practice;
  const std::string session = practice.begin(1000);
  practice.fault({{"kind", "status"}, {"status", 503}});
  CHECK(practice.put_whole(session, test_bytes(1000)).status == 503);
  CHECK(practice.ask(session, 1000).header("range").empty());
  CHECK(practice.put_whole(session, test_bytes(1000)).status == 201);
}

TEST_CASE("an early answer reaches a client that is still sending") {
  const Practice practice;
  const std::string video = test_bytes(20'000'000);
  practice.fault({{"kind", "status"}, {"status", 500}, {"on", "send"}});
  const std::string session = practice.begin(video.size());
  CHECK(practice.put_whole(session, video).status == 500);
}

TEST_CASE("a status fault may have a body of HTML or none") {
  const Practice practice;
  practice.fault({{"kind", "status"}, {"status", 502}, {"body", "html"}});
  practice.fault({{"kind", "status"}, {"status", 502}, {"body", "empty"}});
  CHECK(practice.initiate("{}").body.starts_with("<!DOCTYPE html>"));
  CHECK(practice.initiate("{}").body.empty());
}

TEST_CASE("a fault limited to status queries lets everything else pass") {
  const Practice practice;
  practice.fault({{"kind", "status"}, {"status", 500}, {"on", {"status_query"}}});
  const std::string session = practice.begin(4);
  CHECK(practice.ask(session, 4).status == 500);
  CHECK(practice.put_whole(session, "abcd").status == 201);
}

TEST_CASE("a reset drops the line once the bytes before it are stored") {
  const Practice practice;
  const std::string video = test_bytes(1'000'000);
  for (const std::size_t at : {std::size_t{0}, std::size_t{333'333}, video.size()}) {
    practice.fault({{"kind", "reset"}, {"at_byte", at}});
    const std::string session = practice.begin(video.size());
    const auto cut = practice.put_whole(session, video);
    CHECK(cut.status == 0);
    if (at == video.size()) {
      CHECK(practice.posts().empty());
      CHECK(practice.ask(session, video.size()).status == 201);
    } else {
      CHECK(practice.ask(session, video.size()).header("range") ==
            (at == 0 ? "" : fmt::format("bytes=0-{}", at - 1)));
    }
  }
  CHECK(practice.posts().size() == 1);
}

TEST_CASE("a reset strikes the chunk that holds its byte") {
  const Practice practice;
  const std::string video = test_bytes(2 * kChunk);
  practice.fault({{"kind", "reset"}, {"at_byte", kChunk}});
  const std::string session = practice.begin(video.size());
  CHECK(practice.put(session, std::string_view(video).substr(0, kChunk), 0, video.size()).status == 308);
  CHECK(practice.put(session, std::string_view(video).substr(kChunk), kChunk, video.size()).status == 0);
  CHECK(practice.ask(session, video.size()).header("range") == "bytes=0-262143");
}

TEST_CASE("a chunk may be taken in part") {
  const Practice practice;
  const std::string video = test_bytes(2 * kChunk);
  practice.fault({{"kind", "partial"}, {"at_byte", 1000}});
  const auto answer = practice.put_whole(practice.begin(video.size()), video);
  CHECK(answer.status == 308);
  CHECK(answer.header("range") == "bytes=0-999");
}

TEST_CASE("a stall holds the upload for its time and then lets it go on") {
  const Practice practice;
  practice.fault({{"kind", "stall"}, {"at_byte", 500}, {"seconds", 0.2}});
  const std::string session = practice.begin(1000);
  CHECK(seconds_of([&] { CHECK(practice.put_whole(session, test_bytes(1000)).status == 201); }) >= 0.2);
}

TEST_CASE_FIXTURE(StalledUpload, "a stall ends when its fault is taken back") {
  practice.end_faults();
  CHECK(http.answer().status == 201);
}

TEST_CASE_FIXTURE(StalledUpload, "a stalled upload gives way to a client that comes back") {
  CHECK(practice.ask(session, 1000).header("range") == "bytes=0-499");
  CHECK(http.answer().status == 0);
}

TEST_CASE("stalled uploads do not keep the server from stopping") {
  Practice practice;
  practice.fault({{"kind", "stall"}, {"at_byte", 0}, {"seconds", 3600}});
  const std::string session = practice.begin(1000);
  RawHttp stalled(practice.port());
  stalled.head("PUT", session, {{"Content-Length", "1000"}});
  RawHttp idle(practice.port());
  while (practice.faults()[0]["fired"] != 1) continue;
  CHECK(seconds_of([&] { practice.server().stop(); }) < 5);
}

TEST_CASE("a slow upload takes its time") {
  const Practice practice;
  practice.fault({{"kind", "slow"}, {"bytes_per_second", 5000}});
  const std::string session = practice.begin(1000);
  CHECK(seconds_of([&] { CHECK(practice.put_whole(session, test_bytes(1000)).status == 201); }) >= 0.19);
}

TEST_CASE("a lost answer leaves one post, which the session tells of") {
  const Practice practice;
  practice.fault({{"kind", "lost_answer"}});
  const std::string session = practice.begin(4);
  CHECK(practice.put_whole(session, "abcd").status == 0);
  REQUIRE(practice.posts().size() == 1);
  CHECK(practice.ask(session, 4).json()["id"] == practice.posts()[0]["post_id"]);
}

TEST_CASE("an expired session stays dead") {
  const Practice practice;
  const std::string session = practice.begin(4);
  practice.fault({{"kind", "expired_session"}});
  CHECK(practice.ask(session, 4).status == 404);
  CHECK(practice.put_whole(session, "abcd").status == 404);
  CHECK(practice.sessions()[0]["state"] == "expired");
}

TEST_CASE("faults come one after the other") {
  const Practice practice;
  practice.fault({{"kind", "lost_answer"}});
  practice.fault({{"kind", "expired_session"}, {"status", 410}});
  const std::string session = practice.begin(4);
  CHECK(practice.put_whole(session, "abcd").status == 0);
  CHECK(practice.ask(session, 4).status == 410);
  CHECK(practice.posts().size() == 1);
}

TEST_CASE("an expired token strikes every call that needs one") {
  const Practice practice;
  practice.fault({{"kind", "token_expired"}, {"times", 2}});
  CHECK(practice.initiate(R"({"snippet":{"title":"x"}})").status == 401);
  CHECK(practice.api("/youtube/v3/videos?part=status&id=x").status == 401);
  CHECK(practice.api("/youtube/v3/videos?part=status&id=x").status == 200);
}

TEST_CASE("a video whose processing failed is no post") {
  const Practice practice;
  practice.fault({{"kind", "processing_failed"}});
  const auto answer = practice.put_whole(practice.begin(4), "abcd");
  CHECK(answer.status == 201);
  CHECK(practice.posts().empty());
  CHECK(practice.sessions()[0]["state"] == "failed");
  const auto items = uploads_status(practice, answer.json()["id"]);
  CHECK(items[0]["status"]["uploadStatus"] == "failed");
  CHECK(items[0]["status"]["failureReason"] == "conversion");
  CHECK(items[0]["processingDetails"]["processingStatus"] == "failed");
}

TEST_CASE("a video may be rejected as a duplicate") {
  const Practice practice;
  practice.fault({{"kind", "processing_failed"}, {"reason", "duplicate"}});
  const auto items = uploads_status(practice, practice.put_whole(practice.begin(4), "abcd").json()["id"]);
  CHECK(items[0]["status"]["uploadStatus"] == "rejected");
  CHECK(items[0]["status"]["rejectionReason"] == "duplicate");
}

TEST_CASE("a video may take some polls to be processed, or not be listed yet") {
  const Practice practice;
  practice.fault({{"kind", "not_listed"}});
  practice.fault({{"kind", "still_processing"}});
  const std::string id = practice.put_whole(practice.begin(4), "abcd").json()["id"];
  CHECK(uploads_status(practice, id).empty());
  CHECK(uploads_status(practice, id)[0]["processingDetails"]["processingStatus"] == "processing");
  CHECK(uploads_status(practice, id)[0]["status"]["uploadStatus"] == "processed");
}

TEST_CASE("a fault that makes no sense is refused with the reason") {
  const Practice practice;
  const auto said = [&](const char* text) {
    const auto answer = request(practice.port(), "POST", "/practice/faults", {}, text);
    CHECK(answer.status == 400);
    return answer.json()["error"].get<std::string>();
  };
  CHECK(said("nonsense").find("JSON object") != std::string::npos);
  CHECK(said(R"({"platform":"Vimeo","kind":"status"})")
            .find("\"platform\" must be one of: Instagram, TikTok, YouTube") == 0);
  CHECK(said(R"({"platform":"YouTube","kind":"rain"})").find("\"kind\" must be one of: status,") == 0);
  CHECK(said(R"({"platform":"YouTube","kind":["status"]})").find("\"kind\" must be one of") == 0);
  CHECK(said(R"({"platform":"YouTube","kind":"reset"})") == "\"reset\" needs \"at_byte\"");
  CHECK(said(R"({"platform":"YouTube","kind":"reset","at_byte":-1})").find("whole number from 0") !=
        std::string::npos);
  CHECK(said(R"({"platform":"YouTube","kind":"reset","at_byte":"5"})").find("whole number") !=
        std::string::npos);
  CHECK(said(R"({"platform":"YouTube","kind":"slow","bytes_per_second":0})").find("from 1") !=
        std::string::npos);
  CHECK(said(R"({"platform":"YouTube","kind":"status","times":0})").find("\"times\"") == 0);
  CHECK(said(R"({"platform":"YouTube","kind":"status","status":200})").find("\"status\"") == 0);
  CHECK(said(R"({"platform":"YouTube","kind":"status","on":"never"})").find("\"on\"") == 0);
  CHECK(said(R"({"platform":"YouTube","kind":"status","at_byte":3})") ==
        "\"status\" has no field \"at_byte\"");
  CHECK(practice.faults().empty());
}

TEST_CASE("an answer leaves out a field, has not filled it in yet, or uses an unknown word") {
  const Practice practice;
  const std::string session = practice.begin(4);
  REQUIRE(practice.put_whole(session, "abcd").status == 201);
  const std::string id = practice.posts()[0]["post_id"];
  const auto status = [&] { return uploads_status(practice, id)[0]["status"]; };
  const Json honest = status();
  practice.fault({{"kind", "omit"}, {"field", "uploadStatus"}, {"times", 2}});
  CHECK_FALSE(status().contains("uploadStatus"));
  CHECK_FALSE(status().contains("uploadStatus"));
  CHECK(status() == honest);
  practice.fault({{"kind", "late"}, {"field", "uploadStatus"}});
  CHECK(status()["uploadStatus"] == "");
  practice.fault({{"kind", "word"}, {"field", "uploadStatus"}, {"word", "dreaming"}});
  CHECK(status()["uploadStatus"] == "dreaming");
  CHECK(status() == honest);
}

TEST_CASE("a field may be a header, and a fault waits for an answer that has it") {
  const Practice practice;
  const std::string session = practice.begin(2 * kChunk);
  practice.fault({{"kind", "omit"}, {"field", "Range"}, {"on", "status_query"}});
  const std::string first = test_bytes(kChunk);
  CHECK(practice.put(session, first, 0, 2 * kChunk).header("range") == "bytes=0-262143");
  CHECK(practice.ask(session, 2 * kChunk).header("range").empty());
  CHECK(practice.ask(session, 2 * kChunk).header("range") == "bytes=0-262143");
}

TEST_CASE("whatever field a platform leaves out, fills in late or says in unknown words: one post at most") {
  struct Field {
    const char* platform;
    const char* name;
    const char* on;
  };
  static constexpr Field kFields[] = {{"TikTok", "uploaded_bytes", "status_query"},
                                      {"TikTok", "status", "status_query"},
                                      {"TikTok", "code", "status_query"},
                                      {"TikTok", "publish_id", "initiate"},
                                      {"Instagram", "video_status", "status_query"},
                                      {"Instagram", "status_code", "status_query"},
                                      {"Instagram", "success", "send"},
                                      {"Instagram", "id", "publish"},
                                      {"YouTube", "Location", "initiate"},
                                      {"YouTube", "id", "send"},
                                      {"YouTube", "uploadStatus", "api"}};
  for (const Field& field : kFields)
    for (const char* kind : {"omit", "late", "word"}) {
      CAPTURE(field.platform);
      CAPTURE(field.name);
      CAPTURE(kind);
      PracticeStudio studio(3000);
      studio.platform = field.platform;
      REQUIRE(studio
                  .fault({{"platform", field.platform},
                          {"kind", kind},
                          {"field", field.name},
                          {"on", field.on},
                          {"times", 2}})
                  .status < 300);
      const UploadResult result = studio.Studio::upload();
      CHECK(studio.posts().size() <= 1);
      if (result.success) studio.check_posted_once(result);
    }
}

TEST_CASE("faults can be taken away, one or all") {
  const Practice practice;
  const auto first = practice.fault({{"kind", "status"}}).json()["id"];
  practice.fault({{"kind", "lost_answer"}});
  CHECK(request(practice.port(), "DELETE", "/practice/faults/" + first.dump()).status == 200);
  CHECK(practice.faults()[0]["kind"] == "lost_answer");
  CHECK(request(practice.port(), "DELETE", "/practice/faults/" + first.dump()).status == 404);
  CHECK(request(practice.port(), "DELETE", "/practice/faults").status == 200);
  CHECK(practice.faults().empty());
}
