// One frame of the window with a million videos, all of them selected, and an open queue of a hundred
// thousand, at 1080p: the content is laid out and turned into triangles; no GPU.
#include <benchmark/benchmark.h>
#include <imgui_internal.h>

#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/views/window_content.h"
#include "app/window/fonts.h"
#include "registry/base/text.h"
#include "tests/support/allocations.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"

namespace asfs::test {
namespace {

constexpr int kVideos = 1'000'000;
constexpr float kHeaderHeight = 40;

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

/// What stands in one row, ready to be drawn.
struct BareRow {
  std::string title, duration, path;
  std::array<std::pair<const char*, std::string_view>, 3> states;
  bool duplicates = false;
};

/// The rows that a frame shows.
std::vector<BareRow> bare_rows(const TableModel& table, std::size_t count) {
  std::vector<BareRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const VideoView video = table.snapshot->video(table.rows[i]);
    BareRow row{.title = std::string(video.title),
                .duration = duration_text(video.duration > 0 ? video.duration : -1.0),
                .path = std::string(video.file_path),
                .states = {},
                .duplicates = video.duplicate_allowed};
    for (std::size_t p = 0; p < row.states.size(); ++p) {
      const StatusLook& look = look_of(kind_of(video.uploads[p]));
      row.states[p] = {look.icon, look.word};
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Where a row's parts stand, without asking anybody, with the sizes and shapes that draw_row() gives them.
void draw_bare_row(ImDrawList& list, const BareRow& row, std::span<const DestinationColumn> columns,
                   float y) {
  constexpr ImU32 ink = colour::kText;
  const auto text = [&](float x, std::string_view words) {
    list.AddText({x, y + 13}, ink, words.data(), words.data() + words.size());
  };
  list.AddLine({0, y}, {1920, y}, colour::kLine);
  list.AddRect({17, y + 13}, {35, y + 31}, colour::kCheckFrame, 4);
  text(48, row.title);
  text(540, row.duration);
  float x = 600;
  for (const auto& [icon, word] : row.states) {
    text(x, icon);
    text(x + 16, word);
    x += 148;
  }
  list.AddRectFilled({1050, y + 12}, {1086, y + 32}, colour::kRaisedHover, 10);
  if (!row.duplicates) list.AddRect({1050, y + 12}, {1086, y + 32}, colour::kCheckFrame, 10);
  list.AddCircleFilled({1060, y + 22}, 6, colour::kTextDim);
  x = 1190;
  for (const DestinationColumn& column : columns) {
    list.AddRectFilled({x, y + 6}, {x + 116, y + 38}, colour::kRaised, size::kRounding);
    text(x + 12, column.icon);
    text(x + 36, column.destination.caption);
    x += 120;
  }
  text(1570, row.path);
}

/// An empty frame of ImGui's, and the visible rows straight into its draw list: nothing is laid out,
/// formatted, asked or measured.
void bare_frame(const std::vector<BareRow>& rows, std::span<const DestinationColumn> columns) {
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({1920, 1080});
  ImGui::Begin("Bare", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings);
  float y = 0;
  for (const BareRow& row : rows) draw_bare_row(*ImGui::GetWindowDrawList(), row, columns, y += size::kRow);
  ImGui::End();
  ImGui::Render();
  accept_textures();
}

/// The window on a million videos; as long as it lives it is ImGui's.
class Window {
 public:
  explicit Window(bool busy) {
    info_.library_path = "/home/maria/Videos";
    info_.practice_url = "http://127.0.0.1:8787";
    info_.columns = destination_columns(Destinations::first_ones());
    state_.info = std::shared_ptr<const AppInfo>(std::shared_ptr<void>(), &info_);
    state_.table = million_videos();
    state_.running = std::make_shared<RunningUploads>();
    state_.waiting = std::make_shared<WaitingUploads>(busy ? long_queue() : WaitingUploads());
    start_headless_imgui(1920, 1080, 1.0f);
    ui_.strip = UiState::Strip::open;
    if (busy) ui_.selection.set(*state_.table, state_.table->rows, true);
    ui_.fonts = build_fonts(*ImGui::GetIO().Fonts, {});
    for (int i = 0; i < 10; ++i) draw();
  }
  ~Window() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
      texture->SetStatus(ImTextureStatus_Destroyed);
    ImGui::DestroyContext();
  }

  void draw() {
    ImGui::NewFrame();
    draw_ui(state_, ui_, now_ += 1.0 / 60, actions_);
    ImGui::Render();
    accept_textures();
  }

  /// By a little in each frame, and back to the top at the end.
  void scroll() {
    ImGuiWindow& rows = *ImGui::GetCurrentContext()->Tables.GetByIndex(0)->InnerWindow;
    ImGui::SetScrollY(&rows, rows.Scroll.y < 100'000 ? rows.Scroll.y + 7 : 0);
  }
  void forget_rows() { ui_.kept.forget(); }

  std::span<const DestinationColumn> columns() const { return info_.columns; }
  std::vector<BareRow> visible_rows() const {
    const ImGuiTable& drawn = *ImGui::GetCurrentContext()->Tables.GetByIndex(0);
    const float height = drawn.InnerClipRect.GetHeight() - px(kHeaderHeight);
    return bare_rows(*state_.table, static_cast<std::size_t>(std::ceil(height / px(size::kRow))));
  }

 private:
  AppInfo info_;
  AppState state_;
  UiState ui_;
  std::vector<Action> actions_;
  double now_ = 1.0;
};

/// Draws it again and again; what a frame allocates and how many corners it has are counters.
template <class Draw>
void measure(benchmark::State& run, Draw draw) {
  const std::uint64_t before = allocations();
  for ([[maybe_unused]] auto _ : run) draw();
  run.counters["allocations"] = static_cast<double>(allocations() - before) /
                                static_cast<double>(std::max<std::int64_t>(run.iterations(), 1));
  run.counters["vertices"] = ImGui::GetDrawData()->TotalVtxCount;
}

void frame_of_a_million_rows(benchmark::State& run) {
  Window window(run.range(0) != 0);
  measure(run, [&] { window.draw(); });
}

void frame_while_scrolling(benchmark::State& run) {
  Window window(false);
  measure(run, [&] {
    window.scroll();
    window.draw();
  });
}

/// As when all of them have changed.
void frame_of_new_rows(benchmark::State& run) {
  Window window(false);
  measure(run, [&] {
    window.forget_rows();
    window.draw();
  });
}

void bare_frame_of_the_visible_rows(benchmark::State& run) {
  const Window window(false);
  const auto rows = window.visible_rows();
  for (int i = 0; i < 10; ++i) bare_frame(rows, window.columns());
  measure(run, [&] { bare_frame(rows, window.columns()); });
  run.counters["rows"] = static_cast<double>(rows.size());
}

BENCHMARK(bare_frame_of_the_visible_rows)
    ->Name("ui_bare/visible_rows/1080p")
    ->Unit(benchmark::kMicrosecond)
    ->Repetitions(7);
BENCHMARK(frame_of_a_million_rows)
    ->Name("ui_frame/1000000_rows/1080p")
    ->Args({0})
    ->Unit(benchmark::kMicrosecond)
    ->Repetitions(7);
BENCHMARK(frame_while_scrolling)
    ->Name("ui_frame_scrolled/1000000_rows/1080p")
    ->Unit(benchmark::kMicrosecond)
    ->Repetitions(7);
BENCHMARK(frame_of_new_rows)
    ->Name("ui_frame_anew/1000000_rows/1080p")
    ->Unit(benchmark::kMicrosecond)
    ->Repetitions(7);
BENCHMARK(frame_of_a_million_rows)
    ->Name("ui_frame_busy/1000000_rows/1080p")
    ->Args({1})
    ->Unit(benchmark::kMicrosecond)
    ->Repetitions(7);

}  // namespace
}  // namespace asfs::test
