// Signing in from the window: which of several accounts is meant, and what becomes of it when the window
// closes.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "registry/base/files.h"
#include "tests/support/engine_house.h"
#include "tests/support/raw_http.h"
#include "tests/support/ui_driver.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/transfer/http.h"
#include "uploaders/transfer/http_url.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// In place of the person's browser: notes the address.
class NotedBrowser {
 public:
  NotedBrowser() {
    write_file(folder_.path() / "xdg-open",
               "#!/bin/sh\nprintf %s \"$1\" > \"$0.tmp\"; mv \"$0.tmp\" \"$0.address\"\n");
    ::chmod((folder_.path() / "xdg-open").c_str(), 0700);
    ::setenv("PATH", (folder_.path().native() + ":" + path_).c_str(), 1);
    ::setenv("DISPLAY", ":0", 1);
  }
  ~NotedBrowser() {
    ::setenv("PATH", path_.c_str(), 1);
    ::unsetenv("DISPLAY");
  }
  /// Empty until it was opened.
  std::string address() const { return read_file(folder_.path() / "xdg-open.address").value_or(""); }

 private:
  TempFolder folder_;
  std::string path_ = std::getenv("PATH");
};

/// A person, to whom the browser is opened and who closes it at once; driven, it is the real one.
class PersonsBrowser {
 public:
  PersonsBrowser() {
    const char* other = std::getenv("ASFS_TEST_BROWSER");
    const auto program = folder_.path() / "browser";
    write_file(program,
               fmt::format("#!/bin/sh\ncase \"$*\" in *--remote-debugging-pipe*) exec {} \"$@\";; esac\n"
                           "echo \"$@\" > \"$0.tmp\"; mv \"$0.tmp\" \"$0.arguments\"\n",
                           other ? other : "/usr/bin/chromium"));
    ::chmod(program.c_str(), 0700);
    ::setenv("BRAVE_PATH", program.c_str(), 1);
    ::setenv("DISPLAY", ":0", 1);
  }
  ~PersonsBrowser() {
    ::unsetenv("BRAVE_PATH");
    ::unsetenv("DISPLAY");
  }
  /// Of the last time it was opened to the person.
  std::string arguments() const { return read_file(folder_.path() / "browser.arguments").value_or(""); }

 private:
  TempFolder folder_;
};

constexpr std::size_t kInstagram = 0;

/// What the person does in the browser.
void allow(const EngineHouse& house, const std::string& address, const std::string& platform) {
  const auto allowed =
      request(house.practice.port(), "POST",
              "/practice/consent" + address.substr(address.find('?')) + "&platform=" + platform);
  const auto redirect = url_origin(allowed.header("location"));
  REQUIRE(redirect);
  request(redirect->port, "GET", redirect->rest);
}

// Waits for a person's choice.
void sign_in_that_sees_two(EngineHouse& house, const NotedBrowser& browser) {
  house.practise();
  house.start();
  house.ask(SignInTo{"Instagram"});
  REQUIRE(house.until([&](const AppState&) { return !browser.address().empty(); }));
  house.practice.fault({{"platform", "Instagram"}, {"kind", "several_accounts"}});
  allow(house, browser.address(), "Instagram");
  REQUIRE(house.until([](const AppState& state) {
    return state.accounts && (*state.accounts)[kInstagram].choices.size() == 2;
  }));
}

}  // namespace

TEST_CASE("waiting for a sign-in ends when the window closes") {
  const NotedBrowser browser;
  EngineHouse house;
  house.practise();
  house.start();
  house.ask(SignInTo{"YouTube"});
  REQUIRE(house.until([&](const AppState& state) {
    return state.accounts && (*state.accounts)[2].signing_in && !browser.address().empty();
  }));
  const auto begun = std::chrono::steady_clock::now();
  house.stop();
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
}

TEST_CASE("of several accounts that a sign-in sees the person's choice is signed in") {
  const NotedBrowser browser;
  EngineHouse house;
  sign_in_that_sees_two(house, browser);
  house.ask(AnswerWhichAccount{"Instagram", {0}});
  REQUIRE(house.until_notice("Signed in to Instagram"));
  CHECK((*TokenStore(house.library()).load("Instagram"))->id == "17841400000000002");
  CHECK(house.until([](const AppState& state) { return (*state.accounts)[kInstagram].choices.empty(); }));
}

TEST_CASE("of several accounts that a sign-in posts to each that is chosen gets a place of its own") {
  const NotedBrowser browser;
  EngineHouse house;
  sign_in_that_sees_two(house, browser);
  house.ask(AnswerWhichAccount{"Instagram", {1, 0}});
  REQUIRE(house.until_notice("Signed in to Instagram"));
  CHECK((*TokenStore(house.library()).load("Instagram"))->id != "17841400000000002");
  const Destinations all = *load_destinations(house.library());
  REQUIRE(all.size() == 4);
  CHECK((*TokenStore(house.library()).load(all[3].name))->id == "17841400000000002");
  CHECK(house.until([](const AppState& state) { return state.accounts->size() == 4; }));
}

TEST_CASE("what a person did not allow is told at once") {
  const NotedBrowser browser;
  EngineHouse house;
  house.practise();
  house.start();
  house.ask(SignInTo{"YouTube"});
  REQUIRE(house.until([&](const AppState&) { return !browser.address().empty(); }));
  house.practice.fault({{"kind", "fewer_scopes"}});
  allow(house, browser.address(), "YouTube");
  CHECK(house.until_notice("Not everything was allowed on YouTube"));
}

TEST_CASE("an account that is added in the window has a column at once, and takes uploads") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  REQUIRE(house.until([](const AppState& state) { return state.table != nullptr; }));
  house.ask(AddAccount{"YouTube/cooking"});
  REQUIRE(house.until([](const AppState& state) { return state.info->columns.size() == 4; }));
  const AppState state = house.state();
  CHECK(state.info->columns[3].destination.name == "YouTube/cooking");
  CHECK(state.table->snapshot->video(0).uploads.size() == 4);
  CHECK(house.until([](const AppState& now) { return now.accounts && now.accounts->size() == 4; }));
  house.ask(PreviewPost{"clip", "YouTube/cooking", 1});
  REQUIRE(house.until([](const AppState& now) { return now.post != nullptr; }));
  CHECK(house.state().post->problem.empty());
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube/cooking"});
  CHECK(house.until([](const AppState& now) {
    return now.table->snapshot->video(0).uploads[3].status == UploadStatus::success;
  }));
  CHECK(house.posts() == 1);
}

TEST_CASE("an account that another program adds comes into the window while it is open") {
  EngineHouse house;
  house.add_video("clip");
  house.start();
  REQUIRE(house.until([](const AppState& state) { return state.table != nullptr; }));
  REQUIRE(add_destination(house.library(), {"TikTok/garden", "TikTok", "Garden"}));
  house.ask(RefreshNow{});
  REQUIRE(house.until([](const AppState& state) { return state.info->columns.size() == 4; }));
  CHECK(house.state().info->columns[3].destination.caption == "Garden");
  house.ask(UploadMany{{.destinations = DestinationChoice().set(3)}});
  CHECK(house.until_notice("Bulk upload: 1 uploaded"));
}

TEST_CASE("an account that cannot be added is told, with the reason") {
  EngineHouse house;
  house.start();
  house.ask(AddAccount{"YouTube/Not A Name"});
  CHECK(house.until_notice("YouTube/Not A Name was not added"));
}

TEST_CASE("a removed account is signed out of and keeps only its place; added again it is there as before") {
  EngineHouse house;
  house.add_video("clip");
  REQUIRE(add_destination(house.library(), {"YouTube/cooking", "YouTube", {}}));
  REQUIRE(TokenStore(house.library()).save("YouTube/cooking", {.tokens = {.access_token = "secret"}}));
  house.start();
  const auto removed = [](const AppState& state) {
    return state.table && state.info->columns.size() == 4 && state.info->columns[3].destination.removed;
  };
  house.ask(RemoveAccount{"YouTube/cooking"});
  REQUIRE(house.until(removed));
  CHECK(house.state().table->pending[3] == 0);
  CHECK(house.until_notice("Signed out of YouTube/cooking"));
  CHECK_FALSE(load_destinations(house.library())->index_of("YouTube/cooking"));
  house.ask(AddAccount{"YouTube/cooking"});
  CHECK(house.until([&](const AppState& state) { return !removed(state); }));
  CHECK(house.state().info->columns.size() == 4);
}

TEST_CASE("an account to which uploads wait is not removed") {
  EngineHouse house;
  house.add_video("clip");
  REQUIRE(add_destination(house.library(), {"YouTube/cooking", "YouTube", {}}));
  house.start();
  REQUIRE(house.until([](const AppState& state) { return state.table != nullptr; }));
  house.ask(PauseQueue{true});
  house.ask(ScheduleUpload{"clip", "YouTube/cooking",
                           Schedule{.at = system_clock().now() + std::chrono::hours(1)}});
  house.ask(RemoveAccount{"YouTube/cooking"});
  CHECK(house.until_notice("YouTube/cooking was not removed"));
  CHECK(load_destinations(house.library())->index_of("YouTube/cooking"));
}

TEST_CASE("the accounts dialog asks which account is meant") {
  UiDriver window;
  auto accounts = std::make_shared<Accounts>(3);
  (*accounts)[kInstagram].signing_in = true;
  (*accounts)[kInstagram].choices = {"@one (Kitchen)", "@two (Garden)"};
  window.state.accounts = accounts;
  window.click("Accounts");
  CHECK(window.shows("@one (Kitchen)"));
  window.click("Account 1 of Instagram");
  CHECK(window.only_action<AnswerWhichAccount>().choices == std::vector<std::size_t>{1});
  window.click("No account of Instagram");
  CHECK(window.only_action<AnswerWhichAccount>().choices.empty());
}

TEST_CASE("where a sign-in posts to several accounts they are ticked, and the order counts") {
  UiDriver window;
  auto accounts = std::make_shared<Accounts>(3);
  (*accounts)[kInstagram].signing_in = true;
  (*accounts)[kInstagram].choices = {"@one (Kitchen)", "@two (Garden)", "@three (Shed)"};
  (*accounts)[kInstagram].several = true;
  window.state.accounts = accounts;
  window.click("Accounts");
  window.click("Account 2 of Instagram");
  window.click("Account 1 of Instagram");
  window.click("Account 0 of Instagram");
  window.click("Account 1 of Instagram");
  window.click("Use accounts of Instagram");
  CHECK(window.only_action<AnswerWhichAccount>().choices == std::vector<std::size_t>{2, 0});
}

TEST_CASE("what needs a person opens the browser by itself, and the upload goes on when that is closed") {
  const PersonsBrowser browser;
  EngineHouse house;
  house.practise();
  house.add_video("clip");
  REQUIRE(set_route(house.library(), "YouTube", Route::browser));
  house.start();
  REQUIRE(house.until([](const AppState& state) { return state.table && !state.table->rows.empty(); }));
  house.practice.fault({{"kind", "web_verify"}});
  house.ask(StartUpload{.video_id = "clip", .platform = "YouTube"});
  CHECK(house.until_notice("YouTube waits for you to sign in"));
  CHECK(house.until_notice("Signed in to YouTube"));
  CHECK(browser.arguments().find(house.practice.server().url() + "/studios/youtube/") != std::string::npos);
  CHECK(house.until_status(0, UploadStatus::success));
  CHECK(house.posts() == 1);
}
