// Drives the window's content without a display: an ImGui context with no backend, fed with mouse and key
// events a frame at a time. Controls are found by their label through ImGui's test hooks, text by the glyphs
// that were drawn.
#pragma once

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "app/views/window_content.h"

namespace asfs::test {

class UiDriver {
 public:
  explicit UiDriver(float width = 1280, float height = 720, float scale = 1.0f);
  UiDriver(const UiDriver&) = delete;
  UiDriver& operator=(const UiDriver&) = delete;
  ~UiDriver();

  AppInfo info;
  AppState state;
  UiState ui;
  std::vector<Action> actions;  ///< without PreviewPost, which is answered at once:
  PostPreview post{"What it says", "public"};
  std::string post_problem;
  double now = 100.0;

  void frames(int count = 1);
  /// The `nth` control of that name from the top. Throws when there is none. A control in icons is named by
  /// its id.
  void click(std::string_view label, int nth = 0);
  /// With a key held down.
  void click_with(ImGuiKey modifier, ImVec2 at);
  void click_at(ImVec2 at) { press(at, 0); }
  void right_click(float x, float y);
  void hover(std::string_view label, int nth = 0);
  void key(ImGuiKey key, ImGuiKey modifier = ImGuiKey_None);
  void type(std::string_view text);

  int count(std::string_view label) const;  ///< controls of that name on screen
  ImVec2 centre_of(std::string_view label, int nth = 0) const;

  /// Was this text drawn in the last frame? Spaces do not count.
  bool shows(std::string_view text) const;
  /// Everything drawn in the last frame, without spaces.
  const std::string& drawn() const { return drawn_; }

  /// The only action asked for since the last call; throws when there is another number or kind.
  template <class A>
  A only_action() {
    if (actions.size() != 1)
      throw std::runtime_error("asked for " + std::to_string(actions.size()) + " actions");
    A action = std::get<A>(actions.front());
    actions.clear();
    return action;
  }

  struct Item {
    ImGuiID id = 0;
    std::string label;
    ImVec2 min, max;
  };
  std::vector<Item> items_of_frame;  ///< filled by the hooks

 private:
  const Item& find(std::string_view label, int nth) const;
  void press(ImVec2 at, int mouse_button);
  void read_glyphs();

  std::string drawn_;
};

/// The context, fonts and theme that a driver or a bench draws with.
void start_headless_imgui(float width, float height, float scale);
/// What a renderer would do: says that textures are up to date.
void accept_textures();

}  // namespace asfs::test
