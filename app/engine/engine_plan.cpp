// What a bulk upload would do, worked out for its dialog while a person chooses.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "app/engine/engine_impl.h"
#include "app/model/when_label.h"
#include "registry/base/caught.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/post_preview.h"

namespace asfs {
namespace {

void add_line(PlanView& view, const PlannedUpload& entry, std::size_t index, TimePoint now) {
  using Action = PlannedUpload::Action;
  PlanView::PerDestination& platform = view.destinations[index];
  const std::string when = entry.at ? std::string(when_label(*entry.at, now).view()) : std::string();
  PlanView::Line line{.title = std::string(entry.title.empty() ? entry.video_id : entry.title),
                      .destination = index,
                      .text = std::string(entry.reason),
                      .skipped = entry.action == Action::skip};
  if (entry.action == Action::upload) {
    ++platform.now;
    line.text = fmt::format("now, {}", entry.audience);
  } else if (entry.action == Action::wait) {
    ++platform.later;
    if (entry.at) platform.last = when;
    if (entry.at) line.text = fmt::format("{}, {}: {}", when, entry.audience, entry.reason);
  } else {
    ++platform.skipped;
    ++view.skipped;
  }
  if (entry.action != Action::skip) view.bytes += entry.bytes;
  view.lines.push_back(std::move(line));
}

/// `public`, or `3 private, 12 public`.
std::string audience_text(const std::map<std::string_view, std::size_t>& audiences) {
  if (audiences.size() == 1) return std::string(audiences.begin()->first);
  std::string all;
  for (const auto& [audience, count] : audiences)
    all += fmt::format("{}{} {}", all.empty() ? "" : ", ", count, audience);
  return all;
}

/// What is posted, or on its way, is only counted.
PlanView plan_view(const UploadPlan& plan, const Destinations& destinations, TimePoint now) {
  PlanView view;
  view.destinations.resize(destinations.size());
  std::optional<TimePoint> last;
  std::vector<std::map<std::string_view, std::size_t>> audiences(destinations.size());
  for (const PlannedUpload& entry : plan) {
    const std::size_t index = *destinations.index_of(entry.platform);
    if (entry.action == PlannedUpload::Action::skip && entry.code == Code::blocked) {
      ++view.destinations[index].done;
      continue;
    }
    add_line(view, entry, index, now);
    if (entry.action != PlannedUpload::Action::skip) ++audiences[index][entry.audience];
    if (entry.action == PlannedUpload::Action::wait && entry.at)
      last = std::max(last.value_or(*entry.at), *entry.at);
  }
  for (std::size_t p = 0; p < destinations.size(); ++p)
    view.destinations[p].audience = audience_text(audiences[p]);
  view.uploads = view.lines.size() - view.skipped;
  if (last) view.last = when_label(*last, now).view();
  return view;
}

}  // namespace

// Who is not signed in can do that while the rest goes out.
Result<UploadPlan> Engine::Impl::plan_of(VideoRegistry& registry, const BulkWish& wish,
                                         std::stop_token stop) const {
  const Config config = config_now();
  return plan_uploads({options.library, config, *credentials}, registry,
                      {.destinations = wish.destinations,
                       .only = wish.videos,
                       .series = wish.series,
                       .stop = std::move(stop)});
}

void Engine::Impl::carry_out(const MakePlan& action) {
  std::lock_guard lock(mutex);
  plan_stop.request_stop();  // that of what was chosen before
  plan_wanted = action;
  if (!std::exchange(planning, true)) start_planner();
}

// One at a time, and another one while anything is left, however this one ends.
void Engine::Impl::start_planner() {
  tasks.launch([this] { make_plans(); },
               [this] {
                 std::lock_guard lock(mutex);
                 planning = plan_wanted.has_value() && !stopping;
                 if (planning) start_planner();
               });
}

void Engine::Impl::carry_out(const DropPlan&) {
  std::lock_guard lock(mutex);
  plan_wanted.reset();
  plan_stop.request_stop();
}

PlanView Engine::Impl::plan_view_of(const MakePlan& wanted, std::stop_token stop) const {
  auto made = caught([&]() -> Result<PlanView> {
    auto registry = VideoRegistry::open(options.library);
    if (!registry) return std::unexpected(registry.error());
    const auto uploads = plan_of(*registry, wanted.what, std::move(stop));
    if (!uploads) return std::unexpected(uploads.error());
    return plan_view(*uploads, *destinations(), system_clock().now());
  });
  PlanView view = made ? *std::move(made) : PlanView{.error = made.error().message};
  view.number = wanted.number;
  return view;
}

// One after the other, and of those asked for meanwhile only the newest.
void Engine::Impl::make_plans() {
  for (;;) {
    MakePlan wanted;
    std::stop_token stop;
    {
      std::lock_guard lock(mutex);
      if (!plan_wanted || stopping) return;
      wanted = *std::exchange(plan_wanted, std::nullopt);
      plan_stop = {};
      stop = plan_stop.get_token();
    }
    auto made = std::make_shared<const PlanView>(plan_view_of(wanted, stop));
    {
      std::lock_guard lock(mutex);
      if (stop.stop_requested()) continue;
      std::swap(plan, made);
    }
    options.wake();
  }
}

PostView Engine::Impl::post_view_of(const PreviewPost& wanted) const {
  const auto to_be = caught([&]() -> Result<PostToBe> {
    auto registry = VideoRegistry::open(options.library);
    if (!registry) return std::unexpected(registry.error());
    const Config config = config_now();
    return preview_post({options.library, config, *credentials}, *registry, wanted.video_id, wanted.platform);
  });
  PostView view{.number = wanted.number};
  if (to_be) view.post = to_be->shown, view.advice = to_be->advice;
  if (const auto problem = to_be ? to_be->refusal : to_be.error()) view.problem = problem->message;
  return view;
}

void Engine::Impl::carry_out(const PreviewPost& action) {
  tasks.launch([this, action] {
    auto made = std::make_shared<const PostView>(post_view_of(action));
    {
      std::lock_guard lock(mutex);
      if (!post || post->number < made->number) std::swap(post, made);
    }
    options.wake();
  });
}

}  // namespace asfs
