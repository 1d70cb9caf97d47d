// Where the platforms' first accounts stand among the destinations of a test's library.
#pragma once

#include <string_view>

#include "registry/queue/candidates.h"
#include "registry/store/destinations.h"

namespace asfs::test {

inline std::size_t place_of(std::string_view name) {
  return Destinations::first_ones().index_of(name).value();
}

/// These alone.
inline DestinationChoice only_these(std::initializer_list<std::string_view> names) {
  DestinationChoice choice;
  for (const std::string_view name : names) choice.set(place_of(name));
  return choice;
}

}  // namespace asfs::test
