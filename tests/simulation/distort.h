// What a mouth makes of an honest answer: a field left out, null, of another type, an unknown word.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulation/trouble.h"
#include "uploaders/transfer/http.h"

namespace asfs::sim {

/// Changes one field of the answer, which the dice choose; its name, "" when there is none to change.
std::string distort_answer(HttpResponse& response, Trouble kind, Dice dice);

/// Takes every field of this name away; false when there is none.
bool leave_out(HttpResponse& response, const std::string& name);

/// The secret comes back in the answer's words.
void echo_secret(HttpResponse& response, std::string_view secret);

}  // namespace asfs::sim
