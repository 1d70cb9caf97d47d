// What can be set for Example.
#pragma once

#include <memory>
#include <string_view>

#include "registry/store/config.h"

namespace asfs {

struct ExampleConfig final : SettingsOf<ExampleConfig> {
  static constexpr std::string_view kPlatform = "Example";

  std::size_t title_characters = 0;

  void read(ConfigSection& section) override;
};

namespace example {

extern const PlatformSettings kSettings;

}  // namespace example
}  // namespace asfs
