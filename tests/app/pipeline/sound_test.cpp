#include "app/pipeline/sound.h"

#include <doctest/doctest.h>

#include <cmath>

#include "registry/base/json.h"
#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

/// Sound alone, as a filter of ffmpeg describes it.
fs::path sound_file(const TempFolder& temp, const std::string& described, std::vector<std::string> how = {}) {
  const auto path = temp / "sound.m4a";
  std::vector<std::string> arguments{"-f", "lavfi", "-i", described};
  arguments.insert(arguments.end(), how.begin(), how.end());
  arguments.push_back(path.native());
  run_ffmpeg(arguments);
  return path;
}

Sound heard(const fs::path& file, const fs::path& wav = {}, int track = 0) {
  const TempFolder work;
  auto sound = hear_source(file, track, work.path(), wav, {}, {});
  if (!sound) FAIL(sound.error().message);
  CHECK(fs::is_empty(work.path()));
  return *sound;
}

/// A tone that is quiet from `from` to `to`.
std::string tone(double from, double to, double loud = 1, double quiet = 0, int seconds = 6) {
  return fmt::format(
      "sine=frequency=500:duration={},volume='if(between(t,{},{}),{},{})':eval=frame,asetnsamples=480",
      seconds, from, to, quiet, loud);
}

}  // namespace

TEST_CASE("a silence is found where it is") {
  const TempFolder temp;
  const Sound sound = heard(sound_file(temp, tone(2, 3.2)));
  CHECK(sound.there);
  REQUIRE(sound.silences.size() == 1);
  CHECK(sound.silences[0].start == doctest::Approx(2.0).epsilon(0.03));
  CHECK(sound.silences[0].end == doctest::Approx(3.2).epsilon(0.03));
}

TEST_CASE("a pause of less than a third of a second is no silence") {
  const TempFolder temp;
  CHECK(heard(sound_file(temp, tone(2, 2.3))).silences.empty());
}

TEST_CASE("the loudness is told over time and for all of it") {
  const TempFolder temp;
  const Sound sound = heard(sound_file(temp, tone(2, 4, 1, 0.1)));
  CHECK(sound.momentary.size() == doctest::Approx(60).epsilon(0.03));
  REQUIRE(sound.momentary.size() > 50);
  CHECK(sound.momentary[15] - sound.momentary[35] == doctest::Approx(20).epsilon(0.05));
  CHECK(sound.loudness == doctest::Approx(sound.momentary[15]).epsilon(0.05));
}

TEST_CASE("what is a silence depends on how loud the rest is") {
  const TempFolder temp;
  const auto silences = [&](double loud, double quiet) {
    return heard(sound_file(temp, tone(2, 4, loud, quiet))).silences.size();
  };
  // A tone of about -12 dB: what is 12 dB softer is none, what is 26 dB softer is one, at -38 dB.
  CHECK(silences(4, 1) == 0);
  CHECK(silences(4, 0.2) == 1);
  // In a quiet recording the same -38 dB are what is said.
  CHECK(silences(0.2, 0.1) == 0);
  CHECK(silences(0.2, 0.02) == 1);
}

TEST_CASE("one channel, six channels and other rates are heard, too") {
  const TempFolder temp;
  for (const auto& how : {std::vector<std::string>{"-ac", "1", "-ar", "11025"},
                          {"-ac", "6", "-ar", "48000"},
                          {"-ac", "2", "-ar", "44100"}}) {
    CAPTURE(how[1]);
    const Sound sound = heard(sound_file(temp, tone(2, 3), how));
    CHECK(sound.momentary.size() == doctest::Approx(60).epsilon(0.03));
    CHECK(sound.silences.size() == 1);
  }
}

TEST_CASE("without a track nothing is run") {
  const auto sound = hear_source("/nowhere/at/all.mp4", -1, "/nowhere", {}, {}, {});
  REQUIRE(sound);
  CHECK_FALSE(sound->there);
  CHECK(sound->momentary.empty());
}

TEST_CASE("a track that begins late is silent until then") {
  const TempFolder temp;
  const auto file = temp / "late.mkv";
  run_ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=4", "-itsoffset", "1.5", "-f",
              "lavfi", "-i", "sine=duration=2.5", "-map", "0:v", "-map", "1:a", file.native()});
  const Sound sound = heard(file);
  REQUIRE(sound.silences.size() == 1);
  CHECK(sound.silences[0].start == 0);
  CHECK(sound.silences[0].end == doctest::Approx(1.5).epsilon(0.03));
}

TEST_CASE("the second of two tracks is heard when it is asked for, and what a transcriber wants is written") {
  const TempFolder temp;
  const auto file = temp / "two.mkv";
  run_ffmpeg({"-f", "lavfi", "-i", "sine=duration=3", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=3",
              "-map", "0", "-map", "1", file.native()});
  CHECK(heard(file).silences.empty());
  const Sound silent = heard(file, temp / "heard.wav", 1);
  CHECK(silent.loudness == -70);
  REQUIRE(silent.silences.size() == 1);
  CHECK(silent.silences[0].length() == doctest::Approx(3).epsilon(0.03));
  const std::string wav = read_text(temp / "heard.wav");
  CHECK(wav.starts_with("RIFF"));
  CHECK(wav.size() == doctest::Approx(3 * 16000 * 2).epsilon(0.03));
}

TEST_CASE("the pass tells how far it is, and a stop leaves nothing") {
  const TempFolder temp, work;
  const auto file = sound_file(temp, tone(2, 3));
  double far = 0;
  REQUIRE(hear_source(file, 0, work.path(), {}, [&](double now) { far = now; }, {}));
  CHECK(far == doctest::Approx(6).epsilon(0.03));
  std::stop_source source;
  source.request_stop();
  const auto stopped = hear_source(file, 0, work.path(), temp / "a.wav", {}, source.get_token());
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == Code::cancelled);
  CHECK(fs::is_empty(work.path()));
  CHECK_FALSE(fs::exists(temp / "a.wav"));
}

TEST_CASE("a track that is not there and a file that is none are failures with a reason") {
  const TempFolder temp, work;
  const auto none = hear_source(sound_file(temp, tone(2, 3)), 7, work.path(), {}, {}, {});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Code::failed);
  CHECK(none.error().message.find("sound.m4a") != std::string::npos);
  write_file(temp / "no.mp4", "no video");
  CHECK(hear_source(temp / "no.mp4", 0, work.path(), {}, {}, {}).error().code == Code::failed);
}

TEST_CASE("what was heard is the same after it was written down") {
  Sound sound{.there = true, .loudness = -21.5, .silences = {{0.5, 1.25}, {3, 4}}};
  for (int i = 0; i < 7; ++i) {  // lengths of all remainders by three
    const Sound read = sound_of(read_json(dumped(to_json(sound))));
    CHECK(read.there);
    CHECK(read.loudness == -21.5);
    CHECK(read.silences == sound.silences);
    REQUIRE(read.momentary.size() == sound.momentary.size());
    for (std::size_t at = 0; at < read.momentary.size(); ++at)
      CHECK(std::abs(read.momentary[at] - sound.momentary[at]) < 0.0051);
    sound.momentary.push_back(static_cast<float>(-70 + 13.37 * i));
  }
}

TEST_CASE("what is odd in a written-down sound reads as nothing") {
  for (const char* odd : {"[]", "{}", R"({"momentary":5,"silences":"x","loudness":"y"})",
                          R"({"momentary":"*","silences":[1,[1],[1,"2"],[1,2,3]]})"}) {
    const Sound sound = sound_of(read_json(odd));
    CHECK(sound.momentary.empty());
    CHECK(sound.silences.empty());
    CHECK(sound.loudness == -70);
  }
}
