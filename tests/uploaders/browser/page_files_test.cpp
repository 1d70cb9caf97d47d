// Files are given by their path; the browser reads them itself.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/uploaders/browser/real_browser.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr auto kForm = R"(<input id=i type=file hidden>
  <script>i.onchange = e => { document.body.dataset.taken =
    [e.target.files[0].name, e.target.files[0].size, e.isTrusted].join(' '); e.target.value = ''; }</script>)";
constexpr auto kChooser = R"(<button id=b>Select files</button><script>b.onclick = () => {
  const input = document.createElement('input');
  input.type = 'file';
  input.onchange = () => document.body.dataset.taken = input.files[0].name + ' ' + input.files[0].size;
  input.click();
}</script>)";

/// Of our own memory, in bytes.
std::size_t resident() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages >> pages;
  return pages * 4096;
}

}  // namespace

TEST_CASE("a file is given to a hidden input, also where the page empties that at once") {
  RealBrowser& browser = shared_browser();
  browser.show(kForm);
  const auto taken =
      browser.page->attach(browser.one({.css = "#i", .visible = false}), browser.file("clip ü.mp4", "12345"));
  CHECK_MESSAGE(taken, fault_of(taken));
  CHECK(browser.value("document.body.dataset.taken") == "clip ü.mp4 5 true");
}

TEST_CASE("a file is given to an input that is made by the click and stands in no document") {
  RealBrowser& browser = shared_browser();
  browser.show(kChooser);
  const auto taken =
      browser.page->attach_by_click(browser.one({.css = "#b"}), browser.file("clip.mp4", "12345"));
  CHECK_MESSAGE(taken, fault_of(taken));
  CHECK(browser.value("document.body.dataset.taken") == "clip.mp4 5");
}

TEST_CASE("a button that opens no file chooser is told") {
  RealBrowser& browser = shared_browser();
  browser.show("<button id=b>Nothing</button>");
  CHECK(fault_of(browser.page->attach_by_click(browser.one({.css = "#b"}), browser.file("clip.mp4", "1"),
                                               std::chrono::seconds(1))) ==
        "<button> \"Nothing\" opens no file chooser");
}

TEST_CASE("a file that is missing, empty, a folder or named by half a path never reaches the browser") {
  RealBrowser& browser = shared_browser();
  browser.show(kForm);
  const Element input = browser.one({.css = "#i", .visible = false});
  for (const std::filesystem::path& bad : {browser.folder / "gone.mp4", browser.file("empty.mp4", ""),
                                           browser.folder.path(), std::filesystem::path("clip.mp4")})
    CHECK(fault_of(browser.page->attach(input, bad)) == bad.string() + " is no file that can be sent");
  CHECK(browser.value("document.body.dataset.taken ?? 'none'") == "none");
}

TEST_CASE("three gigabytes are given without growing our memory") {
  RealBrowser& browser = shared_browser();
  browser.show(kForm);
  const auto large = browser.file("large.mp4", "1");
  constexpr std::uintmax_t kSize = 3'000'000'000;
  std::filesystem::resize_file(large, kSize);
  const Element input = browser.one({.css = "#i", .visible = false});
  const std::size_t before = resident();
  const auto taken = browser.page->attach(input, large);
  CHECK_MESSAGE(taken, fault_of(taken));
  CHECK(browser.value("document.body.dataset.taken") == "large.mp4 3000000000 true");
  CHECK(resident() < before + (16 << 20));
}
