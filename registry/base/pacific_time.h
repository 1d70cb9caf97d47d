// The day of the west coast of the United States, by which some platforms count their quotas. Pure; any
// thread.
#pragma once

#include "registry/base/clock.h"

namespace asfs {

/// The next midnight in America/Los_Angeles strictly after `time`, by the daylight saving rule in force since
/// 2007 (second Sunday of March to first Sunday of November, at 2:00). Needs no time zone database.
TimePoint next_pacific_midnight(TimePoint time);

}  // namespace asfs
