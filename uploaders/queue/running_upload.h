// An upload that a queue runner has under way, as the runner, the window and the command line see it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/clock.h"
#include "registry/queue/upload_queue.h"
#include "uploaders/platform/upload_progress.h"

namespace asfs {

/// An upload that runs. Everything but the atomics is fixed when it is published.
struct RunningUpload {
  std::string video_id;
  std::string platform;
  std::size_t destination = 0;  ///< its place in the configuration's list
  std::string title;            ///< of the video; the id when it has none
  UploadProgress progress;
  std::atomic<bool> cancelling{false};
  std::atomic<bool> claimed{false};  ///< the ledger's limits count it
  std::atomic<bool> moved{false};    ///< bytes of it have moved: the platform takes them
  QueuedUpload item;
  TimePoint started;
  std::vector<TimePoint> chosen_times;  ///< of others: it leaves them their slots
  bool after_offline = false;           ///< whether there is a connection is asked first
  std::stop_source stop;
};
using RunningUploads = std::vector<std::shared_ptr<RunningUpload>>;  ///< a handful: uploads have a cap

}  // namespace asfs
