// A hook and a logo on clips that were finished elsewhere.
#include "app/pipeline/finished_clips.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/pipeline/workshop.h"
#include "registry/base/json.h"
#include "registry/files/checksum.h"
#include "registry/videos/identity.h"
#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

struct FinishedHouse {
  TempFolder temp;
  Library library{temp / "home"};
  VideoRegistry registry = VideoRegistry::open(library).value();
  fs::path clip = temp / "in" / "My clip.mp4";

  /// Black, of a size, with or without sound.
  void make_clip(const std::string& size = "108x192", bool sound = true) {
    fs::create_directories(clip.parent_path());
    std::vector<std::vector<std::string>> parts{
        {"-f", "lavfi", "-i", "color=black:size=" + size + ":rate=25:duration=4"}};
    if (sound) parts.push_back({"-f", "lavfi", "-i", "sine=frequency=300:duration=4"});
    parts.push_back({"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"});
    if (sound) parts.push_back({"-c:a", "aac"});
    run_ffmpeg(parts, clip);
  }
  void make_odd_clip() {
    fs::create_directories(clip.parent_path());
    run_ffmpeg({{"-f", "lavfi", "-i", "color=black:size=181x133:rate=25:duration=4", "-pix_fmt", "yuv444p",
                 "-c:v", "libx264", "-preset", "ultrafast"}},
               clip);
  }
  FinishedOptions options(const std::string& hook) {
    return {.cut = {.preset = "ultrafast"}, .hook = hook, .clips_folder = temp / "clips"};
  }
  Result<FinishedClip> tried(const std::string& hook) { return put_on(registry, clip, options(hook)); }
  FinishedClip made(const std::string& hook) {
    auto done = tried(hook);
    if (!done) FAIL(done.error().message);
    return *done;
  }
  Json probed(const fs::path& file) const {
    const auto said =
        run_process({"ffprobe", "-v", "error", "-print_format", "json", "-show_streams", file.native()},
                    std::chrono::seconds(30));
    REQUIRE(said);
    return read_json(said->out);
  }
  /// How much of the upper half is light at a time, in thousandths.
  int light(const fs::path& file, double when) const {
    run_ffmpeg({"-ss", fmt::format("{}", when), "-i", file.native(), "-frames:v", "1", "-vf", "scale=100:100",
                "-pix_fmt", "gray", "-f", "rawvideo", (temp / "frame").native()});
    const std::string pixels = read_text(temp / "frame");
    REQUIRE(pixels.size() == 100 * 100);
    return static_cast<int>(std::count_if(pixels.begin(), pixels.begin() + 5000,
                                          [](char c) { return static_cast<unsigned char>(c) > 100; }) /
                            5);
  }
};

}  // namespace

TEST_CASE_FIXTURE(FinishedHouse, "a finished clip gets its hook for three seconds, in a file of its own") {
  make_clip();
  const std::string before = checksum_file(clip)->sha256;
  const FinishedClip done = made("WATCH THIS NOW");
  CHECK(done.file.parent_path() == temp / "clips");
  CHECK(done.file.filename().native().starts_with("my-clip-"));
  CHECK(done.title == "My clip");
  CHECK(light(done.file, 1) > 10);
  CHECK(light(done.file, 3.5) == 0);
  CHECK(checksum_file(clip)->sha256 == before);
  CHECK(made_of(registry, checksum_file(done.file)->sha256).value() == before);
  const Json said = probed(done.file);
  CHECK(said["streams"][0]["width"] == 108);
  CHECK(said["streams"][0]["height"] == 192);
  CHECK(said["streams"][1]["codec_name"] == "aac");
}

TEST_CASE_FIXTURE(FinishedHouse, "a second run makes nothing again, and another hook is another file") {
  make_clip();
  const FinishedClip first = made("ONE");
  const auto written = fs::last_write_time(first.file);
  CHECK(made("ONE").file == first.file);
  CHECK(fs::last_write_time(first.file) == written);
  const FinishedClip other = made("TWO");
  CHECK(other.file != first.file);
  CHECK(std::ranges::distance(fs::directory_iterator(temp / "clips"), fs::directory_iterator()) == 2);
}

TEST_CASE_FIXTURE(FinishedHouse, "the same clip under another name is the same clip") {
  make_clip();
  const FinishedClip first = made("ONE");
  fs::rename(clip, clip.parent_path() / "My clip.MOV.mp4");
  clip = clip.parent_path() / "My clip.MOV.mp4";
  const FinishedClip again = made("ONE");
  CHECK(made_of(registry, checksum_file(again.file)->sha256).value() == checksum_file(clip)->sha256);
}

TEST_CASE_FIXTURE(FinishedHouse, "a file that has the name already is left alone") {
  make_clip();
  const fs::path taken = made("ONE").file;
  fs::remove(taken);
  write_file(taken, "mine");
  const FinishedClip again = made("ONE");
  CHECK(again.file != taken);
  CHECK(read_text(taken) == "mine");
  CHECK(made("ONE").file == again.file);
}

TEST_CASE_FIXTURE(FinishedHouse, "what was made gets nothing put on it once more") {
  make_clip();
  const FinishedClip done = made("ONE");
  clip = done.file;
  const FinishedClip again = made("TWO");
  CHECK(again.is_itself);
  CHECK(again.file == done.file);
}

TEST_CASE_FIXTURE(FinishedHouse,
                  "a clip keeps its shape, wide or of odd sizes, and one without sound gets a silent track") {
  make_clip("320x180", false);
  const FinishedClip wide = made("LOOK");
  const Json said = probed(wide.file);
  CHECK(said["streams"][0]["width"] == 320);
  CHECK(said["streams"][0]["height"] == 180);
  REQUIRE(said["streams"].size() == 2);
  CHECK(light(wide.file, 1) > 0);  // small letters, as the picture is low
  CHECK(light(wide.file, 3.5) == 0);
  clip = temp / "in" / "odd.mp4";
  make_odd_clip();
  const Json odd = probed(made("LOOK").file);
  CHECK(odd["streams"][0]["width"] == 180);
  CHECK(odd["streams"][0]["height"] == 132);
  CHECK(odd["streams"][0]["pix_fmt"] == "yuv420p");
}

TEST_CASE_FIXTURE(FinishedHouse, "any text can be a hook") {
  make_clip();
  for (const char* hook :
       {"100%, {\\b1} it's a:b \\N [x];", "שלום עולם!", "Wow 😀", "%{pts} \\, '; drawtext="}) {
    CAPTURE(hook);
    CHECK(light(made(hook).file, 1) > 3);
  }
}

TEST_CASE_FIXTURE(FinishedHouse, "what the posts of the clip say, those of the new file say, too") {
  make_clip();
  fs::path words = clip;
  words.replace_extension(".json");
  write_file(words, R"({"title": "Mine", "hashtags": ["#a"]})");
  fs::path beside = made("ONE").file;
  beside.replace_extension(".json");
  CHECK(text_at(read_json(read_text(beside)), "title") == "Mine");
}

TEST_CASE_FIXTURE(FinishedHouse, "a stop leaves no file, and the next run makes it") {
  make_clip();
  std::stop_source source;
  auto stopped = options("ONE");
  stopped.stop = source.get_token();
  stopped.on_share = [&](double) { source.request_stop(); };
  const auto done = put_on(registry, clip, stopped);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::cancelled);
  CHECK(fs::is_empty(temp / "clips"));
  CHECK(fs::exists(made("ONE").file));
}

TEST_CASE_FIXTURE(FinishedHouse,
                  "a clip that changes while it is worked on is refused, as nobody knows what was made") {
  make_clip();
  auto changing = options("ONE");
  changing.on_share = [&](double) { std::ofstream(clip, std::ios::app) << "more"; };
  const auto done = put_on(registry, clip, changing);
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("changed while it was worked on") != std::string::npos);
  CHECK(fs::is_empty(temp / "clips"));
}

TEST_CASE_FIXTURE(FinishedHouse, "another program that works on the same clip is not disturbed") {
  make_clip();
  const auto other = Workshop::open(library, {.slug = "my-clip", .content = checksum_file(clip)->sha256});
  REQUIRE(other);
  const auto done = tried("ONE");
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("another asfs-videos works on this video") != std::string::npos);
}
