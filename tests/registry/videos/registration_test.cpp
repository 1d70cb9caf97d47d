#include "registry/videos/registration.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include "registry/base/files.h"
#include "registry/base/parallel.h"
#include "registry/files/checksum.h"
#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  TempFolder temp;
  Library library{temp / "lib"};
  VideoRegistry registry = VideoRegistry::open(library).value();
  fs::path videos = temp / "videos";

  RegistrationReport add(const std::vector<fs::path>& paths, const RegisterOptions& options = {}) {
    return register_files(registry, paths, options).value();
  }
};

/// Puts a program of our own before the others in PATH.
class FakeProgram {
 public:
  FakeProgram(const fs::path& folder, const std::string& name, const std::string& script)
      : path_(std::getenv("PATH")) {
    write_file(folder / name, "#!/bin/sh\n" + script);
    fs::permissions(folder / name, fs::perms(0755));
    setenv("PATH", (folder.native() + ":" + path_).c_str(), 1);
  }
  ~FakeProgram() { setenv("PATH", path_.c_str(), 1); }

 private:
  std::string path_;
};

bool leases_work_in(const fs::path& folder) {
  write_file(folder / "lease", "x");
  const FileDescriptor fd(::open((folder / "lease").c_str(), O_RDONLY | O_CLOEXEC));
  const bool granted = ::fcntl(fd.get(), F_SETLEASE, F_RDLCK) == 0;
  if (granted) ::fcntl(fd.get(), F_SETLEASE, F_UNLCK);
  return granted;
}

bool says(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a registered video has its stem as id and title, its checksum and its duration") {
  make_video(videos / "clip_001.mp4", 2);
  const auto report = add({videos / "clip_001.mp4"});
  REQUIRE(report.registered.size() == 1);
  CHECK(report.registered[0].id == "clip_001");
  CHECK(report.registered[0].file_path == (videos / "clip_001.mp4").native());
  const auto video = registry.get_video("clip_001").value();
  REQUIRE(video);
  CHECK(video->title == "clip_001");
  CHECK(video->file_path == report.registered[0].file_path);
  CHECK(video->checksum == checksum_file(videos / "clip_001.mp4")->sha256);
  CHECK(video->duration == doctest::Approx(2.0).epsilon(0.01));
  CHECK_FALSE(video->duplicate_allowed);
}

TEST_CASE_FIXTURE(Fixture, "id, title and the duplicate flag can be given for one file") {
  make_video(videos / "a.mp4");
  add({videos / "a.mp4"}, {.id = "first", .title = "Erster", .allow_duplicates = true});
  const auto video = registry.get_video("first").value();
  REQUIRE(video);
  CHECK(video->title == "Erster");
  CHECK(video->duplicate_allowed);
  const auto odd = register_files(registry, {videos / "a.mp4"}, {.title = "Erster \xFF"});
  REQUIRE_FALSE(odd);
  CHECK((odd.error().code == Code::usage && odd.error().message == "the title is not UTF-8 text"));
}

TEST_CASE_FIXTURE(Fixture, "a video inside the library is stored relative to it, however it was named") {
  make_video(library.home / "output/clip.mp4");
  fs::create_directory_symlink(library.home / "output", temp / "link");
  const auto report = add({temp / "link/../output/clip.mp4"});
  REQUIRE(report.registered.size() == 1);
  CHECK(report.registered[0].file_path == "output/clip.mp4");
  CHECK(fs::exists(library.resolve(report.registered[0].file_path)));
}

TEST_CASE_FIXTURE(Fixture,
                  "of a folder its video files are taken, subfolders too, hidden ones not, sorted by name") {
  int seed = 0;
  for (const char* name : {"b.mp4", "a.mp4", "sub/c.MOV", ".hidden.mp4", ".trash/d.mp4"})
    make_video(videos / name, 1, ++seed);
  write_file(videos / "notes.txt", "x");
  const auto report = add({videos});
  REQUIRE(report.registered.size() == 3);
  CHECK(report.registered[0].id == "a");
  CHECK(report.registered[1].id == "b");
  CHECK(report.registered[2].id == "c");
  CHECK(report.failed.empty());
}

TEST_CASE("a folder inside that may not be read is left out and told") {
  const TempFolder temp;
  make_video(temp / "in/ok/a.mp4");
  make_video(temp / "in/private/b.mp4");
  fs::permissions(temp.path(), fs::perms(0755));
  fs::permissions(temp / "in/private", fs::perms(0));
  const bool root = ::geteuid() == 0;
  if (root) REQUIRE(::seteuid(65534) == 0);  // root may read everything
  std::vector<std::string> told;
  const auto found =
      videos_in(temp / "in", [&](const fs::path&, const Error& error) { told.push_back(error.message); });
  if (root) REQUIRE(::seteuid(0) == 0);
  fs::permissions(temp / "in/private", fs::perms(0700));
  CHECK(found == std::vector{temp / "in/ok/a.mp4"});
  REQUIRE(told.size() == 1);
  CHECK(told[0].starts_with("cannot read " + (temp / "in/private").native() + ": "));
}

TEST_CASE_FIXTURE(Fixture, "content that is registered already is skipped with the id it has") {
  make_video(videos / "one.mp4");
  make_video(videos / "same.mp4");
  const auto report = add({videos / "one.mp4", videos / "same.mp4"});
  CHECK(report.registered.size() == 1);
  REQUIRE(report.skipped.size() == 1);
  CHECK(report.skipped[0].file_path == (videos / "same.mp4").native());
  CHECK(says(report.skipped[0].reason, "one"));
  CHECK(add({videos}).skipped.size() == 2);
  CHECK(registry.get_all_videos()->size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "an id taken by other content gets the first eight digits of the checksum") {
  make_video(videos / "x/clip.mp4", 1, 1);
  make_video(videos / "y/clip.mp4", 1, 2);
  const auto report = add({videos});
  REQUIRE(report.registered.size() == 2);
  CHECK(report.registered[0].id == "clip");
  CHECK(report.registered[1].id == "clip-" + report.registered[1].checksum.substr(0, 8));
}

TEST_CASE_FIXTURE(Fixture, "an id that was asked for and is taken fails, with what to do") {
  make_video(videos / "a.mp4", 1, 1);
  make_video(videos / "b.mp4", 1, 2);
  add({videos / "a.mp4"});
  const auto report = add({videos / "b.mp4"}, {.id = "a"});
  REQUIRE(report.failed.size() == 1);
  CHECK(says(report.failed[0].error.message, "the id a is taken"));
  CHECK(registry.get_all_videos()->size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a request that makes no sense is refused as a whole") {
  make_video(videos / "a.mp4", 1, 1);
  make_video(videos / "b.mp4", 1, 2);
  CHECK(register_files(registry, {}).error().code == Code::usage);
  CHECK(register_files(registry, {videos}, {.id = "x"}).error().code == Code::usage);
  CHECK(register_files(registry, {videos}, {.title = "x"}).error().code == Code::usage);
  for (const char* id : {"", "two\nlines", "\xFF"})
    CHECK(register_files(registry, {videos / "a.mp4"}, {.id = id}).error().code == Code::usage);
  CHECK(registry.get_all_videos()->empty());
}

TEST_CASE_FIXTURE(Fixture, "a file that cannot be taken is refused with the reason and stops no other") {
  write_file(videos / "empty.mp4", "");
  write_file(videos / "text.mp4", "not a video");
  REQUIRE(::mkfifo((videos / "pipe.mp4").c_str(), 0600) == 0);
  fs::create_directory(temp / "nothing");
  make_video(videos / "good.mp4");
  const auto report = add({videos / "missing.mp4", videos / "empty.mp4", videos / "text.mp4",
                           videos / "pipe.mp4", temp / "nothing", videos / "good.mp4"});
  CHECK(report.registered.size() == 1);
  REQUIRE(report.failed.size() == 5);
  const auto reason = [&](const fs::path& path) -> std::string {
    for (const auto& failed : report.failed)
      if (failed.file_path == path.native()) return failed.error.message;
    return "";
  };
  CHECK(says(reason(videos / "missing.mp4"), "no such file"));
  CHECK(says(reason(videos / "empty.mp4"), "is empty"));
  CHECK(says(reason(videos / "text.mp4"), "not a video"));
  CHECK(says(reason(videos / "pipe.mp4"), "not a regular file"));
  CHECK(says(reason(temp / "nothing"), "no video file"));
}

TEST_CASE_FIXTURE(Fixture, "a file that is not whole is refused with the reason, and may be whole later") {
  make_video(temp / "clip.mp4", 2);
  run_ffmpeg({"-i", (temp / "clip.mp4").native(), "-c", "copy", "-movflags", "+faststart",
              (temp / "fast.mp4").native()});
  fs::create_directories(videos);
  fs::copy_file(temp / "fast.mp4", videos / "cut.mp4");
  fs::resize_file(videos / "cut.mp4", fs::file_size(videos / "cut.mp4") * 4 / 10);
  // All of its bytes are there, but the last ones were never written.
  fs::copy_file(temp / "fast.mp4", videos / "hollow.mp4");
  fs::resize_file(videos / "hollow.mp4", fs::file_size(temp / "fast.mp4") * 7 / 10);
  fs::resize_file(videos / "hollow.mp4", fs::file_size(temp / "fast.mp4"));
  const auto report = add({videos});
  CHECK(report.registered.empty());
  REQUIRE(report.failed.size() == 2);
  CHECK(says(report.failed[0].error.message, "cut.mp4 is incomplete: its mdat box reaches "));
  CHECK(says(report.failed[1].error.message,
             "hollow.mp4 is incomplete: its picture cannot be decoded after 1."));
  for (const auto& failed : report.failed) CHECK((failed.unfinished && failed.error.code == Code::failed));
  fs::copy_file(temp / "fast.mp4", videos / "cut.mp4", fs::copy_options::overwrite_existing);
  CHECK(add({videos / "cut.mp4"}).registered.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "the end of the same content is decoded once") {
  make_video(videos / "a.mp4");
  REQUIRE(add({videos}).registered.size() == 1);
  REQUIRE(registry.delete_video("a"));
  const FakeProgram ffprobe(temp / "bin", "ffprobe",
                            "echo call >> '" + (temp / "calls").native() +
                                "'\necho '{\"format\":{\"format_name\":\"mov\",\"duration\":\"1.0\"},"
                                "\"streams\":[{\"codec_type\":\"video\"}]}'\n");
  REQUIRE(add({videos}).registered.size() == 1);
  CHECK(read_file(temp / "calls").value() == "call\n");  // only what it is was asked
}

TEST_CASE_FIXTURE(Fixture, "a path that is not valid UTF-8 is refused, because the registry stores text") {
  make_video(videos / "odd \xFF.mp4");
  const auto report = add({videos});
  REQUIRE(report.failed.size() == 1);
  CHECK(report.failed[0].file_path == (videos / "odd \uFFFD.mp4").native());
  CHECK(says(report.failed[0].error.message, "rename it"));
}

TEST_CASE_FIXTURE(Fixture, "a video with a name in any script is registered under it") {
  make_video(videos / "\u6771\u4EAC \U0001F680.mp4");
  CHECK(add({videos}).registered.size() == 1);
  CHECK(registry.get_video("\u6771\u4EAC \U0001F680").value());
}

TEST_CASE_FIXTURE(Fixture, "a file that another program has open for writing is refused") {
  if (!leases_work_in(temp.path())) return;
  make_video(videos / "a.mp4");
  {
    const FileDescriptor writer(::open((videos / "a.mp4").c_str(), O_WRONLY | O_CLOEXEC));
    const auto report = add({videos});
    REQUIRE(report.failed.size() == 1);
    CHECK(says(report.failed[0].error.message, "still being written"));
  }
  CHECK(add({videos}).registered.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a file that grows while it is looked at is refused") {
  make_video(videos / "a.mp4");
  const FakeProgram ffprobe(
      temp / "bin", "ffprobe",
      "echo more >> '" + (videos / "a.mp4").native() +
          "'\necho '{\"format\":{\"format_name\":\"mov\"},\"streams\":[{\"codec_type\":\"video\"}]}'\n");
  const auto report = add({videos});
  REQUIRE(report.failed.size() == 1);
  CHECK(says(report.failed[0].error.message, "still being written"));
  CHECK(registry.get_all_videos()->empty());
}

TEST_CASE_FIXTURE(Fixture, "videos are registered in the order in which they were given") {
  std::vector<fs::path> paths;
  for (int i = 0; i < 8; ++i) {
    paths.push_back(videos / fmt::format("clip_{}.mp4", 7 - i));
    make_video(paths.back(), 1 + i % 2, i);
  }
  const auto report = add(paths);
  REQUIRE(report.registered.size() == paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) CHECK(report.registered[i].id == paths[i].stem());
}

TEST_CASE_FIXTURE(Fixture,
                  "progress ends at the whole, refused files included, and is told on the calling thread") {
  make_video(videos / "a.mp4");
  write_file(videos / "b.mp4", std::string(5000, 'x'));
  RegistrationProgress last;
  bool elsewhere = false;
  const auto here = std::this_thread::get_id();
  REQUIRE(register_files(registry, {videos}, {}, [&](const RegistrationProgress& progress) {
    last = progress;
    elsewhere |= std::this_thread::get_id() != here;
  }));
  CHECK(last.files_done == 2);
  CHECK(last.files_total == 2);
  CHECK(last.bytes_total == fs::file_size(videos / "a.mp4") + 5000);
  CHECK(last.bytes_done == last.bytes_total);
  CHECK_FALSE(elsewhere);
}

TEST_CASE_FIXTURE(Fixture, "registration can be stopped") {
  make_video(videos / "a.mp4");
  std::stop_source stop;
  stop.request_stop();
  const auto report = register_files(registry, {videos}, {}, {}, stop.get_token());
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::cancelled);
  CHECK(registry.get_all_videos()->empty());
}

TEST_CASE_FIXTURE(Fixture, "a registry that breaks ends the registration with its error") {
  make_video(videos / "a.mp4");
  Database(library.database(), Database::Mode::read_write_create).execute("DROP TABLE videos");
  const auto report = register_files(registry, {videos});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::library);
}

TEST_CASE_FIXTURE(Fixture, "two programs that register the same folder at once register each video once") {
  for (int i = 0; i < 6; ++i) make_video(videos / fmt::format("clip_{}.mp4", i), 1, i);
  std::size_t registered[2] = {};
  {
    std::vector<std::jthread> programs;
    for (std::size_t& count : registered)
      programs.emplace_back([&] {
        auto own = VideoRegistry::open(library).value();
        count = register_files(own, {videos}).value().registered.size();
      });
  }
  CHECK(registered[0] + registered[1] == 6);
  CHECK(registry.get_all_videos()->size() == 6);
}

TEST_CASE_FIXTURE(Fixture, "verifying names the files that are missing and those that changed") {
  for (int i = 0; i < 4; ++i) make_video(library.home / fmt::format("clips/clip_{}.mp4", i), 1, i);
  add({library.home / "clips"});
  fs::remove(library.home / "clips/clip_1.mp4");
  make_video(library.home / "clips/clip_2.mp4", 1, 9);
  const auto report = verify_files(registry, {}).value();
  CHECK(report.ok == 2);
  CHECK(report.missing == std::vector<std::string>{"clip_1"});
  CHECK(report.changed == std::vector<std::string>{"clip_2"});
  CHECK(verify_files(registry, {"clip_0"})->ok == 1);
  CHECK(verify_files(registry, {"clip_2", "clip_0"})->changed.size() == 1);
  CHECK(verify_files(registry, {"clip_0", "clip_x"}).error().code == Code::not_found);
}

TEST_CASE_FIXTURE(Fixture, "a video without a stored checksum is in order when its file can be read") {
  make_video(videos / "old.mp4");
  REQUIRE(registry.register_video({.id = "old", .file_path = (videos / "old.mp4").native()}));
  REQUIRE(registry.register_video({.id = "gone", .file_path = "gone.mp4"}));
  const auto report = verify_files(registry, {}).value();
  CHECK(report.ok == 1);
  CHECK(report.missing == std::vector<std::string>{"gone"});
}

TEST_CASE("work in parallel is handed over in order and ends early when it is told to") {
  std::vector<std::size_t> seen;
  const auto twice = [](std::size_t i, std::stop_token) { return i * 2; };
  const auto note = [&](std::size_t i, std::size_t result) {
    CHECK(result == i * 2);
    seen.push_back(i);
    return i < 500;
  };
  CHECK(for_each_in_order(500, twice, note, [] {}, {}));
  CHECK(seen.size() == 500);
  CHECK(std::ranges::is_sorted(seen));
  CHECK_FALSE(for_each_in_order(1000, twice, note, [] {}, {}));
  CHECK(seen.size() == 1001);
  CHECK(for_each_in_order(0, twice, note, [] {}, {}));
}
