// Text arrives exactly, whatever it is typed into.
#include <doctest/doctest.h>

#include "tests/uploaders/browser/real_browser.h"

using namespace asfs;
using namespace asfs::test;

namespace {

const std::string kCaption =
    "Erste Zeile – äöü\n\nFamilie \U0001F468\u200D\U0001F469\u200D\U0001F467 #shorts @maria\nשלום עולם\nend";

std::string long_caption() {
  std::string text;
  while (text.size() < 2200) text += "word " + std::to_string(text.size()) + (text.size() % 3 ? " " : "\n");
  return text.substr(0, 2199) + ".";
}

void check_kept(const std::string& editor) {
  RealBrowser& browser = shared_browser();
  browser.show(editor);
  for (const std::string& text : {kCaption, std::string("clip_001"), long_caption()}) {
    const Element element = browser.one({.css = "#e"});
    const auto filled = browser.page->fill(element, text);
    CHECK_MESSAGE(filled, filled.error().message);
    CHECK(browser.page->text_in(element).value() == text);
  }
}

}  // namespace

TEST_CASE("a caption arrives exactly in a text area") {
  check_kept("<textarea id=e rows=5>what was there</textarea>");
}

TEST_CASE("a caption arrives exactly in an editable element, where an empty line would be doubled") {
  check_kept("<div id=e contenteditable style='white-space:pre-wrap'>what was there</div>");
}

TEST_CASE("a caption arrives exactly in a plain-text editable element, where line breaks would be lost") {
  check_kept("<div id=e contenteditable=plaintext-only style='white-space:pre-wrap'>what was there</div>");
}

TEST_CASE("a title arrives in a line") {
  RealBrowser& browser = shared_browser();
  browser.show("<input id=e value='from the file name'>");
  const Element element = browser.one({.css = "#e"});
  REQUIRE(browser.page->fill(element, "A title"));
  CHECK(browser.page->text_in(element).value() == "A title");
}

TEST_CASE("a field that does not keep its text is told, with what it holds") {
  RealBrowser& browser = shared_browser();
  browser.show("<input id=e aria-label=Title maxlength=5>");
  const auto filled = browser.page->fill(browser.one({.css = "#e"}), "A longer title");
  REQUIRE_FALSE(filled);
  CHECK(filled.error().message == "<input> \"Title\" does not keep its text: it holds \"A lon\"");
}

TEST_CASE("a key is pressed as by a person") {
  RealBrowser& browser = shared_browser();
  browser.show("<input id=e onkeydown=\"document.body.dataset.key = event.key + event.isTrusted\">");
  REQUIRE(browser.page->click(browser.one({.css = "#e"})));
  REQUIRE(browser.page->press("Escape"));
  CHECK(browser.value("document.body.dataset.key") == "Escapetrue");
}

TEST_CASE("what a person reads in a button is its words") {
  RealBrowser& browser = shared_browser();
  browser.show("<button id=e value=v>Only me</button>");
  CHECK(browser.page->text_in(browser.one({.css = "#e"})).value() == "Only me");
}
