// Valid transcripts, damaged at random in the same way each time.
#include "registry/base/json.h"
#include "registry/base/text.h"
#include "tests/support/damage.h"
#include "tests/support/transcripts.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;

namespace {

constexpr std::string_view kWhole[] = {
    "1\n00:00:01,000 --> 00:00:03,000\nHello <b>world</b>. [Music]\n\n2\n00:00:04,250 --> 00:00:07,500\nBye "
    "&amp; "
    "\u4ECA\u65E5\u306F\u3002\n\n3\n00:00:07,250 --> 00:00:09,500\n- Who? - Me!\n",
    "WEBVTT\nLanguage: en\n\nNOTE x\n\na\n00:01.000 --> 00:04.000\nwe<00:00:01.500><c> are</c><00:00:03.000> "
    "here\n\n"
    "00:04.000 --> 00:04.010\nwe are here\n\n00:05.000 --> 00:09.000 line:0\n<v Bob>Again.\n",
    "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: "
    "0,0:00:05.00,0:00:06.50,D,One, "
    "two\nDialogue: 0,0:00:01.00,0:00:02.00,D,{\\an8}First\\Nline.\n",
    R"({"language":"en","language_probability":0.8,"segments":[{"start":0.5,"end":2.0,"text":" We don't.","words":[)"
    R"({"word":" We","start":0.5,"end":0.75},{"word":" don","start":0.75,"end":1.0},{"word":"'t.","start":1,"end":2}]},)"
    R"({"start":3.5,"end":6.0,"text":"In 2014","words":[{"word":"In","start":3.5,"end":4},{"word":"2014"}]}]})",
    "{\"result\":{\"language\":\"ja\"},\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":"
    "\"\u6771\u4EAC b\",\"tokens\":[{\"text\":\"\xE6\x9D\",\"offsets\":{\"from\":100,\"to\":200}},"
    "{\"text\":\"\xB1\u4EAC\",\"offsets\":{\"from\":200,\"to\":300}},"
    "{\"text\":\" "
    "b\",\"offsets\":{\"from\":300,\"to\":800}}]},{\"offsets\":{\"from\":900,\"to\":2000},\"text\":\"c\"}]}"};

Sound random_sound(Damage& damage, double duration) {
  Sound made;
  made.there = true;
  double at = 0;
  while (at < duration) {
    const double start = at + static_cast<double>(damage.below(30)) / 10,
                 end = start + 0.35 + static_cast<double>(damage.below(30)) / 10;
    made.silences.push_back({start, end});
    at = end + 0.1;
  }
  return made;
}

/// What is wrong with a repaired transcript; "" when nothing is.
std::string fault_of(const Transcript& talk, double duration) {
  double time = 0;
  for (const Word& word : talk.words) {
    if (!(word.start >= time && word.end >= word.start && word.end <= duration))
      return "times of " + word.text;
    if (word.text.empty() || !is_utf8(word.text)) return "text of a word";
    time = word.end;
  }
  std::size_t at = 0;
  for (const Sentence& sentence : talk.sentences) {
    if (sentence.first != at || sentence.count == 0) return "words of a sentence";
    at += sentence.count;
    if (sentence.start != talk.words[sentence.first].start || sentence.end != talk.words[at - 1].end)
      return "a sentence's time";
    if (sentence.end - sentence.start > 20 + 1e-9) return "a long sentence";
  }
  return at == talk.words.size() ? "" : "words without a sentence";
}

}  // namespace

TEST_CASE(
    "a damaged transcript is refused or repaired: its times are in order, within the video, and kept as "
    "JSON") {
  Damage damage(15);
  int read = 0, refused = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text(kWhole[damage.below(std::size(kWhole))]);
    for (std::size_t strikes = damage.below(6); strikes > 0; --strikes) damage.strike(text);
    auto talk = read_transcript(text);
    ++(talk ? read : refused);
    if (!talk) {
      CHECK_FALSE(talk.error().message.empty());
      continue;
    }
    const double duration = static_cast<double>(damage.below(20));
    repair(*talk, random_sound(damage, duration), duration);
    CAPTURE(text);
    REQUIRE(fault_of(*talk, duration) == "");
    const auto again = transcript_of(to_json(*talk, duration));
    REQUIRE(again);
    REQUIRE(said(*again) == said(*talk));
  }
  CHECK(read > 1000);
  CHECK(refused > 300);
}
