#include <doctest/doctest.h>

#include <thread>

#include "registry/base/json.h"
#include "tests/uploaders/stage/stage_studio.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/transfer/http.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("an earlier try that was finished after all is a success without sending") {
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
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
    StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
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
  StageStudio studio;
  const std::string session = studio.begin(studio.content.size());
  studio.leave_behind(studio.session_url(session), true);
  std::filesystem::remove(studio.clip);
  const auto result = studio.run();
  CHECK(status_of(result) == "IN_PROGRESS");
  check_error(result, Code::rate_limited, "clip_001.mp4");
}

TEST_CASE("trouble after the last byte is looked up by the next try, never sent again") {
  StageStudio studio;
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
  StageStudio studio(16'000'000);  // more than the buffers of a connection swallow
  studio.config.upload.transient_tries = 0;
  studio.fault({{"kind", "reset"}, {"at_byte", 500'000}});
  const auto broken = studio.run();
  CHECK(status_of(broken) == "FAILED");
  CHECK(broken.retry_count == 1);
  CHECK(status_of(studio.run()) == "SUCCESS");
  studio.check_posted_once();
  CHECK(studio.sessions().size() == 1);
}
