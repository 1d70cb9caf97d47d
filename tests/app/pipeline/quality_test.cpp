#include "app/pipeline/quality.h"

#include "registry/base/json.h"
#include "tests/support/transcripts.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;

namespace {

/// `count` words of 0.4 s from `start` on, one sentence; two words a second.
void say_words(Transcript& talk, double start, std::size_t count, std::string_view word = "word") {
  const std::size_t first = talk.words.size();
  for (std::size_t i = 0; i < count; ++i) {
    const double at = start + static_cast<double>(i) * 0.5;
    talk.words.push_back({at, at + 0.4, std::string(word)});
  }
  talk.sentences.push_back({first, count, start, talk.words.back().end, {}});
}

Sound heard_all() {
  Sound sound;
  sound.there = true;
  return sound;
}

}  // namespace

TEST_CASE("a clear talk of which all is transcribed passes with full marks") {
  Transcript talk;
  talk.language_probability = 1.0;
  for (double at = 0; at < 60; at += 10) say_words(talk, at, 20);
  const Quality quality = check_quality(talk, heard_all(), 60);
  CHECK(quality.score == doctest::Approx(1.0));
  CHECK(quality.coverage == doctest::Approx(1.0).epsilon(0.01));
  CHECK(quality.passed);
}

TEST_CASE("a pause of more than 5 s between sentences breaks the continuity") {
  Transcript talk;
  for (const double at : {0.0, 10.0, 30.0, 40.0, 50.0}) say_words(talk, at, 20);
  CHECK(check_quality(talk, heard_all(), 60).continuity == doctest::Approx(0.75));
}

TEST_CASE("words said much too slowly or too quickly speak against a transcript") {
  const auto density = [](std::size_t words, double seconds) {
    Transcript talk;
    talk.words.resize(words);
    talk.sentences = {{0, words, 0.0, seconds, {}}};
    return check_quality(talk, heard_all(), 100).density;
  };
  CHECK(density(4, 10) == 0.0);
  CHECK(density(10, 10) == 0.7);
  CHECK(density(15, 10) == 1.0);
  CHECK(density(40, 10) == 1.0);
  CHECK(density(50, 10) == 0.7);
  CHECK(density(61, 10) == 0.5);
}

TEST_CASE("fillers count from a twentieth of the words on, whatever their marks and capitals") {
  const auto fillers = [](std::size_t of_hundred) {
    Transcript talk;
    say_words(talk, 0, 100 - of_hundred);
    if (of_hundred > 0) say_words(talk, 50, of_hundred, "Um,");
    return check_quality(talk, heard_all(), 100).fillers;
  };
  CHECK(fillers(0) == 1.0);
  CHECK(fillers(5) == 1.0);
  CHECK(fillers(20) == doctest::Approx(0.5));
  CHECK(fillers(60) == doctest::Approx(0.5));
  const double between = fillers(12);
  CHECK(between < 1.0);
  CHECK(between > 0.5);
}

TEST_CASE("a language that is not known does not count against a transcript, a doubtful one does") {
  Transcript talk;
  for (double at = 0; at < 60; at += 10) say_words(talk, at, 20);
  CHECK(check_quality(talk, heard_all(), 60).score == doctest::Approx(1.0));
  talk.language_probability = 0.5;
  CHECK(check_quality(talk, heard_all(), 60).score == doctest::Approx(0.9));
}

TEST_CASE("a transcript of less than half of what is to be heard does not pass") {
  Transcript talk;
  say_words(talk, 0, 40);  // 20 s
  CHECK(check_quality(talk, heard_all(), 30).passed);
  const Quality quality = check_quality(talk, heard_all(), 60);
  CHECK(quality.coverage == doctest::Approx(1.0 / 3).epsilon(0.02));
  CHECK_FALSE(quality.passed);
}

TEST_CASE("silences are nobody's to transcribe") {
  Transcript talk;
  say_words(talk, 10, 20);
  Sound sound = heard_all();
  sound.silences = {{0, 10}, {20, 60}};
  CHECK(check_quality(talk, sound, 60).coverage == doctest::Approx(1.0).epsilon(0.02));
}

TEST_CASE("no transcript is no quality") {
  const Quality quality = check_quality({}, heard_all(), 60);
  CHECK(quality.score == 0.0);
  CHECK(quality.coverage == 0.0);
  CHECK_FALSE(quality.passed);
  CHECK(dumped(to_json(quality)) ==
        R"({"score":0.0,"continuity":0.0,"density":0.0,"fillers":0.0,"coverage":0.0,"passed":false})");
}
