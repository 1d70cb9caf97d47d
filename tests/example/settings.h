// What can be set for Example.
#pragma once

#include <memory>
#include <string_view>

#include "registry/store/config.h"

namespace asfs {

struct ExampleConfig final : PlatformConfig {
  static constexpr std::string_view kPlatform = "Example";

  std::size_t title_characters = 0;

  std::unique_ptr<PlatformConfig> clone() const override { return std::make_unique<ExampleConfig>(*this); }
  void read(ConfigSection& section) override;
};

namespace example {

extern const PlatformSettings kSettings;

}  // namespace example
}  // namespace asfs
