// What the window remembers: HOME/config/window.json. Any thread; a file that cannot be read is as none.
#pragma once

#include <string>
#include <vector>

#include "registry/base/result.h"
#include "registry/store/library.h"

namespace asfs {

struct WindowSettings {
  std::vector<std::string> hidden;  ///< destinations whose columns are not shown
  std::string narrowed;             ///< the destination that the filters look at; "": all that are shown

  bool operator==(const WindowSettings&) const = default;
};

WindowSettings load_window_settings(const Library& library);
/// On disk when it returns.
Result<void> save_window_settings(const Library& library, const WindowSettings& settings);

}  // namespace asfs
