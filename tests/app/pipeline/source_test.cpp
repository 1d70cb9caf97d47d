#include "app/pipeline/source.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "registry/base/json.h"
#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

using Arguments = std::vector<std::string>;

const Arguments kSixSeconds{"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6"};
const Arguments kSixHeard{"-f", "lavfi", "-i", "sine=duration=6"};
const Arguments kQuickly{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"};

fs::path talk(const fs::path& path, const std::vector<Arguments>& parts) {
  run_ffmpeg(parts, path);
  return path;
}

Result<SourceFacts> look(const fs::path& file, double min_seconds = 3) {
  return look_at_source(file, {.min_seconds = min_seconds}, {});
}

SourceFacts facts_of(const fs::path& file) {
  auto facts = look(file);
  if (!facts) FAIL(facts.error().message);
  return *facts;
}

std::string why_refused(const fs::path& file, double min_seconds = 3) {
  const auto facts = look(file, min_seconds);
  if (facts) return "it is taken";
  CHECK(facts.error().code == Code::failed);
  return facts.error().message;
}

bool tells(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

bool warns(const SourceFacts& facts, std::string_view words) {
  return std::ranges::any_of(facts.warnings,
                             [&](const std::string& warning) { return tells(warning, words); });
}

/// Overwrites the file with zeros from that share of it on.
void hollow(const fs::path& file, double from) {
  const auto size = static_cast<double>(fs::file_size(file));
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(size * from));
  out << std::string(static_cast<std::size_t>(size * (1 - from)), '\0');
}

}  // namespace

TEST_CASE("an ordinary talk is taken as it is, without a warning") {
  const TempFolder temp;
  const auto file = talk(temp / "My Talk, 3rd take.mp4", {kSixSeconds, kSixHeard, kQuickly, {"-c:a", "aac"}});
  const SourceFacts facts = facts_of(file);
  CHECK(facts.slug == "my-talk-3rd-take");
  CHECK(facts.size == fs::file_size(file));
  CHECK(facts.duration == doctest::Approx(6).epsilon(0.01));
  CHECK(facts.start == 0);
  CHECK(facts.width == 320);
  CHECK(facts.height == 180);
  CHECK(facts.rotation == 0);
  CHECK(facts.fps == 25);
  CHECK(facts.bits == 8);
  CHECK(facts.video_codec == "h264");
  REQUIRE(facts.audio.size() == 1);
  CHECK(facts.audio[0].codec == "aac");
  CHECK(facts.audio[0].channels == 1);
  CHECK(facts.audio[0].standard);
  CHECK_FALSE(facts.variable_rate);
  CHECK_FALSE(facts.interlaced);
  CHECK_FALSE(facts.hdr);
  CHECK(facts.warnings.empty());
}

TEST_CASE("what has no picture, or only a cover, is refused before any work") {
  const TempFolder temp;
  const auto sound = talk(temp / "sound.m4a", {kSixHeard});
  CHECK(tells(why_refused(sound), "no video stream"));
  const auto cover = talk(temp / "cover.png", {kSixSeconds, {"-frames:v", "1"}});
  const auto covered = talk(temp / "covered.m4a",
                            {{"-i", sound.native(), "-i", cover.native()},
                             {"-map", "0", "-map", "1", "-c", "copy", "-disposition:v", "attached_pic"}});
  CHECK(tells(why_refused(covered), "no video stream"));
}

TEST_CASE("a source shorter than a clip is refused with both lengths") {
  const TempFolder temp;
  make_video(temp / "short.mp4", 2);
  CHECK(tells(why_refused(temp / "short.mp4", 15), "it has 2.0 s, and a clip at least 15 s"));
}

TEST_CASE("a source that does not say how long it is is refused with what to do") {
  const TempFolder temp;
  const auto file = talk(temp / "live.mkv", {kSixSeconds, {"-c:v", "mpeg4", "-f", "matroska", "-live", "1"}});
  CHECK(tells(why_refused(file), "-c copy"));
}

TEST_CASE("a source without sound is taken with a warning") {
  const TempFolder temp;
  const SourceFacts facts = facts_of(talk(temp / "mute.mp4", {kSixSeconds, kQuickly}));
  CHECK(facts.audio.empty());
  CHECK(warns(facts, "no sound"));
}

TEST_CASE("a turned source has the width and height that a player shows") {
  const TempFolder temp;
  const auto flat = talk(temp / "flat.mp4", {kSixSeconds, kQuickly});
  for (const int turned : {90, 180, 270}) {
    CAPTURE(turned);
    const SourceFacts facts = facts_of(
        talk(temp / "turned.mp4",
             {{"-i", flat.native(), "-c", "copy", "-metadata:s:v:0", fmt::format("rotate={}", turned)}}));
    CHECK(facts.rotation == 360 - turned);  // ffmpeg writes it counter-clockwise
    CHECK(facts.width == (turned == 180 ? 320 : 180));
    CHECK(facts.height == (turned == 180 ? 180 : 320));
  }
}

TEST_CASE("pictures that are not square are as wide as they are shown") {
  const TempFolder temp;
  const SourceFacts facts = facts_of(talk(temp / "wide.mp4", {kSixSeconds, kQuickly, {"-vf", "setsar=4/3"}}));
  CHECK(facts.width == 427);
  CHECK(facts.height == 180);
}

TEST_CASE("24 pictures a second that become 30 are a variable rate") {
  const TempFolder temp;
  const SourceFacts facts = facts_of(
      talk(temp / "both.mp4",
           {{"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24:duration=3"},
            {"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=3"},
            {"-filter_complex", "[0]settb=1/120[a];[1]settb=1/120[b];[a][b]concat", "-fps_mode", "vfr"},
            kQuickly}));
  CHECK(facts.variable_rate);
  CHECK(facts.fps == doctest::Approx(27).epsilon(0.02));
  CHECK(warns(facts, "frame rate"));
}

TEST_CASE("HDR is taken with a warning, and refused where ffmpeg cannot convert it") {
  const TempFolder temp;
  const auto file = talk(temp / "hdr.mp4", {kSixSeconds,
                                            {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
                                             "yuv420p10le", "-color_primaries", "bt2020", "-color_trc",
                                             "smpte2084", "-colorspace", "bt2020nc"}});
  const SourceFacts facts = facts_of(file);
  CHECK(facts.hdr);
  CHECK(facts.bits == 10);
  CHECK(warns(facts, "HDR"));
  // An ffmpeg that knows no filter at all.
  const std::string path = std::getenv("PATH");
  std::ofstream(temp / "ffmpeg") << "#!/bin/sh\nexit 0\n";
  fs::permissions(temp / "ffmpeg", fs::perms::owner_all);
  setenv("PATH", (temp.path().native() + ":" + path).c_str(), 1);
  const std::string why = why_refused(file);
  setenv("PATH", path.c_str(), 1);
  CHECK(tells(why, "zscale"));
}

TEST_CASE("interlaced pictures are seen, whether the file says so or not") {
  const TempFolder temp;
  const Arguments woven{"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=50:duration=6,interlace"};
  const SourceFacts said = facts_of(
      talk(temp / "said.mp4", {woven, {"-c:v", "libx264", "-preset", "ultrafast", "-flags", "+ilme+ildct"}}));
  CHECK(said.interlaced);
  CHECK(warns(said, "interlaced"));
  CHECK(facts_of(talk(temp / "unsaid.mp4", {woven, kQuickly})).interlaced);
}

TEST_CASE("of several sound tracks each is told, and which one a player takes") {
  const TempFolder temp;
  const SourceFacts facts =
      facts_of(talk(temp / "two.mp4", {kSixSeconds,
                                       kSixHeard,
                                       kSixHeard,
                                       kQuickly,
                                       {"-map", "0", "-map", "1", "-map", "2", "-c:a", "aac",
                                        "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=eng",
                                        "-disposition:a:0", "0", "-disposition:a:1", "default"}}));
  REQUIRE(facts.audio.size() == 2);
  CHECK(facts.audio[0].language == "deu");
  CHECK_FALSE(facts.audio[0].standard);
  CHECK(facts.audio[1].index == 1);
  CHECK(facts.audio[1].language == "eng");
  CHECK(facts.audio[1].standard);
  CHECK(warns(facts, "2 sound tracks"));
}

TEST_CASE("subtitles that are text are found by their place among the subtitles") {
  const TempFolder temp;
  write_file(temp / "a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n");
  const auto srt = (temp / "a.srt").native();
  CHECK(facts_of(talk(temp / "said.mkv", {kSixSeconds,
                                          {"-i", srt, "-i", srt, "-map", "0", "-map", "1", "-map", "2"},
                                          kQuickly,
                                          {"-c:s:0", "srt", "-c:s:1", "ass"}}))
            .text_subtitles == std::vector<int>{0, 1});
  CHECK(facts_of(talk(temp / "none.mp4", {kSixSeconds, kQuickly})).text_subtitles.empty());
}

TEST_CASE("a source damaged from 60 % on is refused, whole or cut off") {
  const TempFolder temp;
  const auto file = talk(temp / "a.mp4", {kSixSeconds, kQuickly, {"-g", "25", "-movflags", "+faststart"}});
  hollow(file, 0.6);
  CHECK(tells(why_refused(file), "its pictures cannot be decoded near its end"));
  const auto cut = talk(temp / "a.mkv", {kSixSeconds, kQuickly, {"-g", "25"}});
  fs::resize_file(cut, fs::file_size(cut) * 6 / 10);
  CHECK(tells(why_refused(cut), "is incomplete"));
}

TEST_CASE("an encrypted source is refused as such") {
  const TempFolder temp;
  const auto file = talk(temp / "secret.mp4", {kSixSeconds,
                                               kQuickly,
                                               {"-encryption_scheme", "cenc-aes-ctr", "-encryption_key",
                                                "00112233445566778899aabbccddeeff", "-encryption_kid",
                                                "00112233445566778899aabbccddeeff"}});
  CHECK(tells(why_refused(file), "encrypted"));
}

TEST_CASE("sound that begins before the picture and goes on after it does not count as picture") {
  const TempFolder temp;
  const SourceFacts facts =
      facts_of(talk(temp / "late.mkv",
                    {{"-itsoffset", "1"}, kSixSeconds, {"-f", "lavfi", "-i", "sine=duration=12"}, kQuickly}));
  CHECK(facts.start == doctest::Approx(1).epsilon(0.05));
  CHECK(facts.duration == doctest::Approx(7).epsilon(0.03));
}

TEST_CASE("a moved source has the same content key, a changed one another") {
  const TempFolder temp;
  const auto file = talk(temp / "a.mp4", {kSixSeconds, kQuickly});
  const std::string key = facts_of(file).content;
  CHECK(key.size() == 64);
  fs::create_directory(temp / "elsewhere");
  fs::rename(file, temp / "elsewhere" / "b.mp4");
  CHECK(facts_of(temp / "elsewhere" / "b.mp4").content == key);
  std::ofstream(temp / "elsewhere" / "b.mp4", std::ios::app) << std::string(
      "\0\0\0\x08"
      "free",
      8);
  CHECK(facts_of(temp / "elsewhere" / "b.mp4").content != key);
}

TEST_CASE("names without a letter have a slug as well, and long ones end") {
  const TempFolder temp;
  make_video(temp / "\u6771\u4EAC.mp4", 4);
  CHECK(facts_of(temp / "\u6771\u4EAC.mp4").slug == "video");
  const std::string name = std::string(39, 'x') + " y";
  make_video(temp / (name + ".mp4"), 4);
  CHECK(facts_of(temp / (name + ".mp4")).slug == std::string(39, 'x'));
}

TEST_CASE("a source that is not there is not found, and a look at one stops when asked to") {
  const TempFolder temp;
  CHECK(look(temp / "gone.mp4").error().code == Code::not_found);
  make_video(temp / "a.mp4", 4);
  std::stop_source source;
  source.request_stop();
  CHECK(look_at_source(temp / "a.mp4", {}, source.get_token()).error().code == Code::cancelled);
}

TEST_CASE("what is known about a source is the same after it was written down") {
  const SourceFacts facts{
      .slug = "talk",
      .content = "ab",
      .size = 1ull << 40,
      .duration = 61.25,
      .start = 0.5,
      .width = 1920,
      .height = 1080,
      .rotation = 90,
      .fps = 29.97,
      .variable_rate = true,
      .interlaced = true,
      .hdr = true,
      .bits = 10,
      .video_codec = "hevc",
      .audio = {{.index = 1, .codec = "aac", .channels = 6, .language = "eng", .standard = true}},
      .text_subtitles = {0, 2},
      .warnings = {"One.", "Two."}};
  const Json written = to_json(facts);
  CHECK(to_json(source_facts(read_json(dumped(written)))) == written);
  CHECK(source_facts(written).audio[0].language == "eng");
  for (const char* odd :
       {"[]", "7", R"({"width":1e300,"size":-4,"audio":[1,{}],"text_subtitles":["x",1e99],"fps":"x"})"})
    CHECK(source_facts(read_json(odd)).width == 0);
}
