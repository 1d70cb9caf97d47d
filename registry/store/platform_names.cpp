#include "registry/store/platform_names.h"

#include <algorithm>
#include <utility>

namespace asfs {
namespace {

constinit std::vector<std::string_view> platform_names_known;

}  // namespace

void know_platforms(std::vector<std::string_view> names) {
  platform_names_known = std::move(names);
}

std::span<const std::string_view> known_platforms() {
  return platform_names_known;
}

std::string_view platform_of(std::string_view destination) {
  return destination.substr(0, destination.find('/'));
}

bool is_on_known_platform(std::string_view destination) {
  return std::ranges::find(platform_names_known, platform_of(destination)) != platform_names_known.end();
}

}  // namespace asfs
