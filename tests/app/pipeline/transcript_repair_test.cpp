#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "tests/support/make_video.h"
#include "tests/support/transcripts.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;

namespace {

Sound sound_with(std::vector<Span> silences) {
  Sound sound;
  sound.there = true;
  sound.silences = std::move(silences);
  return sound;
}

/// Words with their own times, each a line.
Transcript timed_talk(std::vector<Word> words) {
  Transcript talk;
  talk.timed_words = true;
  talk.words = std::move(words);
  return talk;
}

Transcript repaired(Transcript talk, std::vector<Span> silences = {}, double duration = 100) {
  repair(talk, sound_with(std::move(silences)), duration);
  return talk;
}

/// Words of half a second, one after the other, from 0 on; `|` is a pause of 0.2 s, `_` one of 0.7 s.
std::string sentences_in(std::string_view text) {
  std::vector<Word> words;
  double at = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word == "|" || word == "_") {
      at += word == "|" ? 0.2 : 0.7;
      continue;
    }
    words.push_back({at, at + 0.5, std::string(word)});
    at += 0.5;
  }
  return sentences_said(repaired(timed_talk(std::move(words))));
}

/// Speech by espeak-ng, without the silence at its ends; how long it takes.
double speak(std::string_view words, const std::filesystem::path& wav) {
  const auto raw = wav.native() + ".raw.wav";
  const auto spoken =
      run_process({"espeak-ng", "-v", "en", "-w", raw, std::string(words)}, std::chrono::seconds(20));
  REQUIRE_MESSAGE(spoken, "espeak-ng is needed");
  const std::string trim = "silenceremove=start_periods=1:start_threshold=-45dB";
  run_ffmpeg({"-i", raw, "-af", trim + ",areverse," + trim + ",areverse", "-ar", "16000", wav.native()});
  return static_cast<double>(std::filesystem::file_size(wav) - 78) / 32000;  // ffmpeg's head, 16 bits
}

/// As ffmpeg hears them.
std::vector<Span> silences_in(const std::filesystem::path& wav) {
  const auto heard =
      run_process({"ffmpeg", "-nostdin", "-i", wav.native(), "-af",
                   "silencedetect=n=-45dB:d=0.35,ametadata=mode=print:file=-", "-f", "null", "-"},
                  std::chrono::seconds(20));
  REQUIRE(heard);
  std::vector<Span> silences;
  std::istringstream lines(heard->out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("lavfi.silence_start=")) silences.push_back({std::stod(line.substr(20)), 1e9});
    if (line.starts_with("lavfi.silence_end=")) silences.back().end = std::stod(line.substr(18));
  }
  return silences;
}

}  // namespace

TEST_CASE("a subtitle that stands over two spoken sentences and the pause between gets each word's place") {
  const TempFolder temp;
  const double first = speak("We saw a white whale.", temp / "a.wav"),
               second = speak("It was big.", temp / "b.wav");
  run_ffmpeg({"-i", (temp / "a.wav").native(), "-i", (temp / "b.wav").native(), "-filter_complex",
              "[0]adelay=1000,apad=pad_dur=2[a];[1]apad=pad_dur=3[b];[a][b]concat=n=2:v=0:a=1",
              (temp / "talk.wav").native()});
  const double pause = 1 + first, again = pause + 2, end = again + second + 3;
  const auto talk =
      repaired(transcript_in(fmt::format(
                   "1\n00:00:00,000 --> 00:00:{:06.3f}\nWe saw a white whale. It was big.\n", end)),
               silences_in(temp / "talk.wav"), end);
  CHECK(sentences_said(talk) == "We saw a white whale.|It was big.");
  REQUIRE(talk.sentences.size() == 2);
  CHECK(talk.sentences[0].start == doctest::Approx(1.0).epsilon(0.1));
  CHECK(std::abs(talk.sentences[0].end - pause) < 0.25);
  CHECK(std::abs(talk.sentences[1].start - again) < 0.25);
  CHECK(std::abs(talk.sentences[1].end - (again + second)) < 0.25);
}

TEST_CASE("a word that drifts into a silence ends at its edge") {
  const auto talk = repaired(timed_talk({{1.0, 2.5, "so"}, {4.0, 4.5, "on"}}), {{1.4, 4.0}});
  CHECK(is_said_at(talk.words[0], "so", 1.0, 1.4));
  CHECK(is_said_at(talk.words[1], "on", 4.0, 4.5));
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "A word that lasted too long, or into a silence, was shortened.");
}

TEST_CASE("a word that begins in a silence begins at its end") {
  const auto talk = repaired(timed_talk({{0.0, 3.5, "So"}}), {{0.0, 3.0}});
  CHECK(is_said_at(talk.words[0], "So", 3.0, 3.5));
}

TEST_CASE("a word that was begun a moment too soon, before a silence, is said after it") {
  const auto talk = repaired(timed_talk({{0.95, 3.6, "Then"}}), {{1.0, 3.0}});
  CHECK(is_said_at(talk.words[0], "Then", 3.0, 3.6));
}

TEST_CASE("no word lasts longer than a second and a half") {
  const auto talk = repaired(timed_talk({{1.0, 9.0, "long"}, {9.0, 10.5, "enough"}}));
  CHECK(is_said_at(talk.words[0], "long", 1.0, 2.5));
  CHECK(is_said_at(talk.words[1], "enough", 9.0, 10.5));
}

TEST_CASE("what is invented in a silence of a second is left out, in a shorter one it stays") {
  const auto talk =
      repaired(timed_talk({{0.5, 0.9, "hum"}, {2.1, 2.9, "Thanks"}, {4.0, 4.3, "go"}}), {{0.4, 1.0}, {2, 3}});
  CHECK(said(talk) == "hum|go");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "A word where nothing is to be heard was left out.");
}

TEST_CASE("words that run backwards are put one after the other") {
  const auto talk =
      repaired(timed_talk({{2.0, 2.5, "a"}, {1.0, 1.2, "b"}, {2.3, 3.0, "c"}, {3.0, 3.0, "d"}}));
  CHECK(said(talk) == "a|b|c|d");
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(talk.words[i].start <= talk.words[i].end);
    if (i > 0) CHECK(talk.words[i - 1].end <= talk.words[i].start);
  }
  CHECK(talk.words[3].end > 3.0);
  CHECK(talk.warnings.size() == 1);
}

TEST_CASE("a word without a length gets one up to the next silence") {
  const auto talk = repaired(timed_talk({{1.0, 1.0, "a"}, {1.95, 1.95, "b"}}), {{2, 5}});
  CHECK(is_said_at(talk.words[0], "a", 1.0, 1.1));
  CHECK(is_said_at(talk.words[1], "b", 1.95, 2.0));
}

TEST_CASE("where two words overlap, the first one gives way") {
  const auto talk = repaired(timed_talk({{1.0, 2.0, "a"}, {1.6, 2.5, "b"}}));
  CHECK(is_said_at(talk.words[0], "a", 1.0, 1.6));
  CHECK(is_said_at(talk.words[1], "b", 1.6, 2.5));
}

TEST_CASE("nothing is said before the beginning or after the end") {
  const auto talk = repaired(timed_talk({{-1.0, 0.5, "a"}, {9.5, 10.5, "b"}, {10.0, 11.0, "c"}}), {}, 10);
  CHECK(said(talk) == "a|b");
  CHECK(is_said_at(talk.words[0], "a", 0.0, 0.5));
  CHECK(is_said_at(talk.words[1], "b", 9.5, 10.0));
}

TEST_CASE("a line said for the third time in a row is left out, and so is every further one") {
  std::string srt;
  const char* lines[] = {"Thank you.", "thank you.", "Thank you.", "THANK YOU.", "And now on.", "Thank you."};
  for (int i = 0; i < 6; ++i)
    srt += fmt::format("{}\n00:00:{:02},000 --> 00:00:{:02},900\n{}\n\n", i + 1, i, i, lines[i]);
  const auto talk = repaired(transcript_in(srt));
  CHECK(said(talk) == "Thank|you.|thank|you.|And|now|on.|Thank|you.");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "2 lines that were said for the third time and more in a row were left out.");
}

TEST_CASE("where each word has a line of its own, a third no is a third no") {
  std::string srt;
  for (int i = 0; i < 12; ++i)
    srt += fmt::format("{}\n00:00:{:02},000 --> 00:00:{:02},900\n{}\n\n", i + 1, i, i,
                       i < 4 ? "no" : fmt::format("w{}", i));
  CHECK(repaired(transcript_in(srt)).words.size() == 12);
}

TEST_CASE("words that share a line's time are said where something sounds") {
  // Shown from 0 to 10 s, spoken from 1 to 2 and from 6 to 7.
  const auto talk = repaired(transcript_in("1\n00:00:00,000 --> 00:00:10,000\nabc def ghi jkl\n"),
                             {{0, 1}, {2, 6}, {7, 10}});
  REQUIRE(talk.words.size() == 4);
  CHECK(is_said_at(talk.words[0], "abc", 1.0, 1.5));
  CHECK(is_said_at(talk.words[1], "def", 1.5, 2.0));
  CHECK(is_said_at(talk.words[2], "ghi", 6.0, 6.5));
  CHECK(is_said_at(talk.words[3], "jkl", 6.5, 7.0));
  CHECK(talk.warnings.empty());
}

TEST_CASE("a subtitle over nothing but silence is left out") {
  const auto talk = repaired(transcript_in("1\n00:00:00,000 --> 00:00:02,000\nSubtitles by nobody\n\n"
                                           "2\n00:00:04,000 --> 00:00:05,000\nHello there\n"),
                             {{0, 3.5}});
  CHECK(said(talk) == "Hello|there");
}

TEST_CASE("without sound nothing is known of silences, and all words stay") {
  Transcript talk = timed_talk({{1, 2, "a"}, {5, 6, "b"}});
  repair(talk, Sound{}, 10);
  CHECK(said(talk) == "a|b");
}

TEST_CASE("a mark ends a sentence before a pause or a capital") {
  CHECK(sentences_in("We saw it. It was big. | and so on") == "We saw it.|It was big.|and so on");
  CHECK(sentences_in("about 3. dollars, e.g. three. Who? \"Me!\" she said") ==
        "about 3. dollars, e.g. three.|Who?|\"Me!\" she said");
  CHECK(sentences_in("Es ist so. \u00c4rzte wissen das. \u00e4hnlich") ==
        "Es ist so.|\u00c4rzte wissen das. \u00e4hnlich");
  CHECK(sentences_in("\u00bfQu\u00e9? \u00a1Nada! Bueno\u2026 | s\u00ed") ==
        "\u00bfQu\u00e9?|\u00a1Nada!|Bueno\u2026|s\u00ed");
}

TEST_CASE("a title or an initial before a capital ends no sentence, but a pause after it does") {
  CHECK(sentences_in("Ask Dr. Smith or J. Brown. Then go.") == "Ask Dr. Smith or J. Brown.|Then go.");
  CHECK(sentences_in("Ask the Dr. | Smith knows. So do I. Good.") ==
        "Ask the Dr.|Smith knows.|So do I.|Good.");
}

TEST_CASE("scripts without capitals end their sentences by their own marks") {
  CHECK(sentences_in("\u5929\u6C17\u3002 \u660E\u65E5\uFF1F \u306F\u3044") ==
        "\u5929\u6C17\u3002|\u660E\u65E5\uFF1F|\u306F\u3044");
  CHECK(sentences_in("\u092F\u0939\u0964 \u0935\u0939") == "\u092F\u0939\u0964|\u0935\u0939");
}

TEST_CASE("without punctuation a pause of 0.6 s ends a sentence; with it, no pause does") {
  CHECK(sentences_in("we went home _ and then we slept | well") == "we went home|and then we slept well");
  CHECK(sentences_in("we went home _ and then we slept.") == "we went home and then we slept.");
}

TEST_CASE("a sentence is never longer than 20 s, and is parted at its widest pause") {
  std::vector<Word> words;
  for (int i = 0; i < 100; ++i)
    words.push_back({i * 0.5 + (i >= 30 ? 0.4 : 0), i * 0.5 + 0.5 + (i >= 30 ? 0.4 : 0), "w"});
  const auto talk = repaired(timed_talk(words));
  REQUIRE(talk.sentences.size() >= 3);
  CHECK(talk.sentences[0].count == 30);
  std::size_t at = 0;
  for (const auto& sentence : talk.sentences) {
    CHECK(sentence.first == at);
    CHECK(sentence.end - sentence.start <= 20.0);
    at += sentence.count;
  }
  CHECK(at == 100);
}

TEST_CASE("a comma is the better place to part a long sentence") {
  std::vector<Word> words;
  for (int i = 0; i < 50; ++i) words.push_back({i * 0.5, i * 0.5 + 0.5, i == 25 ? "w," : "w"});
  CHECK(repaired(timed_talk(words)).sentences[0].count == 26);
}

TEST_CASE("Japanese subtitles become sentences at their full stops, written without blanks") {
  const auto talk =
      repaired(transcript_in("1\n00:00:01,000 --> "
                             "00:00:05,"
                             "000\n\u4ECA\u65E5\u306F\u5929\u6C17\u304C\u3044\u3044\u3002\u660E\u65E5\u306F\n"
                             "\u96E8\u3067\u3059\u3002\n"));
  CHECK(sentences_said(talk) ==
        "\u4ECA\u65E5\u306F\u5929\u6C17\u304C\u3044\u3044\u3002|\u660E\u65E5\u306F\u96E8\u3067\u3059\u3002");
}

TEST_CASE("words of their own times that were repaired once stay where they are") {
  const std::vector<Span> silences{{0, 1}, {2, 6}, {7, 10}};
  const auto once =
      repaired(timed_talk({{0, 1.4, "abc"}, {1.4, 3, "def."}, {1.3, 6.2, "Ghi"}, {6.5, 9, "jkl"}}), silences);
  const auto twice = repaired(once, silences);
  CHECK(sentences_said(once) == "abc def.|Ghi jkl");
  CHECK(sentences_said(twice) == "abc def.|Ghi jkl");
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(is_said_at(twice.words.at(i), once.words[i].text, once.words[i].start, once.words[i].end));
}
