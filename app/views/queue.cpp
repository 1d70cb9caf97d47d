#include "app/views/queue.h"

#include "app/model/when_label.h"
#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/time_dialog.h"
#include "registry/base/text.h"
#include "uploaders/transfer/bandwidth.h"

namespace asfs {
namespace {

constexpr float kLine = 36, kCaption = 32, kButton = 28;

/// `18:00, scheduled`
Label<200> when_and_why(const Frame& frame, std::uint32_t item) {
  const WaitingUploads& waiting = *frame.state.waiting;
  const QueueTurn& turn = waiting.turns[item];
  const std::string_view reason = waiting.reason(item);
  if (const DestinationWait* wait = waiting.wait_of(item)) return wait_label(*wait, frame.state.time);
  if (turn.at == TimePoint() || turn.open_ended()) return Label<200>("{}", reason);
  return Label<200>("{}, {}", when_label(turn.at, frame.state.time).view(), reason);
}

ImU32 colour_of(QueueTurn::Why why) {
  if (why == QueueTurn::Why::sign_in || why == QueueTurn::Why::platform) return colour::kWarning;
  return why == QueueTurn::Why::held ? colour::kWaiting : colour::kTextDim;
}

/// The buttons of a row, from the right.
class RowButtons {
 public:
  RowButtons(Frame& frame, const QueuedUpload& item, ImVec2 right_centre, bool bright)
      : frame_(frame), item_(item), at_(right_centre), bright_(bright) {}

  /// True when it was pressed.
  bool draw(const char* what, const char* icon, std::string_view hint, bool enabled = true) {
    at_.x -= px(kButton);
    ImGui::SetCursorScreenPos({at_.x, at_.y - px(kButton) * 0.5f});
    const Label<96> label("{}###{} {} of {}", what, what, item_.platform,
                          line_label<48>(item_.video_id).view());
    const bool pressed =
        icon_button({label.c_str(), icon, nullptr, bright_ ? colour::kText : colour::kTextFaint, enabled},
                    {px(kButton), px(kButton)});
    tooltip(hint);
    return pressed;
  }
  void move(UploadQueue::Move where) { frame_.ask(MoveUpload{item_.video_id, item_.platform, where}); }
  float left() const { return at_.x; }

 private:
  Frame& frame_;
  const QueuedUpload& item_;
  ImVec2 at_;
  const bool bright_;
};

float draw_buttons(Frame& frame, const QueuedUpload& item, ImVec2 right_centre, bool hovered) {
  using Move = UploadQueue::Move;
  RowButtons buttons(frame, item, right_centre, hovered);
  if (buttons.draw("Cancel", icon::kClear, "Cancel")) frame.ask(CancelUpload{item.video_id, item.platform});
  if (buttons.draw("Change the time", icon::kCalendar, "Change the time…"))
    open_dialog(frame.ui, change_time(frame, item));
  if (buttons.draw(item.held ? "Resume" : "Pause", item.held ? icon::kPlay : icon::kPause,
                   item.held ? "Let it go again" : "Pause"))
    frame.ask(HoldUpload{item.video_id, item.platform, !item.held});
  const bool in_line = !item.schedule;
  const auto hint = [&](std::string_view text) {
    return in_line ? text : std::string_view("It goes by its time, which can be forgotten");
  };
  if (buttons.draw("Move down", icon::kMoveDown, hint("Later"), in_line)) buttons.move(Move::down);
  if (buttons.draw("Move up", icon::kMoveUp, hint("Sooner"), in_line)) buttons.move(Move::up);
  if (buttons.draw("Send next", icon::kFirst, hint("Send next"), in_line)) buttons.move(Move::first);
  return buttons.left();
}

void draw_line(Frame& frame, std::uint32_t index) {
  const QueuedUpload& item = frame.state.waiting->queue->items[index];
  const std::size_t destination = frame.column_of(item.platform).value_or(0);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, y = origin.y + px(kLine) * 0.5f;
  const bool hovered = ImGui::IsWindowHovered() &&
                       ImGui::IsMouseHoveringRect(origin, {origin.x + width, origin.y + px(kLine)});
  if (hovered)
    ImGui::GetWindowDrawList()->AddRectFilled(origin, {origin.x + width, origin.y + px(kLine)},
                                              colour::kRaisedHover);
  const float right = draw_buttons(frame, item, {origin.x + width - px(size::kMargin), y}, hovered) - px(16);
  const float middle = origin.x + std::floor((right - origin.x) * 0.52f);
  draw_icon(origin.x + px(24), y, rgb(frame.columns()[destination].colour),
            frame.columns()[destination].icon);
  draw_elided(origin.x + px(48), middle - px(16), y, colour::kText,
              line_label(item.title.empty() ? item.video_id : item.title));
  draw_elided(middle, right, y, colour_of(frame.state.waiting->turns[index].why), when_and_why(frame, index));
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({width, px(kLine)});
}

void draw_caption(std::string_view text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(nullptr, size::kSmall);
  draw_text(at.x + px(48), at.y + px(kCaption) * 0.5f, colour::kTextFaint, text);
  ImGui::PopFont();
  ImGui::Dummy({0, px(kCaption)});
}

struct Speed {
  const char* label;
  std::uint64_t bytes_per_second;
};
constexpr std::array<Speed, 6> kSpeeds{{{"As fast as it goes", 0},
                                        {"500 kB/s", 500'000},
                                        {"1 MB/s", 1'000'000},
                                        {"2 MB/s", 2'000'000},
                                        {"5 MB/s", 5'000'000},
                                        {"10 MB/s", 10'000'000}}};

Label<32> speed_label(std::uint64_t limit) {
  if (limit == 0) return Label<32>("Speed: unlimited");
  if (limit % 1'000'000 == 0) return Label<32>("Speed: {} MB/s", limit / 1'000'000);
  return limit % 1000 == 0 && limit < 1'000'000 ? Label<32>("Speed: {} kB/s", limit / 1000)
                                                : Label<32>("Speed: {}/s", bytes_text(limit));
}

/// What a person typed; the popup stays open while it is no speed.
void draw_typed_speed(Frame& frame) {
  auto& text = frame.ui.speed;
  const bool wrong = text[0] != '\0' && !parse_speed(text.data());
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::kSurface);
  ImGui::PushStyleColor(ImGuiCol_Border, wrong ? colour::kDanger : colour::kOutline);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, px(1));
  ImGui::SetNextItemWidth(px(176));
  const bool entered = ImGui::InputTextWithHint("##Another speed", "Other: 1.5M, 800k", text.data(),
                                                text.size(), ImGuiInputTextFlags_EnterReturnsTrue);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  tooltip("Bytes a second, then Enter");
  const auto typed = parse_speed(text.data());
  if (!entered || !typed) return;
  frame.ask(SetSpeedLimit{*typed});
  text[0] = '\0';
  ImGui::CloseCurrentPopup();
}

}  // namespace

float queue_height_of(float rows) {
  return rows > 0 ? px(kCaption) + rows * px(kLine) : 0.0f;
}

float queue_height(const Frame& frame) {
  return queue_height_of(static_cast<float>(frame.state.waiting->size()));
}

void draw_queue(Frame& frame) {
  const WaitingUploads& waiting = *frame.state.waiting;
  if (waiting.empty()) return;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  draw_caption("Waiting");
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(waiting.size()), px(kLine));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const std::uint32_t index = waiting.order[static_cast<std::size_t>(i)];
      draw_line(frame, index);
    }
  ImGui::PopStyleVar();
}

float speed_width() {
  return px(16 + 8 + 12) + button_width("Speed: 500 kB/s");
}

void draw_speed(Frame& frame, ImVec2 at) {
  const Label<96> label("{}  {}  {}###Speed", icon::kSpeed, speed_label(frame.state.speed_limit).view(),
                        icon::kCaret);
  ImGui::SetCursorScreenPos(at);
  if (button(label.c_str(), ButtonKind::quiet, speed_width())) ImGui::OpenPopup("Speeds");
  tooltip("How fast this library's uploads may be sent, all together. It counts at once.");
  ImGui::SetNextWindowPos({at.x, at.y - px(4)}, ImGuiCond_Always, {0, 1});  // above the button
  begin_menu_style();
  if (ImGui::BeginPopup("Speeds")) {
    for (const Speed& speed : kSpeeds)
      if (ImGui::MenuItem(speed.label, nullptr, frame.state.speed_limit == speed.bytes_per_second))
        frame.ask(SetSpeedLimit{speed.bytes_per_second});
    draw_typed_speed(frame);
    ImGui::EndPopup();
  }
  end_menu_style();
}

}  // namespace asfs
