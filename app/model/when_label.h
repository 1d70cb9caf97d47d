// Times as people read them at a glance: `18:05` today, `Thu 18:05` within a week, else `Thu 3 Dec 18:05`;
// local. Allocates nothing. Any thread.
#pragma once

#include "app/model/label.h"
#include "registry/base/clock.h"

namespace asfs {

/// Never too early: rounded up to the next full minute.
Label<32> when_label(TimePoint at, TimePoint now);

/// The same for a narrow cell: the time of day is left out where the day is not within a week.
Label<32> short_when_label(TimePoint at, TimePoint now);

}  // namespace asfs
