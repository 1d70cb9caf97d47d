#include "uploaders/platform/decide.h"

#include <algorithm>
#include <array>
#include <utility>

namespace asfs {
namespace {

struct Row {
  ErrorClass error_class;
  Decision decision;
};

constexpr std::array kTable{
    Row{ErrorClass::transient, {NextStep::retry, AttemptState::failed, true, Code::failed}},
    Row{ErrorClass::processing, {NextStep::look_up, AttemptState::interrupted, false, Code::rate_limited}},
    Row{ErrorClass::rate_limited,
        {NextStep::wait_until, AttemptState::rate_limited, false, Code::rate_limited}},
    Row{ErrorClass::needs_login, {NextStep::sign_in, AttemptState::failed, false, Code::needs_login}},
    Row{ErrorClass::account, {NextStep::mend_account, AttemptState::failed, false, Code::account}},
    Row{ErrorClass::offline, {NextStep::connect, AttemptState::interrupted, false, Code::offline}},
    Row{ErrorClass::permanent, {NextStep::stop, AttemptState::failed, true, Code::failed}},
    Row{ErrorClass::changed_file, {NextStep::stop, AttemptState::failed, true, Code::failed}},
    Row{ErrorClass::cancelled, {NextStep::stop, AttemptState::interrupted, false, Code::cancelled}},
    Row{ErrorClass::doubt, {NextStep::stop, AttemptState::unconfirmed, false, Code::failed}},
};

}  // namespace

Decision decide(ErrorClass error_class, int attempt, bool may_be_live, int max_retries) {
  if (may_be_live && (error_class == ErrorClass::permanent || error_class == ErrorClass::changed_file))
    error_class = ErrorClass::doubt;
  const auto row = std::ranges::find(kTable, error_class, &Row::error_class);
  Decision decision = row == kTable.end() ? kTable.front().decision : row->decision;
  if (may_be_live && decision.state != AttemptState::unconfirmed) {
    decision.state = AttemptState::interrupted;
    decision.counts_as_failure = false;
    if (decision.next == NextStep::retry || decision.next == NextStep::wait_until)
      decision.next = NextStep::look_up;
  }
  if (decision.next == NextStep::retry && attempt > max_retries) decision.next = NextStep::stop;
  return decision;
}

std::optional<DestinationWait::Why> wait_of(NextStep next) {
  switch (next) {
    case NextStep::connect:
      return DestinationWait::Why::offline;
    case NextStep::sign_in:
      return DestinationWait::Why::sign_in;
    case NextStep::mend_account:
      return DestinationWait::Why::account;
    case NextStep::retry:
    case NextStep::wait_until:
    case NextStep::look_up:
    case NextStep::stop:
      return std::nullopt;
  }
  std::unreachable();
}

}  // namespace asfs
