// Saves what was drawn as a PNG.
#pragma once

#include <filesystem>
#include <span>

#include "registry/base/result.h"

namespace asfs {

/// `rgba`: width * height * 4 bytes, the lowest row first, as OpenGL hands them out. Alpha is dropped.
Result<void> save_png(const std::filesystem::path& path, int width, int height,
                      std::span<const unsigned char> rgba);

}  // namespace asfs
