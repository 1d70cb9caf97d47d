// Text for one frame, formatted into a buffer on the stack: drawing allocates nothing.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace asfs {

/// At most N-1 bytes, cut at a whole UTF-8 character; always ends with a zero.
template <std::size_t N = 128>
class Label {
 public:
  Label() = default;
  template <class... Args>
  explicit Label(fmt::format_string<Args...> format, Args&&... args) {
    const auto result = fmt::format_to_n(buffer_, N - 1, format, std::forward<Args>(args)...);
    finish(static_cast<std::size_t>(result.out - buffer_), result.size > N - 1);
  }
  const char* c_str() const { return buffer_; }
  const char* begin() const { return buffer_; }
  const char* end() const { return buffer_ + size_; }
  std::string_view view() const { return {buffer_, size_}; }
  operator std::string_view() const { return view(); }

 private:
  void finish(std::size_t size, bool cut) {
    while (cut && size > 0 && (static_cast<unsigned char>(buffer_[size - 1]) & 0xC0) == 0x80) --size;
    if (cut && size > 0 && static_cast<unsigned char>(buffer_[size - 1]) >= 0x80) --size;
    buffer_[size] = '\0';
    size_ = size;
  }
  char buffer_[N] = {};
  std::size_t size_ = 0;
};

/// `1,204`
inline Label<32> count_label(std::uint64_t n) {
  if (n < 1000) return Label<32>("{}", n);
  if (n < 1'000'000) return Label<32>("{},{:03}", n / 1000, n % 1000);
  if (n < 1'000'000'000) return Label<32>("{},{:03},{:03}", n / 1'000'000, n / 1000 % 1000, n % 1000);
  return Label<32>("{}", n);
}

/// One line out of any text: control characters become spaces, so that a title cannot break a row. What is longer
/// than N-1 bytes is cut; a cell never shows that much.
template <std::size_t N = 256>
Label<N> line_label(std::string_view text) {
  char line[N];
  std::size_t size = 0;
  for (const char c : text.substr(0, N - 1)) line[size++] = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return Label<N>("{}", std::string_view(line, size));
}

}  // namespace asfs
