#include "app/model/window_settings.h"

#include <doctest/doctest.h>

#include "tests/support/engine_house.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE(
    "which columns are hidden, and where the filters look, is remembered for the next time the window is "
    "opened") {
  EngineHouse house;
  house.start();
  house.ask(RememberSettings{{.hidden = {"TikTok"}, .narrowed = "YouTube"}});
  REQUIRE(
      house.until([&](const AppState&) { return !load_window_settings(house.library()).hidden.empty(); }));
  CHECK(load_window_settings(house.library()) == WindowSettings{{"TikTok"}, "YouTube"});
  write_file(house.library().config_folder() / "window.json", "{nonsense");
  CHECK(load_window_settings(house.library()).hidden.empty());
}
