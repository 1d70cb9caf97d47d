// Many uploads from the command line, and how their progress is shown.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "registry/queue/candidates.h"
#include "registry/queue/destination_waits.h"
#include "registry/queue/slot_series.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct BulkArgs {
  std::vector<std::string> platforms;  ///< as typed; empty: all
  std::vector<std::string> videos;     ///< only these; empty: all
  int jobs = 0;                        ///< at a time; 0: the default
  bool wait = false;
};

/// `--at` and what belongs to it, as typed.
struct ScheduleArgs {
  std::string at, every, spread;
  std::string if_missed = "now";
};

/// Code::usage names the option that is wrong.
Result<SlotSeries> series_of(const ScheduleArgs& args, TimePoint now);

/// Whose accounts can be used; in practice all.
DestinationChoice signed_in(const Invocation& call, const Config& config);

/// `--platform` as given; all when it is not.
Result<DestinationChoice> chosen(const Destinations& destinations, const std::vector<std::string>& names);

/// Uploads what `args` asks for, with progress on stderr; with `lines`, each result is a line of JSON at
/// once.
Result<std::vector<StageResult>> upload_many(const Invocation& call, const BulkArgs& args,
                                             VideoRegistry& registry, bool lines, std::stop_token stop);
void print_results(const std::vector<StageResult>& results);
/// On stderr: what is not done, and warnings; the exit code.
int report_bulk(const std::vector<StageResult>& results, bool stopped);

/// `upload --all-pending`, and the same with `--at`; the exit code.
int run_bulk(const Invocation& call, const BulkArgs& args);
int schedule_bulk(const Invocation& call, const BulkArgs& args, const ScheduleArgs& schedule);

/// On stderr: what stands in `warning` of the entries of a plan or queue, if it is not among `told`.
template <class Entries>
void tell_warnings(const Entries& entries, std::set<std::string>& told) {
  for (const auto& entry : entries)
    if (!entry.warning.empty() && told.insert(std::string(entry.warning)).second)
      print_err("asfs-videos: warning: {}\n", entry.warning);
}
template <class Entries>
void tell_warnings(const Entries& entries) {
  std::set<std::string> told;
  tell_warnings(entries, told);
}

/// On stderr, while uploads wait.
void warn_of_wait(const Destination& destination, const DestinationWait& wait);
void warn_of_config(const Error& error);

/// `sending  1.2 MB of 3.4 MB  0.8 MB/s  0:03 left`.
std::string progress_text(const UploadProgress& progress);

/// Shows what `lines` says on the terminal twice a second while it lives, on a thread of its own.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(std::function<std::vector<std::string>()> lines);

 private:
  std::jthread thread_;
};

}  // namespace asfs
