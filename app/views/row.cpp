#include "app/views/row.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>

#include "app/ui/icons.h"
#include "app/ui/status_look.h"
#include "app/ui/theme.h"
#include "app/ui/widgets.h"
#include "app/views/status_cell.h"
#include "registry/base/text.h"

namespace asfs {
namespace {

constexpr float kActionGap = 4, kActionWidth = 32, kNamedActionWidth = 116, kInitial = 13;

/// One row while it is drawn.
struct Row {
  Frame& frame;
  const VideoView& video;
  float top = 0.0f;
  bool selected = false;
  bool hovered = false;
  float centre() const { return top + px(size::kRow) * 0.5f; }
};

struct Cell {
  float left = 0.0f, right = 0.0f;
};

/// nullopt when the column is scrolled away.
std::optional<Cell> enter_cell(Row& row, int column) {
  if (!row.frame.ui.kept.enter(column)) return std::nullopt;
  const float left = ImGui::GetCursorScreenPos().x;
  return Cell{left, left + ImGui::GetContentRegionAvail().x};
}

/// The cell as something to hover; only for the row under the mouse.
void hover_item(const Row& row, const Cell& cell) {
  ImGui::ItemAdd(ImRect(cell.left, row.top, cell.right, row.top + px(size::kRow)), 0);
}

/// Of the row, or of all that is marked when the row is one of several.
void open_menu(Row& row) {
  UiState& ui = row.frame.ui;
  if (!row.selected) ui.selection.clear();
  ui.selection.set(row.video.id, true);
  row.selected = true;
  if (ui.selection.size() > 1) {
    ui.open_selection_menu = true;
    return;
  }
  ui.menu = VideoCopy(row.video);
  ui.open_menu = true;
}

/// Enter, where Space and the mouse only mark.
bool opened_by_key() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  return g.NavActivateId == g.LastItemData.ID && (g.NavActivateFlags & ImGuiActivateFlags_PreferInput);
}

void draw_row_frame(Row& row, int place) {
  ImGui::SetNextItemSelectionUserData(place);
  if (ImGui::Selectable("##Row", row.selected,
                        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowOverlap,
                        {0, px(size::kRow)}) &&
      opened_by_key())
    open_menu(row);
  if (row.hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) open_menu(row);
  if (row.hovered) ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg0, colour::kHover);
}

/// Something in it moves by itself, or is about to.
bool is_moving(const Frame& frame, std::string_view video_id) {
  if (frame.flipped(video_id)) return true;
  return std::ranges::any_of(*frame.state.running,
                             [&](const auto& upload) { return upload->video_id == video_id; });
}

/// Marks the row beside the others that are marked.
void draw_check(Row& row, const Cell& cell) {
  ImGui::SetCursorScreenPos({cell.left, row.centre() - px(10)});
  ImGui::BeginDisabled(row.video.id.empty());
  if (check_box("Select", row.selected ? Check::on : Check::off)) {
    row.frame.ui.selection.set(row.video.id, !row.selected);
    row.frame.ui.anchor = Selection::key_of(row.video.id);
  }
  ImGui::EndDisabled();
}

void draw_title(Row& row, const Cell& cell) {
  const bool untitled = row.video.title.empty();
  const Label<512> title = line_label(untitled ? row.video.id : row.video.title);
  const bool cut = draw_elided(cell.left + px(kCheckInset), cell.right, row.centre(),
                               untitled ? colour::kTextDim : colour::kText, title);
  if (!row.hovered || !cut) return;
  hover_item(row, cell);
  tooltip(row.video.title);
}

void draw_duration(Row& row, const Cell& cell) {
  const bool known = row.video.duration > 0.0;
  const std::string text = duration_text(known ? row.video.duration : -1.0);
  draw_number_right(cell.right - px(kNumberInset), row.centre(), known ? colour::kText : colour::kTextFaint,
                    text);
}

void draw_path(Row& row, const Cell& cell) {
  const std::string_view path = row.video.file_path;
  const bool cut = draw_elided_left(cell.left, cell.right, row.centre(), colour::kTextDim,
                                    line_label(path.substr(path.size() > 500 ? path.size() - 500 : 0)));
  if (!row.hovered || !cut) return;
  hover_item(row, cell);
  tooltip(path);
}

void draw_duplicates(Row& row, const Cell& cell) {
  const FlippedSwitch* flipped = row.frame.flipped(row.video.id);
  const bool on = flipped ? flipped->on : row.video.duplicate_allowed;
  if (flipped) {
    spinner({cell.left + px(52), row.centre()}, px(6), colour::kTextDim, row.frame.now);
    row.frame.again_in(kAnimation);
  }
  ImGui::SetCursorScreenPos({cell.left, row.centre() - px(10)});
  ImGui::BeginDisabled(row.video.id.empty());
  if (toggle("Allow duplicates", on)) row.frame.ask(SetDuplicateAllowed{std::string(row.video.id), !on});
  ImGui::EndDisabled();
  if (row.hovered && flipped)
    tooltip(kWaitsForLibrary);
  else if (row.hovered)
    tooltip(on ? "This video may be posted again where it is already."
               : "Posting this video twice is blocked.");
}

/// `running`: null while it waits.
void draw_cancel(Row& row, std::size_t destination, const RunningUpload* running, ImVec2 button_size) {
  const bool cancelling = running && running->cancelling.load(std::memory_order_relaxed);
  const Label<64> label("Cancel the upload to {}", row.frame.caption_at(destination));
  const IconButton what{label.c_str(), icon::kClear, button_size.x > px(kActionWidth) ? "Cancel" : nullptr,
                        colour::kText, !cancelling,  true};
  if (icon_button(what, button_size))
    row.frame.ask(CancelUpload{std::string(row.video.id), row.frame.name_at(destination)});
  const std::string_view hint = running ? cancel_hint(*running) : std::string_view();
  const std::string_view words = hint.empty() ? label.view() : hint;
  if (row.hovered) tooltip(cancelling ? std::string_view("Cancelling…") : words);
}

/// Tells the buttons of several accounts on a platform apart.
void draw_initial(const Frame& frame, std::size_t destination, ImVec2 max) {
  if (frame.columns()[destination].destination.account().empty()) return;
  const std::string_view name = frame.short_caption_at(destination);
  unsigned character = 0;
  const int bytes = ImTextCharFromUtf8(&character, name.data(), name.data() + name.size());
  Label<8> initial("{}", name.substr(0, static_cast<std::size_t>(std::max(bytes, 0))));
  if (character < 0x80)
    initial = Label<8>("{}", static_cast<char>(std::toupper(static_cast<int>(character))));
  ImGui::PushFont(frame.ui.fonts.semibold, kInitial);
  const ImVec2 at(max.x - px(2), max.y - px(8));
  ImGui::GetWindowDrawList()->AddRectFilled({at.x - text_width(initial) - px(4), max.y - px(15)},
                                            {max.x, max.y}, colour::kRaised, px(4));
  draw_text_right(at.x, at.y, colour::kText, initial);
  ImGui::PopFont();
}

void draw_upload_button(Row& row, std::size_t destination, ImVec2 button_size) {
  const RunningUpload* running = row.frame.running(row.video.id, destination);
  if (running || row.frame.waiting(row.video.id, destination))
    return draw_cancel(row, destination, running, button_size);
  const DestinationColumn& column = row.frame.columns()[destination];
  const bool named = button_size.x > px(kActionWidth);
  const IconButton what{column.upload_to.c_str(),
                        column.icon,
                        named ? row.frame.short_caption_at(destination) : nullptr,
                        rgb(column.colour),
                        !row.video.id.empty(),
                        true};
  if (icon_button(what, button_size))
    open_dialog(row.frame.ui, upload_question(row.frame, row.video, destination));
  if (!named) draw_initial(row.frame, destination, ImGui::GetItemRectMax());
  if (row.hovered) tooltip(column.upload_to);
}

void draw_actions(Row& row, const Cell& cell) {
  const bool named = cell.right - cell.left >= px(actions_width(row.frame, true));
  const ImVec2 button_size(px(named ? kNamedActionWidth : kActionWidth), px(size::kControl));
  float x = cell.left;
  for (std::size_t destination = 0; destination < row.frame.columns().size(); ++destination) {
    if (!row.frame.shown(destination)) continue;
    ImGui::SetCursorScreenPos({x, row.centre() - button_size.y * 0.5f});
    draw_upload_button(row, destination, button_size);
    x += button_size.x + px(kActionGap);
  }
}

/// In its first cell.
void draw_cells(Row& row, std::uint32_t index, int place) {
  Frame& frame = row.frame;
  const VideoView& video = row.video;
  // Not PushID(text): "###" in an id would make rows share their buttons' state.
  ImGui::PushID(static_cast<int>(video.id.empty() ? index : std::hash<std::string_view>{}(video.id)));
  const Cell title{ImGui::GetCursorScreenPos().x,
                   ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x};
  if (!row.hovered && !is_moving(frame, video.id)) frame.ui.kept.record(place, row.selected, row.top);
  draw_row_frame(row, place);
  draw_check(row, title);
  draw_title(row, title);
  if (const auto cell = enter_cell(row, kDuration)) draw_duration(row, *cell);
  for (std::size_t destination = 0; destination < video.uploads.size(); ++destination)
    if (const auto cell = enter_cell(row, kFirstDestination + static_cast<int>(destination))) {
      draw_status_cell(frame, video, destination, {cell->left, row.top},
                       {cell->right, row.top + px(size::kRow)});
      if (!row.hovered) continue;
      hover_item(row, *cell);
      draw_status_tooltip(frame, video, destination);
    }
  if (const auto cell = enter_cell(row, kDuplicates)) draw_duplicates(row, *cell);
  if (const auto cell = enter_cell(row, kActions)) draw_actions(row, *cell);
  if (const auto cell = enter_cell(row, kPath)) draw_path(row, *cell);
  frame.ui.kept.keep();
  ImGui::PopID();
}

/// `Posted 2026-02-11 08:00, post id 1784`
std::string posted_reason(const UploadView& upload) {
  std::string reason = "Posted " + short_time(upload.timestamp);
  if (is_post_id(upload.post_id)) reason += ", post id " + std::string(upload.post_id);
  return reason;
}

}  // namespace

float actions_width(const Frame& frame, bool named) {
  const auto count = static_cast<float>(frame.ui.shown.count());
  return count * ((named ? kNamedActionWidth : kActionWidth) + kActionGap) - kActionGap;
}

void draw_row(Frame& frame, const VideoView& video, std::uint32_t index, int place, float body_top) {
  ImGui::TableNextRow(0, px(size::kRow));
  ImGui::TableSetColumnIndex(kTitle);
  const float top = ImGui::GetCursorScreenPos().y, y = ImGui::GetMousePos().y;
  const bool hovered = y >= std::max(top, body_top) && y < top + px(size::kRow) && ImGui::IsWindowHovered();
  Row row{frame, video, top, frame.ui.selection.contains(video.id), hovered};
  if (hovered || !frame.ui.kept.put(place, row.selected, top)) draw_cells(row, index, place);
  if (row.selected) ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg1, with_alpha(colour::kAccent, 0.14f));
}

Dialog upload_question(const Frame& frame, const VideoView& video, std::size_t destination) {
  const UploadView& upload = video.uploads[destination];
  const StatusKind kind = kind_of(upload);
  const std::string id(video.id), name(frame.name_at(destination));
  const std::string title(video.title.empty() ? video.id : video.title);
  if (is_posted(kind) && !video.duplicate_allowed)
    return AlreadyPosted{id, name, title, posted_reason(upload)};
  if (kind == StatusKind::may_be_live) return Settle{id, name, title, std::string(upload.error)};
  return ConfirmUpload{VideoCopy(video), destination};
}

}  // namespace asfs
