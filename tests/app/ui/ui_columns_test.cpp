// Which destinations the window shows: hidden columns, filters of one destination, accounts that come and go
// while it is open.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include "tests/support/destinations.h"
#include "tests/support/table_fixture.h"
#include "tests/support/ui_driver.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// Accounts to which nobody is signed in, with an app of the person's for each.
std::shared_ptr<Accounts> with_apps(std::size_t count) {
  auto accounts = std::make_shared<Accounts>(count);
  for (AccountView& one : *accounts) one.has_app = true;
  return accounts;
}

/// A window on a library with a second YouTube account.
struct CookingWindow : UiDriver {
  Destinations destinations = Destinations::first_ones();
  TableFixture fixture{video_sql("clip_001", "One") + upload_sql("clip_001", "YouTube/cooking", "FAILED")};

  CookingWindow() {
    list(destinations.followed_by(with_cooking()));
    state.accounts = with_apps(4);
  }
  static Destinations with_cooking() {
    const Destinations first = Destinations::first_ones();
    std::vector<Destination> all(first.begin(), first.end());
    all.push_back({"YouTube/cooking", "YouTube", "Cooking"});
    return Destinations(std::move(all));
  }
  /// The engine publishes a picture and its columns together.
  void list(Destinations newest) {
    destinations = std::move(newest);
    info.columns = destination_columns(destinations);
    auto reader = SnapshotReader::open(fixture.library.library, destinations);
    REQUIRE(reader);
    const auto snapshot = reader->refresh();
    REQUIRE(snapshot);
    state.table = build_table(*snapshot, ui.query, nullptr, reader->last_delta());
  }
  void open_header_menu() {
    frames(2);
    const ImVec2 at = centre_of("Title");
    right_click(at.x, at.y);
  }
};

}  // namespace

TEST_CASE("a destination that a person has hidden has no column, and its buttons and filters go with it") {
  CookingWindow window;
  window.info.settings.hidden = {"TikTok"};
  window.frames(2);
  CHECK(window.shows("Cooking"));
  CHECK_FALSE(window.shows("TikTok"));
  CHECK(window.count("Upload to TikTok") == 0);
  CHECK(window.actions.empty());
  CHECK_FALSE(window.ui.query.where[place_of("TikTok")]);
}

TEST_CASE("columns are hidden by the menu of the header, several at a time, and remembered") {
  CookingWindow window;
  window.open_header_menu();
  window.click("Column of TikTok");
  CHECK(std::get<RememberSettings>(window.actions.at(0)).settings.hidden ==
        std::vector<std::string>{"TikTok"});
  CHECK_FALSE(std::get<SetQuery>(window.actions.at(1)).query.where[place_of("TikTok")]);
  window.actions.clear();
  window.click("Column of TikTok");
  CHECK(std::get<RememberSettings>(window.actions.at(0)).settings.hidden.empty());
  CHECK(std::get<SetQuery>(window.actions.at(1)).query == TableQuery{});
}

TEST_CASE("the last column that is shown cannot be hidden") {
  CookingWindow window;
  window.info.settings.hidden = {"TikTok", "Instagram", "YouTube"};
  window.open_header_menu();
  window.click("Column of Cooking");
  CHECK(window.actions.empty());
  CHECK(window.shows("Cooking"));
}

TEST_CASE("filters are narrowed to a destination, and back to all of them") {
  CookingWindow window;
  window.click("Where");
  window.click("Filter by Cooking");
  CHECK(std::get<RememberSettings>(window.actions.at(0)).settings.narrowed == "YouTube/cooking");
  CHECK(std::get<SetQuery>(window.actions.at(1)).query.where == DestinationChoice().set(3));
  window.actions.clear();
  window.click("Where");
  window.click("Filter by All destinations");
  CHECK(std::get<SetQuery>(window.actions.at(1)).query.where == kEveryDestination);
}

TEST_CASE("where nothing is in a state, the destination that was looked at is named") {
  CookingWindow window;
  window.info.settings.narrowed = "YouTube/cooking";
  window.frames(2);
  window.ui.query.filter = StatusFilter::uploading;
  window.list(window.destinations);
  window.frames(2);
  CHECK(window.shows("No video is in this state"));
  CHECK(window.shows("on Cooking"));
}

TEST_CASE("the remembered filter is in force from the first frame on") {
  CookingWindow window;
  window.info.settings.narrowed = "YouTube/cooking";
  window.frames(2);
  CHECK(window.ui.query.where == DestinationChoice().set(3));
  CHECK(window.actions.empty());  // the engine began with it
}

TEST_CASE("when the destination that the filters look at is removed, they look at all") {
  CookingWindow window;
  window.info.settings.narrowed = "YouTube/cooking";
  window.frames(2);
  window.list(window.destinations.followed_by(Destinations::first_ones()));
  window.frames(2);
  CHECK_FALSE(window.shows("Cooking"));
  CHECK(window.count("Upload to Cooking") == 0);
  CHECK_FALSE(window.only_action<SetQuery>().query.where[3]);
}

TEST_CASE("a destination that is added while the window is open has a column, and the others keep theirs") {
  CookingWindow window;
  window.destinations = Destinations::first_ones();
  window.list(window.destinations);
  window.frames(2);
  CHECK_FALSE(window.shows("Cooking"));
  window.click("Title");  // an order that a person chose
  window.actions.clear();
  const ImVec2 path = window.centre_of("File Path");
  window.list(window.destinations.followed_by(CookingWindow::with_cooking()));
  window.frames(3);
  CHECK(window.shows("Cooking"));
  CHECK(window.count("Upload to Cooking") == 1);
  CHECK(window.centre_of("File Path").x > path.x);
  CHECK(window.ui.query.sort == SortKey::title);
  CHECK(window.actions.empty());
}

TEST_CASE("what is open when a destination is added stays good") {
  CookingWindow window;
  window.destinations = Destinations::first_ones();
  window.list(window.destinations);
  SUBCASE("the menu of a row") {
    window.frames(2);
    const ImVec2 row = window.centre_of("Select");
    window.right_click(row.x + 40, row.y);
  }
  SUBCASE("the bulk dialog, with a plan for fewer") {
    window.click("Upload All Pending");
    PlanView plan{.number = 1, .destinations = std::vector<PlanView::PerDestination>(3)};
    window.state.plan = std::make_shared<const PlanView>(plan);
  }
  SUBCASE("the accounts, of which one is not known yet") {
    window.state.accounts = with_apps(3);
    window.click("Accounts");
  }
  window.frames(2);
  window.list(window.destinations.followed_by(CookingWindow::with_cooking()));
  window.frames(3);
  CHECK(window.shows("Cooking"));
}

TEST_CASE("what a person asks for goes to the destination by its name, whatever it is called") {
  CookingWindow window;
  window.click("Upload to Cooking");
  window.click("Upload to Cooking", 1);
  CHECK(window.only_action<StartUpload>().platform == "YouTube/cooking");
  window.click("Accounts");
  CHECK(window.shows("Cooking"));
  window.click("Sign in to YouTube/cooking");
  CHECK(window.only_action<SignInTo>().platform == "YouTube/cooking");
}

TEST_CASE("an account is added under a name, and then offered to sign in to") {
  CookingWindow window;
  window.click("Accounts");
  window.click("Add account…");
  window.click("TikTok", 1);  // below the column
  window.click("Name");
  window.type("garden");
  CHECK(window.shows("It will be called TikTok/garden"));
  window.click("Add");
  CHECK(window.only_action<AddAccount>().platform == "TikTok/garden");
  CHECK(std::get<AccountsList>(window.ui.dialog).offered == "TikTok/garden");
  std::vector<Destination> all(window.destinations.begin(), window.destinations.end());
  all.push_back({"TikTok/garden", "TikTok", "TikTok/garden"});
  window.state.accounts = with_apps(5);
  window.list(Destinations(all));
  window.frames(2);
  CHECK(window.shows("TikTok/garden is added"));
  window.click("Sign in to TikTok/garden");
  CHECK(window.only_action<SignInTo>().platform == "TikTok/garden");
}

TEST_CASE("a name that an account cannot have is told beside the field, and not added") {
  CookingWindow window;
  window.click("Accounts");
  window.click("Add account…");
  window.click("YouTube", 1);
  window.click("Name");
  SUBCASE("other letters") {
    window.type("Kochen & Backen");
    CHECK(window.shows("Only small letters a to z"));
  }
  SUBCASE("taken") {
    window.type("cooking");
    CHECK(window.shows("There is an account of that name on YouTube already"));
  }
  SUBCASE("written over") {
    window.type("fine");
    window.key(ImGuiKey_A, ImGuiMod_Ctrl);
    CHECK(window.ui.selection.empty());
    window.type("Not");
    CHECK_FALSE(window.shows("fineNot"));
  }
  SUBCASE("none") {}
  window.click("Add");
  window.key(ImGuiKey_Enter);
  CHECK(window.actions.empty());
}

TEST_CASE("an account is removed when that is confirmed, a platform's first one never") {
  CookingWindow window;
  window.click("Accounts");
  CHECK(window.count("Remove YouTube") == 0);
  window.click("Remove YouTube/cooking");
  CHECK(window.shows("Posts that were made there stay online"));
  window.click("Keep it");
  CHECK(window.actions.empty());
  window.click("Remove YouTube/cooking");
  window.click("Remove");
  CHECK(window.only_action<RemoveAccount>().platform == "YouTube/cooking");
}

TEST_CASE("without an app a sign-in begins with which way posts go, and proposes the browser that is there") {
  CookingWindow window;
  auto accounts = std::make_shared<Accounts>(4);
  for (AccountView& one : *accounts) one.browser = "Chromium";
  window.state.accounts = accounts;
  window.click("Accounts");
  window.click("Sign in to YouTube/cooking");
  CHECK(window.actions.empty());
  CHECK(window.shows("It wants an app of yours"));
  CHECK(window.shows("terms may forbid that"));
  window.click("Use the browser");
  const auto way = window.only_action<SetRoute>();
  CHECK(way.platform == "YouTube/cooking");
  CHECK(way.route == Route::browser);
  CHECK(window.shows("Posts to Cooking go another way from now on"));
}

TEST_CASE("without an app and without a browser nothing is proposed, and the way to an app is told") {
  CookingWindow window;
  window.state.accounts = std::make_shared<Accounts>(4);
  window.click("Accounts");
  window.click("Sign in to TikTok");
  CHECK(window.shows("docs/accounts.md shows how to get one"));
  CHECK(window.shows("none is installed here"));
  window.click("Through your browser");
  window.click("Use the API");
  CHECK(window.actions.empty());
}

TEST_CASE("the way of an account's posts is changed under Accounts, and a sign-in goes that way") {
  CookingWindow window;
  std::vector<Destination> all(window.destinations.begin(), window.destinations.end());
  all[place_of("TikTok")].route = Route::browser;
  auto accounts = with_apps(4);
  for (AccountView& one : *accounts) one.browser = "Brave";
  window.state.accounts = accounts;
  window.list(Destinations(all));
  window.click("Accounts");
  window.click("Sign in to TikTok");
  CHECK(window.only_action<SignInTo>().platform == "TikTok");
  window.click("Way of TikTok");
  window.click("By TikTok's API");
  CHECK_FALSE(window.shows("terms may forbid that"));
  window.click("Use the API");
  CHECK(window.only_action<SetRoute>().route == Route::api);
}
