// The read side: loading a picture against a bare loop over the same columns, following changes, and the
// table.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>

#include "registry/picture/snapshot_reader.h"
#include "registry/picture/table_model.h"
#include "tests/bench/bench_library.h"

using namespace asfs;
using namespace asfs::bench;

namespace {

const Library& hundred_thousand() {
  static const Library library = make_library("100000", 100'000, 1);
  return library;
}

void snapshot_load_bare(benchmark::State& state) {
  const Library& library = hundred_thousand();
  for (auto _ : state) {
    const Stopwatch watch;
    benchmark::DoNotOptimize(read_bare(library));
    state.SetIterationTime(watch.seconds());
  }
}

void snapshot_load(benchmark::State& state) {
  const Library& library = hundred_thousand();
  for (auto _ : state) {
    const Stopwatch watch;
    auto reader = must(SnapshotReader::open(library));
    const auto snapshot = must(reader.refresh());
    state.SetIterationTime(watch.seconds());
    if (snapshot->size() != 100'000) state.SkipWithError("rows are missing");
  }
}

/// A million videos with a reader that follows and another connection that writes.
struct Followed {
  static constexpr unsigned kVideos = 1'000'000;
  std::unique_ptr<Database> writer;
  SnapshotReader reader;
  std::shared_ptr<const TableModel> table;
  std::mt19937 random{1};

  Followed() : Followed(make_library("1000000", kVideos, 3)) {}
  explicit Followed(const Library& library)
      : writer(must(open_registry_database(library))), reader(must(SnapshotReader::open(library))) {
    table = build_table(must(reader.refresh()), {}, nullptr, reader.last_delta());
  }

  void change(int rows) {
    writer->execute("BEGIN");
    for (int i = 0; i < rows; ++i)
      writer->prepare("UPDATE videos SET title = title || '.' WHERE id = ?1")
          ->bind(1, video_id(random() % kVideos))
          .run();
    writer->execute("COMMIT");
  }
};

Followed& million() {
  static Followed followed;
  return followed;
}

void refresh_nothing(benchmark::State& state) {
  Followed& followed = million();
  for (auto _ : state) benchmark::DoNotOptimize(followed.reader.refresh());
}

/// Both halves of following a change; the times are the counters.
void refresh_100_changed(benchmark::State& state) {
  Followed& followed = million();
  double refresh = 0, patch = 0;
  for (auto _ : state) {
    followed.change(100);
    const Stopwatch watch;
    const auto snapshot = must(followed.reader.refresh());
    const double refreshed = watch.seconds();
    const auto table = build_table(snapshot, {}, followed.table.get(), followed.reader.last_delta());
    const double patched = watch.seconds();
    refresh += refreshed;
    patch += patched - refreshed;
    state.SetIterationTime(patched);
    if (!followed.reader.last_delta().from || table->rows.size() != Followed::kVideos)
      state.SkipWithError("the change was not followed");
    followed.table = table;
  }
  state.counters["refresh_s"] = benchmark::Counter(refresh, benchmark::Counter::kAvgIterations);
  state.counters["patch_s"] = benchmark::Counter(patch, benchmark::Counter::kAvgIterations);
}

void table_build(benchmark::State& state) {
  Followed& followed = million();
  for (auto _ : state)
    benchmark::DoNotOptimize(
        build_table(followed.table->snapshot, {}, nullptr, followed.reader.last_delta()));
}

}  // namespace

BENCHMARK(snapshot_load_bare)->Iterations(1)->Repetitions(15)->UseManualTime();
BENCHMARK(snapshot_load)->Iterations(1)->Repetitions(15)->UseManualTime();
BENCHMARK(refresh_nothing)->Iterations(2000)->Repetitions(5);
BENCHMARK(refresh_100_changed)->Iterations(5)->Repetitions(5)->UseManualTime();
BENCHMARK(table_build)->Iterations(1)->Repetitions(5);
