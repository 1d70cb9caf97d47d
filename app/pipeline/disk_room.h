// Whether there is room for what will be written, told before the first minute of work. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "registry/base/result.h"

namespace asfs::pipeline {

constexpr double kClipBytesASecond = 1.2e6;  ///< of a clip with much in motion
constexpr double kWavBytesASecond = 32000;   ///< of what a transcriber hears

struct RoomNeed {
  std::filesystem::path folder;  ///< is made when it is missing
  double bytes = 0.0;
  std::string what;    ///< `the clips`
  std::string remedy;  ///< `give another folder by --clips-dir`
};

/// Needs on the same disk are added up. Code::library names the first that does not fit.
Result<void> check_room(const std::vector<RoomNeed>& needs);

}  // namespace asfs::pipeline
