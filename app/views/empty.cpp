#include "app/views/empty.h"

#include "app/ui/icons.h"
#include "app/ui/widgets.h"
#include "app/views/header.h"

namespace asfs {
namespace {

constexpr const char* kRegisterCommand = "asfs-videos register FILE…";

struct Place {
  float centre_x, top;
};

/// A block of `block` logical pixels, centred in what is left.
Place begin_block(const char* id, float height, float block) {
  ImGui::BeginChild(id, {0, height}, ImGuiChildFlags_NavFlattened,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float free = std::max(height - px(block), 0.0f);
  return {origin.x + ImGui::GetContentRegionAvail().x * 0.5f, origin.y + std::floor(free * 0.45f)};
}

void centred(Place& place, ImU32 text_colour, std::string_view text, float advance) {
  draw_text(place.centre_x - text_width(text) * 0.5f, place.top + px(12), text_colour, text);
  place.top += px(advance);
}

void heading(Frame& frame, Place& place, const char* big_icon, std::string_view text) {
  ImGui::PushFont(frame.ui.fonts.regular, 44.0f);
  draw_icon(place.centre_x, place.top + px(28), colour::kOutline, big_icon);
  ImGui::PopFont();
  place.top += px(64);
  ImGui::PushFont(frame.ui.fonts.semibold, size::kHeading);
  centred(place, colour::kText, text, 36);
  ImGui::PopFont();
}

/// A command in a box that is pressed to copy it.
void command(Place& place, const char* text) {
  const ImVec2 box(text_width(text) + px(24 + 40), px(36));
  const ImVec2 at(std::floor(place.centre_x - box.x * 0.5f), place.top);
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + box.x, at.y + box.y}, colour::kRaised,
                                            px(size::kRounding));
  draw_text(at.x + px(16), at.y + box.y * 0.5f, colour::kText, text);
  ImGui::SetCursorScreenPos({at.x + box.x - px(36), at.y + px(2)});
  if (icon_button({"Copy the command", icon::kCopy}, {px(32), px(32)}))
    ImGui::SetClipboardText("asfs-videos register ");
  tooltip("Copy the command");
  place.top += px(52);
}

}  // namespace

void draw_empty(Frame& frame, float height) {
  if (frame.state.table) {
    Place place = begin_block("No videos", height, 200);
    heading(frame, place, icon::kFilm, "No videos yet");
    centred(place, colour::kTextDim, "Drop video files here, or:", 36);
    command(place, kRegisterCommand);
  } else if (frame.state.library_error) {
    Place place = begin_block("No library", height, 160);
    heading(frame, place, icon::kWarning, "The library cannot be read");
    centred(place, colour::kTextDim, "What is wrong stands above. It is tried again every few seconds.", 28);
  } else {
    Place place = begin_block("Loading", height, 72);
    spinner({place.centre_x, place.top + px(16)}, px(12), colour::kAccent, frame.now);
    place.top += px(44);
    centred(place, colour::kTextDim, "Reading the library…", 28);
    frame.again_in(1.0 / 30);
  }
  ImGui::EndChild();
}

void draw_no_match(Frame& frame, float height) {
  const UiState& ui = frame.ui;
  const bool searching = !ui.query.search.empty();
  Place place = begin_block("No match", height, 180);
  heading(frame, place, icon::kSearch,
          searching ? "Nothing matches the search" : "No video is in this state");
  const Label<128> what("“{}”", line_label<96>(ui.query.search).view());
  if (searching) centred(place, colour::kTextDim, what, 32);
  const bool narrowed = ui.settings && frame.column_of(ui.settings->narrowed);
  if (narrowed && !searching)
    centred(place, colour::kTextDim, Label<96>("on {}", frame.caption_of(ui.settings->narrowed)), 32);
  place.top += px(8);
  const char* label = searching ? "Clear search" : "Show all videos";
  ImGui::SetCursorScreenPos({place.centre_x - button_width(label) * 0.5f, place.top});
  if (button(label)) clear_query(frame);
  ImGui::EndChild();
}

}  // namespace asfs
