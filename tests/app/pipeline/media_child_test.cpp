#include "app/pipeline/media_child.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

Words sh(std::string script) {
  return {"sh", "-c", std::move(script)};
}

/// All lines that a script says.
Words lines_of(std::string script) {
  Words lines;
  REQUIRE(run_child(
      {.argv = sh(std::move(script)), .on_line = [&](std::string_view line) { lines.emplace_back(line); }},
      {}));
  return lines;
}

bool left_no_child() {
  return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

std::string trouble(std::string err, int code = 1) {
  return ffmpeg_trouble({.exit_code = code, .out = "", .err = std::move(err)});
}

}  // namespace

TEST_CASE("a child's words come line by line, the last one even without a line break") {
  CHECK(lines_of("printf 'one\\ntw'; printf 'o\\n\\nthree'") == Words{"one", "two", "three"});
}

TEST_CASE("a line without an end is let go and the next one is heard") {
  CHECK(lines_of("head -c 300000 /dev/zero | tr '\\0' x; printf '\\nnext\\n'") == Words{"next"});
}

TEST_CASE("a child works in the folder it is given") {
  const TempFolder temp;
  const auto ended = run_child({.argv = sh("pwd; echo here > made"), .folder = temp.path()}, {});
  REQUIRE(ended);
  CHECK(ended->out == temp.path().native() + "\n");
  CHECK(read_text(temp / "made") == "here\n");
}

TEST_CASE("a child that stands still is ended with all it started") {
  const TempFolder temp;
  REQUIRE(::mkfifo((temp / "held").c_str(), 0600) == 0);
  // Nobody but the grandchild holds the pipe's other end open: it is at its end when that one is gone.
  const auto ended = run_child(
      {.argv = sh("sleep 600 > held & echo begun; sleep 600"), .folder = temp.path(), .stands_still = 300ms},
      {});
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == Code::failed);
  CHECK(ended.error().message.find("0.3 s") != std::string::npos);
  CHECK(left_no_child());
  const int writer = ::open((temp / "held").c_str(), O_WRONLY | O_NONBLOCK);
  CHECK((writer < 0 && errno == ENXIO));
}

TEST_CASE("a child that keeps talking may take longer than one that stands still") {
  const auto start = std::chrono::steady_clock::now();
  const auto ended = run_child(
      {.argv = sh("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.2; done"), .stands_still = 1200ms}, {});
  CHECK(std::chrono::steady_clock::now() - start > 1300ms);
  REQUIRE(ended);
  CHECK(ended->exit_code == 0);
  CHECK(ended->out == "1\n2\n3\n4\n5\n6\n7\n8\n");
}

TEST_CASE("a stop ends a child that never would") {
  std::stop_source source;
  const auto ended = run_child(
      {.argv = sh("echo begun; sleep 600"), .on_line = [&](std::string_view) { source.request_stop(); }},
      source.get_token());
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == Code::cancelled);
  CHECK(left_no_child());
}

TEST_CASE("without the program it is said what to install") {
  const auto ended = run_child({.argv = {"asfs-no-such-ffmpeg"}}, {});
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == Code::not_found);
  CHECK(ended.error().message == "the program asfs-no-such-ffmpeg was not found; install ffmpeg");
}

TEST_CASE("ffmpeg tells how far it is") {
  const TempFolder temp;
  double last = -1;
  bool backwards = false;
  const auto ended =
      run_media({.argv = joined({ffmpeg(),
                                 {"-progress", "pipe:1", "-f", "lavfi", "-i",
                                  "testsrc2=size=64x64:rate=5:duration=3", "-f", "null", "-"}}),
                 .on_line = progress_to([&](double now) {
                   backwards |= now < last;
                   last = now;
                 })},
                "cannot", {});
  REQUIRE(ended);
  CHECK_FALSE(backwards);
  CHECK(last == doctest::Approx(3.0).epsilon(0.1));
}

TEST_CASE("numbers are found behind their names only") {
  CHECK(number_in("lavfi.r128.M=-23.1", "lavfi.r128.M") == -23.1);
  CHECK(number_in("frame:3    pts:12      pts_time:0.5", "pts_time") == 0.5);
  CHECK_FALSE(number_in("lavfi.r128.LRA=3", "lavfi.r128.L"));
  CHECK_FALSE(number_in("xpts_time:4", "pts_time"));
  for (const char* odd :
       {"out_time_us=N/A", "out_time_us=", "out_time_us", "out_time_us=nan", "out_time_us=inf"})
    CHECK_FALSE(number_in(odd, "out_time_us"));
}

TEST_CASE("ffmpeg's troubles are told in plain words") {
  CHECK(trouble("av_interleaved_write_frame(): No space left on device\nConversion failed!\n")
            .starts_with("the disk is full"));
  CHECK(trouble("file:/x: Permission denied\n") == "the file cannot be read: permission denied");
  CHECK(trouble("[AVFilterGraph @ 0x5] No such filter: 'zscale'\n").find("complete ffmpeg") !=
        std::string::npos);
  CHECK(trouble("a\n[mov @ 0x55d] something odd happened\n    Last message repeated 3 times\nConversion "
                "failed!\n\n") == "something odd happened");
  CHECK(trouble("", 3).find("code 3") != std::string::npos);
  CHECK(trouble("", 128 + SIGKILL).find("memory") != std::string::npos);
}

TEST_CASE("a file is opened whatever its name holds, and a playlist in disguise opens no other") {
  const TempFolder temp;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(temp.path());
  for (const char* name : {"-i.mp4", "http:x.mp4", "%03d.mp4", "a b'[0:v];.mp4"}) {
    CAPTURE(name);
    make_video(temp / name);
    CHECK(run_media({.argv = joined({ffmpeg(), media_input(name), {"-f", "null", "-"}}), .folder = "/"},
                    "cannot", {}));
  }
  std::filesystem::current_path(before);
  write_file(temp / "list.m3u8",
             "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n");
  const auto network =
      run_child({.argv = joined({ffmpeg(), media_input(temp / "list.m3u8"), {"-f", "null", "-"}})}, {});
  REQUIRE(network);
  CHECK(network->exit_code != 0);
  CHECK(network->err.find("whitelist") != std::string::npos);
}
