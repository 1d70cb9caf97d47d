// One frame of the window with a million videos, all of them selected, and an open queue of a hundred
// thousand, at 1080p: the content is laid out and turned into triangles; no GPU.
#include <benchmark/benchmark.h>

#include "app/views/window_content.h"
#include "app/window/fonts.h"
#include "tests/support/allocations.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"

namespace asfs::test {
namespace {

constexpr int kVideos = 1'000'000;

/// Made once: three uploads on every third video.
std::shared_ptr<const TableModel> million_videos() {
  static const TableFixture fixture(
      many_videos_sql(kVideos) +
      "INSERT INTO video_uploads (video_id, platform, upload_status, upload_timestamp)"
      " SELECT id, p.name, p.status, '2026-02-11T08:00:00.000000' FROM videos,"
      " (SELECT 'Instagram' AS name, 'SUCCESS' AS status UNION ALL SELECT 'TikTok',"
      " 'FAILED' UNION ALL SELECT 'YouTube', 'RATE_LIMITED') AS p"
      " WHERE videos.rowid % 3 = 0;");
  static const std::shared_ptr<const TableModel> table = fixture.table();
  return table;
}

/// A hundred thousand uploads, an hour apart.
WaitingUploads long_queue() {
  std::vector<QueuedUpload> items(100'000);
  std::vector<QueueTurn> turns(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].video_id = "clip_" + std::to_string(i);
    items[i].title = "Clip number " + std::to_string(i);
    items[i].platform = "YouTube";
    items[i].place = static_cast<std::int64_t>(i);
    turns[i] = {.why = QueueTurn::Why::pause, .at = TimePoint(std::chrono::hours(490'000 + i))};
  }
  Config config;
  config.destinations = Destinations::first_ones();
  return waiting_uploads(std::make_shared<const QueuedItems>(std::move(items), Destinations::first_ones()),
                         std::move(turns), {}, config);
}

void draw_frame(const AppState& state, UiState& ui, double now, std::vector<Action>& actions) {
  ImGui::NewFrame();
  draw_ui(state, ui, now, actions);
  ImGui::Render();
  accept_textures();
}

void frame_of_a_million_rows(benchmark::State& run) {
  AppInfo info;
  info.library_path = "/home/maria/Videos";
  info.practice_url = "http://127.0.0.1:8787";
  info.columns = destination_columns(Destinations::first_ones());
  AppState state{.info = std::shared_ptr<const AppInfo>(std::shared_ptr<void>(), &info),
                 .table = million_videos()};
  state.running = std::make_shared<RunningUploads>();
  state.waiting = std::make_shared<WaitingUploads>(run.range(1) ? long_queue() : WaitingUploads());
  start_headless_imgui(1920, 1080, 1.0f);
  UiState ui;
  ui.strip = UiState::Strip::open;
  if (run.range(0)) ui.selection.set(*state.table, state.table->rows, true);
  ui.fonts = build_fonts(*ImGui::GetIO().Fonts, {});
  std::vector<Action> actions;
  double now = 1.0;
  for (int i = 0; i < 10; ++i) draw_frame(state, ui, now += 1.0 / 60, actions);
  const std::uint64_t before = allocations();
  for ([[maybe_unused]] auto _ : run) draw_frame(state, ui, now += 1.0 / 60, actions);
  run.counters["allocations"] = static_cast<double>(allocations() - before) /
                                static_cast<double>(std::max<std::int64_t>(run.iterations(), 1));
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
    texture->SetStatus(ImTextureStatus_Destroyed);
  ImGui::DestroyContext();
}

BENCHMARK(frame_of_a_million_rows)
    ->Name("ui_frame/1000000_rows/1080p")
    ->Args({0, 0})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(frame_of_a_million_rows)
    ->Name("ui_frame_busy/1000000_rows/1080p")
    ->Args({1, 1})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace asfs::test
