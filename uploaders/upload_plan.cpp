#include "uploaders/upload_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "registry/media.h"
#include "registry/upload_queue.h"
#include "uploaders/media_check.h"
#include "uploaders/platforms.h"

namespace asfs {
namespace {

using Action = PlannedUpload::Action;

/// What stands in the queue, by video and platform.
using Queued = std::map<std::pair<std::string, std::string>, QueuedUpload>;

Result<Queued> load_queue(VideoRegistry& registry, bool practice) {
  auto items = UploadQueue(registry, practice).list();
  if (!items) return std::unexpected(items.error());
  Queued queued;
  for (QueuedUpload& item : *items) queued.emplace(std::pair(item.video_id, item.platform), std::move(item));
  return queued;
}

/// The plan of one platform.
class PlatformPlan {
 public:
  PlatformPlan(const StageContext& context, std::size_t platform, bool signed_in, const Queued& queued)
      : platform_(platforms()[platform]),
        index_(platform),
        media_(platform_.media(context.config)),
        limits_(platform_.limits(context.config)),
        making_{context.config, context.credentials, context.clock},
        uploader_(platform_.make(making_)),
        now_(context.clock.now()),
        signed_in_(signed_in),
        queued_(queued) {}

  void add(const Candidate& video, std::optional<std::uint64_t> size) {
    PlannedUpload entry{
        .video_id = video.id, .title = video.title, .platform = platform_.name, .bytes = size.value_or(0)};
    const auto item = find(video.id);
    if (const auto no = why_not(video, size, item)) {
      entry.reason = no->message;
      entry.code = no->code;
      entry.running = video.on[index_].running;
      skipped_.push_back(std::move(entry));
    } else if (item && item->held) {
      entry.action = Action::wait;
      entry.reason = "paused";
      skipped_.push_back(std::move(entry));
    } else if (item && item->not_before && *item->not_before > now_) {
      entry.at = item->not_before;
      entry.reason = item->schedule ? "scheduled" : "a pause before the next try";
      timed_.push_back(std::move(entry));
    } else {
      (item ? queued_first_ : waiting_).push_back({item ? item->place : 0, std::move(entry)});
    }
  }

  /// Appends the entries with their times, as a queue without interruptions would come to them.
  void finish(SlotBook book, std::vector<PlannedUpload>& plan) {
    std::ranges::stable_sort(queued_first_, {}, &Placed::place);
    std::ranges::stable_sort(timed_, {}, &PlannedUpload::at);
    std::ranges::move(waiting_, std::back_inserter(queued_first_));
    TimePoint now = now_;
    auto timed = timed_.begin();
    const auto send = [&](PlannedUpload& entry) {
      const Slot slot = book.next(std::max(now, entry.at.value_or(now)));
      if (slot.why != Slot::Why::free || entry.reason.empty()) entry.reason = reason(slot, book);
      entry.action = slot.at > now_ ? Action::wait : Action::upload;
      entry.at = now = slot.at;
      if (limits_.hold) book.take(slot.at);
      plan.push_back(std::move(entry));
    };
    for (auto& placed : queued_first_) {
      while (timed != timed_.end() && *timed->at <= book.next(now).at) send(*timed++);
      send(placed.entry);
    }
    while (timed != timed_.end()) send(*timed++);
    std::ranges::move(skipped_, std::back_inserter(plan));
  }

  const RateLimits& limits() const { return limits_; }

 private:
  struct Placed {
    std::int64_t place;
    PlannedUpload entry;
  };

  const QueuedUpload* find(const std::string& id) const {
    if (queued_.empty()) return nullptr;
    const auto found = queued_.find({id, std::string(platform_.name)});
    return found == queued_.end() ? nullptr : &found->second;
  }

  std::optional<Error> why_not(const Candidate& video, std::optional<std::uint64_t> size,
                               const QueuedUpload* item) const {
    const Candidate::On& on = video.on[index_];
    if (!on.pending) return Error{Code::blocked, on.reason};
    if (!size) return Error{Code::not_found, "the file is missing: " + video.file_path};
    if (video.size && *size != *video.size)
      return Error{Code::failed, "the file was changed since it was registered: " + video.file_path};
    if (const auto fits = check_duration(media_, video.duration, platform_.name); !fits) return fits.error();
    const bool own_words = item && item->metadata_json != "{}";
    const auto metadata =
        parse_metadata(own_words ? item->metadata_json : video.metadata_json, platform_.name);
    if (!metadata) return metadata.error();
    if (const auto fits = uploader_->check(*metadata, video.title, *size); !fits) return fits.error();
    if (!signed_in_)
      return Error{Code::needs_login, fmt::format("not signed in; asfs-videos login {}", platform_.name)};
    return std::nullopt;
  }

  std::string reason(const Slot& slot, const SlotBook& book) const {
    if (slot.why != Slot::Why::free) return reason_text(slot.why, limits_);
    const auto left = book.left_today(slot.at);
    return left ? fmt::format("{} of {} a day are left", left->left, left->of) : "ready";
  }

  const Platform& platform_;
  const std::size_t index_;
  const MediaLimits& media_;
  const RateLimits& limits_;
  const UploaderContext making_;
  const std::unique_ptr<PlatformUploader> uploader_;
  const TimePoint now_;
  const bool signed_in_;
  const Queued& queued_;
  std::vector<Placed> queued_first_, waiting_;
  std::vector<PlannedUpload> timed_, skipped_;
};

}  // namespace

std::string_view name_of(Action action) {
  constexpr std::array<std::string_view, 3> kNames{"upload", "wait", "skip"};
  return kNames[static_cast<std::size_t>(action)];
}

Result<std::vector<PlannedUpload>> plan_uploads(const StageContext& context, VideoRegistry& registry,
                                                const PlanOptions& options) {
  const auto videos = load_candidates(registry, options.platforms);
  if (!videos) return std::unexpected(videos.error());
  const auto queued = load_queue(registry, context.config.practice);
  if (!queued) return std::unexpected(queued.error());
  std::array<std::optional<PlatformPlan>, kPlatformCount> by_platform;
  for (std::size_t p = 0; p < kPlatformCount; ++p)
    if (options.platforms[p]) by_platform[p].emplace(context, p, options.signed_in[p], *queued);
  for (const Candidate& video : *videos) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(context.library.resolve(video.file_path), missing);
    for (auto& platform : by_platform)
      if (platform) platform->add(video, missing ? std::nullopt : std::optional<std::uint64_t>(size));
  }
  std::vector<PlannedUpload> plan;
  plan.reserve(videos->size() * kPlatformCount);
  UploadLedger ledger(registry);
  for (std::size_t p = 0; p < kPlatformCount; ++p) {
    if (!by_platform[p]) continue;
    auto book = ledger.slots(kPlatformNames[p], by_platform[p]->limits());
    if (!book) return std::unexpected(book.error());
    by_platform[p]->finish(*std::move(book), plan);
  }
  return plan;
}

}  // namespace asfs
