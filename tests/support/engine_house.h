// An engine on a library of real videos, with practice platforms of its own.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/engine/engine.h"
#include "registry/practice/practice_copy.h"
#include "registry/videos/registration.h"
#include "tests/support/destinations.h"
#include "tests/support/make_video.h"
#include "tests/support/practice.h"
#include "tests/support/temp_folder.h"
#include "uploaders/row/platforms.h"

namespace asfs::test {

/// An engine on a fresh library, with practice platforms of its own.
class EngineHouse {
 public:
  void add_video(const std::string& name, int seed = 1) {
    make_video(folder_ / (name + ".mp4"), 1, seed);
    add(name);
  }
  /// More bytes than the socket buffers swallow, so that an upload can be stopped in the middle.
  void add_large_video(const std::string& name) {
    run_ffmpeg({"-f", "lavfi", "-i", "color=green:size=1280x720:rate=10:duration=2,noise=alls=100:allf=t",
                "-c:v", "mpeg4", "-q:v", "1", folder_ / (name + ".mp4")});
    add(name);
  }
  void add(const std::string& name) {
    auto registry = VideoRegistry::open(library_);
    REQUIRE(registry);
    REQUIRE(register_files(*registry, {folder_ / (name + ".mp4")}));
  }

  std::uintmax_t size_of(const std::string& name) const {
    return std::filesystem::file_size(folder_ / (name + ".mp4"));
  }

  /// In the practice library of this one; before anything is added.
  void practise() {
    library_ = practice_library(library_);
    REQUIRE(refresh_practice(library_));
  }
  void start() { start_with(practice.server().url()); }
  /// With the accounts of the library, on the practice platforms' addresses.
  void start_with_accounts() { start_with(""); }
  void start_with(const std::string& practice_url) {
    auto config = upload_config(library_, practice.server().url());
    REQUIRE(config);
    auto engine = Engine::start({.library = library_,
                                 .config = *config,
                                 .practice_url = practice_url,
                                 .wake =
                                     [this] {
                                       if (wake_throws) throw std::runtime_error("no memory");
                                       woken_.notify_all();
                                     },
                                 .read_config = read_config});
    REQUIRE(engine);
    engine_ = std::move(*engine);
  }
  void stop() { engine_.reset(); }
  void write_config(const std::string& name, std::string_view text) {
    write_file(library_.config_folder() / name, text);
  }

  void ask(Action action) { engine_->apply({std::move(action)}); }

  /// Waits until `holds(state)`; false when it never does.
  template <class Condition>
  bool until(Condition holds) {
    std::unique_lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds(engine_->state())) {
      for (Notice& notice : engine_->take_notices()) notices_.push_back(std::move(notice));
      if (std::chrono::steady_clock::now() > deadline) return false;
      woken_.wait_for(lock, std::chrono::milliseconds(20));
    }
    return true;
  }
  bool until_notice(const std::string& text) {
    return until([&](const AppState&) {
      for (const Notice& notice : notices_)
        if (notice.text.find(text) != std::string::npos) return true;
      return false;
    });
  }
  bool until_status(std::size_t row, UploadStatus status) {
    return until([&](const AppState& state) {
      return state.table && state.table->snapshot->size() > row && youtube(state, row).status == status;
    });
  }
  static UploadView youtube(const AppState& state, std::size_t row) {
    return state.table->snapshot->video(row).uploads[place_of("YouTube")];
  }

  AppState state() const { return engine_->state(); }
  const std::vector<Notice>& notices() const { return notices_; }
  std::size_t posts() const { return practice.posts().size(); }
  const Library& library() const { return library_; }

  Practice practice;
  std::function<Result<Config>()> read_config;  ///< as EngineOptions; before start()
  std::atomic<bool> wake_throws{false};         ///< a fault of the program

 private:
  TempFolder folder_;
  Library library_{folder_ / "library"};
  std::mutex mutex_;
  std::condition_variable woken_;
  std::vector<Notice> notices_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace asfs::test
