#include "app/pipeline/captions.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "assets/assets.h"
#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;

namespace {

/// One word after another, each half a second long, with `gap` between.
std::vector<Word> spoken(const std::vector<std::string>& texts, double gap = 0) {
  std::vector<Word> words;
  double now = 0;
  for (const std::string& text : texts) {
    words.push_back({now, now + 0.5, text});
    now += 0.5 + gap;
  }
  return words;
}

struct Shown {
  std::string start, end, text;
};

/// Of the lines that are shown, without the commands in them when `plain`.
std::vector<Shown> shown(const std::string& document, std::string_view style, bool plain = true) {
  std::vector<Shown> all;
  std::istringstream in(document);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("Dialogue: ") || line.find("," + std::string(style) + ",") == line.npos) continue;
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; cells.size() < 9 && std::getline(row, cell, ',');) cells.push_back(cell);
    std::string text;
    std::getline(row, text);
    if (plain)
      for (std::size_t at; (at = text.find("{\\k")) != text.npos;)
        text.erase(at, text.find('}', at) - at + 1);
    all.push_back({cells[1], cells[2], text});
  }
  return all;
}

std::vector<Shown> captions_of(std::vector<Word> words) {
  return shown(ass_document({.words = std::move(words)}), "Caption");
}

/// Where there is anything but black in a frame of captions as ffmpeg draws them.
struct Drawn {
  int left = 1080, right = -1, top = 1920, bottom = -1, pixels = 0;
};

Drawn drawn(const Captions& captions, double at = 0.1, int from = 0, int to = 1080) {
  const TempFolder temp;
  write_file(temp / "captions.ass", ass_document(captions));
  write_file(temp / "Inter-SemiBold.otf", asset_text("Inter-SemiBold.otf"));
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(temp.path());
  run_ffmpeg({"-f", "lavfi", "-i", "color=black:size=1080x1920:rate=10:duration=4", "-vf",
              "ass=captions.ass:fontsdir=.,format=gray", "-ss", fmt::format("{}", at), "-frames:v", "1", "-f",
              "rawvideo", "frame"});
  std::filesystem::current_path(before);
  const std::string frame = read_text(temp / "frame");
  REQUIRE(frame.size() == 1080 * 1920);
  Drawn drawn;
  for (int y = 0; y < 1920; ++y)
    for (int x = from; x < to; ++x) {
      if (static_cast<unsigned char>(
              frame[static_cast<std::size_t>(y) * 1080 + static_cast<std::size_t>(x)]) < 60)
        continue;
      ++drawn.pixels;
      drawn.left = std::min(drawn.left, x);
      drawn.right = std::max(drawn.right, x);
      drawn.top = std::min(drawn.top, y);
      drawn.bottom = y;
    }
  return drawn;
}

}  // namespace

TEST_CASE("a clip has the words that lie in it, in its own time") {
  const Transcript transcript{
      .words = {{0, 1, "before"}, {1.5, 2.5, "cut"}, {2.5, 3, "in"}, {3, 4, "it"}, {3.9, 5, "after"}}};
  const auto words = words_in(transcript, {2, 4});
  REQUIRE(words.size() == 2);
  CHECK(words[0].text == "in");
  CHECK(words[0].start == 0.5);
  CHECK(words[1].end == 2);
}

TEST_CASE("captions keep to two lines and to their width, as they are drawn") {
  const std::vector<std::string> texts{"WWWWWWWWW", "MMMMMMMM", "wide",     "words",
                                       "WWWWWWWW",  "of",       "ordinary", "people"};
  const auto blocks = captions_of(spoken(texts));
  CHECK(blocks.size() > 1);
  std::size_t words = 0;
  for (const Shown& block : blocks) {
    CHECK(block.text.find("\\N") == block.text.rfind("\\N"));
    words += 1 + static_cast<std::size_t>(std::ranges::count(block.text, ' ')) +
             (block.text.find("\\N") != block.text.npos);
  }
  CHECK(words == texts.size());
  for (const double at : {0.1, 1.2, 2.2, 3.2}) {
    const Drawn block = drawn({.words = spoken(texts)}, at);
    CAPTURE(at);
    CHECK(block.left >= 108 - 6);
    CHECK(block.right <= 972 + 6);
    CHECK(block.top >= 1152);
    CHECK(block.bottom <= 1536);
    CHECK(block.pixels > 1000);
  }
}

TEST_CASE("a line is filled: what fits is not broken") {
  const auto blocks = captions_of(spoken({"what", "fits", "is", "on", "one", "line", "only"}));
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].text == "what fits is on one line\\Nonly");
  const Drawn block = drawn({.words = spoken({"what", "fits", "is", "on", "one", "line", "only"})});
  CHECK(block.right - block.left > 600);
}

TEST_CASE("a word too long for a line is made smaller, not cut off") {
  const Drawn word = drawn({.words = spoken({"Donaudampfschifffahrtsgesellschaftskapitän"})});
  CHECK(word.left >= 108 - 6);
  CHECK(word.right <= 972 + 6);
  CHECK(word.right - word.left > 750);
}

TEST_CASE("braces, backslashes and line breaks in words are text") {
  const auto text = [](const char* word) { return captions_of(spoken({word})).at(0).text; };
  CHECK(text("a\nb") == "a b");
  CHECK(text("{\\fs200}") == "\\{\\\u2060fs200\\}");
  const auto width = [](const char* word) {
    const Drawn word_drawn = drawn({.words = spoken({word})});
    return word_drawn.right - word_drawn.left;
  };
  // A command would vanish; a line break would make it narrower.
  CHECK(width("x{\\alpha&HFF&}y") > width("xalpha&HFF&y") + 20);
  CHECK(width("x\\Ny") > width("xNy") + 10);
  CHECK(width("x\\hy") > width("xhy") + 10);
  CHECK(drawn({.words = spoken({"{\\p1}m0 0 l900 0"})}).bottom < 1536);
}

TEST_CASE("a block stays over a short gap and ends before a long one") {
  const auto near = captions_of({{0, 1, "One."}, {1.5, 2, "Two."}});
  REQUIRE(near.size() == 2);
  CHECK(near[0].end == near[1].start);
  CHECK(near[1].start == "0:00:01.50");
  const auto apart = captions_of({{0, 1, "One"}, {2, 3, "Two"}});
  REQUIRE(apart.size() == 2);
  CHECK(apart[0].end == "0:00:01.25");
  CHECK(apart[1].start == "0:00:02.00");
}

TEST_CASE("each word lights up when it is spoken") {
  const auto lines =
      shown(ass_document({.words = {{1, 1.2, "a"}, {1.5, 1.7, "b"}, {1.7, 2, "c"}}}), "Caption", false);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].start == "0:00:01.00");
  CHECK(lines[0].text == "{\\k50}a {\\k20}b {\\k55}c");
}

TEST_CASE("a hook stands at the top for three seconds, and only there") {
  const Captions hook{.hook = "Why nobody ever told you that this is how it really works"};
  CHECK_FALSE(hook.none());
  const auto lines = shown(ass_document(hook), "Hook");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].end == "0:00:03.00");
  const Drawn early = drawn(hook, 1), late = drawn(hook, 3.5);
  CHECK(early.bottom < 800);
  CHECK(early.left >= 108 - 6);
  CHECK(early.right <= 972 + 6);
  CHECK(late.pixels == 0);
}

TEST_CASE("without words there are no captions") {
  CHECK(Captions{}.none());
  CHECK(ass_document({.words = {{0, 1, " \n "}}}).find("Dialogue") == std::string::npos);
}

TEST_CASE("a long hook is shown whole, in smaller letters") {
  std::string words;
  while (words.size() < kLongestHook - 6) words += words.empty() ? "MMMMM" : " MMMMM";
  const auto lines = shown(ass_document({.hook = words}), "Hook");
  REQUIRE(lines.size() == 1);
  CHECK(std::ranges::count(lines[0].text, 'M') == std::ranges::count(words, 'M'));
  CHECK(lines[0].text.starts_with("{\\fs"));
  const Drawn all = drawn({.hook = words}, 1);
  CHECK(all.left >= 108 - 6);
  CHECK(all.right <= 972 + 6);
}

TEST_CASE("a Japanese hook is broken between letters, but no mark begins a line") {
  const auto lines = shown(ass_document({.hook = "これは誰も教えてくれなかった本当の話です。"}), "Hook");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].text.find("\\N") != std::string::npos);
  CHECK(lines[0].text.find("\\N。") == std::string::npos);
  CHECK(lines[0].text.find("\\fs") == std::string::npos);
}

TEST_CASE("a Hebrew hook ends at the left") {
  const auto document = ass_document({.hook = "שלום עולם!"});
  std::istringstream in(document);
  std::string style;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("Style: Hook")) style = line;
  CHECK(style.ends_with(",-1"));  // by its first letters
  // Dots are low: where the right half is higher, the dots are at the left.
  const Drawn right_half = drawn({.hook = "שלום......"}, 1, 540, 1080),
              left_half = drawn({.hook = "שלום......"}, 1, 0, 500);
  CHECK(right_half.top + 20 < left_half.top);
}

TEST_CASE("signs of ffmpeg and of subtitles in a hook are text") {
  const auto text = [](const char* hook) { return shown(ass_document({.hook = hook}), "Hook").at(0).text; };
  CHECK(text(R"(100%, {\b1} a:b')") == "100%, \\{\\\u2060b1\\} a:b'");
  CHECK(text(R"(\N [x];%{pts})") == "\\\u2060N [x];%\\{pts\\}");
}

TEST_CASE("in a wide picture letters keep their shape, and go by its height") {
  const auto document = ass_document({.hook = "MMMM"}, {1920, 1080});
  CHECK(document.find("PlayResX: 1920\nPlayResY: 1080") != std::string::npos);
  CHECK(ass_document({.hook = "MMMM"}, {640, 360}) == document);
  CHECK(ass_document({.hook = "MMMM"}, {540, 960}) == ass_document({.hook = "MMMM"}));
}
