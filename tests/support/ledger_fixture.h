// A library with clip_001 and one connection to it, and short ways to claim and finish.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "registry/ledger/upload_ledger.h"
#include "tests/support/test_library.h"

namespace asfs::test {

inline const ClaimRequest kRequest{
    .video_id = "clip_001", .platform = "YouTube", .metadata_json = R"({"title": "First"})"};
inline constexpr auto kLeaseOver = kLease + std::chrono::seconds(1);

struct LedgerFixture {
  TestLibrary test;
  VideoRegistry registry = test.with_clip();
  UploadLedger ledger{registry};

  Claim claimed(const ClaimRequest& request = kRequest) {
    auto claim = ledger.claim(request);
    REQUIRE_MESSAGE(claim, (claim ? "" : claim.error().message));
    return *claim;
  }
  Error refused(const ClaimRequest& request = kRequest) {
    const std::string before = state();
    const auto claim = ledger.claim(request);
    REQUIRE_FALSE(claim);
    CHECK(state() == before);  // whatever it refuses changes nothing
    return claim.error();
  }
  Upload finished(std::int64_t attempt, const Outcome& outcome) {
    const auto row = ledger.finish(attempt, outcome);
    REQUIRE(row);
    return *row;
  }
  Upload row() { return registry.get_upload_status("clip_001", "YouTube").value().value(); }
  std::string state() {
    return Stranger(test).ask("SELECT * FROM video_uploads") +
           Stranger(test).ask("SELECT * FROM asfs_attempts");
  }
  std::string last_state() { return ledger.attempts("clip_001").value().back().state; }
};

inline bool says(const Error& error, std::string_view text) {
  return error.message.find(text) != std::string::npos;
}

}  // namespace asfs::test
