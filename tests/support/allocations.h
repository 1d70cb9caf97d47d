// How often operator new was called in this program: shows that drawing a frame allocates nothing.
#pragma once

#include <cstdint>

namespace asfs::test {

/// Always 0 in sanitised builds, which bring their own operator new.
std::uint64_t allocations();

}  // namespace asfs::test
