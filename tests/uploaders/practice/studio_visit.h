// A practice studio in a real Chromium, used step by step as a person would.
#pragma once

#include <string>

#include "registry/files/checksum.h"
#include "tests/support/practice.h"
#include "tests/uploaders/browser/real_browser.h"

namespace asfs::test {

class StudioVisit {
 public:
  explicit StudioVisit(std::string platform, RealBrowser& browser = shared_browser())
      : browser_(browser),
        platform_(std::move(platform)),
        folder_(platform_ == "YouTube"  ? "youtube"
                : platform_ == "TikTok" ? "tiktok"
                                        : "instagram") {}

  ~StudioVisit() {
    page().set_dialog_answer(
        [](std::string_view, std::string_view) { return true; });  // leave, whatever it asks
    static_cast<void>(page().go_to("about:blank"));
    page().set_dialog_answer({});
    browser_.tools->post(page().session(), "Network.clearBrowserCookies", Json::object());
  }
  StudioVisit(const StudioVisit&) = delete;

  Page& page() { return *browser_.page; }
  RealBrowser& browser() { return browser_; }
  Practice& practice() { return practice_; }

  void fault(const std::string& kind, Json more = Json::object()) {
    more["platform"] = platform_;
    more["kind"] = kind;
    REQUIRE(practice_.fault(more).status == 200);
  }
  bool fired() const { return practice_.faults().back()["fired"] > 0; }
  std::string address(const std::string& path) const {
    return practice_.server().url() + "/studios/" + folder_ + "/" + path;
  }
  void go(const std::string& path) {
    const auto gone = page().go_to(address(path));
    REQUIRE_MESSAGE(gone, fault_of(gone));
  }
  /// What follows this in the page's address, up to the next slash.
  std::string in_address(const std::string& mark) {
    const std::string all = page().address();
    const auto at = all.find(mark);
    if (at == all.npos) return {};
    const auto begin = at + mark.size();
    return all.substr(begin, all.find_first_of("/?", begin) - begin);
  }
  void click(const Locator& locator) {
    const auto clicked = page().click(browser_.one(locator));
    REQUIRE_MESSAGE(clicked, fault_of(clicked));
  }
  void fill(const Locator& locator, const std::string& text) {
    const auto filled = page().fill(browser_.one(locator), text);
    REQUIRE_MESSAGE(filled, fault_of(filled));
  }
  bool comes(const Locator& locator) {
    return page().wait([&] { return !page().find(locator).value_or(std::vector<Element>()).empty(); },
                       std::chrono::seconds(20));
  }
  bool goes(const Locator& locator) {
    return page().wait([&] { return page().find(locator).value_or(std::vector<Element>()).empty(); },
                       std::chrono::seconds(20));
  }
  bool comes_to(const std::string& part_of_address) {
    return page().wait([&] { return page().address().find(part_of_address) != std::string::npos; },
                       std::chrono::seconds(20));
  }
  bool reads(const Locator& locator, const std::string& text) {
    return page().wait(
        [&] {
          const auto found = page().find(locator);
          return found && found->size() == 1 &&
                 page().text_in(found->front()).value_or("").find(text) != std::string::npos;
        },
        std::chrono::seconds(20));
  }
  std::filesystem::path video(std::size_t size = 600'000) {
    return browser_.file("my clip.mp4", test_bytes(size));
  }
  void attach(const Locator& locator, const std::filesystem::path& file) {
    const auto given = page().attach(browser_.one(locator), file);
    REQUIRE_MESSAGE(given, fault_of(given));
  }
  /// The one post there is, once there is one.
  Json post() {
    Json posts;
    page().wait([&] { return !(posts = practice_.posts()).empty(); }, std::chrono::seconds(20));
    REQUIRE(posts.size() == 1);
    return posts[0];
  }

 private:
  RealBrowser& browser_;
  const std::string platform_, folder_;
  Practice practice_;
};

/// What captions have to come through: empty lines, ZWJ emoji, tags, letters from right to left.
inline const std::string kCaption =
    "First line 👩‍👩‍👧\n\nThird, ä ö ü #tag @name\nשלום עולם";

}  // namespace asfs::test
