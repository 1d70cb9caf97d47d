#include "registry/base/random.h"

#include <random>
#include <utility>

namespace asfs {
namespace {

std::function<std::uint32_t()>& pretended() {
  static std::function<std::uint32_t()> source;
  return source;
}

}  // namespace

std::uint32_t random_number() {
  return pretended() ? pretended()() : std::random_device{}();
}

void pretend_random(std::function<std::uint32_t()> source) {
  pretended() = std::move(source);
}

}  // namespace asfs
