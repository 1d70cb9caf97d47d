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
    CHECK(allowed_move(UploadStatus::success, to.status) ==
          (to.status == UploadStatus::in_progress ? Move::with_duplicates : Move::never));
}

TEST_CASE("the documented progression is allowed") {
  using enum UploadStatus;
  CHECK(allowed_move(pending, in_progress) == Move::always);
  CHECK(allowed_move(in_progress, success) == Move::always);
  CHECK(allowed_move(in_progress, failed) == Move::always);
  CHECK(allowed_move(failed, in_progress) == Move::always);
  CHECK(allowed_move(in_progress, failed_final) == Move::always);
  CHECK(allowed_move(failed_final, in_progress) == Move::by_hand);
  CHECK(allowed_move(rate_limited, in_progress) == Move::always);
  CHECK(allowed_move(in_progress, in_progress) == Move::never);
}

TEST_CASE("failures one to three may be retried, the fourth is final") {
  CHECK(status_after_failures(1) == UploadStatus::failed);
  CHECK(status_after_failures(3) == UploadStatus::failed);
  CHECK(status_after_failures(4) == UploadStatus::failed_final);
  CHECK(status_after_failures(9) == UploadStatus::failed_final);
}
