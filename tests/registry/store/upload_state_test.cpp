// The statuses and the table of moves, alone.
#include "registry/store/upload_state.h"

#include <doctest/doctest.h>

#include <cctype>
#include <string>

using namespace asfs;

TEST_CASE("every status is read back from its name, and stands at its own place") {
  for (std::size_t i = 0; i < kUploadStatusCount; ++i) {
    CHECK(static_cast<std::size_t>(kStatuses[i].status) == i);
    CHECK(parse_status(kStatuses[i].name) == kStatuses[i].status);
  }
}

TEST_CASE("only the exact upper-case word is a status") {
  CHECK_FALSE(parse_status("success"));
  CHECK_FALSE(parse_status("SUCCESS "));
  CHECK_FALSE(parse_status(""));
  CHECK_FALSE(parse_status("UPLOADING"));
}

TEST_CASE("the audit vocabulary is lower-case and calls a running upload uploading") {
  CHECK(names_of(UploadStatus::in_progress).event == "uploading");
  for (const auto& names : kStatuses)
    for (const char c : names.event) CHECK((std::islower(c) || c == '_'));
}

TEST_CASE("a success is only ever left for a new upload with duplicates") {
  for (const auto& to : kStatuses)
    CHECK(allowed_transition(UploadStatus::success, to.status) ==
          (to.status == UploadStatus::in_progress ? Transition::with_duplicates : Transition::never));
}

TEST_CASE("the documented progression is allowed") {
  using enum UploadStatus;
  CHECK(allowed_transition(pending, in_progress) == Transition::always);
  CHECK(allowed_transition(in_progress, success) == Transition::always);
  CHECK(allowed_transition(in_progress, failed) == Transition::always);
  CHECK(allowed_transition(failed, in_progress) == Transition::always);
  CHECK(allowed_transition(in_progress, failed_final) == Transition::always);
  CHECK(allowed_transition(failed_final, in_progress) == Transition::by_hand);
  CHECK(allowed_transition(rate_limited, in_progress) == Transition::always);
  CHECK(allowed_transition(in_progress, in_progress) == Transition::never);
}

TEST_CASE("failures one to three may be retried, the fourth is final") {
  CHECK(status_after_failures(1) == UploadStatus::failed);
  CHECK(status_after_failures(3) == UploadStatus::failed);
  CHECK(status_after_failures(4) == UploadStatus::failed_final);
  CHECK(status_after_failures(9) == UploadStatus::failed_final);
}
