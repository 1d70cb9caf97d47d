// The platforms of asfs-videos, in the order of the window's columns. A platform is its folder and its line
// here.
#pragma once

#include <span>

#include "uploaders/row/platforms.h"

namespace asfs {

std::span<const Platform* const> all_platforms();

}  // namespace asfs
