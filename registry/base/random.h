// Numbers nobody can foretell, for pauses and ids. Any thread.
#pragma once

#include <cstdint>
#include <functional>

namespace asfs {

std::uint32_t random_number();

/// For tests, while nothing else runs: numbers come from `source`; an empty one gives them back to the
/// system.
void pretend_random(std::function<std::uint32_t()> source);

}  // namespace asfs
