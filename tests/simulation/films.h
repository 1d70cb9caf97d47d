// The two videos of a simulated run, as files and in the registry.
#pragma once

#include <vector>

#include "registry/store/library.h"
#include "tests/simulation/world.h"

namespace asfs::sim {

/// Decided by the world's dice. `long_captions`: captions of one beginning may be longer than a list shows.
std::vector<Film> make_films(World& world, bool long_captions);

/// Throws std::runtime_error when the library does not take them.
void register_films(const Library& library, const std::vector<Film>& films, const Clock& clock);

}  // namespace asfs::sim
