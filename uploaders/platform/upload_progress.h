// How far a running upload is.
#pragma once

#include <atomic>
#include <cstdint>

#include "uploaders/platform/platform_uploader.h"

namespace asfs {

/// Bytes and step of a running upload, read by other threads while it runs.
struct UploadProgress {
  std::atomic<UploadStep> step{UploadStep::checking};
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> total{0};
  std::atomic<std::uint64_t> bytes_per_second{0};  ///< smoothed; 0 while unknown
  /// The point of no return is past: stopped now, it may be posted all the same.
  std::atomic<bool> may_be_live{false};
};

}  // namespace asfs
