// Where a transcript is found: beside the video, or in it.
#include "tests/support/transcript_desk.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
namespace fs = std::filesystem;

TEST_CASE("a file of the video's name beside it is its transcript") {
  for (const char* name : {"talk.srt", "talk.en.vtt", "talk.pt-BR.srt", "talk.SRT", "talk.mp4.srt",
                           "talk.transcript.json", "talk.json"}) {
    CAPTURE(name);
    const Desk desk;
    desk.beside(name, one_line_srt("Hello."));  // by its content, not its name
    CHECK(said(desk.found()) == "Hello.");
    CHECK(desk.found().origin == name);
  }
}

TEST_CASE("files of other names are not the video's transcript") {
  for (const char* name :
       {"talk2.srt", "talk.part2.srt", "atalk.srt", "talk.txt", "talk.info.json", "talkative.en.srt"}) {
    CAPTURE(name);
    const Desk desk;
    desk.beside(name, one_line_srt("Hello."));
    const auto talk = desk.found();
    CHECK(talk.words.empty());
    CHECK(talk.origin.empty());
    CHECK(talk.warnings.empty());
  }
}

TEST_CASE("the name says the language when the file does not") {
  Desk desk;
  desk.beside("talk.de.srt", one_line_srt("Hallo."));
  CHECK(desk.found().language == "de");
  desk.beside("talk.es.srt", one_line_srt("Hola."));
  desk.settings.language = "es";
  CHECK(said(desk.found()) == "Hola.");
}

TEST_CASE("of several files the one that may know each word's time is asked first") {
  const Desk desk;
  desk.beside("talk.srt", one_line_srt("SRT"));
  desk.beside("talk.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nVTT\n");
  CHECK(said(desk.found()) == "VTT");
  desk.beside("talk.json", R"({"segments":[{"start":0,"end":1,"text":"JSON"}]})");
  CHECK(said(desk.found()) == "JSON");
}

TEST_CASE("a JSON beside the video that says what a post is to say is passed over in silence") {
  const Desk desk;
  desk.beside("talk.json", R"({"title": "My talk", "hashtags": ["#a"]})");
  desk.beside("talk.srt", one_line_srt("Hello."));
  const auto talk = desk.found();
  CHECK(said(talk) == "Hello.");
  CHECK(talk.warnings.empty());
}

TEST_CASE("a file that cannot be read is a warning, and the next one is asked") {
  const Desk desk;
  desk.beside("talk.vtt", "WEBVTT\n\n00:01.000 --> never\nx\n");
  desk.beside("talk.srt", one_line_srt("Hello."));
  const auto talk = desk.found();
  CHECK(said(talk) == "Hello.");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0].starts_with(
      "talk.vtt beside the video was not used: line 3 says \"00:01.000 --> never\""));
}

TEST_CASE("a file without words is a warning, and the next one is asked") {
  const Desk desk;
  desk.beside("talk.json", R"({"segments": []})");
  desk.beside("talk.srt", one_line_srt("Hello."));
  const auto talk = desk.found();
  CHECK(said(talk) == "Hello.");
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "talk.json has no words in it.");
}

TEST_CASE("a subtitle track in the video is its transcript") {
  Desk desk;
  desk.beside("said.srt", one_line_srt("Hello <i>from</i> the track."));
  fs::remove(desk.video);
  make_subtitled(desk.video, desk.temp / "said.srt");
  desk.tracks = {0};
  const auto talk = desk.found();
  CHECK(said(talk) == "Hello|from|the|track.");
  CHECK(talk.words.front().start == doctest::Approx(0.5).epsilon(0.01));
  CHECK(talk.words.back().end == doctest::Approx(1.5).epsilon(0.01));
  CHECK(talk.origin == "a subtitle track of the video");
  CHECK_FALSE(fs::exists(desk.temp / "work/subtitles.srt"));
}

TEST_CASE("without anything that knows what is said there is no transcript and no warning") {
  const auto talk = Desk().found();
  CHECK(talk.words.empty());
  CHECK(talk.warnings.empty());
}
