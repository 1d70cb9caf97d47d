#include "uploaders/read_ahead.h"

#include <algorithm>
#include <cstring>

namespace asfs {
namespace {

constexpr std::size_t kBlock = 512 << 10;

}  // namespace

ReadAhead::ReadAhead(VideoFile& file, std::uint64_t length) : file_(file) {
  for (Block& block : blocks_)
    block.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, length)));
  thread_ = std::thread([this, length] { fill(length); });
}

ReadAhead::~ReadAhead() {
  {
    const std::scoped_lock lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

ReadAhead::Block* ReadAhead::free_block() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return abandoned_ || filled_ - emptied_ < blocks_.size(); });
  return abandoned_ ? nullptr : &blocks_[filled_ % blocks_.size()];
}

void ReadAhead::fill(std::uint64_t length) {
  std::optional<Error> error;
  while (length > 0 && !error) {
    Block* block = free_block();
    if (!block) return;
    auto got = file_.read(
        std::span(block->bytes).first(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, length))));
    if (!got)
      error = std::move(got.error());
    else if (*got == 0)
      error = Error{Code::failed, "the video ended before its size"};
    if (error) break;
    block->size = *got;
    block->used = 0;
    length -= *got;
    {
      const std::scoped_lock lock(mutex_);
      ++filled_;
    }
    changed_.notify_all();
  }
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    error_ = std::move(error);
  }
  changed_.notify_all();
}

Result<std::size_t> ReadAhead::read(std::span<std::byte> buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    Block* block = nullptr;
    {
      std::unique_lock lock(mutex_);
      if (done > 0 && filled_ == emptied_) break;
      changed_.wait(lock, [this] { return ended_ || filled_ > emptied_; });
      if (filled_ > emptied_) block = &blocks_[emptied_ % blocks_.size()];
      if (!block && error_) return std::unexpected(*error_);
    }
    if (!block) break;
    const std::size_t part = std::min(buffer.size() - done, block->size - block->used);
    std::memcpy(buffer.data() + done, block->bytes.data() + block->used, part);
    done += part;
    block->used += part;
    if (block->used < block->size) break;
    {
      const std::scoped_lock lock(mutex_);
      ++emptied_;
    }
    changed_.notify_all();
  }
  return done;
}

}  // namespace asfs
