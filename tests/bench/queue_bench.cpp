// What a hundred thousand uploads cost before the first byte goes out: the plan, and the next due item.
#include <benchmark/benchmark.h>

#include <fstream>
#include <optional>

#include "registry/queue/upload_queue.h"
#include "tests/bench/bench_library.h"
#include "uploaders/queue/upload_plan.h"
#include "uploaders/row/platforms.h"

using namespace asfs;
using namespace asfs::bench;

namespace {

constexpr int kVideos = 33'334;  // on three platforms

/// Nobody posted anything yet, and every file is there.
const Library& pending_library() {
  static const Library library = [] {
    Library made = make_library("pending", kVideos, kVideos + 1);
    std::filesystem::create_directories(made.home / "output/clips");
    for (int i = 0; i < kVideos; ++i)
      std::ofstream(made.home / fmt::format("output/clips/{}.mp4", video_id(static_cast<unsigned long>(i))))
          << 'x';
    return made;
  }();
  return library;
}

void plan(benchmark::State& state, const Library& library) {
  const Config config = must(upload_config(library, "http://127.0.0.1:9"));
  const auto credentials = practice_credentials("http://127.0.0.1:9");
  const StageContext context{library, config, *credentials};
  auto registry = must(VideoRegistry::open(library));
  std::size_t uploads = 0;
  for (auto _ : state) uploads = must(plan_uploads(context, registry, {})).size();
  state.counters["uploads"] = static_cast<double>(uploads);
}

void plan_pending(benchmark::State& state) {
  plan(state, pending_library());
}

/// Years of use: 180,000 uploads in every state, a third of the videos without a checksum, 5,000 with the
/// same content, and an audit trail that tells of every post, also of those whose row is gone.
const Library& mixed_library() {
  static const Library library = [] {
    Library made = make_library("mixed", 100'000, 1, 6);
    std::filesystem::create_directories(made.audit_database().parent_path());
    sqlite3* db = nullptr;
    sqlite3_open(made.database().c_str(), &db);
    must_run(db, fmt::format(R"sql(
      ATTACH '{}' AS audit;
      CREATE TABLE audit.upload_events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,
        clip_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL, upload_id TEXT,
        retry_count INTEGER DEFAULT 0, error_message TEXT, metadata TEXT);
      BEGIN;
      UPDATE videos SET checksum = 'same' WHERE rowid % 20 = 1;
      INSERT INTO audit.upload_events(timestamp, clip_id, platform, status, upload_id)
      SELECT upload_timestamp, video_id, platform, 'success', platform_post_id FROM video_uploads
      WHERE upload_status = 'SUCCESS';
      DELETE FROM video_uploads WHERE id % 50 = 0;
      COMMIT)sql",
                             made.audit_database().string()));
    sqlite3_close(db);
    return made;
  }();
  return library;
}

void plan_mixed(benchmark::State& state) {
  plan(state, mixed_library());
}

/// With everything in the queue: what is lent, and put back.
void next_due_item(benchmark::State& state) {
  const Library& library = pending_library();
  auto registry = must(VideoRegistry::open(library));
  UploadQueue queue(registry);
  if (!must(queue.next_ready("YouTube"))) {
    std::vector<QueueItem> items;
    for (int i = 0; i < kVideos; ++i)
      for (const auto platform : known_platforms())
        items.push_back(
            {.video_id = video_id(static_cast<unsigned long>(i)), .platform = std::string(platform)});
    must(queue.add(items));
  }
  for (auto _ : state) benchmark::DoNotOptimize(must(queue.take("YouTube")));
}

}  // namespace

BENCHMARK(plan_pending)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(plan_mixed)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(next_due_item)->Unit(benchmark::kMillisecond)->Iterations(300)->Repetitions(3);
