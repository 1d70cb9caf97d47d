// Text for one frame, formatted into a buffer on the stack: drawing allocates nothing.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace asfs {

/// At most N-1 bytes, cut at a whole UTF-8 character; always ends with a zero.
template <std::size_t N = 128>
class Label {
 public:
  Label() { buffer_[0] = '\0'; }
  template <class... Args>
  explicit Label(fmt::format_string<Args...> format, Args&&... args) {
    const auto result = fmt::format_to_n(buffer_, N - 1, format, std::forward<Args>(args)...);
    finish(static_cast<std::size_t>(result.out - buffer_), result.size > N - 1);
  }
  /// Text as it is, which needs no formatting.
  static Label of(std::string_view text) {
    Label label;
    label.size_ = std::min(text.size(), N - 1);
    std::copy_n(text.data(), label.size_, label.buffer_);
    label.finish(label.size_, label.size_ < text.size());
    return label;
  }
  const char* c_str() const { return buffer_; }
  const char* begin() const { return buffer_; }
  const char* end() const { return buffer_ + size_; }
  std::string_view view() const { return {buffer_, size_}; }
  operator std::string_view() const { return view(); }

 private:
  void finish(std::size_t size, bool cut) {
    while (cut && size > 0 && (static_cast<unsigned char>(buffer_[size - 1]) & 0xC0) == 0x80) --size;
    if (cut && size > 0 && static_cast<unsigned char>(buffer_[size - 1]) >= 0xC0) --size;
    buffer_[size] = '\0';
    size_ = size;
  }
  char buffer_[N];
  std::size_t size_ = 0;
};

/// `1,204`
inline Label<32> count_label(std::uint64_t n) {
  if (n < 1000) return Label<32>("{}", n);
  if (n < 1'000'000) return Label<32>("{},{:03}", n / 1000, n % 1000);
  if (n < 1'000'000'000) return Label<32>("{},{:03},{:03}", n / 1'000'000, n / 1000 % 1000, n % 1000);
  return Label<32>("{}", n);
}

/// At most `max_bytes`, cut at a whole UTF-8 character.
inline std::string_view beginning(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xC0) == 0x80) --max_bytes;
  return text.substr(0, max_bytes);
}

/// One line out of any text: control characters become spaces, so that a title cannot break a row. What is
/// longer than N-4 bytes ends with an ellipsis.
template <std::size_t N = 512>
Label<N> line_label(std::string_view text) {
  const std::string_view kept = beginning(text, N - 4);
  char line[N];
  for (std::size_t i = 0; i < kept.size(); ++i)
    line[i] = static_cast<unsigned char>(kept[i]) < 0x20 || kept[i] == 0x7F ? ' ' : kept[i];
  const std::string_view shown(line, kept.size());
  return kept.size() < text.size() ? Label<N>("{}…", shown) : Label<N>::of(shown);
}

}  // namespace asfs
