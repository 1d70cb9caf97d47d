#include "registry/files/media.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>

#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

std::string why_not(const fs::path& path) {
  const auto media = probe_media(path);
  return media ? "it is a video" : media.error().message;
}

bool says(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a video's duration, size and codec are found") {
  const TempFolder temp;
  make_video(temp / "clip.mp4", 3);
  const auto media = probe_media(temp / "clip.mp4");
  REQUIRE(media);
  CHECK(media->duration == doctest::Approx(3.0).epsilon(0.01));
  CHECK(media->width == 64);
  CHECK(media->height == 64);
  CHECK(media->video_codec == "mpeg4");
}

TEST_CASE("a video is found whatever its name holds") {
  const TempFolder temp;
  const fs::path before = fs::current_path();
  fs::current_path(temp.path());
  for (const char* name :
       {"-i.mp4", "http:x.mp4", "a b'\"$.mp4", "%03d.mp4", "\xFF\xFE.mp4", "\u6771\u4EAC.mp4"}) {
    CAPTURE(name);
    make_video(temp / name);
    CHECK(probe_media(name));
  }
  fs::current_path(before);
}

TEST_CASE("a stream without a length has the duration 0") {
  const TempFolder temp;
  run_ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=1", "-c:v", "mpeg4", "-f", "matroska",
              "-live", "1", (temp / "live.mkv").native()});
  const auto media = probe_media(temp / "live.mkv");
  REQUIRE(media);
  CHECK(media->duration == 0.0);
}

TEST_CASE("a picture, a sound file and a text are not videos") {
  const TempFolder temp;
  const auto picture = (temp / "cover.png").native(), sound = (temp / "sound.m4a").native();
  run_ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-frames:v", "1", picture});
  CHECK(says(why_not(picture), "not a video"));
  fs::copy_file(picture, temp / "picture.mp4");
  CHECK(says(why_not(temp / "picture.mp4"), "not a video"));

  run_ffmpeg({"-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", sound});
  CHECK(says(why_not(sound), "no video stream"));
  run_ffmpeg({"-i", sound, "-i", picture, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v",
              "attached_pic", (temp / "covered.m4a").native()});
  CHECK(says(why_not(temp / "covered.m4a"), "no video stream"));

  write_file(temp / "notes.mp4", std::string(5000, 'n'));
  CHECK(says(why_not(temp / "notes.mp4"), "not a video"));
  write_file(temp / "notes.txt", std::string(5000, 'n'));
  CHECK(says(why_not(temp / "notes.txt"), "not a video"));
}

TEST_CASE("a playlist under a video's name is not a video") {
  const TempFolder temp;
  make_video(temp / "real.mp4");
  write_file(temp / "list.mp4", "ffconcat version 1.0\nfile real.mp4\n");
  CHECK(says(why_not(temp / "list.mp4"), "not a video"));
  write_file(temp / "hls.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nreal.mp4\n#EXT-X-ENDLIST\n");
  CHECK(says(why_not(temp / "hls.mp4"), "not a video"));
}

TEST_CASE("an incomplete video is refused with the reason") {
  const TempFolder temp;
  make_video(temp / "clip.mp4", 2);
  fs::resize_file(temp / "clip.mp4", fs::file_size(temp / "clip.mp4") / 2);
  const std::string why = why_not(temp / "clip.mp4");
  CHECK(says(why, "moov atom not found"));
  CHECK_FALSE(says(why, " @ 0x"));
}

TEST_CASE("a file whose end was never written is found out by decoding its last second") {
  const TempFolder temp;
  const auto end_of = [](const fs::path& path) {
    const auto media = probe_media(path);
    REQUIRE(media);
    return decode_end(path, *media);
  };
  const std::vector<std::string> source{"-f", "lavfi", "-i", "testsrc2=size=64x64:rate=10:duration=6"};
  const auto made = [&](const char* name, std::vector<std::string> how) {
    how.insert(how.begin(), source.begin(), source.end());
    how.push_back((temp / name).native());
    run_ffmpeg(how);
    return temp / name;
  };
  for (const auto& whole :
       {made("a.mp4", {"-movflags", "+faststart"}), made("b.mp4", {"-c:v", "libx264", "-bf", "3"}),
        made("a.mkv", {}), made("a.webm", {"-c:v", "libvpx"}), made("a.ts", {"-g", "100"}), made("a.flv", {}),
        made("a.avi", {}), made("a.mpg", {"-r", "25"}), made("a.ogv", {"-c:v", "libtheora"}),
        made("a.mxf", {"-r", "25"}), made("later.ts", {"-output_ts_offset", "5000"}),
        made("one.mp4", {"-frames:v", "1"})}) {
    CAPTURE(whole.filename());
    CHECK(end_of(whole));
  }
  // Room for the whole file was made first, as some programs do that copy.
  std::fstream file(temp / "a.mp4", std::ios::in | std::ios::out | std::ios::binary);
  const auto size = static_cast<std::streamoff>(fs::file_size(temp / "a.mp4"));
  file.seekp(size * 9 / 10);
  file << std::string(static_cast<std::size_t>(size - size * 9 / 10), '\0');
  file.close();
  const auto hollow = end_of(temp / "a.mp4");
  REQUIRE_FALSE(hollow);
  CHECK(says(hollow.error().message, "its picture cannot be decoded after 5."));
  fs::resize_file(temp / "a.flv", fs::file_size(temp / "a.flv") / 2);
  const auto half = end_of(temp / "a.flv");
  REQUIRE_FALSE(half);
  CHECK(says(half.error().message, "it ends after "));
}

TEST_CASE("what is no file is refused without waiting") {
  const TempFolder temp;
  CHECK(probe_media(temp / "missing.mp4").error().code == Code::not_found);
  REQUIRE(::mkfifo((temp / "pipe.mp4").c_str(), 0600) == 0);
  CHECK(says(why_not(temp / "pipe.mp4"), "not a regular file"));
  CHECK(says(why_not(temp.path()), "not a regular file"));
  write_file(temp / "empty.mp4", "");
  CHECK(says(why_not(temp / "empty.mp4"), "not a video"));
}

TEST_CASE("who looks at a file, or decodes its end, stops when asked to, and the child with it") {
  const TempFolder temp;
  make_video(temp / "clip.mp4");
  const auto media = probe_media(temp / "clip.mp4");
  REQUIRE(media);
  REQUIRE(::mkfifo((temp / "began").c_str(), 0600) == 0);
  std::ofstream(temp / "ffprobe") << "#!/bin/sh\necho > '" << (temp / "began").native()
                                  << "'\nexec sleep 600\n";
  fs::permissions(temp / "ffprobe", fs::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (temp.path().native() + ":" + path).c_str(), 1);
  const auto stopped = [&](const auto& work) {
    std::stop_source source;
    std::jthread wish([&] {
      std::ifstream(temp / "began").get();  // the child runs
      source.request_stop();
    });
    return work(source.get_token()).error().code == Code::cancelled && ::waitpid(-1, nullptr, WNOHANG) < 0;
  };
  CHECK(stopped([&](std::stop_token stop) { return probe_media(temp / "clip.mp4", stop); }));
  CHECK(stopped([&](std::stop_token stop) { return decode_end(temp / "clip.mp4", *media, stop); }));
  setenv("PATH", path.c_str(), 1);
}

TEST_CASE("without ffprobe the message says what to install") {
  const TempFolder temp;
  make_video(temp / "clip.mp4");
  const std::string path = std::getenv("PATH");
  setenv("PATH", temp.path().c_str(), 1);
  const auto media = probe_media(temp / "clip.mp4");
  setenv("PATH", path.c_str(), 1);
  REQUIRE_FALSE(media);
  CHECK(media.error().code == Code::not_found);
  CHECK(says(media.error().message, "install ffmpeg"));
}

TEST_CASE("a file counts as a video by its ending, in any case") {
  for (const char* name : {"a.mp4", "a.MOV", "dir/a.b.WebM", "a.mkv"}) CHECK(has_video_ending(name));
  for (const char* name : {"a.mp3", "a.txt", "mp4", ".mp4", "a.mp4.part", "a", ""})
    CHECK_FALSE(has_video_ending(name));
}
