#include "registry/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace asfs {
namespace {

struct CodePoint {
  char32_t value;
  std::size_t bytes;
};

/// A byte that is not valid UTF-8 becomes a value above every code point, so that it equals nothing but
/// itself.
constexpr char32_t kInvalidByte = 0x110000;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026

/// The code point at `text[at]`; overlong forms, surrogates and stray bytes are invalid.
CodePoint decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const CodePoint invalid{kInvalidByte + lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return invalid;
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return invalid;
    value = (value << 6) | (byte(i) & 0x3F);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[length] || surrogate || value >= kInvalidByte) return invalid;
  return {value, length};
}

void encode(char32_t value, std::string& out) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (value < 0x80) return put(value);
  if (value >= kInvalidByte) return put(value - kInvalidByte);
  if (value < 0x800) {
    put(0xC0 | (value >> 6));
  } else if (value < 0x10000) {
    put(0xE0 | (value >> 12));
    put(0x80 | ((value >> 6) & 0x3F));
  } else {
    put(0xF0 | (value >> 18));
    put(0x80 | ((value >> 12) & 0x3F));
    put(0x80 | ((value >> 6) & 0x3F));
  }
  put(0x80 | (value & 0x3F));
}

/// Upper-case letters and the distance to their lower-case form; `step` 2: only every second one is
/// upper-case.
struct CaseRange {
  char32_t first, last;
  std::uint8_t step;
  std::int16_t distance;
};

// Sorted. No letter outside ASCII folds into ASCII: contains_folded() relies on it.
constexpr CaseRange kCaseRanges[] = {
    {'A', 'Z', 1, 32},       {0x00C0, 0x00D6, 1, 32}, {0x00D8, 0x00DE, 1, 32}, {0x0100, 0x012E, 2, 1},
    {0x0132, 0x0136, 2, 1},  {0x0139, 0x0147, 2, 1},  {0x014A, 0x0176, 2, 1},  {0x0178, 0x0178, 1, -121},
    {0x0179, 0x017D, 2, 1},  {0x01CD, 0x01DB, 2, 1},  {0x01DE, 0x01EE, 2, 1},  {0x01F8, 0x021E, 2, 1},
    {0x0222, 0x0232, 2, 1},  {0x0386, 0x0386, 1, 38}, {0x0388, 0x038A, 1, 37}, {0x038C, 0x038C, 1, 64},
    {0x038E, 0x038F, 1, 63}, {0x0391, 0x03A1, 1, 32}, {0x03A3, 0x03AB, 1, 32}, {0x03C2, 0x03C2, 1, 1},
    {0x0400, 0x040F, 1, 80}, {0x0410, 0x042F, 1, 32}, {0x0460, 0x0480, 2, 1},  {0x048A, 0x04BE, 2, 1},
    {0x04C0, 0x04C0, 1, 15}, {0x04C1, 0x04CD, 2, 1},  {0x04D0, 0x052E, 2, 1},  {0x1E00, 0x1E94, 2, 1},
    {0x1EA0, 0x1EFE, 2, 1},
};

char32_t fold(char32_t value) {
  if (value < 0x80) return value >= 'A' && value <= 'Z' ? value + 32 : value;
  for (const CaseRange& range : kCaseRanges) {
    if (value < range.first) return value;
    if (value > range.last) continue;
    const bool upper = (value - range.first) % range.step == 0;
    return upper ? static_cast<char32_t>(static_cast<std::int32_t>(value) + range.distance) : value;
  }
  return value;
}

/// Does `text` from `at` on begin with the folded `needle`?
bool matches_at(std::string_view text, std::size_t at, std::string_view needle) {
  std::size_t n = 0;
  while (n < needle.size()) {
    if (at >= text.size()) return false;
    const auto left = decode(text, at);
    const auto right = decode(needle, n);
    if (fold(left.value) != right.value) return false;
    at += left.bytes;
    n += right.bytes;
  }
  return true;
}

/// The next place at or after `from` that holds the letter in either case; text.size() when there is none.
std::size_t find_letter(std::string_view text, std::size_t from, char lower) {
  const auto find = [&](char c, std::size_t end) {
    const void* hit = std::memchr(text.data() + from, c, end - from);
    return hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - text.data()) : end;
  };
  const std::size_t hit = find(lower, text.size());
  const bool letter = lower >= 'a' && lower <= 'z';
  return letter ? find(static_cast<char>(lower - 32), hit) : hit;
}

std::size_t skip_ascii(std::string_view text, std::size_t at) {
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool breaks_line(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

}  // namespace

bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t at = 0;
  for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    seen |= word;
  }
  for (; at < text.size(); ++at) seen |= static_cast<unsigned char>(text[at]);
  return (seen & 0x8080808080808080u) == 0;
}

bool is_utf8(std::string_view text) {
  return is_ascii(text) || valid_utf8(text) == text;
}

std::string valid_utf8(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, bytes] = decode(text, at);
    out += value >= kInvalidByte ? kReplacement : text.substr(at, bytes);
    at += bytes;
  }
  return out;
}

std::size_t utf16_units(std::string_view text) {
  const auto beyond = std::ranges::count_if(text, [](unsigned char c) { return c >= 0xF0; });
  return code_points(text) + static_cast<std::size_t>(beyond);
}

std::size_t code_points(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += decode(text, at).bytes;
  return count;
}

bool contains_folded(std::string_view text, std::string_view folded_needle) {
  if (folded_needle.empty()) return true;
  const char first = folded_needle.front();
  const bool ascii = static_cast<unsigned char>(first) < 0x80;
  for (std::size_t at = 0; at < text.size(); at += decode(text, at).bytes) {
    at = ascii ? find_letter(text, at, first) : skip_ascii(text, at);
    if (at == text.size()) return false;
    if (matches_at(text, at, folded_needle)) return true;
  }
  return false;
}

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, bytes] = decode(text, at);
    encode(fold(value), out);
    at += bytes;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  return first == text.npos ? std::string_view()
                            : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string_view title_or_stem(std::string_view title, std::string_view file_path) {
  if (!title.empty()) return title;
  std::string_view name = file_path.substr(file_path.find_last_of('/') + 1);
  const std::size_t dot = name.find_last_of('.');
  return dot == 0 || dot == std::string_view::npos ? name : name.substr(0, dot);
}

std::string one_line(std::string_view text, std::size_t max_code_points) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F; };  // most texts are nothing else
  if (text.size() <= max_code_points && std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  std::size_t count = 0;
  std::size_t last = 0;  // where the newest character starts: the ellipsis takes its place
  bool in_break = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, bytes] = decode(text, at);
    const bool is_break = breaks_line(value);
    if (!(is_break && in_break)) {
      if (count == max_code_points) {
        out.resize(last);
        return count == 0 ? out : out.append(kEllipsis);
      }
      last = out.size();
      ++count;
      if (is_break)
        out += ' ';
      else
        out += value >= kInvalidByte ? kReplacement : text.substr(at, bytes);
    }
    in_break = is_break;
    at += bytes;
  }
  return out;
}

std::string duration_text(double seconds) {
  constexpr double longest = 1e9;
  if (!std::isfinite(seconds) || seconds < 0 || seconds > longest) return "-";
  const long long whole = std::llround(seconds);
  const long long hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string bytes_text(unsigned long long bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr const char* units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.95 would be printed as 1000.0.
  for (; value >= 999.95; ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string hex(std::string_view raw) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(raw.size() * 2);
  for (const char c : raw) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 0xF];
  }
  return out;
}

}  // namespace asfs
