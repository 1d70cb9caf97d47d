#include "uploaders/queue/upload_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "registry/base/parallel.h"
#include "registry/files/media.h"
#include "registry/queue/upload_queue.h"
#include "uploaders/metadata/media_check.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/queue/file_sizes.h"
#include "uploaders/queue/planned_videos.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/web/routed_uploader.h"

namespace asfs {
namespace {

using Action = PlannedUpload::Action;

/// What stands in the queue.
Result<std::vector<QueuedUpload>> load_queue(VideoRegistry& registry, const std::stop_token& stop) {
  const StoppableStatements stoppable(registry.database(), stop);
  return UploadQueue(registry).list(UploadQueue::Titles::left_out);
}

/// The plan of one destination.
class DestinationPlan {
 public:
  DestinationPlan(const StageContext& context, std::size_t index, bool signed_in,
                  std::span<const QueuedUpload> queue, bool held, PostTimes book)
      : destination_(context.config.destinations[index].name),
        index_(index),
        media_(context.config.at(destination_).media),
        limits_(context.config.limits(destination_)),
        making_{.config = context.config,  // it sends nothing: no need of the context's HTTP
                .credentials = context.credentials,
                .clock = context.clock,
                .destination = destination_,
                .library = context.library},
        uploader_(make_uploader(making_)),
        name_(texts_->keep(destination_)),
        plain_audience_(texts_->keep(uploader_->preview(plain_, "").audience)),
        now_(context.clock.now()),
        account_(context.credentials.state(destination_)),
        signed_in_(signed_in),
        held_(held),
        book_(std::move(book)) {
    for (const QueuedUpload& item : queue)
      if (item.platform == destination_) queued_.emplace(item.video_id, &item);
  }

  /// Room for so many, which costs nothing as long as they do not come.
  void reserve(std::size_t videos) {
    for (auto* list : {&sent_, &left_out_}) list->reserve(videos);
    new_.reserve(videos);
  }

  /// `chosen`: asked for; else it only matters when it waits in the queue.
  void add(const PlannedVideo& planned, bool chosen) {
    const Candidate& video = *planned.candidate;
    const QueuedUpload* item = planned.queued ? find(video.id) : nullptr;
    if (!chosen && !item) return;
    PlannedUpload upload{.video_id = video.id, .title = video.title, .platform = name_};
    upload.bytes = planned.size.value_or(0);
    const auto at = item ? item->not_before : std::nullopt;
    if (!may_go(upload, planned, item)) {
      if (chosen) left_out_.push_back(upload);
    } else if (item ? item->held : held_) {  // stands beside what is skipped: no time is known for it
      upload.action = Action::wait;
      upload.reason = "paused";
      if (chosen) left_out_.push_back(upload);
    } else if (at && (item->schedule || *at > now_)) {
      std::string_view why;
      if (*at > now_) why = item->schedule ? kScheduled : "a pause before the next try";
      upload.at = at;
      (item->schedule ? line_.chosen : line_.paused).push_back({upload, item->place, chosen, why});
    } else if (item) {
      line_.in_line.push_back({upload, item->place, chosen, {}});
    } else {
      new_.push_back({upload, 0, chosen, {}});
    }
  }

  /// Puts it in order; what follows sends it, as a queue without interruptions would.
  void begin(const std::optional<SlotSeries>& series) {
    const auto time_of = [](const Placed& placed) { return placed.upload.at.value_or(TimePoint()); };
    std::ranges::stable_sort(line_.in_line, {}, &Placed::place);
    if (line_.in_line.empty())
      line_.in_line.swap(new_);
    else
      line_.in_line.insert(line_.in_line.end(), new_.begin(), new_.end());
    for (auto* timed : {&line_.chosen, &line_.paused}) std::ranges::stable_sort(*timed, {}, time_of);
    if (series) give_times(*series);
    std::ranges::stable_sort(line_.chosen, {}, time_of);
    order_.emplace(line_, time_of, std::move(book_), now_);
  }
  std::optional<TimePoint> soonest() {
    next_ = order_->next();
    if (next_ == nullptr) return std::nullopt;
    slot_ = order_->book().next(std::max(order_->now(), next_->upload.at.value_or(order_->now())));
    return slot_.at;
  }
  void send() {
    if (next_->chosen) {
      PlannedUpload& entry = sent_.emplace_back(next_->upload);
      entry.action = slot_.at > now_ ? Action::wait : Action::upload;
      entry.at = slot_.at;
      std::string why = slot_.why != PostTime::Why::free || next_->waits_for.empty()
                            ? reason(slot_, order_->book())
                            : std::string(next_->waits_for);
      entry.warning = warning_.kept(account_warning(destination_, account_, slot_.at), *texts_);
      if (!entry.warning.empty() && account_.shadowed_by.empty()) why += ", after the end of the sign-in";
      entry.reason = reason_.kept(why, *texts_);
    }
    order_->sent(slot_.at);
  }
  void sent_by_app(TimePoint at) { order_->sent_by_app(at); }

  /// Appends what was asked for.
  void end(UploadPlan& plan) {
    for (auto* list : {&sent_, &left_out_}) plan.lists.push_back(std::move(*list));
    plan.texts.push_back(std::move(texts_));
  }

 private:
  static constexpr std::string_view kScheduled = "scheduled";

  struct Placed {
    PlannedUpload upload;
    std::int64_t place;
    bool chosen;
    std::string_view waits_for;  ///< "" for its turn
  };

  /// The last of texts that mostly are the same one after another.
  struct LastText {
    std::string_view text;
    std::string_view kept(std::string_view next, Arena& texts) {
      if (text != next) text = texts.keep(next);
      return text;
    }
  };

  /// What is asked for goes at the times of the series, whatever it went by before.
  void give_times(const SlotSeries& series) {
    std::vector<Placed*> sent;
    for (auto* list : {&line_.chosen, &line_.paused, &line_.in_line})
      for (Placed& placed : *list)
        if (placed.chosen) sent.push_back(&placed);
    const auto paused = std::ranges::count(left_out_, Action::wait, &PlannedUpload::action);
    SlotSeries own = series;
    own.seed += index_;
    const auto schedules = schedules_of(own, sent.size() + static_cast<std::size_t>(paused));
    auto schedule = schedules.begin();
    for (Placed* placed : sent) {
      placed->upload.schedule = *schedule;
      placed->upload.at = (schedule++)->at;
      placed->waits_for = kScheduled;
    }
    for (PlannedUpload& upload : left_out_)
      if (upload.action == Action::wait) upload.schedule = *schedule++;
    for (auto* list : {&line_.paused, &line_.in_line}) {
      const auto moved = std::ranges::stable_partition(*list, [](const Placed& p) { return !p.chosen; });
      line_.chosen.insert(line_.chosen.end(), moved.begin(), moved.end());
      list->erase(moved.begin(), moved.end());
    }
  }

  const QueuedUpload* find(std::string_view id) const {
    const auto found = queued_.find(id);
    return found == queued_.end() ? nullptr : found->second;
  }

  /// False: why not stands in `upload`, else who will see it.
  bool may_go(PlannedUpload& upload, const PlannedVideo& planned, const QueuedUpload* item) {
    const Candidate::On& on = planned.candidate->on[index_];
    if (!on.pending) {
      upload.reason = on.reason;
      upload.code = on.done || on.running ? Code::blocked : Code::failed;
      upload.running = on.running;
    } else if (const auto no = why_not(planned, item, upload.audience)) {
      upload.reason = texts_->keep(no->message);
      upload.code = no->code;
    } else {
      return true;
    }
    return false;
  }

  /// `audience` is set where the post is one that could go.
  std::optional<Error> why_not(const PlannedVideo& planned, const QueuedUpload* item,
                               std::string_view& audience) {
    const Candidate& video = *planned.candidate;
    const auto& size = planned.size;
    if (!size) return Error{Code::not_found, fmt::format("the file is missing: {}", video.file_path)};
    if (video.size && *size != *video.size)
      return Error{Code::failed,
                   fmt::format("the file was changed since it was registered: {}", video.file_path)};
    if (const auto fits = check_duration(media_, video.duration, platform_of(destination_)); !fits)
      return fits.error();
    const bool own_words = !item || item->metadata_json.empty() || item->metadata_json == "{}";
    if (own_words && !planned.words) {
      if (const auto fits = uploader_->check(plain_, video.title, *size); !fits) return fits.error();
      audience = plain_audience_;
    } else {
      const auto metadata =
          own_words ? words_for(*planned.words) : parse_metadata(item->metadata_json, destination_);
      if (!metadata) return metadata.error();
      if (const auto fits = uploader_->check(*metadata, video.title, *size); !fits) return fits.error();
      audience = audience_.kept(uploader_->preview(*metadata, video.title).audience, *texts_);
    }
    if (!signed_in_) return Error{Code::needs_login, "not signed in; asfs-videos login " + destination_};
    return std::nullopt;
  }

  Result<Metadata> words_for(const Result<MetadataDocument>& own) const {
    if (!own) return std::unexpected(own.error());
    return own->words_for(destination_);
  }

  std::string reason(const PostTime& slot, const PostTimes& book) const {
    if (slot.why != PostTime::Why::free) return reason_text(slot.why, limits_);
    const auto left = book.left_today(slot.at);
    return left ? fmt::format("{} of {} a day are left", left->left, left->of) : "ready";
  }

  std::unique_ptr<Arena> texts_ = std::make_unique<Arena>();
  const std::string destination_;
  const std::size_t index_;
  const MediaLimits& media_;
  const RateLimits& limits_;
  const UploaderContext making_;
  const std::unique_ptr<PlatformUploader> uploader_;
  const Metadata plain_;  ///< of videos without words of their own: most of a large library
  const std::string_view name_, plain_audience_;
  LastText audience_, reason_, warning_;
  const TimePoint now_;
  const AccountState account_;
  const bool signed_in_;
  const bool held_;  ///< what is new in the queue is paused, too
  PostTimes book_;   ///< until it is put in order
  std::unordered_map<std::string_view, const QueuedUpload*> queued_;
  DestinationLine<Placed> line_;
  std::vector<Placed> new_;
  std::optional<LineInOrder<Placed>> order_;
  Placed* next_ = nullptr;  ///< of soonest(), like the next
  PostTime slot_;
  std::vector<PlannedUpload> sent_, left_out_;  ///< as far as it was asked for
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

Result<UploadPlan> plan_uploads(const StageContext& context, VideoRegistry& registry,
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
  Candidates found;
  FileSizes files(context.library, matters, options.stop);
  const auto loaded = load_candidates(found, registry, destinations, wanted, options.stop,
                                      [&](auto videos, auto at_most) { files.listed(videos, at_most); });
  if (!loaded) return std::unexpected(loaded.error());
  const PlannedVideos videos(found.videos, files.take(), chosen, *queue, options.stop);
  std::vector<std::unique_ptr<DestinationPlan>> all(destinations.size());
  UploadLedger ledger(registry);
  for (std::size_t p = 0; p < all.size(); ++p) {
    if (!wanted[p]) continue;
    auto book = ledger.post_times(destinations[p].name, context.config.limits(destinations[p].name));
    if (!book) return std::unexpected(book.error());
    all[p] =
        std::make_unique<DestinationPlan>(context, p, options.signed_in[p], *queue, *held, *std::move(book));
  }
  std::vector<UploadPlan> parts(destinations.size());
  // The destinations of each app by themselves.
  const auto plan_app = [&](const std::vector<std::size_t>& app) {
    std::vector<DestinationPlan*> together;
    for (const std::size_t p : app) {
      if (!all[p]) continue;
      DestinationPlan& one = *together.emplace_back(all[p].get());
      one.reserve(found.videos.size());
      for (const PlannedVideo& video : videos)
        if (!stopped()) one.add(video, asked_for[p] && video.chosen);
      one.begin(options.series);
    }
    send_in_turn(together, options.stop);
    for (const std::size_t p : app)
      if (const auto done = std::move(all[p])) done->end(parts[p]);
  };
  std::vector<std::future<void>> planned;
  for (auto& app : apps_of(context.config))
    planned.push_back(std::async(launch_for(found.videos.size()), plan_app, std::move(app)));
  for (auto& one : planned) one.get();  // and what it threw
  UploadPlan plan{.texts = std::move(found.texts)};
  for (UploadPlan& part : parts) {
    std::ranges::move(part.lists, std::back_inserter(plan.lists));
    std::ranges::move(part.texts, std::back_inserter(plan.texts));
  }
  if (stopped()) return fail(Code::cancelled, "stopped");
  return plan;
}

std::size_t UploadPlan::size() const {
  std::size_t all = 0;
  for (const auto& list : lists) all += list.size();
  return all;
}

const PlannedUpload& UploadPlan::operator[](std::size_t index) const {
  auto list = lists.begin();
  for (; index >= list->size(); ++list) index -= list->size();
  return (*list)[index];
}

std::vector<QueueItem> items_of(const UploadPlan& plan) {
  std::vector<QueueItem> items;
  for (const PlannedUpload& entry : plan)
    if (entry.action != Action::skip)
      items.push_back({.video_id = std::string(entry.video_id),
                       .platform = std::string(entry.platform),
                       .schedule = entry.schedule});
  return items;
}

}  // namespace asfs
