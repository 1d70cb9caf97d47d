#include "app/window/screenshot.h"

#include <fmt/format.h>
#include <png.h>

#include <vector>

#include "registry/base/files.h"

namespace asfs {

Result<void> save_png(const std::filesystem::path& path, int width, int height,
                      std::span<const unsigned char> rgba) {
  std::vector<unsigned char> rgb;
  rgb.reserve(rgba.size() / 4 * 3);
  for (std::size_t i = 0; i + 3 < rgba.size(); i += 4) rgb.insert(rgb.end(), &rgba[i], &rgba[i] + 3);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&image, path.c_str(), 0, rgb.data(), -width * 3, nullptr)) return {};
  return fail(Code::failed, fmt::format("{} cannot be written: {}", path_text(path), image.message));
}

}  // namespace asfs
