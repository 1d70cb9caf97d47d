#include "uploaders/practice/core/turns.h"

#include <utility>

namespace asfs::practice {

Turns::Turn::Turn(Turns& turns, std::string session) : turns_(turns), session_(std::move(session)) {
  std::unique_lock lock(turns_.mutex_);
  for (;;) {
    const auto holder = turns_.held_.find(session_);
    if (holder == turns_.held_.end()) break;
    holder->second.request_stop();
    turns_.changed_.wait(lock);
  }
  std::stop_source& source = turns_.held_[session_];
  if (turns_.stopped_) source.request_stop();
  stop_ = source.get_token();
}

Turns::Turn::~Turn() {
  const std::lock_guard lock(turns_.mutex_);
  turns_.held_.erase(session_);
  turns_.changed_.notify_all();
}

bool Turns::held(const std::string& session) {
  const std::lock_guard lock(mutex_);
  return held_.contains(session);
}

void Turns::stop_all(bool for_good) {
  const std::lock_guard lock(mutex_);
  stopped_ = stopped_ || for_good;
  for (auto& [session, source] : held_) source.request_stop();
}

}  // namespace asfs::practice
