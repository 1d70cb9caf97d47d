#include "uploaders/queue/upload_plan.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <memory>
#include <unordered_set>

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

/// What stands in the queue, by video and platform.
using Queued = std::map<std::pair<std::string, std::string>, QueuedUpload>;

Result<Queued> load_queue(VideoRegistry& registry, const std::stop_token& stop) {
  const StoppableStatements stoppable(registry.database(), stop);
  auto items = UploadQueue(registry).list();
  if (!items) return std::unexpected(items.error());
  Queued queued;
  for (QueuedUpload& item : *items) queued.emplace(std::pair(item.video_id, item.platform), std::move(item));
  return queued;
}

/// nullopt: there is no such file. A relative path starts in `home`; found from there it need not be walked
/// from the root a hundred thousand times.
std::optional<std::uint64_t> size_of(int home, const std::string& path) {
  struct stat file {};
  if (::fstatat(home, path.c_str(), &file, 0) != 0 || !S_ISREG(file.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(file.st_size);
}

/// Of every file, half of them on a thread of its own: the disk answers both.
std::vector<std::optional<std::uint64_t>> sizes_of(const Library& library,
                                                   const std::vector<Candidate>& videos,
                                                   const std::stop_token& stop) {
  constexpr std::size_t kFew = 1000;
  const FileDescriptor home(::open(library.files_home().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::vector<std::optional<std::uint64_t>> sizes(videos.size());
  const auto look = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && !stop.stop_requested(); ++i)
      sizes[i] = size_of(home.get(), videos[i].file_path);
  };
  const std::size_t half = videos.size() < kFew ? 0 : videos.size() / 2;
  auto other = std::async(half == 0 ? std::launch::deferred : std::launch::async, look, 0, half);
  look(half, videos.size());
  other.get();  // and what it threw
  return sizes;
}

/// The plan of one destination.
class DestinationPlan {
 public:
  DestinationPlan(const StageContext& context, std::size_t index, bool signed_in, const Queued& queued,
                  bool held, std::size_t videos)
      : destination_(context.config.destinations[index].name),
        index_(index),
        media_(context.config.at(destination_).media),
        limits_(context.config.limits(destination_)),
        making_{context.config, context.credentials, context.clock, destination_},
        uploader_(platform_at(destination_).make(making_)),
        now_(context.clock.now()),
        account_(context.credentials.state(destination_)),
        signed_in_(signed_in),
        queued_(queued),
        held_(held) {
    new_.reserve(videos);
  }

  /// `chosen`: asked for; else it only matters when it waits in the queue.
  void add(const Candidate& video, std::optional<std::uint64_t> size, bool chosen) {
    const auto item = find(video.id);
    if (!chosen && !item) return;
    Placed placed{
        .place = item ? item->place : 0,
        .chosen = chosen,
        .entry = {
            .video_id = video.id, .title = video.title, .platform = destination_, .bytes = size.value_or(0)}};
    PlannedUpload& entry = placed.entry;
    if (const auto no = why_not(video, size, item, entry.audience)) {
      entry.reason = no->message;
      entry.code = no->code;
      entry.running = video.on[index_].running;
      skipped_.push_back(std::move(placed));
    } else if (item ? item->held : held_) {
      entry.action = Action::wait;
      entry.reason = "paused";
      placed.paused = true;
      skipped_.push_back(std::move(placed));
    } else if (item && item->not_before && (item->schedule || *item->not_before > now_)) {
      entry.at = item->not_before;
      if (entry.at > now_) entry.reason = item->schedule ? "scheduled" : "a pause before the next try";
      (item->schedule ? line_.chosen : line_.paused).push_back(std::move(placed));
    } else {
      (item ? line_.in_line : new_).push_back(std::move(placed));
    }
  }

  /// Puts it in order; what follows sends it, as a queue without interruptions would.
  void begin(PostTimes book, const std::optional<SlotSeries>& series) {
    const auto time_of = [](const Placed& placed) { return placed.entry.at.value_or(TimePoint()); };
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
    slot_ = order_->book().next(std::max(order_->now(), next_->entry.at.value_or(order_->now())));
    return slot_.at;
  }
  void send() {
    PlannedUpload& entry = next_->entry;
    if (slot_.why != PostTime::Why::free || entry.reason.empty())
      entry.reason = reason(slot_, order_->book());
    entry.action = slot_.at > now_ ? Action::wait : Action::upload;
    entry.at = slot_.at;
    entry.warning = account_warning(destination_, account_, slot_.at);
    if (!entry.warning.empty() && account_.shadowed_by.empty())
      entry.reason += ", after the end of the sign-in";
    order_->sent(slot_.at);
    if (next_->chosen) sent_.push_back(std::move(entry));
  }
  void sent_by_app(TimePoint at) { order_->sent_by_app(at); }

  /// Appends what was asked for.
  void end(std::vector<PlannedUpload>& plan) {
    std::ranges::move(sent_, std::back_inserter(plan));
    for (Placed& placed : skipped_)
      if (placed.chosen) plan.push_back(std::move(placed.entry));
  }

  const RateLimits& limits() const { return limits_; }

 private:
  struct Placed {
    std::int64_t place;
    bool chosen;
    PlannedUpload entry;
    bool paused = false;  ///< stands beside what is skipped: no time is known for it
  };

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
      PlannedUpload& entry = wanted[i]->entry;
      entry.schedule = schedules[i];
      if (wanted[i]->paused) continue;
      entry.at = schedules[i].at;
      entry.reason = "scheduled";
    }
    for (auto* list : {&line_.paused, &line_.in_line}) {
      const auto moved = std::ranges::stable_partition(*list, [](const Placed& p) { return !p.chosen; });
      std::ranges::move(moved, std::back_inserter(line_.chosen));
      list->erase(moved.begin(), moved.end());
    }
  }

  const QueuedUpload* find(const std::string& id) const {
    if (queued_.empty()) return nullptr;
    const auto found = queued_.find({id, destination_});
    return found == queued_.end() ? nullptr : &found->second;
  }

  /// `audience` is set where the post is one that could go.
  std::optional<Error> why_not(const Candidate& video, std::optional<std::uint64_t> size,
                               const QueuedUpload* item, std::string& audience) const {
    const Candidate::On& on = video.on[index_];
    if (!on.pending) return Error{on.done || on.running ? Code::blocked : Code::failed, on.reason};
    if (!size) return Error{Code::not_found, "the file is missing: " + video.file_path};
    if (video.size && *size != *video.size)
      return Error{Code::failed, "the file was changed since it was registered: " + video.file_path};
    if (const auto fits = check_duration(media_, video.duration, platform_of(destination_)); !fits)
      return fits.error();
    const auto metadata = words_of(item ? item->metadata_json : "", video.metadata_json, destination_);
    if (!metadata) return metadata.error();
    if (const auto fits = uploader_->check(*metadata, video.title, *size); !fits) return fits.error();
    audience = uploader_->preview(*metadata, video.title).audience;
    if (!signed_in_)
      return Error{Code::needs_login, fmt::format("not signed in; asfs-videos login {}", destination_)};
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
  const TimePoint now_;
  const AccountState account_;
  const bool signed_in_;
  const Queued& queued_;
  const bool held_;  ///< what is new in the queue is paused, too
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
  const Destinations& destinations = context.config.destinations;
  const DestinationChoice asked_for = options.destinations & destinations.there();
  const DestinationChoice wanted = looked_at(context.config, asked_for);
  auto videos = load_candidates(registry, destinations, wanted, options.stop);
  if (!videos) return std::unexpected(videos.error());
  const auto queued = load_queue(registry, options.stop);
  if (!queued) return std::unexpected(queued.error());
  const auto held = UploadQueue(registry).is_held();
  if (!held) return std::unexpected(held.error());
  std::unordered_set<std::string_view> only;
  if (options.only) only.insert(options.only->begin(), options.only->end());
  const auto chosen = [&](const Candidate& video) { return !options.only || only.contains(video.id); };
  // The others only matter when they wait in the queue before those chosen.
  if (queued->empty()) std::erase_if(*videos, [&](const Candidate& video) { return !chosen(video); });
  const auto stopped = [&] { return options.stop.stop_requested(); };
  const auto sizes = sizes_of(context.library, *videos, options.stop);
  const std::size_t count = destinations.size();
  std::vector<std::unique_ptr<DestinationPlan>> plans(count);
  for (std::size_t p = 0; p < count; ++p)
    if (wanted[p])
      plans[p] =
          std::make_unique<DestinationPlan>(context, p, options.signed_in[p], *queued, *held, videos->size());
  for (std::size_t i = 0; i < videos->size() && !stopped(); ++i) {
    const Candidate& video = (*videos)[i];
    for (std::size_t p = 0; p < count; ++p)
      if (plans[p]) plans[p]->add(video, sizes[i], asked_for[p] && chosen(video));
  }
  UploadLedger ledger(registry);
  for (const auto& app : apps_of(context.config)) {
    std::vector<DestinationPlan*> together;
    for (const std::size_t p : app) {
      if (!plans[p]) continue;
      auto book = ledger.post_times(destinations[p].name, plans[p]->limits());
      if (!book) return std::unexpected(book.error());
      plans[p]->begin(*std::move(book), options.series);
      together.push_back(plans[p].get());
    }
    send_in_turn(together, options.stop);
  }
  std::vector<PlannedUpload> plan;
  plan.reserve(videos->size() * count);
  for (auto& one : plans)
    if (one) one->end(plan);
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
