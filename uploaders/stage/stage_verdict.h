// How an attempt of the upload stage went, when the next one may be, and what it says about its platform.
// Used by upload_stage.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/ledger/upload_ledger.h"
#include "uploaders/platform/decide.h"

namespace asfs {

/// In the ledger's words and as an exit code.
struct Verdict {
  Outcome outcome;
  Code code = Code::failed;
  NextStep next = NextStep::stop;
};

/// Unless the platform names a time itself; nullopt when a person comes first.
std::optional<TimePoint> again_at(NextStep next, int failures, const RateLimits& limits, TimePoint now);

/// For people, with what follows; `row` is what the outcome made of the shared row.
std::string why_not_done(std::string_view video_id, Code code, const Outcome& outcome, const Upload& row);

/// For the audit trail: that a person did not wait for a slot; nullopt when none was skipped.
std::optional<std::string> skipped_text(std::string_view destination, const std::optional<PostTime>& skipped,
                                        const RateLimits& limits);

/// Why an earlier try, which went to another account, cannot be asked about.
std::string another_account_text(std::string_view destination, std::string_view account);

/// Everybody who works the queue off goes by what one upload found out about the platform.
Result<void> tell_destination(VideoRegistry& registry, std::string_view platform, const Verdict& verdict);

}  // namespace asfs
