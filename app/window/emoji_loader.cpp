#include "app/window/emoji_loader.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace asfs {
namespace {

constexpr float kEmOfLine = 0.83f;  ///< the letters' em in a line of text

struct Face {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  float strike = 0.0f;  ///< pixels per em of the stored pictures
  ~Face() {
    if (face) FT_Done_Face(face);
    if (library) FT_Done_FreeType(library);
  }
};

Face& face_of(ImFontConfig* source) {
  return *static_cast<Face*>(source->FontLoaderData);
}

void close_source(ImFontAtlas*, ImFontConfig* source) {
  delete static_cast<Face*>(source->FontLoaderData);
  source->FontLoaderData = nullptr;
}

bool open_source(ImFontAtlas* atlas, ImFontConfig* source) {
  Face* opened = new Face;
  source->FontLoaderData = opened;
  const bool usable =
      FT_Init_FreeType(&opened->library) == 0 &&
      FT_New_Memory_Face(opened->library, static_cast<const FT_Byte*>(source->FontData), source->FontDataSize,
                         static_cast<FT_Long>(source->FontNo), &opened->face) == 0 &&
      FT_Select_Charmap(opened->face, FT_ENCODING_UNICODE) == 0 && opened->face->num_fixed_sizes > 0 &&
      FT_Select_Size(opened->face, opened->face->num_fixed_sizes - 1) == 0;  // the largest is the last
  if (usable)
    opened->strike =
        static_cast<float>(opened->face->available_sizes[opened->face->num_fixed_sizes - 1].y_ppem) / 64;
  if (usable && opened->strike > 0) return true;
  close_source(atlas, source);
  return false;
}

bool contains(ImFontAtlas*, ImFontConfig* source, ImWchar code) {
  return FT_Get_Char_Index(face_of(source).face, code) != 0;
}

/// The average of the source pixels that fall on each target pixel; premultiplied BGRA in, straight RGBA out.
void shrink(const FT_Bitmap& from, int width, int height, ImU32* to) {
  const auto edge = [](int at, int count, unsigned all) {
    return static_cast<unsigned>(static_cast<std::uint64_t>(at) * all / static_cast<unsigned>(count));
  };
  for (int y = 0; y < height; ++y) {
    const unsigned y0 = edge(y, height, from.rows), y1 = std::max(edge(y + 1, height, from.rows), y0 + 1);
    for (int x = 0; x < width; ++x) {
      const unsigned x0 = edge(x, width, from.width), x1 = std::max(edge(x + 1, width, from.width), x0 + 1);
      std::array<unsigned, 4> sum{};
      for (unsigned v = y0; v < y1; ++v) {
        const unsigned char* pixel = from.buffer + static_cast<std::ptrdiff_t>(v) * from.pitch + x0 * 4;
        for (unsigned u = x0; u < x1; ++u)
          for (unsigned& channel : sum) channel += *pixel++;
      }
      const unsigned area = (y1 - y0) * (x1 - x0), alpha = sum[3];
      const auto straight = [alpha](unsigned c) { return alpha ? std::min(c * 255u / alpha, 255u) : 0u; };
      to[y * width + x] = IM_COL32(straight(sum[2]), straight(sum[1]), straight(sum[0]), alpha / area);
    }
  }
}

bool load_glyph(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar code,
                ImFontGlyph* glyph, float* advance_only) {
  const Face& font = face_of(source);
  const FT_UInt index = FT_Get_Char_Index(font.face, code);
  if (index == 0 || FT_Load_Glyph(font.face, index, FT_LOAD_COLOR) != 0) return false;
  const FT_GlyphSlot slot = font.face->glyph;
  const float scale = baked->Size * kEmOfLine / font.strike;
  const float advance = std::round(static_cast<float>(slot->advance.x) / 64 * scale);
  if (advance_only) {
    *advance_only = advance;
    return true;
  }
  glyph->Codepoint = code;
  glyph->AdvanceX = advance;
  const float density = source->RasterizerDensity * baked->RasterizerDensity;
  const int width = static_cast<int>(std::lround(static_cast<float>(slot->bitmap.width) * scale * density));
  const int height = static_cast<int>(std::lround(static_cast<float>(slot->bitmap.rows) * scale * density));
  if (slot->bitmap.pixel_mode != FT_PIXEL_MODE_BGRA || width <= 0 || height <= 0) return true;

  const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, width, height);
  if (id == ImFontAtlasRectId_Invalid) return false;
  std::vector<ImU32> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  shrink(slot->bitmap, width, height, pixels.data());
  glyph->X0 = std::round(static_cast<float>(slot->bitmap_left) * scale);
  glyph->Y0 = std::round(baked->Ascent - static_cast<float>(slot->bitmap_top) * scale);
  glyph->X1 = glyph->X0 + static_cast<float>(width) / density;
  glyph->Y1 = glyph->Y0 + static_cast<float>(height) / density;
  glyph->Visible = true;
  glyph->Colored = true;
  glyph->PackId = id;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, glyph, ImFontAtlasPackGetRect(atlas, id),
                                     reinterpret_cast<const unsigned char*>(pixels.data()),
                                     ImTextureFormat_RGBA32, width * 4);
  return true;
}

bool is_invisible(ImWchar c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0x20E3 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0x1F3FB && c <= 0x1F3FF) ||
         (c >= 0xE0000 && c <= 0xE01EF);
}

bool contains_invisible(ImFontAtlas*, ImFontConfig*, ImWchar code) {
  return is_invisible(code);
}

bool load_invisible(ImFontAtlas*, ImFontConfig*, ImFontBaked*, void*, ImWchar code, ImFontGlyph* glyph,
                    float* advance_only) {
  if (!is_invisible(code)) return false;
  if (advance_only) {
    *advance_only = 0.0f;
  } else {
    glyph->Codepoint = code;
    glyph->AdvanceX = 0.0f;
  }
  return true;
}

}  // namespace

const ImFontLoader* emoji_loader() {
  static const ImFontLoader loader = [] {
    ImFontLoader made;
    made.Name = "colour emoji";
    made.FontSrcInit = open_source;
    made.FontSrcDestroy = close_source;
    made.FontSrcContainsGlyph = contains;
    made.FontBakedLoadGlyph = load_glyph;
    return made;
  }();
  return &loader;
}

const ImFontLoader* invisible_loader() {
  static const ImFontLoader loader = [] {
    ImFontLoader made;
    made.Name = "invisible";
    made.FontSrcContainsGlyph = contains_invisible;
    made.FontBakedLoadGlyph = load_invisible;
    return made;
  }();
  return &loader;
}

}  // namespace asfs
