// Stage 6: what is proposed.
#include "app/pipeline/choice.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/talk.h"

using namespace asfs::pipeline;
using asfs::test::long_talk;
using asfs::test::Talk;

namespace {

std::vector<Proposal> chosen(const Talk& talk, ChoiceSettings settings = {}) {
  const Measure measure(talk.material);
  const ScoreSettings scoring;
  const Scorer scorer(measure, scoring);
  return choose(scorer, measure, best_of(scorer, find_candidates(measure, scoring.lengths)), scoring,
                settings);
}

bool lie_apart(const std::vector<Proposal>& proposals) {
  for (std::size_t i = 1; i < proposals.size(); ++i)
    if (proposals[i].clip.span.start < proposals[i - 1].clip.span.end) return false;
  return true;
}

}  // namespace

TEST_CASE("there are three proposals at least for three minutes, one for each six minutes, ten at most") {
  CHECK(chosen(long_talk(3)).size() == 3);
  CHECK(chosen(long_talk(30)).size() == 5);
  CHECK(chosen(long_talk(90)).size() == 10);
  CHECK(chosen(long_talk(30), {.most = 2}).size() == 2);
}

TEST_CASE("proposals stand in order of time and never over one another") {
  const auto proposals = chosen(long_talk(30), {.most = 40});
  CHECK(proposals.size() > 20);
  CHECK(lie_apart(proposals));
}

TEST_CASE("the same input gives the same proposals") {
  const auto one = chosen(long_talk(20)), other = chosen(long_talk(20));
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].clip.span == other[i].clip.span);
}

TEST_CASE("weak clips are proposed where there are fewer than three, and marked") {
  const auto proposals = chosen(long_talk(30), {.min_score = 99.9});
  REQUIRE(proposals.size() == 3);
  for (const Proposal& one : proposals) CHECK(one.weak);
}

TEST_CASE("music of three minutes without any pause has three proposals") {
  Talk talk;
  talk.music(185);
  CHECK(chosen(talk).size() == 3);
}

TEST_CASE("what says the same is proposed once, the better one") {
  Talk talk;
  for (int times = 0; times < 4; ++times)
    for (int i = 0; i < 12; ++i) {
      std::string sentence = "Sentence" + std::to_string(i);
      for (int word = 0; word < 7; ++word) sentence += " part" + std::to_string(i * 7 + word);
      talk.say(sentence + ".");
    }
  const Measure measure(talk.material);
  const auto proposals = chosen(talk, {.most = 10});
  for (std::size_t i = 0; i < proposals.size(); ++i)
    for (std::size_t j = i + 1; j < proposals.size(); ++j)
      if (!proposals[i].weak && !proposals[j].weak)
        CHECK(likeness(measure, proposals[i].clip.span, proposals[j].clip.span) < 0.7);
}

TEST_CASE("more proposals repeat none") {
  const auto first = chosen(long_talk(20)), more = chosen(long_talk(20), {.more = 4});
  CHECK(more.size() == first.size() + 4);
  CHECK(lie_apart(more));
}

TEST_CASE("what somebody else's program scores counts six tenths") {
  Scored one;
  one.score.total = 50;
  CHECK(one.total() == 50);
  one.external = 100;
  CHECK(one.total() == doctest::Approx(80));
  one.external = 0;
  CHECK(one.total() == doctest::Approx(20));
}
