#include "app/pipeline/captions.h"

#include <fmt/format.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string_view>

#include "app/pipeline/transcript_text.h"
#include "assets/assets.h"
#include "registry/base/text.h"

namespace asfs::pipeline {
namespace {

/// Of the font, in pixels of ascent and descent together, where the picture's shorter side has 1080.
constexpr int kCaptionSize = 80, kHookSize = 88, kSmallestHook = 32;
constexpr double kWidestShare = 0.8;  ///< of the width: clear of what platforms put at the sides
constexpr double kShortGap = 0.6, kTail = 0.25, kHookSeconds = 3.0;
constexpr std::size_t kMostLines = 2, kMostHookLines = 4, kLongestWord = 200;

/// How wide a text is in the captions' font, and how wide it may be.
class Ruler {
 public:
  const double widest;
  explicit Ruler(double most) : widest(most) {
    const auto font = asset("Inter-SemiBold.otf");
    if (FT_Init_FreeType(&library_) != 0) return;
    if (FT_New_Memory_Face(library_, font.data(), static_cast<FT_Long>(font.size()), 0, &face_) != 0) return;
    const auto* os2 = static_cast<const TT_OS2*>(FT_Get_Sfnt_Table(face_, FT_SFNT_OS2));
    height_ = os2 ? os2->usWinAscent + os2->usWinDescent : face_->ascender - face_->descender;
  }
  ~Ruler() {
    if (face_) FT_Done_Face(face_);
    if (library_) FT_Done_FreeType(library_);
  }
  Ruler(const Ruler&) = delete;
  Ruler& operator=(const Ruler&) = delete;

  /// libass makes ascent and descent, as Windows counts them, as high as the font's size. Of a letter that
  /// the font lacks another font is taken: those are at most as wide as they are high.
  double width(std::string_view text, double size) const {
    double units = 0;
    while (!text.empty()) {
      const char32_t letter = take_letter(text);
      const FT_UInt glyph = face_ ? FT_Get_Char_Index(face_, letter) : 0;
      const bool known = glyph != 0 && FT_Load_Glyph(face_, glyph, FT_LOAD_NO_SCALE) == 0;
      units += known ? static_cast<double>(face_->glyph->advance.x) : height_;
    }
    return units * size / height_;
  }

 private:
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
  double height_ = 1;
};

struct Line {
  std::size_t first = 0, count = 0;  ///< of the words
  double width = 0;
};

/// What is shown at once.
struct Block {
  std::vector<Line> lines;
  double start = 0, end = 0;
};

/// One line of valid text without blanks around it.
std::string plain(std::string_view text) {
  return std::string(trimmed(one_line(valid_utf8(text), kLongestWord)));
}

/// As text: braces begin commands, and so does a backslash before some letters; there is no way to write one,
/// but a letter without width behind it parts it from the next.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '{' || c == '}') safe += '\\';
    safe += c;
    if (c == '\\') safe += "\u2060";
  }
  return safe;
}

bool ends_sentence(std::string_view word) {
  for (const std::string_view mark : {".", "!", "?", "…", "。", "！", "？"})
    if (word.ends_with(mark)) return true;
  return false;
}

std::string clock_text(double seconds) {
  const auto hundredths = std::llround(std::clamp(seconds, 0.0, 35999.0) * 100);
  return fmt::format("{}:{:02}:{:02}.{:02}", hundredths / 360000, hundredths / 6000 % 60,
                     hundredths / 100 % 60, hundredths % 100);
}

/// Puts a word behind the last one, into a new line, or says that it needs a new block.
bool takes(Block& block, std::size_t index, double width, double blank, double widest,
           std::size_t most_lines) {
  if (Line& line = block.lines.back(); line.width + blank + width <= widest) {
    line.width += blank + width;
    ++line.count;
    return true;
  }
  if (block.lines.size() == most_lines) return false;
  block.lines.push_back({index, 1, width});
  return true;
}

std::vector<Block> blocks_of(const std::vector<Word>& words, const Ruler& ruler) {
  const double blank = ruler.width(" ", kCaptionSize);
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const double width = ruler.width(words[i].text, kCaptionSize);
    const bool together =
        i > 0 && words[i].start - words[i - 1].end < kShortGap && !ends_sentence(words[i - 1].text);
    if (together && takes(blocks.back(), i, width, blank, ruler.widest, kMostLines)) {
      blocks.back().end = words[i].end;
      continue;
    }
    blocks.push_back({{{i, 1, width}}, words[i].start, words[i].end});
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool soon = i + 1 < blocks.size() && blocks[i + 1].start - blocks[i].end < kShortGap;
    blocks[i].end = soon ? blocks[i + 1].start : blocks[i].end + kTail;
  }
  return blocks;
}

/// What a line that is one long word is made smaller by, so that it is not cut off.
std::string smaller(const Block& block, int size, double most) {
  double widest = 0;
  for (const Line& line : block.lines) widest = std::max(widest, line.width);
  return widest > most ? fmt::format("{{\\fs{}}}", static_cast<int>(size * most / widest)) : "";
}

/// A word lights up when it is spoken: \k counts hundredths of a second from the word before.
std::string caption_line(const Block& block, const std::vector<Word>& words, double widest) {
  std::string text = smaller(block, kCaptionSize, widest);
  double told = block.start;
  for (const Line& line : block.lines) {
    if (line.first != block.lines.front().first) text += "\\N";
    for (std::size_t i = line.first; i < line.first + line.count; ++i) {
      const bool last = &line == &block.lines.back() && i + 1 == line.first + line.count;
      const double until = last ? block.end : std::max(told, words[i + 1].start);
      text += fmt::format("{{\\k{}}}{}{}", std::llround(until * 100) - std::llround(told * 100),
                          escaped(words[i].text), i + 1 < line.first + line.count ? " " : "");
      told = until;
    }
  }
  return fmt::format("Dialogue: 0,{},{},Caption,,0,0,0,,{}\n", clock_text(block.start), clock_text(block.end),
                     text);
}

/// A part of a hook that is not broken.
struct Piece {
  std::string text;
  bool blank = false;  ///< there is one before it
};

/// Words, and of Chinese and Japanese letters, with the marks behind them.
std::vector<Piece> pieces_of(std::string_view hook) {
  std::vector<Piece> pieces;
  char32_t before = ' ';
  while (!hook.empty()) {
    std::string_view rest = hook;
    const char32_t letter = take_letter(rest);
    const std::string_view text = hook.substr(0, hook.size() - rest.size());
    hook = rest;
    const bool begins = before == ' ' || may_break(before, letter);
    if (letter != ' ' && begins) pieces.push_back({"", before == ' ' && !pieces.empty()});
    if (letter != ' ') pieces.back().text += text;
    before = letter;
  }
  return pieces;
}

/// In so many lines as it takes at this size; false: more than there may be.
bool lay_out(const std::vector<Piece>& pieces, int size, const Ruler& ruler, Block& block) {
  block.lines.clear();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const double width = ruler.width(pieces[i].text, size);
    const double blank = pieces[i].blank ? ruler.width(" ", size) : 0.0;
    if (block.lines.empty())
      block.lines.push_back({0, 1, width});
    else if (!takes(block, i, width, blank, ruler.widest, kMostHookLines))
      return false;
  }
  return true;
}

std::string hook_line(std::string_view hook, const Ruler& ruler) {
  const auto pieces = pieces_of(hook);
  Block block;
  int size = kHookSize;
  bool whole = lay_out(pieces, size, ruler, block);
  for (; !whole && size > kSmallestHook; whole = lay_out(pieces, size, ruler, block)) size -= 8;
  std::string text = smaller(block, size, ruler.widest);
  if (text.empty() && size != kHookSize) text = fmt::format("{{\\fs{}}}", size);
  for (const Line& line : block.lines)
    for (std::size_t i = line.first; i < line.first + line.count; ++i)
      text += (i == 0 ? "" : i == line.first ? "\\N" : pieces[i].blank ? " " : "") + escaped(pieces[i].text);
  if (!whole) text += "…";
  return fmt::format("Dialogue: 1,{},{},Hook,,0,0,0,,{}\n", clock_text(0), clock_text(kHookSeconds), text);
}

/// The centre of captions lies at 69 % of the height: above the buttons and texts of all platforms. Encoding
/// -1: the line runs as its first letters do, to the left in Hebrew and Arabic.
std::string head(int width, int height) {
  constexpr const char* kStyle =
      "Style: {},Inter Semi "
      "Bold,{},{},&H00FFFFFF,&H00101010,&H80000000,0,0,0,0,100,100,0,0,1,5,0,{},60,60,{},-1\n";
  return fmt::format(
             "[Script Info]\nScriptType: v4.00+\nPlayResX: {}\nPlayResY: {}\nWrapStyle: 2\n"
             "ScaledBorderAndShadow: yes\n\n[V4+ Styles]\n",
             width, height) +
         "Format: Name,Fontname,Fontsize,PrimaryColour,SecondaryColour,OutlineColour,BackColour,Bold,Italic,"
         "Underline,StrikeOut,ScaleX,ScaleY,Spacing,Angle,BorderStyle,Outline,Shadow,Alignment,MarginL,"
         "MarginR,"
         "MarginV,Encoding\n" +
         fmt::format(fmt::runtime(kStyle), "Caption", kCaptionSize, "&H0000D7FF", 2, height * 515 / 1920) +
         fmt::format(fmt::runtime(kStyle), "Hook", kHookSize, "&H00FFFFFF", 8, height * 260 / 1920) +
         "\n[Events]\nFormat: Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text\n";
}

}  // namespace

std::vector<Word> words_in(const Transcript& transcript, Span span) {
  std::vector<Word> words;
  for (const Word& word : transcript.words)
    if (word.start >= span.start && word.end <= span.end)
      words.push_back({word.start - span.start, word.end - span.start, word.text});
  return words;
}

std::string ass_document(const Captions& captions, PictureSize picture) {
  constexpr std::int64_t kShorterSide = 1080;
  const int shorter = std::max(1, std::min(picture.width, picture.height));
  const auto width = static_cast<int>(picture.width * kShorterSide / shorter),
             height = static_cast<int>(picture.height * kShorterSide / shorter);
  const Ruler ruler(kWidestShare * width);
  std::vector<Word> words;
  for (const Word& word : captions.words)
    if (std::string text = plain(word.text); !text.empty())
      words.push_back({word.start, word.end, std::move(text)});
  std::string document = head(width, height);
  if (const std::string hook = plain(captions.hook); !hook.empty()) document += hook_line(hook, ruler);
  for (const Block& block : blocks_of(words, ruler)) document += caption_line(block, words, ruler.widest);
  return document;
}

}  // namespace asfs::pipeline
