// YouTube's row.
#pragma once

#include "uploaders/row/platforms.h"

namespace asfs::youtube {

extern const Platform kPlatform;

}  // namespace asfs::youtube
