// A recipe played in a real browser, on small pages of a difficulty each.
#include "uploaders/web/recipe_run.h"

#include "registry/base/json.h"
#include "tests/uploaders/browser/real_browser.h"

using namespace asfs;
using namespace asfs::test;
using namespace asfs::web;

namespace {

struct TestHost final : RecipeHost {
  Result<void> before_bytes() override { return told.push_back("bytes"), Result<void>(); }
  Result<void> before_publish() override { return told.push_back("publish"), Result<void>(); }
  Result<void> noted(std::string_view name, const std::string& value) override {
    return told.push_back(std::string(name) + " " + value), Result<void>();
  }
  void progress(UploadStep, double part) override {
    if (part > 0) parts.push_back(part);
  }
  std::vector<std::string> told;
  std::vector<double> parts;
};

/// One state on a page, and what it is done with.
class Play {
 public:
  explicit Play(RealBrowser& browser) : browser_(browser) {}

  std::string targets = R"("button": {"css": "#button"})", tables;

  /// Shows the page and plays `states`, of which "first" comes first: the end's name, or what is said.
  std::string end(const std::string& html, const std::string& states) {
    const std::string text = R"({"recipe_version": 1, "platform": "YouTube", "login": "{site}/",
      "sites": {"site": "https://site.example"}, "flows": {"session": "first", "upload": "first"},
      "targets": {"row": {"css": ".row"}, )" +
                             targets + "}, \"states\": {" + states + R"(},
      "ends": {"good": {"is": "ready"}, "bad": {"says": "bad: {quote}", "quote": "row"}},
      "list": {"pages": "{site}/", "rows": "row", "id": {"css": "a"}})" +
                             (tables.empty() ? "" : ", ") + tables + "}";
    auto read = read_recipe(text, "test");
    REQUIRE_MESSAGE(read, read.error().message);
    const Recipe recipe = *std::move(read);
    const NetworkWitness witness(*browser_.tools, recipe.witnesses);
    browser_.show(html);
    RecipeRun run(recipe, *browser_.page, witness, values, host);
    const auto ending = run.play("session");
    if (!ending) return ending.error().message;
    published = ending->published;
    return ending->name.empty() ? ending->end.says : ending->name;
  }

  Values values;
  TestHost host;
  bool published = false;

 private:
  RealBrowser& browser_;
};

}  // namespace

TEST_CASE("a state does something, and goes on once a branch holds") {
  Play play(shared_browser());
  play.targets += R"(, "late": {"text": "here"})";
  CHECK(
      play.end(
          "<button id=button onclick=\"setTimeout(() => document.body.insertAdjacentHTML('beforeend', "
          "'<p>here'), 200)\">go</button>",
          R"("first": {"says": "clicks", "do": {"click": "button"}, "until": [{"when": {"see": "late"}, "then": "good"}]})") ==
      "good");
}

TEST_CASE("a state whose branches all fail says what it waited for") {
  Play play(shared_browser());
  const std::string said = play.end("<button id=button>go</button>",
                                    R"("first": {"says": "waits", "patience_s": 1,
                                        "until": [{"when": {"not_see": "button"}, "then": "good"}]})");
  CHECK(said.find("while the program waits (step \"first\"): nothing that is known came within 1 s") !=
        std::string::npos);
}

TEST_CASE("of several elements none is clicked, and the next locator is asked") {
  Play play(shared_browser());
  const char* page =
      "<button class=x>a</button><button class=x id=button onclick=\"this.textContent='ok'\">b</button>";
  const char* state =
      R"("first": {"says": "clicks", "patience_s": 1, "do": {"click": "it"}, "until": [{"when": {"see": "done"}, "then": "good"}]})";
  play.targets = R"("it": {"css": ".x"}, "done": {"text": "ok"})";
  CHECK(play.end(page, state).find("2 fit .x") != std::string::npos);
  play.targets = R"("it": [{"css": ".x"}, {"css": "#button"}], "done": {"text": "ok"})";
  CHECK(play.end(page, state) == "good");
  play.targets = R"("it": {"locators": {"css": ".x"}, "last": true}, "done": {"text": "ok"})";
  CHECK(play.end(page, state) == "good");
}

TEST_CASE("words are those of the page's language, and else of any") {
  Play play(shared_browser());
  play.tables = R"("words": {"next": {"en": ["Next"], "de": ["Weiter"]}})";
  play.targets = R"("next": {"role": "button", "name": "@next"}, "done": {"text": "ok"})";
  const char* state =
      R"("first": {"says": "clicks", "do": {"click": "next"}, "until": [{"when": {"see": "done"}, "then": "good"}]})";
  CHECK(
      play.end("<html lang=de><button onclick=\"this.textContent='ok'\">Weiter</button><button>Next</button>",
               state) == "good");
  CHECK(play.end("<html lang=fr><button onclick=\"this.textContent='ok'\">Next</button>", state) == "good");
}

TEST_CASE("what is known to come up is pressed away before a click") {
  Play play(shared_browser());
  play.targets += R"(, "cover": {"css": "#cover"}, "away": {"css": "#away"}, "done": {"text": "ok"})";
  play.tables = R"("interrupts": {"the cover": {"see": "cover", "press": "away"}})";
  CHECK(
      play.end(
          "<button id=button onclick=\"this.textContent='ok'\">go</button>"
          "<div id=cover style='position:fixed;inset:0;background:#fff'><button id=away "
          "onclick=\"document.querySelector('#cover').remove()\">got it</button></div>",
          R"("first": {"says": "clicks", "do": {"click": "button"}, "until": [{"when": {"see": "done"}, "then": "good"}]})") ==
      "good");
}

TEST_CASE("a dialog that is not known ends it, and nothing is clicked") {
  Play play(shared_browser());
  play.targets += R"(, "done": {"text": "ok"})";
  play.tables = R"("dialogs": ["[role=dialog]"], "own_dialogs": ["#ours"])";
  const char* state =
      R"("first": {"says": "clicks", "do": {"click": "button"}, "until": [{"when": {"see": "done"}, "then": "good"}]})";
  const std::string said = play.end(
      "<button id=button onclick=\"this.textContent='ok'\">go</button><div role=dialog>Sell your soul?</div>",
      state);
  CHECK(said.find("a dialog came up that is not known, and nothing was clicked: <div> \"Sell your soul?\"") !=
        std::string::npos);
  CHECK(shared_browser().count({.text = "ok"}) == 0);
  CHECK(play.end(
            "<div role=dialog id=ours><button id=button onclick=\"this.textContent='ok'\">go</button></div>",
            state) == "good");
}

TEST_CASE("what covers a target is named") {
  Play play(shared_browser());
  const std::string said =
      play.end("<button id=button>go</button><div style='position:fixed;inset:0'>veil</div>",
               R"("first": {"says": "clicks", "do": {"click": "button"}, "until": [{"then": "good"}]})");
  CHECK(said.find("is covered by <div> \"veil\"") != std::string::npos);
}

TEST_CASE("a field that the page overwrites late is filled in again") {
  Play play(shared_browser());
  play.targets += R"(, "title": {"css": "#title"})";
  play.values["title"] = "mine";
  CHECK(
      play.end(
          "<input id=title value=a><script>let n = 0; title.oninput = () => { if (!n++) setTimeout(() => "
          "title.value = "
          "'theirs', 300); };</script>",
          R"("first": {"says": "fills", "do": {"fill": "title", "with": "{title}"}, "until": [{"then": "good"}]})") ==
      "good");
  CHECK(shared_browser().value("title.value") == "mine");
}

TEST_CASE("a field that never keeps its text ends it") {
  Play play(shared_browser());
  play.targets += R"(, "title": {"css": "#title"})";
  play.values["title"] = "mine";
  const std::string said = play.end(
      "<input id=title><script>title.oninput = () => setTimeout(() => title.value = 'theirs', 300)</script>",
      R"("first": {"says": "fills", "do": {"fill": "title", "with": "{title}"}, "until": [{"then": "good"}]})");
  CHECK(said.find("title (#title) does not keep its text") != std::string::npos);
}

TEST_CASE("the host is told before the click of no return, and the request is heard") {
  Play play(shared_browser());
  shared_browser().serve_json("/publish", 200, R"({"post": {"ids": [77]}})");
  play.tables = R"("witnesses": {"publish": {"method": "POST", "path": "/publish"}})";
  CHECK(
      play.end(
          "<button id=button onclick=\"fetch('/publish', {method: 'POST'})\">go</button>",
          R"("first": {"says": "publishes", "do": {"publish": "button"}, "read": {"heard": "publish", "pointer": "/post/ids/0"},
                     "into": "post", "until": [{"when": {"heard": {"witness": "publish", "pointer": "/post/ids/0", "is": "7*"}}, "then": "good"}]})") ==
      "good");
  CHECK(play.published);
  CHECK(play.host.told == std::vector<std::string>{"publish", "post 77"});
}

TEST_CASE("an answer that says something else is another branch") {
  Play play(shared_browser());
  shared_browser().serve_json("/publish", 200, R"({"code": 3013046})");
  play.tables = R"("witnesses": {"publish": {"method": "POST", "path": "/publish"}})";
  CHECK(
      play.end(
          "<p class=row>No.</p><button id=button onclick=\"fetch('/publish', {method: 'POST'})\">go</button>",
          R"("first": {"says": "publishes", "do": {"publish": "button"}, "until": [
                     {"when": {"heard": {"witness": "publish", "pointer": "/code", "is": "0"}}, "then": "good"},
                     {"when": {"heard": {"witness": "publish", "pointer": "/code", "is_not": "0"}}, "then": "bad"}]})") ==
      "bad");
}

TEST_CASE(
    "something that comes over the button at the last moment is not clicked, and nothing was published") {
  Play play(shared_browser());
  const std::string said = play.end(
      "<button id=button onclick=\"document.title='clicked'\">go</button><div id=veil hidden "
      "style='position:fixed;inset:0'>veil</div><script>button.onmousemove = () => veil.hidden = "
      "false</script>",
      R"("first": {"says": "publishes", "do": {"publish": "button"}, "until": [{"then": "good"}]})");
  CHECK(said.find("is covered by <div> \"veil\"; nothing was published") != std::string::npos);
  CHECK_FALSE(play.published);
  CHECK(shared_browser().value("document.title") != "clicked");
}

TEST_CASE("a text that has changed since it was filled in is not published") {
  Play play(shared_browser());
  play.targets += R"(, "title": {"css": "#title"})";
  play.values["title"] = "mine";
  const std::string said = play.end(
      "<input id=title><button id=button>go</button>",
      R"("first": {"says": "fills", "do": [{"fill": "title", "with": "{title}"}, {"click": "button"}],
                                        "until": [{"when": {"not_see": "row"}, "then": "spoil"}]},
                                      "spoil": {"says": "waits", "do": [{"click": "title"}, {"type": "!"}, {"publish": "button"}],
                                        "until": [{"then": "good"}]})");
  CHECK(said.find("does not hold its text any more; nothing was published") != std::string::npos);
  CHECK(play.host.told.empty());
}

TEST_CASE("what ends a flow anywhere is seen while it waits, with what the page says") {
  Play play(shared_browser());
  play.tables = R"("always": [{"when": {"see": "row"}, "then": "bad"}])";
  CHECK(
      play.end(
          "<button id=button onclick=\"setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<p "
          "class=row>Too long</p>'), 200)\">go</button>",
          R"("first": {"says": "clicks", "do": {"click": "button"}, "until": [{"when": {"not_see": "button"}, "then": "good"}]})") ==
      "bad");
}

TEST_CASE("a state waits for an attribute that changes") {
  Play play(shared_browser());
  CHECK(play.end("<button id=button step=1 onclick=\"setTimeout(() => this.setAttribute('step', 2), "
                 "200)\">go</button>",
                 R"("first": {"says": "clicks", "do": {"click": "button"},
                     "until": [{"when": {"attribute": {"of": "button", "name": "step", "changed": true}}, "then": "good"}]})") ==
        "good");
}

TEST_CASE("progress is the percentage that the page tells") {
  Play play(shared_browser());
  play.targets += R"(, "progress": {"css": "#progress"})";
  play.tables = R"("words": {"over": {"en": ["complete"]}})";
  CHECK(play.end("<p id=progress>Uploading 17% ... 2 minutes left</p><script>setTimeout(() => "
                 "progress.textContent = 'Upload complete', 400)</script>",
                 R"("first": {"says": "waits", "progress": "progress",
                     "until": [{"when": {"reads": {"target": "progress", "words": "over"}}, "then": "good"}]})") ==
        "good");
  REQUIRE_FALSE(play.host.parts.empty());
  CHECK(play.host.parts.front() == doctest::Approx(0.17));
}

TEST_CASE("what moves is waited for as long as it moves, and what stands still is not") {
  Play play(shared_browser());
  play.targets += R"(, "progress": {"css": "#progress"}, "over": {"css": "#over"})";
  const auto plays = [&](int steps) {
    return play.end(fmt::format("<p id=progress>0%</p><script>let i = 0; setInterval(() => {{ if (++i < {}) "
                                "progress.textContent = i + '%'; else if (i == 8) progress.id = 'over' }}, "
                                "250)</script>",
                                steps),
                    R"("first": {"says": "waits", "progress": "progress", "patience_s": 1, "late": "bad",
                        "until": [{"when": {"see": "over"}, "then": "good"}]})");
  };
  CHECK(plays(8) == "good");  // two seconds
  CHECK(plays(2) == "bad");
}

TEST_CASE("an id is read out of an address and out of links, and two different ones are none") {
  CHECK(part_after("https://s/channel/UC12_-/videos", {"/channel/"}) == "UC12_-");
  CHECK(part_after("https://youtu.be/", {"youtu.be/"}) == "");
  Play play(shared_browser());
  play.targets += R"(, "link": {"css": "a"})";
  const char* state =
      R"("first": {"says": "reads", "read": {"target": "link", "attribute": "href", "after": ["/v/", "?v="]}, "into": "draft",
                          "until": [{"then": "good"}]})";
  CHECK(play.end("<a href=/v/abc>x</a><a href='/w?v=abc'>x</a>", state) == "good");
  CHECK(play.values["draft"] == "abc");
}

TEST_CASE("a file is given to the page after the host was told") {
  Play play(shared_browser());
  play.targets += R"(, "file": {"css": "#file", "hidden": true}, "done": {"text": "clip.mp4"})";
  play.values["file"] = shared_browser().file("clip.mp4", "bytes").string();
  CHECK(
      play.end(
          "<input id=file type=file hidden onchange=\"document.body.append(this.files[0].name)\">",
          R"("first": {"says": "attaches", "do": {"attach": "file"}, "until": [{"when": {"see": "done"}, "then": "good"}]})") ==
      "good");
  CHECK(play.host.told == std::vector<std::string>{"bytes"});
}
