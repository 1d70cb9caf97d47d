#include "registry/files/container.h"

#include <doctest/doctest.h>

#include <fstream>
#include <random>

#include "tests/support/make_video.h"

using namespace asfs;
using namespace asfs::test;
namespace fs = std::filesystem;

namespace {

using State = ContainerLook::State;
using Arguments = std::vector<std::string>;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A second of picture and sound, as this muxer writes it.
std::string made(const std::string& name, const Arguments& muxer = {}) {
  const TempFolder temp;
  Arguments arguments{"-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=2",
                      "-f", "lavfi", "-i", "sine=duration=2"};
  const bool webm = name.ends_with(".webm");
  for (const char* codec : {"-c:v", webm ? "libvpx" : "mpeg4", "-c:a", webm ? "libopus" : "aac"})
    arguments.emplace_back(codec);
  arguments.insert(arguments.end(), muxer.begin(), muxer.end());
  arguments.push_back((temp / name).native());
  run_ffmpeg(arguments);
  return bytes_of(temp / name);
}

ContainerLook look(const std::string& bytes) {
  const TempFolder temp;
  write_file(temp / "file", bytes);
  const auto seen = look_at_container(temp / "file");
  REQUIRE(seen);
  return *seen;
}

/// Of every beginning of the file: how many are taken for each of the states.
std::map<State, std::size_t> beginnings(const std::string& bytes) {
  const TempFolder temp;
  const fs::path path = temp / "file";
  write_file(path, bytes);
  std::map<State, std::size_t> seen;
  for (std::size_t size = bytes.size(); size-- > 1;) {
    fs::resize_file(path, size);
    ++seen[look_at_container(path)->state];
  }
  return seen;
}

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  while (bytes-- > 0) text += bytes < 8 ? static_cast<char>(value >> (8 * bytes)) : '\0';
  return text;
}

std::string box(const std::string& type, const std::string& content) {
  return number(content.size() + 8, 4) + type + content;
}

std::size_t box_in(const std::string& bytes, const std::string& type) {
  const auto at = bytes.find(type);
  REQUIRE(at != bytes.npos);
  return at - 4;
}

const Arguments kFastStart{"-movflags", "+faststart"};
const Arguments kFragments{"-movflags", "frag_keyframe+empty_moov", "-g", "5"};

}  // namespace

TEST_CASE("a whole file is whole, and every beginning of it is not") {
  struct Kind {
    const char* name;
    Arguments muxer;
  };
  const Kind kinds[] = {{"late_index.mp4", {}},   {"fast.mp4", kFastStart}, {"film.mov", {}},
                        {"fast.mov", kFastStart}, {"film.mkv", {}},         {"film.webm", {}}};
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    const std::string bytes = made(kind.name, kind.muxer);
    CHECK(look(bytes).state == State::whole);
    CHECK(beginnings(bytes) == std::map<State, std::size_t>{{State::cut, bytes.size() - 1}});
  }
}

TEST_CASE("of a file in fragments a beginning may end where a fragment does, and is not called whole") {
  const std::string bytes = made("film.mp4", kFragments);
  CHECK(look(bytes).state == State::whole);  // its index of fragments stands at the end
  auto seen = beginnings(bytes);
  CHECK(seen[State::whole] == 0);
  CHECK(seen[State::open_ended] < 5);
  const std::string indexed = made("film.mp4", {"-movflags", "dash+global_sidx", "-g", "5"});
  seen = beginnings(indexed);
  CHECK(seen[State::whole] == 0);
  CHECK(seen[State::open_ended] < 2);  // the index in front says how much is to come
}

TEST_CASE("a live recording is open-ended, and cut where an element is") {
  const TempFolder temp;
  for (const char* format : {"matroska", "webm"}) {
    const std::string bytes = made(std::string("live.") + (format == std::string("webm") ? "webm" : "mkv"),
                                   {"-f", format, "-live", "1"});
    CHECK(look(bytes).state == State::open_ended);
    auto seen = beginnings(bytes);
    CHECK(seen[State::whole] == 0);
    CHECK(seen[State::cut] > bytes.size() * 9 / 10);
  }
}

TEST_CASE("free boxes, boxes of makers and bytes at the end do no harm") {
  const std::string bytes = made("film.mp4", kFastStart);
  for (const std::string& more :
       {box("free", "room"), box("SEFT", std::string(3000, 's')), number(0, 3), number(0, 4096),
        std::string(700, '\xA7'), std::string("a note at the end")}) {
    CAPTURE(more.size());
    CHECK(look(bytes + more).state == State::whole);
  }
  CHECK(look(bytes + number(0, 4096)).trailing == 4096);
  CHECK(look(made("film.mkv") + "a note").trailing == 6);
  const std::string with_box = bytes + box("free", std::string(500, 'f'));
  CHECK(look(with_box.substr(0, with_box.size() - 1)).detail ==
        "its free box reaches 1 B beyond the end of the file");
}

TEST_CASE("boxes of 64-bit size, and one that goes on to the end, are followed") {
  std::string bytes = made("film.mov");  // ffmpeg leaves a `wide` box before mdat, to grow into
  const std::size_t wide = box_in(bytes, "wide");
  const auto size = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (int i = 0; i < 4; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
  };
  REQUIRE(bytes.substr(wide + 12, 4) == "mdat");
  bytes.replace(wide, 16, number(1, 4) + "mdat" + number(size(wide + 8) + 8, 8));
  CHECK(look(bytes).state == State::whole);
  CHECK(look(bytes.substr(0, bytes.size() - 1)).state == State::cut);

  std::string to_end = made("film.mp4", kFastStart);
  to_end.replace(box_in(to_end, "mdat"), 4, number(0, 4));
  CHECK(look(to_end).state == State::whole);
  // Only the index tells how much of it there is.
  const std::size_t samples = box_in(to_end, "mdat") + 8;
  auto seen = beginnings(to_end);
  CHECK(seen[State::cut] == to_end.size() - 1);
  CHECK(look(to_end.substr(0, samples + 500)).detail.starts_with("its index names "));
}

TEST_CASE("what is cut says what is missing") {
  const std::string fast = made("film.mp4", kFastStart), late = made("film.mp4");
  CHECK(look(fast.substr(0, fast.size() - 1000)).detail ==
        "its mdat box reaches 1.0 kB beyond the end of the file");
  CHECK(look(late.substr(0, box_in(late, "moov"))).detail == "it ends before its index (moov)");
  CHECK(look(fast.substr(0, 5)).detail == "there are only 5 B");
  CHECK(not_whole("in/clip.mp4", "it ends").message ==
        "in/clip.mp4 is incomplete: it ends; copy it again, or wait until the copy is finished");
}

TEST_CASE("of other files nothing is known") {
  CHECK(look("the free encyclopedia that anyone can edit").state == State::unknown);
  CHECK(look(std::string(5000, '\0')).state == State::unknown);
  CHECK(look(made("film.avi")).state == State::unknown);
  const TempFolder temp;
  CHECK(look_at_container(temp / "missing.mp4").error().code == Code::not_found);
  CHECK(look_at_container(temp.path()).error().message.find("not a regular file") != std::string::npos);
}

TEST_CASE("hostile containers harm nothing") {
  const std::string ftyp = box("ftyp", "isomisom");
  const std::string huge = number(1, 4) + "mdat" + number(~0ULL, 8);
  CHECK(look(ftyp + huge + std::string(100, 'x')).state == State::cut);
  for (const std::uint64_t size : {0ULL, 1ULL, 2ULL, 7ULL, 0xFFFF'FFFFULL})
    CHECK(look(ftyp + number(size, 4) + "moov" + std::string(64, '\xFF')).state == State::cut);
  // A table that promises four thousand million entries, and chunks at the end of all addresses.
  const std::string many(4, '\xFF');
  const std::string stbl = box("stbl", box("co64", number(0, 4) + many + number(~0ULL, 8)) +
                                           box("stsc", number(0, 4) + many + number(~0ULL, 8) + many) +
                                           box("stsz", number(0, 8) + many));
  const std::string moov = box("moov", box("trak", box("mdia", box("minf", stbl))));
  CHECK(look(ftyp + moov + box("mdat", "x")).state == State::cut);
  // Boxes in boxes, half a million deep, and as many side by side.
  std::string deep;
  for (std::uint64_t size = 8 * 500'000; size > 0; size -= 8) deep += number(size, 4) + "moov";
  CHECK(look(ftyp + deep).state == State::cut);
  std::string beside;
  for (int i = 0; i < 500'000; ++i) beside += box("free", "");
  CHECK(look(ftyp + beside).state == State::cut);
  const std::string ebml("\x1A\x45\xDF\xA3\x80", 5);
  CHECK(look(ebml + std::string("\x18\x53\x80\x67\x01", 5) + std::string(7, '\xFE') + "x").state ==
        State::cut);
  CHECK(look(ebml + ebml + ebml + ebml).state == State::cut);

  // Any byte of a real file wrong: it ends, and says something.
  std::minstd_rand random(7);
  for (const std::string& bytes :
       {made("film.mp4", kFastStart), made("film.mkv"), made("film.mp4", kFragments)})
    for (int round = 0; round < 300; ++round) {
      std::string broken = bytes;
      for (int i = 0; i < 20; ++i) broken[random() % broken.size()] = static_cast<char>(random());
      CHECK(look(broken).state <= State::unknown);
    }
}
