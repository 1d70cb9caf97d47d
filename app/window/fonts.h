// Fonts: Inter and the icon font are embedded; what else titles need (Japanese, emoji, ...) comes from the
// user's system when it is there. Glyphs are rasterised when first drawn.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/ui/ui_state.h"

struct ImFontAtlas;

namespace asfs {

/// A font file mapped into memory, so that a 20 MB font costs only the pages that are used.
struct SystemFont {
  std::shared_ptr<const unsigned char> data;
  std::size_t size = 0;
  int face = 0;        ///< in a collection
  bool emoji = false;  ///< colour bitmaps
  float line = 1.2f;   ///< height of its line in ems
};

/// nullopt when it cannot be read or FreeType cannot use it.
std::optional<SystemFont> open_font(const std::string& path, int face);

/// Asks fontconfig (fc-match), else looks into the usual folders. Takes tens of milliseconds: not for the UI
/// thread.
std::vector<SystemFont> find_system_fonts();

/// Fills the atlas anew, between frames. `system` must outlive the atlas or the next call.
UiFonts build_fonts(ImFontAtlas& atlas, std::span<const SystemFont> system);

/// Before the atlas is destroyed: it must not free what is mapped.
void release_fonts(ImFontAtlas& atlas);

}  // namespace asfs
