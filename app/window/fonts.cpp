#include "app/window/fonts.h"

#include <fcntl.h>
#include <ft2build.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include FT_FREETYPE_H
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "app/ui/theme.h"
#include "app/window/emoji_loader.h"
#include "assets/assets.h"
#include "registry/base/process.h"

namespace asfs {
namespace {

constexpr float kIconSize = 15.0f;
constexpr float kEm = size::kText / 1.21f;  ///< of Inter in a line of text; fonts of the system take the same
constexpr const char* kMapped = "system font";
constexpr std::size_t kSystemFontsAtMost = 10;  ///< ImGui takes 16 sources a font
constexpr std::chrono::seconds kDeadline{3};

std::optional<SystemFont> map_file(const std::string& path, int face) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  struct stat info {};
  void* data = MAP_FAILED;
  if (::fstat(fd, &info) == 0 && info.st_size > 0)
    data = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  ::close(fd);
  if (data == MAP_FAILED) return std::nullopt;
  const auto size = static_cast<std::size_t>(info.st_size);
  const auto unmap = [size](const unsigned char* bytes) {
    ::munmap(const_cast<unsigned char*>(bytes), size);
  };
  return SystemFont{{static_cast<const unsigned char*>(data), unmap}, size, face};
}

/// What FreeType says: an outline font with Unicode, a colour bitmap font, or of no use.
bool inspect(SystemFont& font) {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  if (FT_Init_FreeType(&library) != 0) return false;
  bool usable =
      FT_New_Memory_Face(library, font.data.get(), static_cast<FT_Long>(font.size), font.face, &face) == 0 &&
      FT_Select_Charmap(face, FT_ENCODING_UNICODE) == 0;
  if (usable) {
    font.emoji = FT_HAS_COLOR(face) && FT_HAS_FIXED_SIZES(face);
    usable = font.emoji ? FT_Select_Size(face, face->num_fixed_sizes - 1) == 0
                        : FT_IS_SCALABLE(face) && !FT_HAS_COLOR(face) && face->units_per_EM > 0;
    if (usable && !font.emoji)
      font.line =
          static_cast<float>(face->ascender - face->descender) / static_cast<float>(face->units_per_EM);
  }
  if (face) FT_Done_Face(face);
  FT_Done_FreeType(library);
  return usable;
}

void add_font(std::vector<SystemFont>& fonts, const std::string& path, int face) {
  if (auto font = open_font(path, face)) fonts.push_back(std::move(*font));
}

/// The Han characters look different in each of these languages; Japanese unless the user's own is another.
std::string language() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (!value || !*value) continue;
    const std::string_view locale = value;
    if (locale.starts_with("zh_TW") || locale.starts_with("zh_HK")) return "zh-tw";
    if (locale.starts_with("zh")) return "zh-cn";
    if (locale.starts_with("ko")) return "ko";
    break;
  }
  return "ja";
}

int number(std::string_view text) {
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// One line of fc-match: weight|slant|face|file. Bold, slanted and our own fonts are passed over.
void take_line(std::vector<SystemFont>& fonts, std::string_view line) {
  std::array<std::string_view, 3> fields;
  for (std::string_view& field : fields) {
    const std::size_t bar = line.find('|');
    if (bar == std::string_view::npos) return;
    field = line.substr(0, bar);
    line.remove_prefix(bar + 1);
  }
  const bool regular = number(fields[0]) <= 100 && number(fields[1]) == 0;
  const bool ours = line.find("/Inter") != line.npos || line.find("ontAwesome") != line.npos;
  if (regular && !ours) add_font(fonts, std::string(line), number(fields[2]) & 0xFFFF);
}

bool ask_fontconfig(std::vector<SystemFont>& fonts, const std::vector<std::string>& pattern,
                    std::size_t at_most) {
  std::vector<std::string> command{"fc-match", "-f", "%{weight}|%{slant}|%{index}|%{file}\n"};
  command.insert(command.end(), pattern.begin(), pattern.end());
  const auto answer = run_process(command, kDeadline);
  if (!answer || answer->exit_code != 0) return false;
  const std::size_t before = fonts.size();
  for (std::string_view rest = answer->out; !rest.empty() && fonts.size() < before + at_most;) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    take_line(fonts, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

void look_into_folders(std::vector<SystemFont>& fonts) {
  for (const char* path :
       {"/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "/usr/share/fonts/noto/NotoColorEmoji.ttf",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf"})
    add_font(fonts, path, 0);
}

ImFontConfig embedded(std::string_view name) {
  ImFontConfig config;
  config.FontData = const_cast<unsigned char*>(asset(name).data());
  config.FontDataSize = static_cast<int>(asset(name).size());
  config.FontDataOwnedByAtlas = false;
  return config;
}

/// Text, then nothing for the invisible, then icons; each source is asked in this order.
ImFont* add_text_font(ImFontAtlas& atlas, std::string_view name) {
  ImFontConfig text = embedded(name);
  text.SizePixels = size::kText;
  ImFont* font = atlas.AddFont(&text);
  ImFontConfig invisible;
  invisible.MergeMode = true;
  invisible.FontLoader = invisible_loader();
  atlas.AddFont(&invisible);
  ImFontConfig icons = embedded("fontawesome-webfont.ttf");
  icons.MergeMode = true;
  icons.SizePixels = kIconSize;
  atlas.AddFont(&icons);
  font->FallbackChar = 0x25A1;  // what no font has is an empty box: a question mark reads as part of a title
  return font;
}

void add_system_font(ImFontAtlas& atlas, const SystemFont& font) {
  ImFontConfig config;
  config.MergeMode = true;
  config.FontData = const_cast<unsigned char*>(font.data.get());
  config.FontDataSize = static_cast<int>(font.size);
  config.FontDataOwnedByAtlas = true;  // else ImGui copies the whole file; release_fonts() takes it back
  config.FontNo = static_cast<ImU32>(font.face);
  std::strncpy(config.Name, kMapped, sizeof config.Name - 1);
  if (font.emoji)
    config.FontLoader = emoji_loader();
  else
    config.SizePixels = kEm * font.line;
  atlas.AddFont(&config);
}

}  // namespace

std::optional<SystemFont> open_font(const std::string& path, int face) {
  auto font = map_file(path, face);
  if (font && !inspect(*font)) font.reset();
  return font;
}

std::vector<SystemFont> find_system_fonts() {
  std::vector<SystemFont> fonts;
  // Emoji first: text fonts have some of them in black and white.
  const bool known = ask_fontconfig(fonts, {"emoji:color=true"}, 1);
  if (!known || !ask_fontconfig(fonts, {"-s", "sans-serif:lang=" + language()}, kSystemFontsAtMost - 1))
    look_into_folders(fonts);
  return fonts;
}

UiFonts build_fonts(ImFontAtlas& atlas, std::span<const SystemFont> system) {
  release_fonts(atlas);
  atlas.Clear();
  UiFonts fonts;
  fonts.semibold = add_text_font(atlas, "Inter-SemiBold.otf");
  fonts.regular = add_text_font(atlas, "Inter-Regular.otf");
  for (const SystemFont& font : system) add_system_font(atlas, font);
  ImGui::GetIO().FontDefault = fonts.regular;
  return fonts;
}

void release_fonts(ImFontAtlas& atlas) {
  for (ImFontConfig& source : atlas.Sources)
    if (std::strcmp(source.Name, kMapped) == 0) source.FontData = nullptr;
}

}  // namespace asfs
