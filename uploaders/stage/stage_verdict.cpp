#include "uploaders/stage/stage_verdict.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "registry/base/random.h"
#include "registry/queue/destination_waits.h"
#include "registry/store/platform_names.h"

namespace asfs {

std::optional<TimePoint> again_at(NextStep next, int failures, const RateLimits& limits, TimePoint now) {
  switch (next) {
    case NextStep::stop:
    case NextStep::sign_in:
      return std::nullopt;
    case NextStep::connect:
      return now + std::chrono::seconds(15);
    case NextStep::mend_account:
      return now + std::chrono::minutes(15);
    case NextStep::retry:
    case NextStep::wait_until:
    case NextStep::look_up:
      return now + retry_pause(limits, failures, random_number() / 4294967295.0);
  }
  std::unreachable();
}

std::string why_not_done(std::string_view video_id, Code code, const Outcome& outcome, const Upload& row) {
  // For an unclear outcome the row says what a person can do.
  if (outcome.state == AttemptState::unconfirmed && row.error_message) return *row.error_message;
  if (code == Code::cancelled && row.is(UploadStatus::in_progress))
    return fmt::format(
        "{0} was stopped after all of it had been sent, so its post may still appear on {1}; nothing is sent "
        "again, and {1} is asked later what became of it",
        video_id, row.platform);
  return outcome.error.value_or("");
}

Result<void> tell_destination(VideoRegistry& registry, std::string_view platform, const Verdict& verdict) {
  DestinationWaits waits(registry);
  const bool made = verdict.outcome.state == AttemptState::succeeded;
  if (!made && verdict.code == Code::cancelled) return {};
  if (const auto why = wait_of(verdict.next); why && !made)
    return waits.begin(platform, *why, verdict.outcome.error.value_or(""));
  // A passing trouble does not tell whether the account works.
  return waits.answered(platform, made || verdict.next != NextStep::retry);
}

std::optional<std::string> skipped_text(std::string_view destination, const std::optional<PostTime>& skipped,
                                        const RateLimits& limits) {
  if (!skipped) return std::nullopt;
  return "forced by a person: " + too_soon_text(destination, *skipped, limits) + " was not waited for";
}

std::string another_account_text(std::string_view destination, std::string_view account) {
  return fmt::format(
      "an earlier try went to another account of {} ({}); sign in to that one again, so that it can be "
      "asked what became of it",
      platform_of(destination), account);
}

}  // namespace asfs
