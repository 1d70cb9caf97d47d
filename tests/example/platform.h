// Example's row.
#pragma once

#include "uploaders/row/platforms.h"

namespace asfs::example {

extern const Platform kPlatform;

}  // namespace asfs::example
