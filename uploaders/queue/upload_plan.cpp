#include "uploaders/queue/upload_plan.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "registry/base/files.h"
#include "registry/files/media.h"
#include "registry/queue/upload_queue.h"
#include "uploaders/metadata/media_check.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/row/platforms.h"

namespace asfs {
namespace {

using Action = PlannedUpload::Action;

/// nullopt: there is no such file. A relative path starts in `home`; found from there it need not be walked
/// from the root a hundred thousand times.
std::optional<std::uint64_t> size_of(int home, const std::string& path) {
  struct stat file {};
  if (::fstatat(home, path.c_str(), &file, 0) != 0 || !S_ISREG(file.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(file.st_size);
}

/// The sizes of files, looked at on a thread of its own while the registry is read, and on the caller's when
/// it has nothing else to do: the disk answers both.
class FileSizes {
 public:
  FileSizes(const Library& library, std::stop_token stop)
      : home_(::open(library.files_home().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
        stop_(std::move(stop)) {}

  /// The videos outlive this. Those not `wanted` are left out.
  void begin(std::span<const Candidate> videos, std::function<bool(const Candidate&)> wanted) {
    videos_ = videos;
    wanted_ = std::move(wanted);
    sizes_.resize(videos.size());
    other_ = std::async(std::launch::async, [this] { look(); });
  }

  std::vector<std::optional<std::uint64_t>> take() {
    look();
    if (other_.valid()) other_.get();  // and what it threw
    return std::move(sizes_);
  }

 private:
  void look() {
    constexpr std::size_t kAtOnce = 64;
    for (std::size_t i = 0; (i = next_.fetch_add(kAtOnce)) < videos_.size() && !stop_.stop_requested();)
      for (const std::size_t end = std::min(i + kAtOnce, videos_.size()); i < end; ++i)
        if (wanted_(videos_[i])) sizes_[i] = size_of(home_.get(), videos_[i].file_path);
  }

  const FileDescriptor home_;
  const std::stop_token stop_;
  std::span<const Candidate> videos_;
  std::function<bool(const Candidate&)> wanted_;
  std::vector<std::optional<std::uint64_t>> sizes_;
  std::atomic<std::size_t> next_ = 0;
  std::future<void> other_;  ///< ends before what it works on
};

/// What stands in the queue.
Result<std::vector<QueuedUpload>> load_queue(VideoRegistry& registry, const std::stop_token& stop) {
  const StoppableStatements stoppable(registry.database(), stop);
  return UploadQueue(registry).list();
}

/// The plan of one destination.
class DestinationPlan {
 public:
  DestinationPlan(const StageContext& context, std::size_t index, bool signed_in,
                  std::span<const QueuedUpload> queue, bool held, std::size_t videos)
      : destination_(context.config.destinations[index].name),
        index_(index),
        media_(context.config.at(destination_).media),
        limits_(context.config.limits(destination_)),
        making_{context.config, context.credentials, context.clock, destination_},
        uploader_(platform_at(destination_).make(making_)),
        plain_audience_(uploader_->preview(plain_, "").audience),
        now_(context.clock.now()),
        account_(context.credentials.state(destination_)),
        signed_in_(signed_in),
        held_(held) {
    for (auto* list : {&new_, &skipped_}) list->reserve(videos);
    for (const QueuedUpload& item : queue)
      if (item.platform == destination_) queued_.emplace(item.video_id, &item);
  }

  /// `chosen`: asked for; else it only matters when it waits in the queue. Takes the reason out of `video`.
  void add(Candidate& video, std::optional<std::uint64_t> size, bool chosen) {
    const QueuedUpload* item = find(video.id);
    if (!chosen && !item) return;
    Placed placed{
        .video = &video, .place = item ? item->place : 0, .bytes = size.value_or(0), .chosen = chosen};
    if (auto no = why_not(video, size, item, placed.audience)) {
      placed.refusal = std::move(no->message);
      placed.code = no->code;
      skipped_.push_back(std::move(placed));
    } else if (item ? item->held : held_) {
      placed.paused = true;
      skipped_.push_back(std::move(placed));
    } else if (item && item->not_before && (item->schedule || *item->not_before > now_)) {
      placed.at = item->not_before;
      if (placed.at > now_) placed.waits_for = item->schedule ? kScheduled : "a pause before the next try";
      (item->schedule ? line_.chosen : line_.paused).push_back(std::move(placed));
    } else {
      (item ? line_.in_line : new_).push_back(std::move(placed));
    }
  }

  /// Puts it in order; what follows sends it, as a queue without interruptions would.
  void begin(PostTimes book, const std::optional<SlotSeries>& series) {
    const auto time_of = [](const Placed& placed) { return placed.at.value_or(TimePoint()); };
    std::ranges::stable_sort(line_.in_line, {}, &Placed::place);
    if (line_.in_line.empty())
      line_.in_line.swap(new_);
    else
      std::ranges::move(new_, std::back_inserter(line_.in_line));
    for (auto* timed : {&line_.chosen, &line_.paused}) std::ranges::stable_sort(*timed, {}, time_of);
    if (series) give_times(*series);
    std::ranges::stable_sort(line_.chosen, {}, time_of);
    order_.emplace(line_, time_of, std::move(book), now_);
  }
  std::optional<TimePoint> soonest() {
    next_ = order_->next();
    if (next_ == nullptr) return std::nullopt;
    slot_ = order_->book().next(std::max(order_->now(), next_->at.value_or(order_->now())));
    return slot_.at;
  }
  void send() {
    if (next_->chosen) {
      PlannedUpload& entry = append(sent_, *next_);
      entry.action = slot_.at > now_ ? Action::wait : Action::upload;
      entry.at = slot_.at;
      entry.reason = slot_.why != PostTime::Why::free || next_->waits_for.empty()
                         ? reason(slot_, order_->book())
                         : std::string(next_->waits_for);
      entry.warning = account_warning(destination_, account_, slot_.at);
      if (!entry.warning.empty() && account_.shadowed_by.empty())
        entry.reason += ", after the end of the sign-in";
    }
    order_->sent(slot_.at);
  }
  void sent_by_app(TimePoint at) { order_->sent_by_app(at); }

  /// Appends what was asked for.
  void end(std::vector<PlannedUpload>& plan) {
    std::ranges::move(sent_, std::back_inserter(plan));
    for (Placed& placed : skipped_) {
      if (!placed.chosen) continue;
      PlannedUpload& entry = append(plan, placed);
      entry.action = placed.paused ? Action::wait : Action::skip;
      entry.reason = placed.paused ? "paused" : std::move(placed.refusal);
      entry.code = placed.code;
      entry.running = !placed.paused && placed.video->on[index_].running;
    }
  }

  const RateLimits& limits() const { return limits_; }

 private:
  static constexpr std::string_view kScheduled = "scheduled";

  struct Placed {
    const Candidate* video;
    std::int64_t place;
    std::uint64_t bytes;
    bool chosen;
    bool paused = false;  ///< stands beside what is skipped: no time is known for it
    std::optional<TimePoint> at;
    std::string_view waits_for;  ///< "" for its turn
    std::string audience;
    std::string refusal;  ///< of what is skipped, as `code`
    Code code = Code::blocked;
    std::optional<Schedule> schedule;
  };

  PlannedUpload& append(std::vector<PlannedUpload>& plan, Placed& placed) const {
    return plan.emplace_back(PlannedUpload{.video_id = placed.video->id,
                                           .title = placed.video->title,
                                           .platform = destination_,
                                           .reason = {},
                                           .audience = std::move(placed.audience),
                                           .bytes = placed.bytes,
                                           .schedule = placed.schedule});
  }

  /// What is asked for goes at the times of the series, whatever it went by before.
  void give_times(const SlotSeries& series) {
    std::vector<Placed*> wanted;
    for (auto* list : {&line_.chosen, &line_.paused, &line_.in_line, &skipped_})
      for (Placed& placed : *list)
        if (placed.chosen && (list != &skipped_ || placed.paused)) wanted.push_back(&placed);
    SlotSeries own = series;
    own.seed += index_;
    const auto schedules = schedules_of(own, wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      wanted[i]->schedule = schedules[i];
      if (wanted[i]->paused) continue;
      wanted[i]->at = schedules[i].at;
      wanted[i]->waits_for = kScheduled;
    }
    for (auto* list : {&line_.paused, &line_.in_line}) {
      const auto moved = std::ranges::stable_partition(*list, [](const Placed& p) { return !p.chosen; });
      std::ranges::move(moved, std::back_inserter(line_.chosen));
      list->erase(moved.begin(), moved.end());
    }
  }

  const QueuedUpload* find(const std::string& id) const {
    const auto found = queued_.find(id);
    return found == queued_.end() ? nullptr : found->second;
  }

  /// `audience` is set where the post is one that could go.
  std::optional<Error> why_not(Candidate& video, std::optional<std::uint64_t> size, const QueuedUpload* item,
                               std::string& audience) const {
    Candidate::On& on = video.on[index_];
    if (!on.pending) return Error{on.done || on.running ? Code::blocked : Code::failed, std::move(on.reason)};
    if (!size) return Error{Code::not_found, "the file is missing: " + video.file_path};
    if (video.size && *size != *video.size)
      return Error{Code::failed, "the file was changed since it was registered: " + video.file_path};
    if (const auto fits = check_duration(media_, video.duration, platform_of(destination_)); !fits)
      return fits.error();
    if (video.metadata_json.empty() && (!item || item->metadata_json == "{}")) {
      if (const auto fits = uploader_->check(plain_, video.title, *size); !fits) return fits.error();
      audience = plain_audience_;
    } else {
      const auto metadata = words_of(item ? item->metadata_json : "", video.metadata_json, destination_);
      if (!metadata) return metadata.error();
      if (const auto fits = uploader_->check(*metadata, video.title, *size); !fits) return fits.error();
      audience = uploader_->preview(*metadata, video.title).audience;
    }
    if (!signed_in_) return Error{Code::needs_login, "not signed in; asfs-videos login " + destination_};
    return std::nullopt;
  }

  std::string reason(const PostTime& slot, const PostTimes& book) const {
    if (slot.why != PostTime::Why::free) return reason_text(slot.why, limits_);
    const auto left = book.left_today(slot.at);
    return left ? fmt::format("{} of {} a day are left", left->left, left->of) : "ready";
  }

  const std::string destination_;
  const std::size_t index_;
  const MediaLimits& media_;
  const RateLimits& limits_;
  const UploaderContext making_;
  const std::unique_ptr<PlatformUploader> uploader_;
  const Metadata plain_;  ///< of videos without words of their own: most of a large library
  const std::string plain_audience_;
  const TimePoint now_;
  const AccountState account_;
  const bool signed_in_;
  const bool held_;  ///< what is new in the queue is paused, too
  std::unordered_map<std::string_view, const QueuedUpload*> queued_;
  DestinationLine<Placed> line_;
  std::vector<Placed> new_, skipped_;
  std::optional<LineInOrder<Placed>> order_;
  Placed* next_ = nullptr;  ///< of soonest(), like the next
  PostTime slot_;
  std::vector<PlannedUpload> sent_;  ///< as far as it was asked for
};

/// Also what waits for accounts that take posts of the same app.
DestinationChoice looked_at(const Config& config, const DestinationChoice& asked_for) {
  DestinationChoice all = asked_for;
  for (const auto& app : apps_of(config)) {
    const auto is_meant = [&](std::size_t p) {
      return asked_for[p] && config.limits(config.destinations[p].name).app_per_day > 0;
    };
    if (std::ranges::any_of(app, is_meant))
      for (const std::size_t p : app) all.set(p);
  }
  return all;
}

}  // namespace

std::string_view name_of(Action action) {
  constexpr std::array<std::string_view, 3> kNames{"upload", "wait", "skip"};
  return kNames[static_cast<std::size_t>(action)];
}

Result<std::vector<PlannedUpload>> plan_uploads(const StageContext& context, VideoRegistry& registry,
                                                const PlanOptions& options) {
  const auto queue = load_queue(registry, options.stop);
  if (!queue) return std::unexpected(queue.error());
  const auto held = UploadQueue(registry).is_held();
  if (!held) return std::unexpected(held.error());
  std::unordered_set<std::string_view> only;
  if (options.only) only.insert(options.only->begin(), options.only->end());
  const auto chosen = [&](const Candidate& video) { return !options.only || only.contains(video.id); };
  // The others only matter when they wait in the queue before those chosen.
  const auto matters = [&](const Candidate& video) { return !queue->empty() || chosen(video); };
  const auto stopped = [&] { return options.stop.stop_requested(); };
  const Destinations& destinations = context.config.destinations;
  const DestinationChoice asked_for = options.destinations & destinations.there();
  const DestinationChoice wanted = looked_at(context.config, asked_for);
  std::vector<Candidate> videos;
  FileSizes files(context.library, options.stop);
  const auto loaded = load_candidates(videos, registry, destinations, wanted, options.stop,
                                      [&] { files.begin(videos, matters); });
  if (!loaded) return std::unexpected(loaded.error());
  const auto sizes = files.take();
  // Each destination by itself: where there is much to be done, on a thread of its own, which ends before it.
  struct Planned {
    std::unique_ptr<DestinationPlan> plan;
    std::future<void> added;
  };
  constexpr std::size_t kMany = 1000;
  const auto how = videos.size() < kMany ? std::launch::deferred : std::launch::async;
  const auto add_all = [&](DestinationPlan& one, bool asked) {
    for (std::size_t i = 0; i < videos.size() && !stopped(); ++i)
      if (matters(videos[i])) one.add(videos[i], sizes[i], asked && chosen(videos[i]));
  };
  std::vector<Planned> all(destinations.size());
  for (std::size_t p = 0; p < all.size(); ++p) {
    if (!wanted[p]) continue;
    all[p].plan =
        std::make_unique<DestinationPlan>(context, p, options.signed_in[p], *queue, *held, videos.size());
    all[p].added = std::async(how, add_all, std::ref(*all[p].plan), asked_for[p]);
  }
  UploadLedger ledger(registry);
  for (const auto& app : apps_of(context.config)) {
    std::vector<DestinationPlan*> together;
    for (const std::size_t p : app) {
      if (!wanted[p]) continue;
      auto book = ledger.post_times(destinations[p].name, all[p].plan->limits());
      if (!book) return std::unexpected(book.error());
      all[p].added.get();  // and what it threw
      all[p].plan->begin(*std::move(book), options.series);
      together.push_back(all[p].plan.get());
    }
    send_in_turn(together, options.stop);
  }
  std::vector<PlannedUpload> plan;
  plan.reserve(videos.size() * asked_for.count());
  for (const Planned& one : all)
    if (one.plan) one.plan->end(plan);
  if (stopped()) return fail(Code::cancelled, "stopped");
  return plan;
}

std::vector<QueueItem> items_of(const std::vector<PlannedUpload>& plan) {
  std::vector<QueueItem> items;
  for (const PlannedUpload& entry : plan)
    if (entry.action != Action::skip)
      items.push_back(
          {.video_id = entry.video_id, .platform = std::string(entry.platform), .schedule = entry.schedule});
  return items;
}

}  // namespace asfs
