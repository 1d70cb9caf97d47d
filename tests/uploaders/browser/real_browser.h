// A real Chromium, headless, on a profile of its own, and a site of a few lines for it.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "registry/base/json.h"
#include "tests/support/temp_folder.h"
#include "tests/uploaders/transfer/web_server.h"
#include "uploaders/browser/page.h"

namespace asfs::test {

inline BrowserCommand chromium_on(const std::filesystem::path& profile) {
  const char* other = std::getenv("ASFS_TEST_BROWSER");
  return {.program = {other ? other : "/usr/bin/chromium"},
          .profile = profile,
          .more = {"--disable-dev-shm-usage"}};  // which is small in containers
}

inline std::string fault_of(const Result<void>& result) {
  return result ? "" : result.error().message;
}

/// A site whose pages are given as HTML, and a browser on it.
class RealBrowser {
 public:
  RealBrowser() {
    auto started = DevTools::start(chromium_on(folder / "profile"), {});
    REQUIRE_MESSAGE(started, started.error().message);
    tools = *std::move(started);
    auto opened = Page::open(*tools);
    REQUIRE_MESSAGE(opened, opened.error().message);
    page = *std::move(opened);
  }

  void serve(const std::string& path, const std::string& html) {
    answer_with(path, {200, "text/html", "<!doctype html><meta charset=utf-8>" + html});
  }
  void serve_json(const std::string& path, int status, const std::string& json) {
    answer_with(path, {status, "application/json", json});
  }
  /// Opens a page of just that.
  void show(const std::string& html) {
    const std::string path = "/" + std::to_string(++pages_);
    serve(path, html);
    const auto gone = page->go_to(site.url(path));
    REQUIRE_MESSAGE(gone, gone.error().message);
  }
  Element one(const Locator& locator) {
    std::vector<Element> found;
    page->wait([&] { return !(found = page->find(locator).value_or(std::vector<Element>())).empty(); },
               std::chrono::seconds(20));
    REQUIRE_MESSAGE(found.size() == 1, locator_text(locator), ": ", found.size());
    return found.front();
  }
  std::size_t count(const Locator& locator) {
    const auto found = page->find(locator);
    REQUIRE_MESSAGE(found, found.error().message);
    return found->size();
  }
  std::string value(const std::string& expression) {
    const auto answer = page->evaluate(expression);
    REQUIRE_MESSAGE(answer, answer.error().message);
    return answer->is_string() ? answer->get<std::string>() : dumped(*answer);
  }
  std::filesystem::path file(const std::string& name, const std::string& content) {
    std::ofstream(folder / name, std::ios::binary) << content;
    return folder / name;
  }

 private:
  struct Answer {
    int status = 200;
    const char* type = "";
    std::string body;
  };
  void answer_requests(httplib::Server& server) {
    const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
      const std::scoped_lock lock(mutex_);
      const auto place = answers_.find(request.path);
      response.status = place == answers_.end() ? 404 : place->second.status;
      if (place != answers_.end()) response.set_content(place->second.body, place->second.type);
    };
    server.Get("/.*", answer);
    server.Post("/.*", answer);
  }
  void answer_with(const std::string& path, Answer answer) {
    const std::scoped_lock lock(mutex_);
    answers_[path] = std::move(answer);
  }

  std::mutex mutex_;
  std::map<std::string, Answer> answers_;  ///< by path
  int pages_ = 0;

 public:
  TempFolder folder;
  WebServer site{[this](httplib::Server& server) { answer_requests(server); }};
  std::unique_ptr<DevTools> tools;
  std::unique_ptr<Page> page;
};

/// One for all tests that leave it as it was: a start takes a second.
inline RealBrowser& shared_browser() {
  static RealBrowser browser;
  return browser;
}

}  // namespace asfs::test
