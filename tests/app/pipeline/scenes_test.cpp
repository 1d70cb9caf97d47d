#include "app/pipeline/scenes.h"

#include <doctest/doctest.h>

#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;

namespace {

/// Three still pictures that follow one another, with a keyframe each second and at cuts.
std::filesystem::path with_cuts(const TempFolder& temp) {
  const auto file = temp / "cuts.mp4";
  run_ffmpeg({"-f",
              "lavfi",
              "-i",
              "color=red:size=256x144:rate=25:duration=2",
              "-f",
              "lavfi",
              "-i",
              "testsrc2=size=256x144:rate=25:duration=3",
              "-f",
              "lavfi",
              "-i",
              "color=white:size=256x144:rate=25:duration=1",
              "-filter_complex",
              "[0][1][2]concat=n=3",
              "-c:v",
              "libx264",
              "-preset",
              "ultrafast",
              "-g",
              "25",
              "-pix_fmt",
              "yuv420p",
              file.native()});
  return file;
}

}  // namespace

TEST_CASE("scene cuts are found where they are, and movement is none") {
  const TempFolder temp;
  double far = 0;
  const auto cuts = find_scene_cuts(with_cuts(temp), [&](double now) { far = now; }, {});
  REQUIRE(cuts);
  REQUIRE(cuts->size() == 2);
  CHECK((*cuts)[0] == doctest::Approx(2.0).epsilon(0.02));
  CHECK((*cuts)[1] == doctest::Approx(5.0).epsilon(0.02));
  CHECK(far == doctest::Approx(5.0).epsilon(0.01));
}

TEST_CASE("who looks for scene cuts stops when asked to") {
  const TempFolder temp;
  std::stop_source source;
  source.request_stop();
  const auto cuts = find_scene_cuts(with_cuts(temp), {}, source.get_token());
  REQUIRE_FALSE(cuts);
  CHECK(cuts.error().code == Code::cancelled);
}

TEST_CASE("a file without a picture has no scenes, and it is said") {
  const TempFolder temp;
  run_ffmpeg({"-f", "lavfi", "-i", "sine=duration=1", (temp / "a.m4a").native()});
  const auto cuts = find_scene_cuts(temp / "a.m4a", {}, {});
  REQUIRE_FALSE(cuts);
  CHECK(cuts.error().code == Code::failed);
  CHECK(cuts.error().message.find("a.m4a") != std::string::npos);
}
