// What follows a failed attempt, row by row.
#include "uploaders/platform/decide.h"

#include <doctest/doctest.h>

using namespace asfs;

namespace {

struct Row {
  ErrorClass error_class;
  int attempt;
  bool may_be_live;
  NextStep next;
};

constexpr Row kRows[] = {
    {ErrorClass::transient, 1, false, NextStep::retry},
    {ErrorClass::transient, 3, false, NextStep::retry},
    {ErrorClass::transient, 4, false, NextStep::stop},
    {ErrorClass::transient, 9, true, NextStep::look_up},
    {ErrorClass::processing, 9, false, NextStep::look_up},
    {ErrorClass::rate_limited, 9, false, NextStep::wait_until},
    {ErrorClass::rate_limited, 1, true, NextStep::look_up},
    {ErrorClass::needs_login, 1, false, NextStep::sign_in},
    {ErrorClass::needs_login, 9, true, NextStep::sign_in},
    {ErrorClass::account, 9, false, NextStep::mend_account},
    {ErrorClass::offline, 9, true, NextStep::connect},
    {ErrorClass::permanent, 1, false, NextStep::stop},
    {ErrorClass::changed_file, 1, false, NextStep::stop},
    {ErrorClass::cancelled, 1, false, NextStep::stop},
    {ErrorClass::doubt, 1, false, NextStep::stop},
    {ErrorClass::doubt, 9, true, NextStep::stop},
};

}  // namespace

TEST_CASE("every class of failure has its next step") {
  for (const Row& row : kRows) {
    CAPTURE(static_cast<int>(row.error_class));
    CAPTURE(row.attempt);
    CAPTURE(row.may_be_live);
    CHECK(decide(row.error_class, row.attempt, row.may_be_live).next == row.next);
  }
}

TEST_CASE("only what the video or the platform failed at uses up a retry") {
  CHECK(decide(ErrorClass::transient, 1, false).counts_as_failure);
  CHECK(decide(ErrorClass::permanent, 1, false).counts_as_failure);
  for (const auto spared :
       {ErrorClass::rate_limited, ErrorClass::processing, ErrorClass::needs_login, ErrorClass::account,
        ErrorClass::offline, ErrorClass::cancelled, ErrorClass::doubt})
    CHECK_FALSE(decide(spared, 1, false).counts_as_failure);
}

TEST_CASE("what may be live has not failed, whatever happened: it is asked about, or a person is") {
  for (const auto passing :
       {ErrorClass::transient, ErrorClass::rate_limited, ErrorClass::processing, ErrorClass::needs_login,
        ErrorClass::account, ErrorClass::offline, ErrorClass::cancelled}) {
    const Decision decision = decide(passing, 9, true);
    CHECK(decision.state == AttemptState::interrupted);
    CHECK_FALSE(decision.counts_as_failure);
  }
  for (const auto lasting : {ErrorClass::permanent, ErrorClass::changed_file, ErrorClass::doubt})
    CHECK(decide(lasting, 1, true).state == AttemptState::unconfirmed);
  CHECK(decide(ErrorClass::needs_login, 1, true).code == Code::needs_login);
}
