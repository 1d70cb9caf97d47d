// What follows a failed attempt, row by row.
#include "uploaders/decide.h"

#include <doctest/doctest.h>

using namespace asfs;

namespace {

struct Row {
  ErrorClass error_class;
  int attempt;
  bool safe;
  NextStep next;
};

constexpr Row kRows[] = {
    {ErrorClass::transient, 1, true, NextStep::retry},
    {ErrorClass::transient, 3, true, NextStep::retry},
    {ErrorClass::transient, 4, true, NextStep::stop},
    {ErrorClass::transient, 1, false, NextStep::look_up},
    {ErrorClass::rate_limited, 9, true, NextStep::wait_until},
    {ErrorClass::rate_limited, 1, false, NextStep::look_up},
    {ErrorClass::needs_login, 1, true, NextStep::sign_in},
    {ErrorClass::needs_login, 9, false, NextStep::sign_in},
    {ErrorClass::account, 9, true, NextStep::mend_account},
    {ErrorClass::offline, 9, false, NextStep::connect},
    {ErrorClass::permanent, 1, true, NextStep::stop},
    {ErrorClass::changed_file, 1, true, NextStep::stop},
    {ErrorClass::cancelled, 1, true, NextStep::stop},
    {ErrorClass::doubt, 1, true, NextStep::look_up},
    {ErrorClass::doubt, 9, false, NextStep::look_up},
};

}  // namespace

TEST_CASE("every class of failure has its next step") {
  for (const Row& row : kRows) {
    CAPTURE(static_cast<int>(row.error_class));
    CAPTURE(row.attempt);
    CAPTURE(row.safe);
    CHECK(decide(row.error_class, row.attempt, row.safe).next == row.next);
  }
}

TEST_CASE("only what the video or the platform failed at uses up a retry") {
  CHECK(decide(ErrorClass::transient, 1, true).counts_as_failure);
  CHECK(decide(ErrorClass::permanent, 1, true).counts_as_failure);
  for (const auto spared : {ErrorClass::rate_limited, ErrorClass::needs_login, ErrorClass::account,
                            ErrorClass::offline, ErrorClass::cancelled, ErrorClass::doubt})
    CHECK_FALSE(decide(spared, 1, true).counts_as_failure);
}

TEST_CASE("what may be live waits for a person, whatever else happened") {
  CHECK(decide(ErrorClass::doubt, 1, true).state == AttemptState::unconfirmed);
  CHECK(decide(ErrorClass::needs_login, 1, true).code == Code::needs_login);
}
