// Stage 4: which stretches of a source could be clips.
#include "app/pipeline/candidates.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/talk.h"

using namespace asfs::pipeline;
using asfs::test::long_talk;
using asfs::test::Talk;

TEST_CASE("a candidate begins before the first word of a sentence and ends after the last word of one") {
  const Talk talk = long_talk(2);
  const Measure measure(talk.material);
  const auto found = find_candidates(measure, {15, 60});
  REQUIRE(found.size() > 100);
  for (const Span& span : found) {
    CHECK(span.length() >= 15);
    CHECK(span.length() <= 60);
    const auto [first, end] = measure.words_in(span);
    REQUIRE(first < end);
    CHECK(measure.begins_sentence(first));
    CHECK(measure.ends_sentence(end - 1));
    CHECK(talk.material.transcript.words[first].start >= span.start);
    CHECK(talk.material.transcript.words[end - 1].end <= span.end);
  }
}

TEST_CASE("the lead before a word takes a third of a second at most, and half of the pause at most") {
  Talk talk;
  talk.say("One two three.", 2.0).say("Four five six.", 0.2);
  const Measure measure(talk.material);
  CHECK(around_words(measure, {1.0, 3.0}).start == doctest::Approx(2.0 - 0.35));
  const double second = talk.sentence(1).start;
  CHECK(around_words(measure, {second, second + 1}).start == doctest::Approx(second - 0.1));
  CHECK(around_words(measure, {2.0, second - 0.05}).end == doctest::Approx(talk.sentence(0).end + 0.1));
}

TEST_CASE("without a transcript pauses are the edges") {
  Talk talk;
  for (int i = 0; i < 20; ++i) talk.music(8).silence(1);
  const auto found = find_candidates(Measure(talk.material), {15, 60});
  REQUIRE(!found.empty());
  for (const Span& span : found) CHECK(Measure(talk.material).is_silent(span.start));
}

TEST_CASE("music without a pause has candidates, too") {
  Talk talk;
  talk.music(200);
  CHECK(find_candidates(Measure(talk.material), {15, 60}).size() > 20);
}

TEST_CASE("a source a little longer than a clip has a candidate") {
  Talk talk;
  talk.music(15.5);
  CHECK(!find_candidates(Measure(talk.material), {15, 60}).empty());
}
