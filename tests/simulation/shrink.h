// Failing runs made small, and told.
#pragma once

#include <string>

#include "tests/simulation/run.h"

namespace asfs::sim {

/// The kind of a violation: its words without what differs from run to run.
std::string kind_of(const std::string& violation);

/// With as few strikes of trouble as still make the same kind of violation.
RunReport shrunk(Bench& bench, RunOptions failing);

}  // namespace asfs::sim
