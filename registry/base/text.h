// UTF-8 helpers. Text from outside (titles, file names, server answers) may hold any bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asfs {

/// The same text with every byte that is not valid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

bool is_utf8(std::string_view text);

/// Nothing but bytes below 128. Quick: most text is.
bool is_ascii(std::string_view text);

/// Number of code points; an invalid byte counts as one.
std::size_t code_points(std::string_view text);

/// UTF-16 units of valid UTF-8: what lies beyond the first 65,536 code points, as emoji do, counts as two.
std::size_t utf16_units(std::string_view text);

/// True when `text` contains `needle` (already folded by fold_case). ASCII and Latin, Greek, Cyrillic fold by
/// simple case mapping; other scripts compare as they are. Allocates nothing.
bool contains_folded(std::string_view text, std::string_view folded_needle);

std::string fold_case(std::string_view text);

/// Without blanks, tabs and line breaks at its ends.
std::string_view trimmed(std::string_view text);

/// A video's title for everybody who reads it: the Python program may leave it out, and then it is the file's
/// stem.
std::string_view title_or_stem(std::string_view title, std::string_view file_path);

/// One line for a person: control characters and line breaks become spaces, at most `max_code_points` with an
/// ellipsis.
std::string one_line(std::string_view text, std::size_t max_code_points = 500);

/// `0:34`, `12:05`, `1:02:03`. Negative or not finite: `-`.
std::string duration_text(double seconds);

/// `812 B`, `4.2 MB`, `1.7 GB` (powers of ten).
std::string bytes_text(unsigned long long bytes);

/// Lower-case hex of raw bytes.
std::string hex(std::string_view raw);

}  // namespace asfs
