// Instagram's row.
#pragma once

#include "uploaders/row/platforms.h"

namespace asfs::instagram {

extern const Platform kPlatform;

}  // namespace asfs::instagram
