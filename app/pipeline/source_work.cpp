#include "app/pipeline/source_work.h"

#include <fmt/format.h>

#include <algorithm>

namespace asfs::pipeline {
namespace {

/// As the trail and the person know the video.
std::filesystem::path path_of(const std::filesystem::path& video) {
  std::error_code unknown;
  const auto file = std::filesystem::absolute(video, unknown);
  return unknown ? video : file.lexically_normal();
}

}  // namespace

SourceWork::SourceWork(std::unique_ptr<SourceState> state) : state_(std::move(state)) {}
SourceWork::~SourceWork() = default;

Result<std::unique_ptr<SourceWork>> SourceWork::open(const Library& library,
                                                     const std::filesystem::path& video,
                                                     WorkOptions options) {
  auto state = std::make_unique<SourceState>(library, path_of(video), std::move(options));
  const ChildWatch watch = state->watch_children();
  std::unique_ptr<SourceWork> work(new SourceWork(std::move(state)));
  for (const auto step : {&SourceState::look, &SourceState::hear, &SourceState::read, &SourceState::judge,
                          &SourceState::segment, &SourceState::choose_clips}) {
    const auto done = (work->state_.get()->*step)();
    if (!done) return std::unexpected(done.error());
  }
  return work;
}

const Material& SourceWork::material() const {
  return state_->material;
}
const Measure& SourceWork::measure() const {
  return *state_->measure;
}
const Review& SourceWork::review() const {
  return state_->review;
}
const std::filesystem::path& SourceWork::folder() const {
  return state_->workshop->folder();
}

std::string SourceWork::id_of(int n) const {
  return state_->id_of(n);
}

Scored SourceWork::scored(Span span) const {
  const auto known = std::ranges::find(state_->best, span, &Scored::span);
  return known != state_->best.end() ? *known : Scored{span, state_->scorer->score(span), {}, {}};
}

bool SourceWork::is_weak(Span span) const {
  return scored(span).total() < state_->options.settings.choice.min_score;
}

Result<void> tell_end(const Library& library, const std::filesystem::path& video, const RunEnd& end) {
  PipelineLog log(library);
  const std::string path = path_of(video).string();
  if (end.uploaded + end.failed > 0)
    if (auto told = log.record(PipelineEvent{
            .video_path = path,
            .stage = kStages[10].event,
            .status = "completed",
            .details = fmt::format(R"({{"successful": {}, "failed": {}}})", end.uploaded, end.failed)});
        !told)
      return told;
  return log.record(
      PipelineEvent{.video_path = path,
                    .stage = "pipeline",
                    .status = end.error ? "failed" : "completed",
                    .details = fmt::format(R"({{"clips": {}, "uploads": {}}})", end.clips, end.uploaded),
                    .error_message = end.error ? std::optional(end.error->message) : std::nullopt});
}

}  // namespace asfs::pipeline
