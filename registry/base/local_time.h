// The local calendar: times as people write them, and slots that keep the time of day over a change of the
// clocks. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "registry/base/clock.h"

namespace asfs {

/// `2026-12-01T18:00`, `2026-12-01 18:00:30`, or with `Z` or `+01:00` at the end; without, local time. A time
/// that a change of the clocks leaves out is taken as much later; of one that comes twice, the first.
/// nullopt: not a time, or a date or an offset that does not exist.
std::optional<TimePoint> parse_time(std::string_view text);

/// `2026-12-01 18:00:05`, local, for people. The next full second: with less, a wait would seem to be over.
std::string time_text(TimePoint time);

/// `45s`, `15m`, `2h`, `1d`, also together: `1h30m`. nullopt: not a span of time.
std::optional<std::chrono::seconds> parse_span(std::string_view text);

/// The slot number `index` (from 0) of a series that starts at `first`. Slots that are whole days apart keep
/// the local time of day. `every` 0 means a day.
TimePoint slot_at(TimePoint first, std::chrono::seconds every, int index);

/// The first slot of that series after `now`.
TimePoint next_slot_after(TimePoint first, std::chrono::seconds every, TimePoint now);

}  // namespace asfs
