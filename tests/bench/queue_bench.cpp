// What a hundred thousand uploads cost before the first byte goes out: the plan, and the next due item.
#include <benchmark/benchmark.h>
#include <sys/stat.h>

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
constexpr int kMixedVideos = 100'000;

constexpr std::string_view kYearsOfUse = R"sql(
  ATTACH '{}' AS audit;
  CREATE TABLE audit.upload_events (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,
    clip_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL, upload_id TEXT,
    retry_count INTEGER DEFAULT 0, error_message TEXT, metadata TEXT);
  BEGIN;
  UPDATE videos SET checksum = CASE WHEN rowid % 1000 = 1 THEN 'same' ELSE 'pair ' || (rowid / 200) END
    WHERE rowid % 100 = 1 AND checksum NOT NULL;
  UPDATE video_uploads SET retry_count = id % 4 WHERE upload_status = 'FAILED';
  UPDATE video_uploads SET retry_count = 4 WHERE upload_status = 'FAILED_FINAL';
  INSERT INTO asfs_files SELECT id, checksum, 1, duration, 1080, 1920, 'h264', 30 FROM videos
    WHERE checksum NOT NULL;
  INSERT INTO asfs_disk_files SELECT id, file_path, 1, rowid, 1, rowid, NULL FROM videos;
  INSERT INTO asfs_metadata SELECT id, '{{"caption": "About clip ' || rowid || '", "hashtags": ["art"]}}'
    FROM videos WHERE rowid % 7 = 0;
  INSERT INTO asfs_attempts(video_id, platform, state, open, started_at, ended_at, row_timestamp, checksum,
    owner, owner_boot, owner_pid, owner_started, lease_until, maybe_published, post_id, metadata)
  SELECT u.video_id, u.platform, s.state, s.open, u.upload_timestamp || 'Z', u.upload_timestamp || 'Z',
    u.upload_timestamp, v.checksum, 'pid 1 on host', 'boot', 1, 1, 0, s.open, u.platform_post_id, '{{}}'
  FROM video_uploads u JOIN videos v ON v.id = u.video_id
  JOIN (SELECT 'SUCCESS' status, 'succeeded' state, 0 open UNION ALL SELECT 'FAILED', 'failed', 0
    UNION ALL SELECT 'FAILED_FINAL', 'failed', 0 UNION ALL SELECT 'IN_PROGRESS', 'running', 1
    UNION ALL SELECT 'BLOCKED', 'unconfirmed', 1) s ON s.status = u.upload_status
  WHERE u.id % 2 = 0 AND (s.open = 0 OR u.id % 16 = 0);
  INSERT INTO audit.upload_events(timestamp, clip_id, platform, status, upload_id)
  SELECT upload_timestamp, video_id, platform, 'success', platform_post_id FROM video_uploads
  WHERE upload_status = 'SUCCESS';
  DELETE FROM video_uploads WHERE id % 100 = 0;
  INSERT INTO asfs_queue(video_id, platform, place, ready_at, scheduled_at, held)
  SELECT id, 'YouTube', rowid, CASE rowid % 3 WHEN 0 THEN 4000000000000 + rowid ELSE 0 END,
    CASE rowid % 3 WHEN 0 THEN 4000000000000 + rowid END, rowid % 3 = 1
  FROM videos WHERE rowid % 33 = 0;
  COMMIT)sql";

std::string file_of(const Library& library, int video) {
  return library.home / fmt::format("output/clips/{}.mp4", video_id(static_cast<unsigned long>(video)));
}

void make_files(const Library& library, int videos) {
  std::filesystem::create_directories(library.home / "output/clips");
  for (int i = 0; i < videos; ++i) std::ofstream(file_of(library, i)) << 'x';
}

/// How many lines it has.
std::size_t plan_of(const Library& library) {
  const Config config = must(upload_config(library, "http://127.0.0.1:9"));
  const auto credentials = practice_credentials("http://127.0.0.1:9");
  const StageContext context{library, config, *credentials};
  auto registry = must(VideoRegistry::open(library));
  return must(plan_uploads(context, registry, {})).size();
}

/// Nobody posted anything yet, and every file is there.
const Library& pending_library() {
  static const Library library = [] {
    Library made = make_library("pending", kVideos, kVideos + 1);
    make_files(made, kVideos);
    return made;
  }();
  return library;
}

/// Years of use by both programs, in every state: of 300,000 uploads 180,000 were tried. Half of the posts
/// are our own, the audit trail tells of all, also of those whose row is gone; of the rows that say that
/// somebody uploads, or that a person must look, a part is of attempts of ours that died. Every 100th video
/// has the content of another, a third has no checksum, every 7th words of its own; 3,000 uploads stand in
/// the queue, in line, paused, or at a time. One file in 500 is gone, one in 300 was changed.
/// One that an earlier run left in $ASFS_BENCH_DIR is taken as it is.
const Library& mixed_library() {
  static const Library library = [] {
    if (const Library kept{bench_folder() / "mixed"}; std::filesystem::exists(kept.database())) return kept;
    Library made = make_library("mixed", kMixedVideos, 1, 6);
    make_files(made, kMixedVideos);
    for (int i = 0; i < kMixedVideos; i += 500) std::filesystem::remove(file_of(made, i));
    for (int i = 7; i < kMixedVideos; i += 300) std::ofstream(file_of(made, i)) << "changed";
    std::filesystem::create_directories(made.audit_database().parent_path());
    sqlite3* db = nullptr;
    sqlite3_open(made.database().c_str(), &db);
    must_run(db, fmt::format(kYearsOfUse, made.audit_database().string()));
    sqlite3_close(db);
    plan_of(made);  // reads the audit trail
    return made;
  }();
  return library;
}

void plan_pending(benchmark::State& state) {
  std::size_t uploads = 0;
  for (auto _ : state) uploads = plan_of(pending_library());
  state.counters["uploads"] = static_cast<double>(uploads);
}

/// One of the least that a plan has to do: a look at every file.
void plan_bare_stat(benchmark::State& state) {
  std::vector<std::string> paths;
  for (int i = 0; i < kMixedVideos; ++i) paths.push_back(file_of(mixed_library(), i));
  for (auto _ : state)
    for (const std::string& path : paths) {
      struct stat file {};
      benchmark::DoNotOptimize(::stat(path.c_str(), &file));
    }
}

void plan_mixed(benchmark::State& state) {
  const Library& library = mixed_library();
  std::size_t uploads = 0;
  for (auto _ : state) uploads = plan_of(library);
  state.counters["uploads"] = static_cast<double>(uploads);
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
BENCHMARK(plan_bare_stat)->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(9);
BENCHMARK(plan_mixed)->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(9);
BENCHMARK(next_due_item)->Unit(benchmark::kMillisecond)->Iterations(300)->Repetitions(3);
