#include "registry/base/random.h"

#include <random>
#include <utility>

namespace asfs {
namespace {

std::function<std::uint32_t()>& number_source() {
  static std::function<std::uint32_t()> source;
  return source;
}

}  // namespace

std::uint32_t random_number() {
  return number_source() ? number_source()() : std::random_device{}();
}

void pretend_random(std::function<std::uint32_t()> source) {
  number_source() = std::move(source);
}

}  // namespace asfs
