#include "app/pipeline/transcript.h"

#include <fmt/format.h>

#include "registry/base/json.h"
#include "tests/support/transcripts.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;

namespace {

Error refusal_of(std::string_view content) {
  const auto transcript = read_transcript(content);
  REQUIRE_FALSE(transcript);
  return transcript.error();
}

std::string srt_of(std::string_view text) {
  return fmt::format("1\n00:00:01,000 --> 00:00:03,000\n{}\n", text);
}

}  // namespace

TEST_CASE("SRT is read, and the words share their line's time") {
  const auto talk = transcript_in(
      "1\n00:00:01,000 --> 00:00:03,000\nHello\nworld.\n\n2\n00:01:05,250 --> 01:00:07,500\nBye.\n");
  CHECK(said(talk) == "Hello|world.|Bye.");
  CHECK(sentences_said(talk) == "Hello world.|Bye.");
  CHECK_FALSE(talk.timed_words);
  CHECK(is_said_at(talk.words[0], "Hello", 1.0, 2.0));
  CHECK(is_said_at(talk.words[1], "world.", 2.0, 3.0));
  CHECK(is_said_at(talk.words[2], "Bye.", 65.25, 3607.5));
}

TEST_CASE("SRT with a BOM, Windows' line ends, no numbers, no empty lines between is read") {
  CHECK(said(transcript_in("\uFEFF1\r\n00:00:01,000 --> 00:00:02,000\r\nOne.\r\n\r\n"
                           "2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo.\r\n")) == "One.|Two.");
  CHECK(said(transcript_in("00:00:01.0 --> 00:00:02.0\nOne.\n00:00:03,0 --> 00:00:04,0\nTwo.")) ==
        "One.|Two.");
  CHECK(
      said(transcript_in("1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:03,000 --> 00:00:04,000\nTwo.")) ==
      "One.|Two.");
}

TEST_CASE("an empty line within a subtitle of SRT does not end it") {
  CHECK(said(transcript_in("1\n00:00:01,000 --> 00:00:02,000\nOne,\n\ntwo.\n\n"
                           "2\n00:00:03,000 --> 00:00:04,000\nThree.\n")) == "One,|two.|Three.");
}

TEST_CASE("WebVTT is read with its language, without notes, styles, names and settings") {
  const auto talk = transcript_in(
      "WEBVTT - a talk\nKind: captions\nLanguage: pt-BR\n\nSTYLE\n::cue { color: red }\n\nNOTE 00:01 --> "
      "here\n"
      "is nothing\n\nintro\n00:01.000 --> 00:02.000 align:start position:0%\n<v Ana>Ol\u00e1,</v> "
      "<i>mundo</i> &amp; "
      "voc\u00eas.\n");
  CHECK(said(talk) == "Ol\u00e1,|mundo\u00a0&|voc\u00eas.");
  CHECK(talk.language == "pt");
  CHECK(talk.words.front().start == 1.0);
}

TEST_CASE("times within a line of WebVTT are the words' own") {
  const auto talk = transcript_in(
      "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nwe<00:00:01.500><c> are</c><00:00:03.000><c> here</c>\n");
  CHECK(talk.timed_words);
  REQUIRE(talk.words.size() == 3);
  CHECK(is_said_at(talk.words[0], "we", 1.0, 1.5));
  CHECK(is_said_at(talk.words[1], "are", 1.5, 3.0));
  CHECK(is_said_at(talk.words[2], "here", 3.0, 4.0));
}

TEST_CASE("rolling captions, which show each row twice, say it once") {
  CHECK(said(transcript_in("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \none<00:00:01.000><c> two</c>\n\n"
                           "00:00:02.000 --> 00:00:02.010\none two\n \n\n"
                           "00:00:02.010 --> 00:00:04.000\none two\nthree<00:00:03.000><c> four</c>\n\n"
                           "00:00:04.000 --> 00:00:04.010\nthree four\n \n")) == "one|two|three|four");
  CHECK(said(transcript_in(
            "1\n00:00:00,000 --> 00:00:02,000\nNo.\n\n2\n00:00:02,000 --> 00:00:04,000\nNo.\n")) ==
        "No.|No.");
}

TEST_CASE("ASS is read in order of time, without commands, comments, drawings and shadows") {
  const auto talk = transcript_in(
      "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\n"
      "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
      "Dialogue: 0,0:00:05.00,0:00:06.50,Default,,0,0,0,,Second, with a comma.\n"
      "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,no\n"
      "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an8\\b1}First{\\b0}\\Nline.\n"
      "Dialogue: 1,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an8}First\\Nline.\n"
      "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}\n");
  CHECK(said(talk) == "First|line.|Second,|with|a|comma.");
  CHECK(talk.words.back().end == doctest::Approx(6.5));
}

TEST_CASE("ASFS's transcript.json is read with words, language and its probability") {
  const auto talk = transcript_in(R"({"language": "en", "language_probability": 0.875, "duration": 9.5,
    "segments": [{"start": 0.5, "end": 2.0, "text": " We don't know.", "words": [
      {"word": " We", "start": 0.5, "end": 0.75, "probability": 0.9},
      {"word": " don", "start": 0.75, "end": 1.0, "probability": 0.9},
      {"word": "'t", "start": 1.0, "end": 1.25, "probability": 0.9},
      {"word": " know.", "start": 1.5, "end": 2.0, "probability": 0.9}]}]})");
  CHECK(said(talk) == "We|don't|know.");
  CHECK(is_said_at(talk.words[1], "don't", 0.75, 1.25));
  CHECK(talk.timed_words);
  CHECK(talk.language == "en");
  CHECK(talk.language_probability == 0.875);
}

TEST_CASE("openai-whisper's JSON without words is read by its segments") {
  const auto talk = transcript_in(R"({"text": " Hi you. Bye.", "segments": [
    {"id": 0, "seek": 0, "start": 0.0, "end": 2.0, "text": " Hi you.", "tokens": [1, 2], "temperature": 0.0},
    {"id": 1, "seek": 0, "start": 2.0, "end": 3.0, "text": " Bye.", "tokens": [3]}], "language": "en"})");
  CHECK(said(talk) == "Hi|you.|Bye.");
  CHECK_FALSE(talk.timed_words);
  CHECK(talk.language_probability == 0.0);
}

TEST_CASE("words that whisperx could not align lie between their neighbours") {
  const auto talk =
      transcript_in(R"({"segments": [{"start": 1.0, "end": 4.0, "text": "In 2014 we won.", "words": [
      {"word": "In", "start": 1.0, "end": 1.5, "score": 0.9}, {"word": "2014"},
      {"word": "we", "start": 2.5, "end": 3.0, "score": 0.8}, {"word": "won.", "start": 3.0, "end": 4.0}]}],
    "word_segments": [], "language": "en"})");
  CHECK(said(talk) == "In|2014|we|won.");
  CHECK(is_said_at(talk.words[1], "2014", 1.5, 2.5));
}

TEST_CASE("whisper.cpp's JSON is read by its segments, and with tokens by them") {
  const std::string plain = R"({"result": {"language": "de"}, "transcription": [
    {"timestamps": {"from": "x", "to": "y"}, "offsets": {"from": 500, "to": 2500}, "text": " Guten Tag."@}]})";
  const auto with = [&](std::string_view tokens) {
    std::string text = plain;
    return transcript_in(text.replace(text.find('@'), 1, tokens));
  };
  const auto lines = with("");
  CHECK(said(lines) == "Guten|Tag.");
  CHECK(lines.language == "de");
  CHECK_FALSE(lines.timed_words);
  CHECK(lines.words.back().end == 2.5);

  const auto tokens = with(R"(, "tokens": [{"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}},
    {"text": " Gut", "offsets": {"from": 500, "to": 700}}, {"text": "en", "offsets": {"from": 700, "to": 900}},
    {"text": " Tag", "offsets": {"from": 1800, "to": 2300}}, {"text": ".", "offsets": {"from": 2300, "to": 2500}},
    {"text": "[_TT_100]", "offsets": {"from": 2500, "to": 2500}}])");
  CHECK(tokens.timed_words);
  CHECK(is_said_at(tokens.words[0], "Guten", 0.5, 0.9));
  CHECK(is_said_at(tokens.words[1], "Tag.", 1.8, 2.5));
}

TEST_CASE("tokens of whisper.cpp that are parts of a character still say when it was spoken") {
  // U+6771 U+4EAC, the first of them in two tokens.
  const auto talk = transcript_in(
      "{\"result\":{\"language\":\"ja\"},\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":"
      "\"\u6771\u4EAC\",\"tokens\":[{\"text\":\"\xE6\x9D\",\"offsets\":{\"from\":100,\"to\":200}},"
      "{\"text\":\"\xB1\",\"offsets\":{\"from\":200,\"to\":300}},"
      "{\"text\":\"\u4EAC\",\"offsets\":{\"from\":300,\"to\":800}}]}]}");
  REQUIRE(talk.words.size() == 1);
  CHECK(is_said_at(talk.words[0], "\u6771\u4EAC", 0.1, 0.8));
  CHECK(talk.warnings.empty());
}

TEST_CASE("what to_json() writes comes back as it was") {
  Transcript talk;
  talk.origin = "talk.srt";
  talk.language = "fr";
  talk.language_probability = 0.5;
  talk.warnings = {"A word was shortened."};
  talk.words = {{0.5, 1.0, "Quoi\u00a0?"},
                {1.0, 1.5, "\u4ECA\u65E5\u306F"},
                {1.5, 2.25, "\u6674\u308C\u3002"},
                {7, 8, "Oui."}};
  talk.sentences = {{0, 1, 0.5, 1.0, "Quoi\u00a0?"},
                    {1, 2, 1.0, 2.25, "\u4ECA\u65E5\u306F\u6674\u308C\u3002"},
                    {3, 1, 7, 8, "Oui."}};
  const Json written = to_json(talk, 9.5);
  CHECK(written["duration"] == 9.5);
  const auto again = transcript_of(written);
  REQUIRE(again);
  CHECK(again->origin == "talk.srt");
  CHECK(again->warnings == talk.warnings);
  CHECK_FALSE(again->timed_words);
  CHECK(dumped(to_json(*again, 9.5)) == dumped(written));
}

TEST_CASE("what to_json() writes comes back though a sentence looks like a note") {
  auto talk = transcript_in(
      "1\n00:00:00,000 --> 00:00:01,000\n(He said [it\n\n2\n00:00:01,000 --> 00:00:02,000\nso] loud)\n");
  talk.sentences = {{0, 5, 0.0, 2.0, "(He said [it so] loud)"}};
  const auto again = transcript_of(to_json(talk, 2));
  REQUIRE(again);
  CHECK(said(*again) == "(He|said|[it|so]|loud)");
}

TEST_CASE("our own transcript with times out of order is refused") {
  Transcript talk;
  talk.words = {{1, 2, "a"}, {0.5, 3, "b"}};
  talk.sentences = {{0, 2, 1, 3, "a b"}};
  const auto again = transcript_of(to_json(talk, 9));
  REQUIRE_FALSE(again);
  CHECK(again.error().message == "word 2 of its \"segments\" has no text, or times out of order");
}

TEST_CASE("what is not said aloud is left out") {
  CHECK(said(transcript_in(srt_of("[Music] \u266A la la \u266A [BLANK_AUDIO]"))) == "la|la");
  CHECK(said(transcript_in(srt_of("(applause)"))).empty());
  CHECK(said(transcript_in(srt_of("*laughs*"))).empty());
  CHECK(said(transcript_in(srt_of(">> (Well) I (think) so"))) == "(Well)|I|(think)|so");
  CHECK(said(transcript_in(srt_of("- Who?\n- Me!"))) == "Who?\u00a0-|Me!");
  CHECK(said(transcript_in(srt_of("a [b"))) == "a|[b");
}

TEST_CASE("tags that are none stay, and entities are what they stand for") {
  CHECK(said(transcript_in(srt_of("I <3 you, 1 < 2 &lt;b&gt; &quot;x&quot; &bogus; {y}"))) ==
        "I|<3|you,|1\u00a0<|2|<b>|\"x\"|&bogus;|{y}");
  CHECK(said(transcript_in(srt_of("<font color=\"#fff\">So</font> <i>it <b>is</b></i>"))) == "So|it|is");
}

TEST_CASE("a mark that stands alone belongs to the word before it") {
  CHECK(said(transcript_in(srt_of("Quoi ? Oui !"))) == "Quoi\u00a0?|Oui\u00a0!");
}

TEST_CASE("Japanese, which has no blanks, becomes words that a caption can be broken between") {
  CHECK(said(transcript_in(
            srt_of("\u4ECA\u65E5\u306F\u5929\u6C17\u304C\u3044\u3044\u3002\u660E\u65E5\u306F\uFF1F"))) ==
        "\u4ECA\u65E5\u306F|\u5929\u6C17\u304C\u3044\u3044\u3002|\u660E\u65E5\u306F\uFF1F");
}

TEST_CASE("what cannot be seen is no part of a word, and what joins letters is") {
  CHECK(said(transcript_in(srt_of("\u202Eevil\u202C so\u00ADft \u0915\u094D\u200D\u0937"))) ==
        "evil|soft|\u0915\u094D\u200D\u0937");
}

TEST_CASE("subtitles that overlap are parted, and two at once are one line") {
  const auto talk = transcript_in(
      "1\n00:00:01,000 --> 00:00:05,000\nOne.\n\n2\n00:00:03,000 --> 00:00:06,000\nTwo.\n\n"
      "3\n00:00:03,000 --> 00:00:04,000\nThree.\n");
  CHECK(sentences_said(talk) == "One.|Two. Three.");
  CHECK(is_said_at(talk.words[0], "One.", 1.0, 3.0));
}

TEST_CASE(
    "lines whose end is before their beginning are read, with a warning; lines out of order are sorted") {
  const auto talk = transcript_in(
      "1\n00:00:09,000 --> 00:00:02,000\nLater.\n\n2\n00:00:01,000 --> 00:00:02,000\nSooner.\n");
  CHECK(said(talk) == "Sooner.|Later.");
  CHECK(talk.words.back().end > talk.words.back().start);
  REQUIRE(talk.warnings.size() == 1);
  CHECK(talk.warnings[0] == "1 of the lines ended before they began; their ends are guessed.");
}

TEST_CASE("one subtitle a word is as good as a time for each") {
  std::string text;
  for (int i = 0; i < 10; ++i)
    text += fmt::format("{}\n00:00:{:02},000 --> 00:00:{:02},500\nw{}\n\n", i + 1, i, i, i);
  CHECK(transcript_in(text).timed_words);
}

TEST_CASE("a line that is wrong is named") {
  CHECK(refusal_of("1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:0x,000 --> 00:00:04,000\nTwo.\n")
            .message ==
        "line 6 says \"00:00:0x,000 --> 00:00:04,000\" where times such as 00:01:02,500 --> 00:01:04,000 are "
        "expected");
  CHECK(refusal_of("[Script Info]\n[Events]\nDialogue: 0,never,0:00:02.00,D,,0,0,0,,x\n")
            .message.starts_with("line 3 says "));
  CHECK(refusal_of("{\n\"segments\": [\n").message == "line 3, column 1: this is not valid JSON");
  CHECK(refusal_of(R"({"segments": [{"start": 0, "end": 1, "text": "a"}, {"start": "x", "text": "b"}]})")
            .message == "entry 2 of its \"segments\" has no usable times");
  CHECK(refusal_of("1\n00:00:01,000 -->").code == Code::failed);
}

TEST_CASE("what is no transcript is told apart from one that is wrong") {
  for (const char* content :
       {"", "hello", "1\n2\n3\n", "[1, 2]", "{}", R"({"title": "My video", "tags": []})", "\x89PNG\r\n",
        R"({"segments": {"a": 1}})", "null", "[Music]"}) {
    CAPTURE(content);
    CHECK(refusal_of(content).code == Code::not_found);
  }
}

TEST_CASE("a subtitle file that was cut off says what it says until there") {
  CHECK(said(transcript_in(
            "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:03,000 --> 00:00:04,000\nTw")) == "One.|Tw");
  CHECK(said(transcript_in("1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2")) == "One.");
}

TEST_CASE("NUL bytes part words, and bytes that are no UTF-8 are warned of") {
  using namespace std::string_view_literals;
  CHECK(said(transcript_in("1\n00:00:01,000 --> 00:00:02,000\na\0b\x01\x7Fz\n"sv)) == "a|b|z");
  const auto latin = transcript_in("1\n00:00:01,000 --> 00:00:02,000\nSe\xF1or\n");
  CHECK(said(latin) == "Se\uFFFDor");
  CHECK(latin.warnings.size() == 1);
  CHECK(refusal_of("\xFF\xFE"
                   "1\0\n\0"sv)
            .message == "it is UTF-16 text; save it as UTF-8");
}

TEST_CASE("huge and deep documents are refused, huge lines are read") {
  CHECK(refusal_of(std::string((16 << 20) + 1, ' ')).message == "it is larger than 16.8 MB");
  CHECK(
      refusal_of(R"({"segments": )" + std::string(100'000, '[') + std::string(100'000, ']') + "}").message ==
      "it is nested more than 64 levels deep");
  std::string many;
  for (int i = 0; i < 300'000; ++i) many += "w ";
  CHECK(refusal_of(srt_of(many)).message == "it has more than 200000 words: too many for one video");
  const auto giant = transcript_in(srt_of(std::string(1 << 20, 'x')));
  CHECK(giant.words.size() == (1 << 20) / 80 + 1);
  CHECK(said(transcript_in(srt_of(std::string(1 << 20, '[') + " " + std::string(1 << 20, '<')))).size() <
        (4 << 20));
}

TEST_CASE("numbers that are no times are refused") {
  CHECK(refusal_of(R"({"segments": [{"start": 1e300, "end": 2, "text": "a"}]})").code == Code::failed);
  CHECK(refusal_of(R"({"transcription": [{"offsets": {"from": -1e15, "to": 2}, "text": "a"}]})").code ==
        Code::failed);
}
