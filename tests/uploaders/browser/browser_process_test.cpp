// The life of a real browser: how it starts, what it says when it cannot, and that nothing of it is left.
#include "uploaders/browser/browser_process.h"

#include <doctest/doctest.h>
#include <signal.h>

#include "registry/base/process.h"
#include "tests/uploaders/browser/real_browser.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

/// Processes that have the profile in their command line.
int processes_on(const std::filesystem::path& profile) {
  const auto found = run_process({"pgrep", "-c", "-f", "user-data-dir=" + profile.string()}, 5s);
  REQUIRE(found);
  return std::atoi(found->out.c_str());
}

std::string trouble_of(const BrowserCommand& command) {
  const auto started = DevTools::start(command, {});
  REQUIRE_FALSE(started);
  return started.error().message;
}

}  // namespace

TEST_CASE("a browser that is driven ends with all its processes when it is closed") {
  const TempFolder folder;
  auto tools = DevTools::start(chromium_on(folder / "profile"), {});
  REQUIRE_MESSAGE(tools, tools.error().message);
  CHECK(processes_on(folder / "profile") > 0);
  (*tools)->close();
  CHECK((*tools)->process().exit_code() == 0);
  CHECK(processes_on(folder / "profile") == 0);
}

TEST_CASE("a cookie that came a moment before the end is kept") {
  const TempFolder folder;
  const WebServer site([](httplib::Server& server) {
    server.Get("/", [](const httplib::Request& request, httplib::Response& answer) {
      answer.set_header("Set-Cookie", "session=kept; Max-Age=86400; Path=/");
      answer.set_content(request.get_header_value("Cookie"), "text/html");
    });
  });
  const auto seen = [&] {
    auto tools = DevTools::start(chromium_on(folder / "profile"), {}).value();
    auto page = Page::open(*tools).value();
    REQUIRE(page->go_to(site.url("/")));
    return page->evaluate("document.body.innerText").value().get<std::string>();
  };
  CHECK(seen() == "");
  CHECK(seen() == "session=kept");
}

TEST_CASE("a profile that another browser uses is said to be in use") {
  const TempFolder folder;
  const auto first = DevTools::start(chromium_on(folder / "profile"), {});
  REQUIRE(first);
  CHECK(trouble_of(chromium_on(folder / "profile")) ==
        "the profile " + (folder / "profile").string() +
            " is in use by another browser; close that, then try again");
}

TEST_CASE("a browser that was killed is noticed, and the next one starts on its profile") {
  const TempFolder folder;
  {
    auto tools = DevTools::start(chromium_on(folder / "profile"), {}).value();
    const auto killed =
        run_process({"pkill", "-KILL", "-f", "user-data-dir=" + (folder / "profile").string()}, 5s);
    REQUIRE(killed);
    const auto answer = tools->call("", "Browser.getVersion", Json::object());
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message == "Browser.getVersion: the browser has ended");
    CHECK(tools->gone());
  }
  CHECK(DevTools::start(chromium_on(folder / "profile"), {}));
}

TEST_CASE("a program that is no browser, or none at all, is told with its own words") {
  const TempFolder folder;
  CHECK(trouble_of({.program = {"/no/browser"}, .profile = folder / "profile"}) ==
        "the browser /no/browser was not found");
  CHECK(trouble_of({.program = {"/bin/sh", "-c", "echo no display here >&2; exit 3"},
                    .profile = folder / "p"}) == "the browser ended at once (exit code 3): no display here");
}

TEST_CASE("a profile folder that cannot be made is refused before a browser would take another") {
  const TempFolder folder;
  std::ofstream(folder / "file") << "no folder";
  CHECK(trouble_of(chromium_on(folder / "file" / "profile")).find("/file") != std::string::npos);
  CHECK(trouble_of(chromium_on("profile")) == "the profile folder profile is no absolute path");
}

TEST_CASE("a stop ends the waiting for an answer at once, and the browser with it") {
  const TempFolder folder;
  std::stop_source stop;
  {
    auto tools = DevTools::start(chromium_on(folder / "profile"), stop.get_token()).value();
    auto page = Page::open(*tools).value();
    stop.request_stop();
    const auto answer = page->evaluate("new Promise(() => {})");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::cancelled);
  }
  CHECK(processes_on(folder / "profile") == 0);
}
