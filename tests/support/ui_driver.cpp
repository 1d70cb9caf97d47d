#include "tests/support/ui_driver.h"

#include <imgui_internal.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "app/ui/theme.h"
#include "app/window/fonts.h"

namespace asfs::test {
namespace {

/// What a person would call a control: without icons, ids and dots.
std::string spoken(std::string_view label) {
  if (const auto id = label.find("###"); id != label.npos) return std::string(label.substr(id + 3));
  if (const auto hidden = label.find("##"); hidden != label.npos && hidden > 0)
    label = label.substr(0, hidden);
  while (!label.empty() && (label[0] == ' ' || label[0] == '#')) label.remove_prefix(1);
  return std::string(label);
}

std::string without_spaces(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '\n'; });
  return out;
}

}  // namespace

void start_headless_imgui(float width, float height, float scale) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.DisplaySize = {width, height};
  io.DeltaTime = 1.0f / 60;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  apply_theme(scale);
}

void accept_textures() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    if (texture->Status == ImTextureStatus_WantDestroy) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    } else if (texture->Status != ImTextureStatus_OK) {
      texture->SetTexID(1);
      texture->SetStatus(ImTextureStatus_OK);
    }
  }
}

UiDriver::UiDriver(float width, float height, float scale) {
  start_headless_imgui(width, height, scale);
  ui.fonts = build_fonts(*ImGui::GetIO().Fonts, {});
  ImGui::GetIO().UserData = this;
  ImGui::GetCurrentContext()->TestEngineHookItems = true;
  info.library_path = "/home/maria/Videos";
  info.columns = destination_columns(Destinations::first_ones());
  state.info = std::shared_ptr<const AppInfo>(std::shared_ptr<void>(), &info);
  state.running = std::make_shared<RunningUploads>();
  state.waiting = std::make_shared<WaitingUploads>();
  state.time = TimePoint(std::chrono::seconds(1'764'547'200));  // 2025-12-01, a Monday
}

UiDriver::~UiDriver() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
    texture->SetStatus(ImTextureStatus_Destroyed);
  ImGui::DestroyContext();
}

void UiDriver::frames(int count) {
  for (int i = 0; i < count; ++i) {
    items_of_frame.clear();
    ImGui::NewFrame();
    draw_ui(state, ui, now, actions);
    std::erase_if(actions, [&](const Action& action) {
      const auto* asked = std::get_if<PreviewPost>(&action);
      if (asked) state.post = std::make_shared<PostView>(PostView{asked->number, post, post_problem});
      return asked != nullptr;
    });
    ImGui::Render();
    accept_textures();
    now += 1.0 / 60;
  }
  read_glyphs();
}

void UiDriver::press(ImVec2 at, int mouse_button) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  frames(2);  // a control that overlaps another is hovered one frame later
  io.AddMouseButtonEvent(mouse_button, true);
  frames();
  io.AddMouseButtonEvent(mouse_button, false);
  frames(4);  // a popup measures itself before it is seen
}

void UiDriver::click(std::string_view label, int nth) {
  frames();
  press(centre_of(label, nth), 0);
}

void UiDriver::click_with(ImGuiKey modifier, ImVec2 at) {
  ImGui::GetIO().AddKeyEvent(modifier, true);
  press(at, 0);
  ImGui::GetIO().AddKeyEvent(modifier, false);
  frames();
}

void UiDriver::right_click(float x, float y) {
  press({x, y}, 1);
}

void UiDriver::hover(std::string_view label, int nth) {
  frames();
  const ImVec2 at = centre_of(label, nth);
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
  frames(60);  // tooltips wait a moment
}

void UiDriver::key(ImGuiKey key, ImGuiKey modifier) {
  ImGuiIO& io = ImGui::GetIO();
  if (modifier != ImGuiKey_None) io.AddKeyEvent(modifier, true);
  io.AddKeyEvent(key, true);
  frames();
  io.AddKeyEvent(key, false);
  if (modifier != ImGuiKey_None) io.AddKeyEvent(modifier, false);
  frames(3);
}

void UiDriver::type(std::string_view text) {
  ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str());
  frames(2);
}

const UiDriver::Item& UiDriver::find(std::string_view label, int nth) const {
  std::vector<const Item*> found;
  for (const Item& item : items_of_frame)
    if (item.label == label) found.push_back(&item);
  if (nth >= static_cast<int>(found.size())) {
    std::string there;
    for (const Item& item : items_of_frame) there += "\n  " + item.label;
    throw std::runtime_error("no control " + std::string(label) + " on screen, but:" + there);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Item* a, const Item* b) { return a->min.y < b->min.y; });
  return *found[static_cast<std::size_t>(nth)];
}

ImVec2 UiDriver::centre_of(std::string_view label, int nth) const {
  const Item& item = find(label, nth);
  return {(item.min.x + item.max.x) * 0.5f, (item.min.y + item.max.y) * 0.5f};
}

int UiDriver::count(std::string_view label) const {
  return static_cast<int>(std::count_if(items_of_frame.begin(), items_of_frame.end(),
                                        [&](const Item& item) { return item.label == label; }));
}

bool UiDriver::shows(std::string_view text) const {
  return drawn_.find(without_spaces(text)) != std::string::npos;
}

void UiDriver::read_glyphs() {
  std::map<std::pair<float, float>, unsigned> glyphs;  // by the corner in the texture
  ImFontAtlasBuilder& builder = *ImGui::GetIO().Fonts->Builder;
  for (int i = 0; i < builder.BakedPool.Size; ++i)
    for (const ImFontGlyph& glyph : builder.BakedPool[i].Glyphs)
      if (glyph.Visible) glyphs[{glyph.U0, glyph.V0}] = glyph.Codepoint;
  drawn_.clear();
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
    for (int i = 0; i + 3 < list->VtxBuffer.Size; ++i) {
      const ImDrawVert& corner = list->VtxBuffer[i];
      const auto glyph = glyphs.find({corner.uv.x, corner.uv.y});
      if (glyph == glyphs.end() || list->VtxBuffer[i + 1].uv.y != corner.uv.y) continue;
      char utf8[5];
      ImTextCharToUtf8(utf8, glyph->second);
      drawn_ += utf8;
      i += 3;
    }
}

}  // namespace asfs::test

using asfs::test::UiDriver;

void ImGuiTestEngineHook_ItemAdd(ImGuiContext*, ImGuiID, const ImRect&, const ImGuiLastItemData*) {}

void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label,
                                  ImGuiItemStatusFlags) {
  auto* driver = static_cast<UiDriver*>(context->IO.UserData);
  ImRect visible = context->LastItemData.Rect;
  visible.ClipWith(context->CurrentWindow->ClipRect);
  if (!driver || visible.GetWidth() < 1 || visible.GetHeight() < 1) return;
  driver->items_of_frame.push_back({id, asfs::test::spoken(label), visible.Min, visible.Max});
}

void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}
const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext*, ImGuiID) {
  return nullptr;
}
