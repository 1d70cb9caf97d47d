// Stage 8: what the posts of clips say.
#include "app/pipeline/texts.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "registry/base/json.h"
#include "tests/support/talk.h"

using namespace asfs::pipeline;
using asfs::Json;
using asfs::test::Talk;

TEST_CASE("the title is a whole sentence that stands for itself, without fillers") {
  Talk talk;
  talk.say("And then it went wrong.")
      .say("Um most people actually water plants too often.")
      .say("That is all.");
  const Measure measure(talk.material);
  const auto texts = texts_of(measure, {0, talk.now()}, {}, "My talk", 2);
  CHECK(texts.title == "most people water plants too often.");
  CHECK(texts.caption == "And then it went wrong. most people water plants too often.");
}

TEST_CASE("without a whole sentence the title is the source's name and the number, never a fragment") {
  Talk talk;
  talk.say("this is a very long thought that goes on and on and never ends at all");
  CHECK(texts_of(Measure(talk.material), {0, talk.now()}, {}, "My talk", 2).title == "My talk 2");
  Talk silent;
  silent.music(20);
  CHECK(texts_of(Measure(silent.material), {0, 20}, {}, "My talk", 3).title == "My talk 3");
}

TEST_CASE("a sentence that is cut by an edge says nothing") {
  Talk talk;
  talk.say("The first sentence is about bread.").say("The second sentence is about butter.");
  const double inside = talk.sentence(0).start + 0.5;
  CHECK(texts_of(Measure(talk.material), {inside, talk.now()}, {}, "x", 1).title ==
        "The second sentence is about butter.");
}

TEST_CASE("hashtags are the library's, and what the clip says oftener than the rest") {
  Talk talk;
  talk.say("Sourdough bread needs patience and sourdough needs water.")
      .say("Feed the sourdough every morning.");
  const double end = talk.now();
  talk.say("Now something about gardens and water.").say("Gardens need water and water.");
  const auto texts =
      texts_of(Measure(talk.material), {0, end + 0.1}, {.hashtags = {"#kitchen"}, .keywords = 1}, "x", 1);
  REQUIRE(texts.hashtags.size() == 2);
  CHECK(texts.hashtags[0] == "#kitchen");
  CHECK(texts.hashtags[1] == "#sourdough");
}

TEST_CASE("templates name the source, the number and what is said") {
  Talk talk;
  talk.say("Bread needs four things only.");
  const TextSettings settings{
      .title = "{source} #{n}: {sentence}", .caption = "{hook} From {source}.", .hashtags = {}};
  const auto texts = texts_of(Measure(talk.material), {0, talk.now()}, settings, "Baking", 4);
  CHECK(texts.title == "Baking #4: Bread needs four things only.");
  CHECK(texts.caption == "Bread needs four things only. From Baking.");
}

TEST_CASE("a pool's row takes the place of what it says, and the library's own hashtags stay") {
  Talk talk;
  talk.say("Bread needs four things only.");
  const TextSettings settings{.hashtags = {"#kitchen"}};
  ClipTexts texts = texts_of(Measure(talk.material), {0, talk.now()}, settings, "x", 1);
  CHECK(texts.title_from == "what is said");
  take_row(texts, {.caption = "Bake it", .hashtags = {"#a", "#kitchen"}, .from = "w.csv, line 2"}, settings);
  CHECK(texts.title == "Bread needs four things only.");
  CHECK(texts.title_from == "what is said");
  CHECK(texts.caption == "Bake it");
  CHECK(texts.caption_from == "w.csv, line 2");
  CHECK(texts.hashtags == std::vector<std::string>{"#kitchen", "#a"});
}

TEST_CASE("a description is YouTube's, and without a caption everybody's") {
  ClipTexts texts;
  take_row(texts, {.title = "T", .caption = "C", .description = "D"}, {});
  const Json both = asfs::read_json(document_of(texts));
  CHECK(asfs::text_at(both, "caption") == "C");
  CHECK(asfs::text_at(asfs::child_at(both, "YouTube"), "caption") == "D");
  texts = {};
  take_row(texts, {.description = "D"}, {});
  CHECK(asfs::text_at(asfs::read_json(document_of(texts)), "caption") == "D");
  CHECK(document_of({}) == "{}\n");
}

TEST_CASE("what somebody wrote beside a clip's file holds, and says so") {
  ClipTexts texts{.title = "T", .caption = "C", .hashtags = {"#a"}};
  texts.title_from = texts.caption_from = texts.hashtags_from = "what is said";
  take_document(texts, R"({"title": "T", "description": "Mine", "hashtags": ["#b"]})", "clip.json");
  CHECK(texts.title_from == "what is said");
  CHECK(texts.caption == "Mine");
  CHECK(texts.caption_from == "clip.json");
  CHECK(texts.hashtags == std::vector<std::string>{"#b"});
  take_document(texts, "no JSON", "clip.json");
  take_document(texts, "[1]", "clip.json");
  CHECK(texts.caption == "Mine");
}
