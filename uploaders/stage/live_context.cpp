#include "uploaders/stage/live_context.h"

#include <utility>

namespace asfs {
namespace {

constexpr std::chrono::seconds kReadAgain{1};

struct Held {
  Config config;
  StageContext context;
  Held(Config newest, const StageContext& before)
      : config(std::move(newest)), context{before.library, config,      before.credentials,
                                           before.clock,   before.http, before.read_config} {}
};

}  // namespace

LiveContext::LiveContext(StageContext first, std::function<void(const Error&)> trouble)
    : trouble_(std::move(trouble)),
      read_at_(first.clock.now()),
      context_(std::make_shared<const StageContext>(std::move(first))) {}

void LiveContext::refresh() {
  const auto before = get();
  const TimePoint now = before->clock.now();
  // A clock that was put back is a reason to look, too.
  if (!before->read_config || !has_passed(now, read_at_, kReadAgain)) return;
  read_at_ = now;
  auto config = before->read_config();
  if (!config) {
    if (std::exchange(told_, config.error()) != config.error()) trouble_(config.error());
    return;
  }
  told_.reset();
  config->destinations = before->config.destinations.followed_by(config->destinations);
  const auto held = std::make_shared<const Held>(*std::move(config), *before);
  const std::scoped_lock lock(mutex_);
  context_ = std::shared_ptr<const StageContext>(held, &held->context);
}

std::shared_ptr<const StageContext> LiveContext::get() const {
  const std::scoped_lock lock(mutex_);
  return context_;
}

}  // namespace asfs
