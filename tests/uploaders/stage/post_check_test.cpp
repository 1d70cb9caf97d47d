// The second look at posts, from the stage to the row.
#include "uploaders/stage/post_check.h"

#include <doctest/doctest.h>

#include "registry/ledger/post_checks.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/row/platforms.h"

using namespace asfs;
using namespace asfs::test;
using State = PostCheck::State;

namespace {

// clip_001 was posted to the practice YouTube.
struct PostedClip : Practice, TestLibrary {
  Config config;
  std::unique_ptr<Credentials> credentials = practice_credentials(server().url());

  PostedClip() {
    write_file(library.home / "a.mp4", test_bytes(10'000));
    REQUIRE(open().register_video({.id = "clip_001", .file_path = "a.mp4", .title = "First"}));
    auto loaded = upload_config(library, server().url());
    REQUIRE(loaded);
    config = *std::move(loaded);
    REQUIRE(run_upload_stage(context(), "clip_001", "YouTube").status == UploadStatus::success);
  }
  StageContext context() { return {library, config, *credentials, clock}; }
  std::vector<CheckedPost> check_later() {
    clock.advance(std::chrono::seconds(config.upload.post_check_s));
    return check_posts(context(), {}).value();
  }
  std::string note() {
    return open().get_upload_status("clip_001", "YouTube").value().value().error_message.value_or("");
  }
};

}  // namespace

TEST_CASE_FIXTURE(PostedClip, "a post is looked at once, some minutes after it was made") {
  CHECK(check_posts(context(), {}).value().empty());
  const auto checked = check_later();
  REQUIRE(checked.size() == 1);
  CHECK(checked[0].state == State::kept);
  CHECK(note().empty());
  CHECK(check_later().empty());
}

TEST_CASE_FIXTURE(PostedClip, "a late rejection shows on the row, which stays posted") {
  fault({{"kind", "rejected_later"}, {"reason", "copyright"}});
  check_later();
  CHECK(note() == "YouTube took the video but rejected it: copyright");
  CHECK(run_upload_stage(context(), "clip_001", "YouTube").status == UploadStatus::blocked);
  CHECK(posts().size() == 1);
}

TEST_CASE_FIXTURE(PostedClip, "a video still in processing is looked at again") {
  fault({{"kind", "still_processing"}});
  CHECK(check_later().at(0).state == State::processing);
  CHECK(check_later().at(0).state == State::kept);
  CHECK(check_later().empty());
}

TEST_CASE_FIXTURE(PostedClip, "a platform that cannot be asked is asked again, but not for ever") {
  config.upload.post_check_tries = 2;
  fault({{"kind", "status"}, {"status", 500}, {"on", "api"}, {"times", 9}});
  CHECK(check_later().at(0).state == State::unknown);
  CHECK(check_later().size() == 1);
  CHECK(check_later().empty());
  CHECK(note().empty());
}

TEST_CASE_FIXTURE(PostedClip, "only the platform a post was made on is asked about it") {
  const Practice other;
  auto elsewhere = upload_config(library, other.server().url());
  REQUIRE(elsewhere);
  const Config here = std::exchange(config, *elsewhere);
  CHECK(check_later().empty());
  CHECK(note().empty());
  config = here;
  CHECK(check_later().size() == 1);
}
