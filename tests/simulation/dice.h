// Chance out of a seed: the same seed, the same throws, on every machine.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace asfs::sim {

/// One number out of two that has nothing to do with either.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a + 0x9e3779b97f4a7c15 * (b + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mix(state_, ++thrown_); }
  /// 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + next() % (most - least + 1);
  }
  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool chance(double p) { return share() < p; }
  /// Between two numbers, small ones as often as large ones.
  double scaled(double least, double most) { return least * std::pow(most / least, share()); }
  template <typename T, std::size_t N>
  const T& pick(const T (&of)[N]) {
    return of[below(N)];
  }
  template <typename List>
  const auto& pick(const List& of) {
    return of[below(of.size())];
  }
  std::string hex(std::size_t length) {
    std::string text;
    while (text.size() < length) text += "0123456789abcdef"[below(16)];
    return text;
  }
  std::string digits(std::size_t length) {
    std::string text(1, static_cast<char>('1' + below(9)));
    while (text.size() < length) text += static_cast<char>('0' + below(10));
    return text;
  }

 private:
  std::uint64_t state_;
  std::uint64_t thrown_ = 0;
};

}  // namespace asfs::sim
