// A vector of at most kMost plain values inside itself: nothing is allocated, and only what is in use is
// touched.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <type_traits>

namespace asfs {

template <class T, std::size_t kMost>
class InlineVector {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  InlineVector() = default;
  InlineVector(const InlineVector& other) { *this = other; }
  InlineVector& operator=(const InlineVector& other) {
    std::copy(other.begin(), other.end(), room_.values);
    size_ = other.size_;
    return *this;
  }

  /// New ones are T{}.
  void resize(std::size_t size) {
    assert(size <= kMost);
    if (size > size_) std::fill(room_.values + size_, room_.values + size, T{});
    size_ = size;
  }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t index) { return room_.values[index]; }
  const T& operator[](std::size_t index) const { return room_.values[index]; }
  T* begin() { return room_.values; }
  T* end() { return room_.values + size_; }
  const T* begin() const { return room_.values; }
  const T* end() const { return room_.values + size_; }

  bool operator==(const InlineVector& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

 private:
  union Room {
    Room() {}
    T values[kMost];
  } room_;
  std::size_t size_ = 0;
};

}  // namespace asfs
