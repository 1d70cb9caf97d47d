// What uploads work with, for those who run for hours: the configuration is read again while they do, so that
// changed limits count at once, and so do accounts that were added (Destinations::followed_by()).
//
// One thread calls refresh(); get() may be called from any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "uploaders/stage/upload_stage.h"

namespace asfs {

class LiveContext {
 public:
  /// `trouble` hears, once, why a changed configuration is not used.
  LiveContext(StageContext first, std::function<void(const Error&)> trouble);

  /// Reads the configuration again, at most once a second.
  void refresh();
  /// The newest. It holds its configuration as long as somebody holds it.
  std::shared_ptr<const StageContext> get() const;

 private:
  const std::function<void(const Error&)> trouble_;
  TimePoint read_at_;
  std::optional<Error> told_;
  mutable std::mutex mutex_;
  std::shared_ptr<const StageContext> context_;
};

}  // namespace asfs
