// What becomes of an upload after an attempt failed: one table, by the class of the failure. The upload stage
// writes the outcome down by it; whoever runs uploads (window, command line, queue) does what `next` says.
#pragma once

#include <cstdint>
#include <optional>

#include "registry/base/result.h"
#include "registry/ledger/upload_ledger.h"
#include "registry/queue/destination_waits.h"
#include "registry/store/upload_state.h"
#include "uploaders/platform/platform_uploader.h"

namespace asfs {

enum class NextStep : std::uint8_t {
  retry,         ///< again by itself after a pause
  wait_until,    ///< again by itself, not before the platform's time
  sign_in,       ///< nothing goes to this account before a person has signed in
  mend_account,  ///< nothing goes to this account before it, or the app, is in order again
  connect,       ///< nothing goes out before there is a connection again
  look_up,       ///< again by itself: the platform is asked what became of it, nothing is sent
  stop,          ///< a person changes something, or says how it ended, first
};

struct Decision {
  NextStep next = NextStep::stop;
  AttemptState state = AttemptState::failed;
  bool counts_as_failure = true;  ///< uses up one of the retries
  Code code = Code::failed;       ///< for people and exit codes
};

/// `attempt` counts this try, from 1. `may_be_live`: a post may exist. Then nothing counts as a failure and
/// nothing is forgotten: the platform is asked again, or a person.
Decision decide(ErrorClass error_class, int attempt, bool may_be_live, int max_retries = kMaxRetries);

/// What everything for the platform waits for by that step; nullopt when it is about this video alone.
std::optional<DestinationWait::Why> wait_of(NextStep next);

}  // namespace asfs
