// Inputs for a time and for spans of time, marked where they say neither. Inside a dialog.
#pragma once

#include <string_view>

#include "app/ui/frame.h"

namespace asfs {

void set_time(TimeFields& fields, TimePoint at);
/// What a person is offered first.
TimePoint next_full_hour(TimePoint now);

/// Date and time of day, side by side; true when they were edited.
bool time_fields(TimeFields& fields, TimePoint now);
/// Nothing is wrong: empty.
std::string_view error_of(const TimeFields& fields, TimePoint now);

/// `label` is the id; true when it was edited.
bool span_field(const char* label, const char* hint, SpanField& field);

/// What is wrong, below the inputs; nothing when it is empty.
void field_error(std::string_view text);

}  // namespace asfs
