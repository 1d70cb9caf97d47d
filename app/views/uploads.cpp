#include "app/views/uploads.h"

#include <imgui_internal.h>

#include "app/model/when_label.h"
#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/queue.h"
#include "app/views/status_cell.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr float kHead = 48, kLine = 48, kFooter = 32;
constexpr std::size_t kShownByItself = 4;  ///< more uploads, none, or a low window, fold the strip
constexpr float kWaitingByItself = 3;      ///< waiting ones that are shown when nobody has opened it

bool is_open(const Frame& frame) {
  if (frame.ui.strip != UiState::Strip::automatic) return frame.ui.strip == UiState::Strip::open;
  const bool room = ImGui::GetMainViewport()->WorkSize.y >= px(560);
  const std::size_t running = frame.state.running->size();
  return room && running > 0 && running <= kShownByItself;
}

/// At most a third of the window; what does not fit is scrolled.
float body_height(const Frame& frame) {
  if (!is_open(frame)) return 0.0f;
  float waiting = queue_height(frame);
  if (frame.ui.strip == UiState::Strip::automatic)
    waiting = std::min(waiting, queue_height_of(kWaitingByItself));
  const float all = static_cast<float>(frame.state.running->size()) * px(kLine) + waiting + px(8);
  return std::min(all, std::floor(ImGui::GetMainViewport()->WorkSize.y / 3));
}

struct Totals {
  std::uint64_t sent = 0, total = 0, speed = 0;
};

Totals totals_of(const RunningUploads& uploads) {
  Totals totals;
  for (const auto& upload : uploads) {
    totals.sent += upload->progress.sent.load(std::memory_order_relaxed);
    totals.total += upload->progress.total.load(std::memory_order_relaxed);
    totals.speed += upload->progress.bytes_per_second.load(std::memory_order_relaxed);
  }
  return totals;
}

/// `12.4 / 83.0 MB`; the unit once when both have the same.
Label<48> bytes_label(std::uint64_t sent, std::uint64_t total) {
  if (total == 0) return {};
  const std::string done = bytes_text(sent), all = bytes_text(total);
  const auto unit = [](const std::string& text) { return text.substr(text.find(' ') + 1); };
  if (unit(done) == unit(all))
    return Label<48>("{} / {}", std::string_view(done).substr(0, done.find(' ')), all);
  return Label<48>("{} / {}", done, all);
}

Label<32> speed_label(std::uint64_t speed) {
  if (speed == 0) return {};
  return Label<32>("{}/s", bytes_text(speed));
}

/// Blank when it cannot be known.
Label<32> left_label(std::uint64_t sent, std::uint64_t total, std::uint64_t speed) {
  if (speed == 0 || total <= sent) return {};
  const std::uint64_t seconds = (total - sent + speed - 1) / speed;
  if (seconds > 100 * 3600) return {};
  return Label<32>("{} left", duration_text(static_cast<double>(seconds)));
}

constexpr const char* kCancelAll = "Cancel all";
constexpr const char* kPause = "Pause";
constexpr const char* kResume = "Resume";

/// Left of the column of cancel buttons.
float numbers_right(float strip_right) {
  return strip_right - px(size::kMargin + 40) - button_width(kCancelAll) - button_width(kResume) -
         speed_width();
}

/// Numbers of one upload (or all), laid out from the right; returns where they begin.
float draw_numbers(float right, float y, std::uint64_t sent, std::uint64_t total, std::uint64_t speed) {
  draw_number_right(right, y, colour::kTextDim, left_label(sent, total, speed));
  draw_number_right(right - px(96), y, colour::kTextDim, speed_label(speed));
  draw_number_right(right - px(192), y, colour::kText, bytes_label(sent, total));
  return right - px(192 + 136);
}

Label<96> head_label(const Frame& frame) {
  const WaitingUploads& waiting = *frame.state.waiting;
  const std::size_t running = frame.state.running->size();
  if (waiting.empty()) return Label<96>("{} uploading", running);
  const auto count = count_label(waiting.size());
  if (waiting.paused == waiting.size()) return Label<96>("{} uploading, {} paused", running, count.view());
  if (waiting.offline_since)
    return Label<96>("{} uploading, {} waiting, offline since {}", running, count.view(),
                     when_label(*waiting.offline_since, frame.state.time).view());
  if (!waiting.next) return Label<96>("{} uploading, {} waiting", running, count.view());
  return Label<96>("{} uploading, {} waiting, next at {}", running, count.view(),
                   when_label(*waiting.next, frame.state.time).view());
}

/// Left of "Cancel all"; there as long as something waits.
void draw_pause(Frame& frame, float strip_right, float top) {
  const WaitingUploads& waiting = *frame.state.waiting;
  if (waiting.empty()) return;
  const bool resume = waiting.held || waiting.paused == waiting.size();
  const char* label = resume ? kResume : kPause;
  const float right = strip_right - px(size::kMargin + 8) - button_width(kCancelAll);
  ImGui::SetCursorScreenPos({right - button_width(label), top});
  if (button(label)) frame.ask(PauseQueue{!resume});
  tooltip(resume ? "Goes on with what waits." : "What waits stays where it is; what runs goes on.");
}

void draw_head(Frame& frame, const Totals& totals) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float y = origin.y + px(kHead) * 0.5f, top = y - px(16);
  const bool open = is_open(frame);
  ImGui::SetCursorScreenPos({origin.x + px(8), top});
  if (icon_button({open ? "Fold the uploads" : "Show the uploads", open ? icon::kDown : icon::kUp},
                  {px(32), px(32)}))
    frame.ui.strip = open ? UiState::Strip::closed : UiState::Strip::open;
  tooltip(open ? "Fold" : "Show every upload");

  const Label<96> text = head_label(frame);
  ImGui::PushFont(frame.ui.fonts.semibold, 0.0f);
  draw_text(origin.x + px(48), y, colour::kText, text);
  const float text_end = origin.x + px(48) + text_width(text);
  ImGui::PopFont();

  ImGui::SetCursorScreenPos({origin.x + width - px(size::kMargin) - button_width(kCancelAll), top});
  if (button(kCancelAll)) frame.ask(CancelAll{});
  tooltip(
      "Stops every upload. What was sent is kept where the platform can go on from it; what is sent "
      "completely may still be posted, and is asked about later.");
  draw_pause(frame, origin.x + width, top);
  draw_speed(frame, {numbers_right(origin.x + width) + px(16), top});
  float right = numbers_right(origin.x + width);
  if (right - text_end < px(360)) return;
  right = draw_numbers(right, y, totals.sent, totals.total, totals.speed);
  const float bar = std::min(px(240), right - text_end - px(32));
  if (bar < px(64) || totals.total == 0) return;
  const float fraction =
      static_cast<float>(static_cast<double>(totals.sent) / static_cast<double>(totals.total));
  progress_bar({right - bar, y - px(3)}, {right, y + px(3)}, fraction, colour::kAccent, frame.now);
}

void draw_line(Frame& frame, const RunningUpload& upload) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float y = origin.y + px(kLine) * 0.5f;
  const UploadProgress& progress = upload.progress;
  const std::uint64_t sent = progress.sent.load(std::memory_order_relaxed);
  const std::uint64_t total = progress.total.load(std::memory_order_relaxed);
  const bool sending = progress.step.load(std::memory_order_relaxed) == UploadStep::sending;

  ImGui::SetCursorScreenPos({origin.x + width - px(size::kMargin + 32), y - px(16)});
  const Label<96> label("Cancel {} of {}", upload.platform, line_label<48>(upload.video_id).view());
  const IconButton cancel{label.c_str(), icon::kClear, nullptr, colour::kText, !upload.cancelling.load()};
  if (icon_button(cancel, {px(32), px(32)})) frame.ask(CancelUpload{upload.video_id, upload.platform});
  const std::string_view hint = cancel_hint(upload);
  tooltip(hint.empty() ? "Cancel" : hint);

  float right =
      origin.x + width - px(size::kMargin + 56);  // the title needs the room below the head's buttons
  const bool wide = width >= px(900);
  if (wide) right = draw_numbers(right, y, sent, total, sending ? progress.bytes_per_second.load() : 0);
  const float bar = wide ? px(240) : px(120);
  progress_bar({right - bar, y - px(2)}, {right, y + px(2)}, fraction_of(upload), colour::kAccent, frame.now);
  right -= bar + px(16) + px(112);
  draw_elided(right, right + px(112), y, colour::kTextDim, step_label(upload));
  draw_icon(origin.x + px(24), y, rgb(frame.columns()[upload.destination].colour),
            frame.columns()[upload.destination].icon);
  draw_elided(origin.x + px(48), right - px(16), y, colour::kText, line_label(upload.title));
}

/// What runs, and below it what waits.
void draw_body(Frame& frame, const RunningUploads& uploads) {
  ImGui::BeginChild("Queue", {0, body_height(frame)}, ImGuiChildFlags_NavFlattened);
  ImVec2 origin = ImGui::GetCursorScreenPos();
  for (const auto& upload : uploads) {
    ImGui::PushID(upload.get());
    ImGui::SetCursorScreenPos(origin);
    draw_line(frame, *upload);
    ImGui::PopID();
    origin.y += px(kLine);
  }
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({0, 0});
  draw_queue(frame);
  ImGui::EndChild();
}

}  // namespace

float uploads_height(const Frame& frame) {
  const RunningUploads* uploads = frame.state.running.get();
  if (uploads->empty() && frame.state.waiting->empty()) return 0.0f;
  return px(kHead) + body_height(frame);
}

void draw_uploads(Frame& frame) {
  const RunningUploads* uploads = frame.state.running.get();
  if (uploads->empty() && frame.state.waiting->empty()) {
    frame.ui.strip = UiState::Strip::automatic;
    return;
  }
  if (!uploads->empty()) frame.again_in(0.1);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kRaised);
  ImGui::BeginChild("Uploads", {0, uploads_height(frame)}, ImGuiChildFlags_NavFlattened,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddLine(origin, {origin.x + ImGui::GetContentRegionAvail().x, origin.y},
                                      colour::kOutline);
  draw_head(frame, totals_of(*uploads));
  if (is_open(frame)) {
    ImGui::SetCursorScreenPos({origin.x, origin.y + px(kHead)});
    draw_body(frame, *uploads);
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

float footer_height() {
  return px(kFooter);
}

void draw_footer(Frame& frame) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour::kSurface);
  ImGui::BeginChild("Footer", {0, footer_height()}, 0,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float right = origin.x + ImGui::GetContentRegionAvail().x - px(size::kMargin);
  const float y = origin.y + px(kFooter) * 0.5f;
  ImGui::GetWindowDrawList()->AddLine(origin, {right + px(size::kMargin), origin.y}, colour::kLine);
  ImGui::PushFont(nullptr, size::kSmall);
  if (const TableModel* table = frame.state.table.get(); table && table->snapshot) {
    const std::size_t all = table->snapshot->size(), shown = table->rows.size();
    const Label<96> text =
        shown == all ? Label<96>("{} video{}", count_label(all).view(), all == 1 ? "" : "s")
                     : Label<96>("{} of {} videos", count_label(shown).view(), count_label(all).view());
    draw_text(origin.x + px(size::kMargin), y, colour::kTextDim, text);
    const double age = frame.state.seconds_since_refresh;
    const Label<48> refreshed = age < 2     ? Label<48>("Refreshed just now")
                                : age < 120 ? Label<48>("Refreshed {:.0f} s ago", age)
                                            : Label<48>("Refreshed {:.0f} minutes ago", age / 60);
    draw_number_right(right, y, colour::kTextFaint, refreshed);
  }
  if (frame.state.busy) {
    const float middle = origin.x + ImGui::GetContentRegionAvail().x * 0.5f;
    spinner({middle - px(60), y}, px(6), colour::kAccent, frame.now);
    draw_text(middle - px(44), y, colour::kTextDim, "Registering files…");
    frame.again_in(1.0 / 30);
  }
  ImGui::PopFont();
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

}  // namespace asfs
