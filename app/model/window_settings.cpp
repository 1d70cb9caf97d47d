#include "app/model/window_settings.h"

#include "registry/base/files.h"
#include "registry/base/json.h"

namespace asfs {

WindowSettings load_window_settings(const Library& library) {
  WindowSettings settings;
  const auto text = read_file(library.config_folder() / "window.json");
  if (!text) return settings;
  const Json document = read_json(*text);
  for (const Json& name : child_at(document, "hidden"))
    if (name.is_string()) settings.hidden.push_back(name);
  settings.narrowed = text_at(document, "narrowed");
  return settings;
}

Result<void> save_window_settings(const Library& library, const WindowSettings& settings) {
  if (auto made = make_private_folder(library.config_folder()); !made) return made;
  return write_file_atomically(
      library.config_folder() / "window.json",
      dumped(Json::object({{"hidden", settings.hidden}, {"narrowed", settings.narrowed}}), 2) + "\n");
}

}  // namespace asfs
