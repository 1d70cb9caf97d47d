#include "uploaders/transfer/background_sha256.h"

#include <algorithm>
#include <system_error>

namespace asfs {
namespace {

constexpr std::size_t kBlock = 256 << 10;

}  // namespace

BackgroundSha256::~BackgroundSha256() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackgroundSha256::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || filled_ != emptied_; });
    if (ending_) return;
    Block& block = blocks_[emptied_ % blocks_.size()];
    lock.unlock();
    hash_.update(block);
    block.clear();
    lock.lock();
    ++emptied_;
    changed_.notify_all();
  }
}

bool BackgroundSha256::start() {
  if (thread_.joinable()) return true;
  try {
    thread_ = std::thread([this] { work(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

// The current block goes to the thread, and the next one is waited for.
void BackgroundSha256::hand_over() {
  if (!start()) {  // the system gives no thread: then here
    hash_.update(current());
    current().clear();
    return;
  }
  std::unique_lock lock(mutex_);
  ++filled_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return filled_ - emptied_ < blocks_.size(); });
}

void BackgroundSha256::update(std::span<const std::byte> data) {
  while (!data.empty()) {
    Block& block = current();
    const auto part = data.first(std::min(data.size(), kBlock - block.size()));
    block.insert(block.end(), part.begin(), part.end());
    data = data.subspan(part.size());
    if (block.size() == kBlock) hand_over();
  }
}

std::string BackgroundSha256::finish() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return filled_ == emptied_; });
  }
  // The thread has nothing to do now: what is left of a block is hashed here.
  Block& block = current();
  hash_.update(block);
  block.clear();
  return hash_.finish();
}

}  // namespace asfs
