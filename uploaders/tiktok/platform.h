// TikTok's row.
#pragma once

#include "uploaders/row/platforms.h"

namespace asfs::tiktok {

extern const Platform kPlatform;

}  // namespace asfs::tiktok
