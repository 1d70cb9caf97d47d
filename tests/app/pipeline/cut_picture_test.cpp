// Colours, shots and letters in a finished clip, and how closely it is looked at.
#include <doctest/doctest.h>

#include "tests/support/cut_bench.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("colours come out as they were, however the source holds them") {
  // As light and tint by BT.601 or BT.709, in the whole range or the ordinary one, tagged or not, or mixed.
  const Colour wanted{32, 192, 64};
  struct Held {
    const char* how;
    Arguments with;
  };
  const Held all[] = {
      {"scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", {}},
      {"scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", {"-colorspace", "smpte170m"}},
      {"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", {"-colorspace", "bt709"}},
      {"scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p", {"-color_range", "pc"}},
      {"scale=out_color_matrix=bt709:out_range=pc,format=yuv420p",
       {"-color_range", "pc", "-colorspace", "bt709"}},
      {"scale=1280:720:out_color_matrix=bt709:out_range=tv,format=yuv420p", {}},
      {"format=gbrp", {}},
  };
  for (const Held& held : all) {
    CAPTURE(held.how);
    Bench bench(
        {lavfi(fmt::format("color=0x20C040:size=192x108:rate=25:duration=0.6,format=gbrp,{}", held.how)),
         {"-c:v", "libx264", "-preset", "ultrafast", "-qp", "4"},
         held.with});
    const bool framed = &held == &all[0] || &held == &all[3];  // the same chain, but it takes long
    bench.made({0, 0.6}, {.framing = framed ? Framing::blurred : Framing::kept, .audio_track = -1});
    CHECK(bench.probed()["streams"][0]["color_space"] == "bt709");
    CHECK(bench.probed()["streams"][0]["color_range"] == "tv");
    const Colour seen = at(bench.frame(0.2), 54, 96);
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(i);
      CHECK(seen[i] >= wanted[i] - 5);
      CHECK(seen[i] <= wanted[i] + 5);
    }
  }
}

TEST_CASE("with a crop each shot keeps what it is about in the picture, and nothing moves in between") {
  // Somebody moves at the left for a second, then at the right; the background stands still. The stripes look
  // interlaced, and what is done about that must not make the picture late.
  Bench bench({lavfi("color=0x606060:size=640x360:rate=25:duration=2,drawbox=0:0:640:360:0xB0A040:fill:"
                     "enable='gte(n,25)'"),
               lavfi("testsrc2=size=80x200:rate=25:duration=2"),
               {"-filter_complex", "[0][1]overlay=x='if(lt(t,0.99),60,500)':y=120"},
               kFast});
  const ClipReport report = bench.made({0, 2}, {.framing = Framing::crop, .audio_track = -1});
  REQUIRE(report.shots.size() == 2);
  CHECK(report.shots[1].start == doctest::Approx(0.98));
  CHECK(report.shots[0].crop_x < 0.15);
  CHECK(report.shots[1].crop_x > 0.85);
  // Who moves is in the middle third from the first picture of each shot to its last.
  for (const double when : {0.04, 0.5, 0.95, 1.04, 1.5, 1.9}) {
    CAPTURE(when);
    const std::string frame = bench.frame(when);
    const Colour ground = when < 0.98 ? Colour{0x60, 0x60, 0x60} : Colour{0xB0, 0xA0, 0x40};
    int other = 0;
    for (int y = 70; y < 165; ++y) other += !close(at(frame, 54, y), ground);
    CHECK(other > 60);
    CHECK(close(at(frame, when < 0.98 ? 105 : 2, 100), ground));
  }
}

TEST_CASE("a person's crop holds for all shots, and costs no look at them") {
  Bench bench({thirds(), kFast});
  const ClipReport report = bench.made({0, 1}, {.framing = Framing::crop, .crop_x = 0.0, .audio_track = -1});
  CHECK(report.shots.empty());
  CHECK(close(at(bench.frame(0.5), 54, 96), kRed));
}

TEST_CASE("black is seen that no keyframe shows, also in the finished file where all of it is looked at") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=4,drawbox=0:0:256:144:black:fill:enable='"
                     "between(t,1.2,2.1)'"),
               kTone, kFast});
  for (const bool whole : {false, true}) {
    CAPTURE(whole);
    CutSettings settings{.framing = Framing::crop, .crop_x = 0.5};  // ultrafast: one keyframe in all
    settings.check_whole = whole;
    const ClipReport report = bench.made({0, 4}, settings);
    REQUIRE(report.black.size() == 1);
    CHECK(report.black[0].start == doctest::Approx(1.2).epsilon(0.05));
    CHECK(report.black[0].end == doctest::Approx(2.12).epsilon(0.05));
    fs::remove(bench.clip());
  }
}

TEST_CASE("a hook with letters that no font of the machine has is refused before it can be posted") {
  Bench bench({lavfi("color=black:size=256x144:rate=25:duration=1"), kFast});
  const auto report = bench.cut({0, 1}, {.audio_track = -1}, {.hook = "Look 𓀀"});
  REQUIRE_FALSE(report);
  CHECK(report.error().message.find("no font on this machine") != std::string::npos);
  CHECK(fs::is_empty(bench.clip().parent_path()));
  const ClipReport spoken = bench.made({0, 1}, {.audio_track = -1}, {.words = {{0, 1, "𓀀"}}});
  REQUIRE(spoken.warnings.size() == 2);  // and that it is silent
  CHECK((spoken.warnings[0] + spoken.warnings[1]).find("No font on this machine") != std::string::npos);
}

TEST_CASE("a logo that is no picture is refused before any work") {
  const TempFolder temp;
  CHECK(check_logo({}, {}));
  CHECK(check_logo(temp / "none.png", {}).error().message.find("there is no logo") != std::string::npos);
  write_file(temp / "words.png", "just words");
  CHECK(check_logo(temp / "words.png", {}).error().message.find("no picture") != std::string::npos);
}
