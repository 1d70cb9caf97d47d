// A person's words at the times of what was heard.
#include <doctest/doctest.h>

#include "app/pipeline/captions.h"
#include "tests/support/damage.h"
#include "tests/support/talk.h"

using namespace asfs::pipeline;
using asfs::test::Damage;
using asfs::test::Talk;

namespace {

/// One after another, each as long as it is written, a second apart.
std::vector<Word> heard(const std::string& text) {
  std::vector<Word> words;
  std::istringstream in(text);
  double at = 1.0;
  for (std::string word; in >> word; at += 1.0) words.push_back({at, at + 0.5, word});
  return words;
}

std::string shown(const std::vector<Word>& words) {
  std::ostringstream out;
  for (const Word& word : words) out << word.text << ' ' << word.start << '-' << word.end << '|';
  return out.str();
}

}  // namespace

TEST_CASE("a word that is corrected takes the time of the one that was heard") {
  CHECK(shown(laid_over("The bread is ready.", heard("the bred is ready"), 6)) ==
        "The 1-1.5|bread 2-2.5|is 3-3.5|ready. 4-4.5|");
}

TEST_CASE("words that are left out leave the times of the others") {
  CHECK(shown(laid_over("the is ready", heard("the bread is is ready"), 6)) ==
        "the 1-1.5|is 3-3.5|ready 5-5.5|");
}

TEST_CASE("several words for one share its time by their letters, and one for several takes all of it") {
  CHECK(shown(laid_over("we all ways go", heard("we always go"), 6)) ==
        "we 1-1.5|all 2-2.21429|ways 2.21429-2.5|go 3-3.5|");
  CHECK(shown(laid_over("we always go", heard("we all ways go"), 6)) == "we 1-1.5|always 2-3.5|go 4-4.5|");
}

TEST_CASE(
    "a word that is only added shares the time of the one before it, at the beginning of the one behind") {
  CHECK(shown(laid_over("go on now", heard("go now"), 6)) == "go 1-1.25|on 1.25-1.5|now 2-2.5|");
  CHECK(shown(laid_over("So go", heard("go"), 6)) == "So 1-1.25|go 1.25-1.5|");
  const auto both = laid_over("x go y", heard("go"), 6);
  REQUIRE(both.size() == 3);
  CHECK(both[0].start == 1);
  CHECK(both[1].end <= both[2].start);
  CHECK(both[2].end == 1.5);
}

TEST_CASE("where nothing is heard the words are spread over the clip") {
  CHECK(shown(laid_over("ab cd", {}, 6)) == "ab 0-3.6|cd 3.6-6|");
  CHECK(laid_over(" ", heard("go"), 6).empty());
}

TEST_CASE("moved edges keep the corrections that are still in the clip, and what is said beyond comes in") {
  Talk talk;
  talk.say("Early one morning.").say("The bred is ready.").say("Now eat.");
  const auto words = [&](std::size_t first, std::size_t last) {
    return Span{talk.sentence(first).start - 0.1, talk.sentence(last).end + 0.1};
  };
  const auto& heard_all = talk.material.transcript;
  CHECK(moved_words("The bread is ready!", heard_all, words(1, 1), words(0, 2)) ==
        "Early one morning. The bread is ready! Now eat.");
  CHECK(moved_words("Early one morning. The bread is ready!", heard_all, words(0, 1), words(1, 1)) ==
        "The bread is ready!");
  CHECK(moved_words("The bread is ready!", heard_all, words(1, 1), words(1, 1)) == "The bread is ready!");
}

TEST_CASE("whatever is written, its words come in order of time and within what was heard") {
  Damage damage(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text = "Nobody knows what the bread thinks of us, and why.";
    for (std::size_t strikes = damage.below(12); strikes > 0; --strikes) damage.strike(text);
    const auto spoken = heard("nobody knows what the bred thinks and why");
    double time = spoken.front().start;
    CAPTURE(text);
    for (const Word& word : laid_over(text, spoken, 10)) {
      REQUIRE(word.start >= time - 1e-9);
      REQUIRE(word.end >= word.start);
      time = word.end;
    }
    REQUIRE(time <= spoken.back().end + 1e-9);
  }
}
