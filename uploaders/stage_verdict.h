// How an attempt of the upload stage went, and when the next one may be. Used by upload_stage.cpp alone.
#pragma once

#include <optional>

#include "registry/base/random.h"
#include "registry/upload_ledger.h"
#include "uploaders/decide.h"

namespace asfs {

/// In the ledger's words and as an exit code.
struct Verdict {
  Outcome outcome;
  Code code = Code::failed;
  NextStep next = NextStep::stop;
};

/// Unless the platform names a time itself; nullopt when a person comes first.
inline std::optional<TimePoint> again_at(NextStep next, int failures, const RateLimits& limits,
                                         TimePoint now) {
  switch (next) {
    case NextStep::stop:
    case NextStep::sign_in:
      return std::nullopt;
    case NextStep::connect:
      return now + std::chrono::seconds(15);
    case NextStep::mend_account:
      return now + std::chrono::minutes(15);
    default:
      return now + retry_pause(limits, failures, random_number() / 4294967295.0);
  }
}

}  // namespace asfs
