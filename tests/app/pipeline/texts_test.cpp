// Stage 8: what the posts of clips say.
#include "app/pipeline/texts.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/talk.h"

using namespace asfs::pipeline;
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
