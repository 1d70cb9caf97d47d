// What a recipe has to be, and what is said of one that is not.
#include "uploaders/web/recipe.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "registry/base/json.h"
#include "registry/base/json_place.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::web;

namespace {

/// The smallest there is; `more` stands at its end.
std::string small_recipe(const std::string& state, const std::string& more = "") {
  return R"({
  "recipe_version": 1, "platform": "YouTube", "login": "{site}/",
  "sites": {"site": "https://site.example"},
  "targets": {"file": {"css": "input"}, "row": {"css": ".row"}},
  "flows": {"session": "open", "upload": "open"},
  "states": {
    "open": )" +
         state + R"(
  },
  "ends": {"ready": {"is": "ready"}},
  "list": {"pages": "{site}/list", "rows": "row", "id": {"css": "a"}})" +
         more + "\n}";
}

std::string refusal(const std::string& text) {
  const auto recipe = read_recipe(text, "youtube.json");
  return recipe ? "" : recipe.error().message;
}

}  // namespace

TEST_CASE("a recipe is read") {
  const auto recipe = read_recipe(
      small_recipe(R"({"says": "opens", "do": [{"go": "{site}/"}, {"click": "file", "optional": true}],
                       "until": [{"when": {"see": "file"}, "then": "ready"}], "patience_s": 7})"),
      "youtube.json");
  REQUIRE_MESSAGE(recipe, recipe.error().message);
  const State& open = *recipe->state("open");
  CHECK(open.actions.size() == 2);
  CHECK(open.actions[1].kind == Action::Kind::click);
  CHECK(open.actions[1].optional);
  CHECK(open.patience == std::chrono::seconds(7));
  CHECK(recipe->end("ready")->kind == End::Kind::ready);
}

TEST_CASE("what is wrong with a recipe is said with its line and column") {
  const std::string good = R"({"says": "opens", "until": [{"then": "ready"}]})";
  CHECK(refusal(small_recipe(good)) == "");
  CHECK(refusal("{\"a\": }").starts_with("youtube.json:1:7: "));
  CHECK(refusal(small_recipe(R"({"says": "opens",
      "untill": []})")) ==
        "youtube.json:8:17: unknown key \"untill\"; known here: says, step, only_with, otherwise, do, "
        "read, into, until, progress, patience_s, late");
  CHECK(refusal(small_recipe(R"({"says": "opens", "until": [{"then": "nowhere"}]})"))
            .find("\"nowhere\" is no state and no end of this recipe") != std::string::npos);
  CHECK(
      refusal(small_recipe(R"({"says": "opens", "until": [{"when": {"see": "nothing"}, "then": "ready"}]})"))
          .find("there is no target \"nothing\" in this recipe") != std::string::npos);
  CHECK(refusal(small_recipe(R"({"says": "opens", "do": {"clik": "file"}, "until": [{"then": "ready"}]})"))
            .starts_with("youtube.json:7:46: unknown key \"clik\""));
  CHECK(refusal(small_recipe(
                    R"({"says": "opens", "do": {"click": "file", "go": "x"}, "until": [{"then": "ready"}]})"))
            .find("an action is one of go, click") != std::string::npos);
  CHECK(refusal(small_recipe(R"({"says": "opens", "patience_s": -1, "until": [{"then": "ready"}]})"))
            .find("a whole number from 0 to 86400 is expected here") != std::string::npos);
  CHECK(
      refusal(small_recipe(good, R"(, "always": [{"when": {"heard": {"witness": "ear"}}, "then": "ready"}])"))
          .find("there is no witness \"ear\"") != std::string::npos);
}

TEST_CASE("an address of a recipe is https, or http on this machine") {
  std::string text = small_recipe(R"({"says": "opens", "until": [{"then": "ready"}]})");
  text.replace(text.find("https://site.example"), 20, "http://site.example");
  CHECK(refusal(text) ==
        "youtube.json:3:21: an address with https, without a slash at its end, is expected here");
}

TEST_CASE("the program's own recipes are whole") {
  const TempFolder folder;
  for (const char* platform : {"Instagram", "TikTok", "YouTube"}) {
    const auto recipe = load_recipe(Library{folder.path()}, platform);
    REQUIRE_MESSAGE(recipe, recipe.error().message);
    CHECK(recipe->platform == platform);
    for (const char* flow : {"session", "upload", "check"})
      CHECK_MESSAGE(recipe->has_flow(flow), platform, " ", flow);
  }
}

TEST_CASE("a recipe in the library goes before the program's own") {
  const TempFolder folder;
  const Library library{folder.path()};
  std::filesystem::create_directories(library.config_folder() / "recipes");
  std::ofstream(library.config_folder() / "recipes/youtube.json")
      << small_recipe(R"({"says": "opens", "until": [{"then": "ready"}]})");
  const auto recipe = load_recipe(library, "YouTube");
  REQUIRE_MESSAGE(recipe, recipe.error().message);
  CHECK(recipe->sites.contains("site"));
  std::ofstream(library.config_folder() / "recipes/youtube.json") << "{";
  CHECK_FALSE(load_recipe(library, "YouTube"));
}

TEST_CASE("values go into templates") {
  CHECK(filled_in("{site}/a/{id}?b={none}", {{"site", "https://x"}, {"id", "7"}}) == "https://x/a/7?b=");
  CHECK(filled_in("no end {", {}) == "no end ");
}

TEST_CASE("the place of a value in a text is found") {
  const std::string text = "{ // a comment\n  \"a\": [1, {\"b\\\"\": \"}\", \"c\" : true}],\n \"d\": -1.5 }";
  const auto at = [&](const char* pointer) {
    const TextPlace place = place_in_json(text, pointer);
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  CHECK(at("") == "1:1");
  CHECK(at("/a") == "2:8");
  CHECK(at("/a/0") == "2:9");
  CHECK(at("/a/1/c") == "2:31");
  CHECK(at("/d") == "3:7");
  CHECK(at("/a/7") == "2:8");
}
