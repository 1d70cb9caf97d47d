// Clips out of a source.
#include <doctest/doctest.h>

#include "tests/support/cut_bench.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("a clip is what every platform takes, and says nothing of its source") {
  Bench bench({lavfi("testsrc2=size=384x216:rate=30:duration=4"),
               lavfi("sine=duration=4"),
               kFast,
               {"-metadata", "title=Secret", "-metadata", "location=+52.5+013.4/", "-ac", "1"}});
  const ClipReport report = bench.made({1, 2.5}, {.preset = "superfast"});
  const Json probed = bench.probed();
  REQUIRE(probed["streams"].size() == 2);
  const Json &picture = probed["streams"][0], &sound = probed["streams"][1];
  CHECK(picture["codec_name"] == "h264");
  CHECK(picture["profile"] == "High");
  CHECK(picture["width"] == 1080);
  CHECK(picture["height"] == 1920);
  CHECK(picture["sample_aspect_ratio"] == "1:1");
  CHECK(picture["pix_fmt"] == "yuv420p");
  CHECK(picture["color_space"] == "bt709");
  CHECK(picture["r_frame_rate"] == "30/1");
  CHECK(picture["avg_frame_rate"] == "30/1");
  CHECK(sound["codec_name"] == "aac");
  CHECK(sound["sample_rate"] == "48000");
  CHECK(sound["channels"] == 2);
  CHECK(std::stod(text_at(picture, "duration")) == doctest::Approx(1.5).epsilon(0.03));
  CHECK(report.duration == doctest::Approx(1.5).epsilon(0.03));
  const std::string bytes = read_text(bench.clip());
  CHECK(bytes.find("Secret") == bytes.npos);
  CHECK(bytes.find("+52.5") == bytes.npos);
  CHECK(bytes.find("moov") < bytes.find("mdat"));  // plays while it is loaded
}

TEST_CASE("a wide source is cropped where it is asked to be, and fills the picture") {
  for (const auto& [x, colour] : {std::pair{0.0, kRed}, {0.5, kGreen}, {1.0, kBlue}}) {
    CAPTURE(x);
    Bench bench({thirds(), kFast});
    bench.made({0, 1}, {.framing = Framing::crop, .crop_x = x, .audio_track = -1});
    const std::string frame = bench.frame(0.5);
    for (const int px : {4, 54, 103})
      for (const int py : {4, 96, 187}) CHECK(close(at(frame, px, py), colour));
  }
}

TEST_CASE("between black bars all of a wide source is seen") {
  Bench bench({thirds(), kFast});
  bench.made({0, 1}, {.framing = Framing::black_bars, .audio_track = -1});
  const std::string frame = bench.frame(0.5);
  CHECK(close(at(frame, 18, 96), kRed));
  CHECK(close(at(frame, 54, 96), kGreen));
  CHECK(close(at(frame, 90, 96), kBlue));
  for (const int y : {4, 55, 136, 187}) CHECK(close(at(frame, 54, y), kBlack));
}

TEST_CASE("blurred bars are of the source's own colours, and all of the source is seen before them") {
  Bench bench({thirds(), kFast});
  bench.made({0, 1}, {.audio_track = -1});
  const std::string frame = bench.frame(0.5);
  CHECK(close(at(frame, 18, 96), kRed));
  CHECK(close(at(frame, 90, 96), kBlue));
  for (const int y : {4, 187}) CHECK(close(at(frame, 54, y), kGreen));
}

TEST_CASE("an upright source fills the picture, whatever the framing") {
  Bench bench({lavfi("color=green:size=216x384:rate=25:duration=1,drawbox=0:0:216:40:red:fill"), kFast});
  bench.made({0, 1}, {.framing = Framing::black_bars, .audio_track = -1});
  const std::string frame = bench.frame(0.5);
  CHECK(close(at(frame, 4, 4), kRed));
  CHECK(close(at(frame, 103, 187), kGreen));
}

TEST_CASE("a source that a player turns is cut upright") {
  Bench bench({thirds(), kFast});
  const auto flat = bench.file;
  bench.file = bench.temp / "turned.mp4";
  run_ffmpeg({"-i", flat.native(), "-c", "copy", "-metadata:s:v:0", "rotate=90", bench.file.native()});
  bench.made({0, 1}, {.audio_track = -1});
  const std::string frame = bench.frame(0.5);
  // Counter-clockwise, so that the right side is up.
  CHECK(close(at(frame, 54, 20), kBlue));
  CHECK(close(at(frame, 54, 96), kGreen));
  CHECK(close(at(frame, 54, 172), kRed));
}

TEST_CASE("pictures that are not square keep their shape") {
  // Two squares of colour as they are stored are 2:1 as they are shown: 1080 wide, 270 high in all.
  Bench bench({lavfi("color=red:size=256x128:rate=25:duration=1,setsar=2"), kFast});
  bench.made({0, 1}, {.framing = Framing::black_bars, .audio_track = -1});
  const std::string frame = bench.frame(0.5);
  CHECK(close(at(frame, 54, 96), kRed));
  CHECK(close(at(frame, 54, 96 - 11), kRed));
  CHECK(close(at(frame, 54, 96 - 18), kBlack));
}

TEST_CASE("a source of a variable rate gets a constant one") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=24:duration=1"),
               lavfi("testsrc2=size=256x144:rate=30:duration=1"),
               {"-filter_complex", "[0]settb=1/120[a];[1]settb=1/120[b];[a][b]concat", "-fps_mode", "vfr",
                "-video_track_timescale", "120"},
               {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}});
  CHECK(bench.facts().variable_rate);
  bench.made({0.5, 1.5}, {.audio_track = -1});
  const Json probed = bench.probed();
  const Json& picture = probed["streams"][0];
  CHECK(picture["r_frame_rate"] == picture["avg_frame_rate"]);
  CHECK(picture["nb_frames"] == "25");  // 27 a second on average: the nearest rate
}

TEST_CASE("rates are those that players know") {
  CHECK(clip_rate(23.976) == "24000/1001");
  CHECK(clip_rate(24) == "24");
  CHECK(clip_rate(29.97) == "30000/1001");
  CHECK(clip_rate(27) == "25");
  CHECK(clip_rate(30.2) == "30");
  CHECK(clip_rate(120) == "60");
  CHECK(clip_rate(5) == "24000/1001");
  CHECK(clip_rate(0) == "30");
}

TEST_CASE("a soft source becomes as loud as it is to be, and a loud one softer") {
  for (const char* volume : {"0.8", "8"}) {
    CAPTURE(volume);
    Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=4"),
                 lavfi(fmt::format("sine=frequency=500:duration=4,volume={}", volume)), kFast});
    const ClipReport report = bench.made({1, 3});
    CHECK(report.loudness == doctest::Approx(-14).epsilon(1.0 / 14));
    CHECK(report.warnings.empty());
  }
}

TEST_CASE("the gain goes neither over 12 dB nor over the peak that is allowed, and it is said") {
  Bench soft({lavfi("testsrc2=size=256x144:rate=25:duration=3"),
              lavfi("sine=frequency=500:duration=3,volume=0.05"), kFast});
  const auto before = measure_loudness(soft.file, 0, {0.5, 2.5}, {});
  REQUIRE(before);
  const ClipReport report = soft.made({0.5, 2.5});
  CHECK(report.loudness - before->integrated == doctest::Approx(12).epsilon(0.05));
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].find("LUFS") != std::string::npos);

  // A short loud click over a soft tone: its peak is what the gain may not lift.
  Bench click({lavfi("testsrc2=size=256x144:rate=25:duration=3"),
               lavfi("sine=frequency=500:duration=3,volume='if(between(t,1.5,1.52),4,0.3)':eval=frame,"
                     "asetnsamples=240"),
               kFast});
  click.made({0.5, 2.5});
  const auto after = measure_loudness(click.clip(), 0, {0, 2}, {});
  REQUIRE(after);
  CHECK(after->true_peak <= -0.3);  // -2 dB, and what AAC adds
  CHECK(after->true_peak >= -4);
  CHECK(after->integrated < -15);
}

TEST_CASE("a source without sound gets a silent track as long as the picture") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=3"), kFast});
  const ClipReport report = bench.made({0.5, 2.5}, {.audio_track = -1});
  const Json probed = bench.probed();
  REQUIRE(probed["streams"].size() == 2);
  CHECK(std::stod(text_at(probed["streams"][1], "duration")) == doctest::Approx(2).epsilon(0.05));
  CHECK(report.loudness == -70);
  REQUIRE(report.silent.size() == 1);
  CHECK(report.silent[0].length() == doctest::Approx(2).epsilon(0.05));
}

TEST_CASE("sound that ends before the clip does is filled up with silence") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=4"), lavfi("sine=duration=1.5"), kFast});
  bench.made({1, 3});
  const Json probed = bench.probed();
  CHECK(std::stod(text_at(probed["streams"][1], "duration")) == doctest::Approx(2).epsilon(0.05));
}

TEST_CASE("the second sound track is taken when it is asked for") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=3"),
               lavfi("anullsrc=d=3"),
               kTone,
               {"-map", "0", "-map", "1", "-map", "2", "-t", "3"},
               kFast});
  CHECK(bench.made({0, 2}, {.audio_track = 1}).loudness > -20);
}

TEST_CASE("a clip begins and ends at the asked time, between keyframes too") {
  // White for one frame at 2.52 s, with a tone that starts there; one keyframe in all.
  Bench bench(
      {lavfi("color=black:size=256x144:rate=25:duration=4,drawbox=0:0:256:144:white:fill:enable='between(n,"
             "63,63)'"),
       lavfi("sine=frequency=500:duration=4,volume='if(gte(t,2.52),1,0)':eval=frame,asetnsamples=480"),
       kFast,
       {"-g", "1000"}});
  bench.made({2.12, 3.12}, {.framing = Framing::crop});
  CHECK(close(at(bench.frame(0.4), 54, 96), kWhite));
  CHECK(close(at(bench.frame(0.32), 54, 96), kBlack));
  CHECK(close(at(bench.frame(0.48), 54, 96), kBlack));
  const TempFolder work;
  const auto heard = hear_source(bench.clip(), 0, work.path(), {}, {}, {});
  REQUIRE(heard);
  REQUIRE(heard->silences.size() == 1);
  CHECK(heard->silences[0].end == doctest::Approx(0.4).epsilon(0.1));
}

TEST_CASE("what is black and what is silent in a clip is told") {
  Bench bench(
      {lavfi(
           "testsrc2=size=256x144:rate=25:duration=5,drawbox=0:0:256:144:black:fill:enable='between(t,1,2)'"),
       lavfi("sine=frequency=500:duration=5,volume='if(between(t,2.5,4.5),0,4)':eval=frame,asetnsamples=480"),
       kFast});
  const ClipReport report =
      bench.made({0.5, 4.8}, {.framing = Framing::crop, .crop_x = 0.5, .check_whole = true});
  REQUIRE(report.black.size() == 1);
  CHECK(report.black[0].start == doctest::Approx(0.5).epsilon(0.1));
  CHECK(report.black[0].end == doctest::Approx(1.5).epsilon(0.1));
  REQUIRE(report.silent.size() == 1);
  CHECK(report.silent[0].start == doctest::Approx(2).epsilon(0.1));
  CHECK(report.silent[0].end == doctest::Approx(4).epsilon(0.1));
  CHECK(report.warnings.size() == 2);
}

TEST_CASE("HDR and interlaced pictures become ordinary ones") {
  Bench hdr({lavfi("testsrc2=size=256x144:rate=25:duration=1"),
             {"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-color_primaries",
              "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"}});
  hdr.made({0, 1}, {.audio_track = -1});
  CHECK(hdr.probed()["streams"][0]["color_transfer"] == "bt709");
  Bench woven(
      {lavfi("testsrc2=size=256x144:rate=50:duration=1,interlace"), kFast, {"-flags", "+ilme+ildct"}});
  woven.made({0, 1}, {.audio_track = -1});
  CHECK(woven.probed()["streams"][0]["field_order"] == "progressive");
}

TEST_CASE("captions, the hook and the logo are in the picture, whatever their names hold") {
  Bench bench({lavfi("color=black:size=256x144:rate=25:duration=1"), kFast}, "a b'[0:v];,%03d.mp4");
  const auto logo = bench.temp / "l:o'g,o %02d.png";
  run_ffmpeg({"-f", "lavfi", "-i", "color=red:size=100x50", "-frames:v", "1", "-update", "1",
              (bench.temp / "logo.png").native()});
  fs::copy_file(bench.temp / "logo.png", logo);
  bench.made({0, 1}, {.audio_track = -1, .logo = logo}, {.words = {{0, 1, "MMMMMM"}}, .hook = "MMMMMMMM"});
  const std::string frame = bench.frame(0.5);
  const auto light = [&](int from, int to) {
    int most = 0;
    for (int y = from; y < to; ++y)
      for (int x = 30; x < 80; ++x) most = std::max(most, at(frame, x, y)[1]);
    return most;
  };
  CHECK(light(125, 145) > 120);
  CHECK(light(24, 45) > 120);
  CHECK(light(50, 110) < 30);
  CHECK(close(at(frame, 15, 14), kRed));
}

TEST_CASE("a file that is there already is never replaced") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=1"), kFast});
  write_file(bench.clip(), "mine");
  const auto report = bench.cut({0, 1}, {.audio_track = -1});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::failed);
  CHECK(report.error().message.find("not replaced") != std::string::npos);
  CHECK(read_text(bench.clip()) == "mine");
}

TEST_CASE("a file that comes while a clip is cut is not replaced either") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=1"), kFast});
  const auto report =
      cut_clip(bench.file, bench.facts(), {0, 1}, {.preset = "ultrafast", .audio_track = -1}, {},
               bench.work.path(), bench.clip(), [&](double) { write_file(bench.clip(), "mine"); }, {});
  REQUIRE_FALSE(report);
  CHECK(report.error().message.find("not replaced") != std::string::npos);
  CHECK(read_text(bench.clip()) == "mine");
  CHECK(fs::is_empty(bench.work.path()));
}

TEST_CASE("a stop in the middle leaves nothing, and the share only grows until then") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=30"), kFast});
  std::stop_source source;
  double last = 0;
  bool backwards = false;
  const auto report = cut_clip(
      bench.file, bench.facts(), {0, 30}, {.preset = "ultrafast", .audio_track = -1}, {}, bench.work.path(),
      bench.clip(),
      [&](double share) {
        backwards |= share < last;
        last = share;
        if (share > 0.06) source.request_stop();
      },
      source.get_token());
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::cancelled);
  CHECK_FALSE(backwards);
  CHECK(last < 0.9);
  CHECK(fs::is_empty(bench.work.path()));
  CHECK(fs::is_empty(bench.clip().parent_path()));
}

TEST_CASE("a finished clip that is not right gets no name") {
  Bench bench({lavfi("testsrc2=size=256x144:rate=25:duration=2"), kFast});
  const auto report = bench.cut({1, 4}, {.audio_track = -1});  // two seconds more than there are
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::failed);
  CHECK(report.error().message.find("of picture and not 3.00 s") != std::string::npos);
  CHECK(fs::is_empty(bench.clip().parent_path()));
}
