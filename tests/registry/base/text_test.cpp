#include "registry/base/text.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace asfs;

TEST_CASE("valid text stays as it is") {
  for (const char* text :
       {"", "clip_001", "\u6771\u4EAC \U0001F680", "\u007F\u0080\u07FF\u0800\uFFFF\U00010000\U0010FFFF"})
    CHECK(valid_utf8(text) == text);
}

TEST_CASE("every byte that is not valid UTF-8 becomes one replacement character") {
  CHECK(valid_utf8("a\xFFz") == "a\uFFFDz");
  CHECK(valid_utf8("\x80\xBF") == "\uFFFD\uFFFD");
  CHECK(valid_utf8("\xE2\x82") == "\uFFFD\uFFFD");
  CHECK(valid_utf8("\xC3(") == "\uFFFD(");
}

TEST_CASE("overlong forms, surrogates and values above U+10FFFF are not valid UTF-8") {
  CHECK(valid_utf8("\xC0\xAF") == "\uFFFD\uFFFD");
  CHECK(valid_utf8("\xE0\x80\xAF") == "\uFFFD\uFFFD\uFFFD");
  CHECK(valid_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(valid_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("text is told from bytes that are none, at any place and length") {
  const std::string plain = "sixteen letters.";
  CHECK(is_utf8(""));
  for (std::size_t length = 0; length <= plain.size(); ++length) {
    const std::string text = plain.substr(0, length);
    CHECK(is_ascii(text));
    CHECK_FALSE(is_ascii(text + "\u00e9"));
    CHECK(is_utf8(text + "\u00e9"));
    CHECK_FALSE(is_utf8(text + "\xff"));
    CHECK_FALSE(is_utf8("\xff" + text));
  }
}

TEST_CASE("code points are counted, an invalid byte as one") {
  CHECK(code_points("") == 0);
  CHECK(code_points("abc") == 3);
  CHECK(code_points("\u6771\u4EAC\U0001F680") == 3);
  CHECK(code_points("\xFF\xFE z") == 4);
}

TEST_CASE("Latin, Greek and Cyrillic letters fold to lower case") {
  CHECK(fold_case("HeLLo 09_[]") == "hello 09_[]");
  CHECK(fold_case("\u00C4\u00D6\u00DC\u00C9\u00D7") == "\u00E4\u00F6\u00FC\u00E9\u00D7");
  CHECK(fold_case("\u0141\u015A\u017B\u0178\u0102") == "\u0142\u015B\u017C\u00FF\u0103");
  CHECK(fold_case("\u0391\u0392\u03A9\u0386\u038F") == "\u03B1\u03B2\u03C9\u03AC\u03CE");
  CHECK(fold_case("\u0416\u0401\u042F\u0490\u04C0\u04C1") == "\u0436\u0451\u044F\u0491\u04CF\u04C2");
  CHECK(fold_case("\u1EA4\u1E00") == "\u1EA5\u1E01");
}

TEST_CASE("the final sigma folds to the usual one") {
  CHECK(fold_case("\u03C2") == "\u03C3");
}

TEST_CASE("folded text folds to itself") {
  std::string all;
  for (char32_t c = 0x80; c < 0x2000; ++c) {
    if (c < 0x800) {
      all += static_cast<char>(0xC0 | (c >> 6));
    } else {
      all += static_cast<char>(0xE0 | (c >> 12));
      all += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    }
    all += static_cast<char>(0x80 | (c & 0x3F));
  }
  const std::string once = fold_case(all);
  CHECK(once != all);
  CHECK(fold_case(once) == once);
  CHECK(valid_utf8(once) == once);
}

TEST_CASE("folding keeps other scripts and invalid bytes") {
  CHECK(fold_case("\u6771\U0001F680\xFF\x80") == "\u6771\U0001F680\xFF\x80");
}

TEST_CASE("a search finds a folded needle in text of any case") {
  CHECK(contains_folded("My Summer CLIP", "clip"));
  CHECK(contains_folded("My Summer CLIP", "my s"));
  CHECK(contains_folded("clclip", "clip"));
  CHECK(contains_folded("\u00C4pfel", "\u00E4pf"));
  CHECK(contains_folded("gr\u00D6\u00DFe", "gr\u00F6"));
  CHECK(contains_folded("\u041C\u041E\u0421\u041A\u0412\u0410", "\u043E\u0441\u043A"));
  CHECK(contains_folded("\u6771\u4EAC\u30BF\u30EF\u30FC", "\u30BF\u30EF"));
}

TEST_CASE("a search does not find what is not there") {
  CHECK_FALSE(contains_folded("clip", "clips"));
  CHECK_FALSE(contains_folded("", "a"));
  CHECK_FALSE(contains_folded("[clip]", "{clip"));
  CHECK_FALSE(contains_folded("\u00C4", "a"));
  CHECK_FALSE(contains_folded("\u6771", "\u4EAC"));
}

TEST_CASE("an empty needle is in every text") {
  CHECK(contains_folded("", ""));
  CHECK(contains_folded("x", ""));
}

TEST_CASE("a search goes on behind invalid bytes and never matches half a character") {
  CHECK(contains_folded("\xFF\xE6 Clip", "clip"));
  CHECK(contains_folded("a\xFF", "\xFF"));
  CHECK_FALSE(contains_folded("\u6771", "\x9D"));
}

TEST_CASE("a message for a person is one line") {
  CHECK(one_line("a\nb\r\nc\td") == "a b c d");
  CHECK(one_line("\x1B[31mred\x7F") == " [31mred ");
  CHECK(one_line("a\u2028b\u0085"
                 "c") == "a b c");
  CHECK(one_line("odd \xFF byte") == "odd \uFFFD byte");
}

TEST_CASE("a message for a person is cut with an ellipsis") {
  CHECK(one_line("\u6771\u4EAC\u30BF", 3) == "\u6771\u4EAC\u30BF");
  CHECK(one_line("\u6771\u4EAC\u30BF\u30EF", 3) == "\u6771\u4EAC\u2026");
  CHECK(code_points(one_line(std::string(10'000, 'x'))) == 500);
  CHECK(one_line("abc", 0) == "");
}

TEST_CASE("a duration reads like a clock") {
  CHECK(duration_text(0) == "0:00");
  CHECK(duration_text(34.2) == "0:34");
  CHECK(duration_text(59.6) == "1:00");
  CHECK(duration_text(725) == "12:05");
  CHECK(duration_text(3723) == "1:02:03");
}

TEST_CASE("a duration that makes no sense is a dash") {
  CHECK(duration_text(-1) == "-");
  CHECK(duration_text(std::numeric_limits<double>::quiet_NaN()) == "-");
  CHECK(duration_text(std::numeric_limits<double>::infinity()) == "-");
  CHECK(duration_text(1e300) == "-");
}

TEST_CASE("a title that is missing is the stem of the file") {
  CHECK(title_or_stem("Five knots", "clips/clip_001.mp4") == "Five knots");
  CHECK(title_or_stem("", "output/clips/clip_001.mp4") == "clip_001");
  CHECK(title_or_stem("", "C:/my.clips/take.2.mov") == "take.2");
  CHECK(title_or_stem("", ".hidden") == ".hidden");
  CHECK(title_or_stem("", "clip") == "clip");
  CHECK(title_or_stem("", "") == "");
}

TEST_CASE("a size reads in powers of ten") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(812) == "812 B");
  CHECK(bytes_text(1000) == "1.0 kB");
  CHECK(bytes_text(4'200'000) == "4.2 MB");
  CHECK(bytes_text(999'999) == "1.0 MB");
  CHECK(bytes_text(1'700'000'000) == "1.7 GB");
  CHECK(bytes_text(~0ull) == "18.4 EB");
}

TEST_CASE("hex is lower-case with two digits a byte") {
  CHECK(hex(std::string_view("\x00\x0F\xFF", 3)) == "000fff");
}
