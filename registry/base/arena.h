// Memory for what is made by the hundred thousand and let go of together: nothing in it is freed, or
// destroyed, by itself. One thread at a time; other threads may read what stands in it.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>

namespace asfs {

class Arena {
 public:
  /// A copy that lives as long as the arena does; a zero follows it, as C wants it.
  std::string_view keep(std::string_view text) {
    char* copy = static_cast<char*>(memory_.allocate(text.size() + 1, 1));
    text.copy(copy, text.size());
    copy[text.size()] = '\0';
    return {copy, text.size()};
  }

  /// So many new ones.
  template <class T>
  requires std::is_trivially_destructible_v<T> std::span<T> make(std::size_t count) {
    T* first = static_cast<T*>(memory_.allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_{std::size_t{1} << 16};
};

}  // namespace asfs
