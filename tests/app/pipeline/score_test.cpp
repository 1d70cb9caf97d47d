// Stage 5: what speaks for a stretch, and why.
#include "app/pipeline/score.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/talk.h"

using namespace asfs::pipeline;
using asfs::test::long_talk;
using asfs::test::Talk;

namespace {

/// The feature of a stretch that begins with this sentence.
Feature feature_of(FeatureKind kind, Talk talk, Span span) {
  const Measure measure(talk.material);
  const ScoreSettings settings;
  const Score score = Scorer(measure, settings).score(span);
  const auto found = std::ranges::find(score.features, kind, &Feature::kind);
  REQUIRE(found != score.features.end());
  return *found;
}

Feature hook_of(const std::string& sentence, const std::string& language = "en") {
  Talk talk;
  talk.say(sentence, 0.2);
  talk.material.transcript.language = language;
  return feature_of(FeatureKind::hook, talk, {0.0, talk.now() + 0.2});
}

}  // namespace

TEST_CASE("a question, a number, the viewer and a contrast make a hook, and each is said") {
  CHECK(hook_of("Something happened over there somewhere today.").value == doctest::Approx(40));
  CHECK(hook_of("Why does everybody sleep badly?").value == doctest::Approx(65));
  CHECK(hook_of("Ninety people of 100 sleep badly.").value == doctest::Approx(55));
  CHECK(hook_of("Your pillow ruins sleep.").value == doctest::Approx(50));
  CHECK(hook_of("Nobody sleeps well these days.").value == doctest::Approx(60));
  const Feature all = hook_of("Why do you never earn 100 dollars?");
  CHECK(all.value == doctest::Approx(100));
  CHECK(all.why.find("asks a question") != std::string::npos);
  CHECK(all.why.find("says a number") != std::string::npos);
}

TEST_CASE("a greeting is no hook, whatever else is said") {
  CHECK(hook_of("Hello everyone, why do you never earn 100 dollars?").value == doctest::Approx(20));
  CHECK(hook_of("So hello everyone, why do you never earn 100 dollars?").value == doctest::Approx(20));
}

TEST_CASE("a linking word at the beginning costs") {
  CHECK(hook_of("Because something happened over there today.").value == doctest::Approx(20));
}

TEST_CASE("other languages have words of their own") {
  CHECK(hook_of("Hallo zusammen, warum schlaft ihr nie?", "de").value == doctest::Approx(20));
  CHECK(hook_of("Nunca nadie duerme bien.", "es").value == doctest::Approx(60));
  CHECK(hook_of("Você dorme mal de noite.", "pt").value == doctest::Approx(50));
  CHECK(hook_of("Personne ne dort bien la nuit.", "fr").value == doctest::Approx(60));
  CHECK(hook_of("आप रात में सोते हैं", "hi").value == doctest::Approx(50));
}

TEST_CASE("in a language without lists questions, numbers and pauses count alone") {
  CHECK(hook_of("Miksi sinä nukut huonosti?", "fi").value == doctest::Approx(81.3));  // 65 of 80
}

TEST_CASE("a stretch that is whole scores higher than one that is cut inside sentences") {
  Talk talk = long_talk(2);
  const double start = talk.sentence(3).start - 0.2, end = talk.sentence(8).end + 0.2;
  CHECK(feature_of(FeatureKind::completeness, talk, {start, end}).value == doctest::Approx(100));
  CHECK(feature_of(FeatureKind::completeness, talk, {start + 0.8, end - 0.8}).value <= 30);
}

TEST_CASE("silence, a quiet voice and a bad length cost") {
  Talk talk;
  talk.say("One two three four five six seven eight nine ten.", 0.0).silence(10).say("Eleven twelve.", 0.0);
  const Span span{0, talk.now()};
  CHECK(feature_of(FeatureKind::dead_air, talk, span).value == 0);
  CHECK(feature_of(FeatureKind::dead_air, talk, {0, 3}).value == 100);
  CHECK(feature_of(FeatureKind::energy, talk, {0, 3}).value > 50);
  talk.material.sound.loudness = -10;
  CHECK(feature_of(FeatureKind::energy, talk, {0, 3}).value == 0);
  const Talk other = long_talk(2);
  CHECK(feature_of(FeatureKind::length, other, {0, 30}).value == 100);
  CHECK(feature_of(FeatureKind::length, other, {0, 15}).value == doctest::Approx(0));
  CHECK(feature_of(FeatureKind::length, other, {0, 60}).value == doctest::Approx(60));
}

TEST_CASE("the total is the weighed mean of what could be measured, to a tenth") {
  const Talk talk = long_talk(3);
  const Measure measure(talk.material);
  const ScoreSettings settings;
  const Scorer scorer(measure, settings);
  for (const Span& span : find_candidates(measure, settings.lengths)) {
    const Score score = scorer.score(span);
    double sum = 0, weights = 0;
    for (const Feature& one : score.features) sum += one.value * one.weight, weights += one.weight;
    CHECK(score.total == doctest::Approx(std::round(sum / weights * 10) / 10));
    CHECK(score.total >= 0);
    CHECK(score.total <= 100);
    for (const Feature& one : score.features) CHECK(!one.why.empty());
  }
}

TEST_CASE("without a transcript the edges count instead of words") {
  Talk talk;
  for (int i = 0; i < 20; ++i) talk.music(8).silence(1);
  CHECK(feature_of(FeatureKind::edges, talk, {8.9, 26.2}).value == doctest::Approx(75));  // no scene cut
  CHECK(feature_of(FeatureKind::edges, talk, {4.0, 22.0}).value == 0);
}

TEST_CASE("what a poor transcript says counts half") {
  Talk talk = long_talk(1);
  talk.material.quality.passed = false;
  CHECK(feature_of(FeatureKind::hook, talk, {0, 30}).weight == doctest::Approx(15));
  CHECK(feature_of(FeatureKind::energy, talk, {0, 30}).weight == doctest::Approx(13));
}
