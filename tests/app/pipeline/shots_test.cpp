// Shots, and where in a wide picture each is about something.
#include "app/pipeline/shots.h"

#include <doctest/doctest.h>

#include <functional>

using namespace asfs::pipeline;

namespace {

constexpr double kShare = 9.0 / 16 * 9 / 16;  // of a picture of 16:9

/// What a column and row look like in a picture, 0..255.
using Paint = std::function<int(std::size_t n, std::size_t x, std::size_t y)>;

void show(ShotFinder& finder, std::size_t pictures, const Paint& paint) {
  for (std::size_t n = 0; n < pictures; ++n) {
    std::vector<unsigned char> picture(kShotBytes);
    for (std::size_t i = 0; i < kShotBytes; ++i)
      picture[i] = static_cast<unsigned char>(paint(n, i / 3 % kShotWidth, i / 3 / kShotWidth));
    finder.hear(picture);
  }
}

bool in(std::size_t x, std::size_t from, std::size_t to) {
  return x >= from && x < to;
}

/// Grey, and something in columns `from` to `to` that flickers.
Paint mover(std::size_t from, std::size_t to, int ground = 90) {
  return [=](std::size_t n, std::size_t x, std::size_t y) {
    return in(x, from, to) && y > 10 ? int(100 + (n * 37 + y * 11 + x * 7) % 60) : ground;
  };
}

}  // namespace

TEST_CASE("each shot has the crop of what moves in it") {
  ShotFinder finder(25, kShare);
  show(finder, 50, mover(6, 16));
  show(finder, 50, mover(80, 90, 200));
  show(finder, 50, mover(43, 53, 20));
  const auto shots = finder.shots();
  REQUIRE(shots.size() == 3);
  CHECK(shots[0].start == 0);
  CHECK(shots[1].start == doctest::Approx(49.5 / 25));
  CHECK(shots[2].start == doctest::Approx(99.5 / 25));
  CHECK(shots[0].crop_x < 0.1);
  CHECK(shots[1].crop_x > 0.9);
  CHECK(shots[2].crop_x == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("where nothing stands out the crop is in the middle") {
  const Paint flat = [](std::size_t, std::size_t, std::size_t) { return 128; };
  const Paint noise = [](std::size_t n, std::size_t x, std::size_t y) {
    return int((n * 2654435761u + x * 40503u + y * 9973u) % 97);
  };
  for (const Paint& paint : {flat, noise}) {
    ShotFinder finder(25, kShare);
    show(finder, 30, paint);
    REQUIRE(finder.shots().size() >= 1);
    CHECK(finder.shots()[0].crop_x == 0.5);
  }
  ShotFinder nothing(25, kShare);
  REQUIRE(nothing.shots().size() == 1);
  CHECK(nothing.shots()[0].crop_x == 0.5);
}

TEST_CASE("who moves counts for more than what only has outlines") {
  ShotFinder finder(25, kShare);
  const Paint speaker = mover(75, 88);
  show(finder, 50, [&](std::size_t n, std::size_t x, std::size_t y) {
    return in(x, 0, 30) ? int(x % 2 * 200) : speaker(n, x, y);  // a shelf of books
  });
  CHECK(finder.shots()[0].crop_x > 0.8);
}

TEST_CASE("a picture that stands still is cropped to its outlines") {
  ShotFinder finder(25, kShare);
  show(finder, 50,
       [](std::size_t, std::size_t x, std::size_t y) { return in(x, 8, 20) ? int((x + y) % 2 * 200) : 90; });
  CHECK(finder.shots()[0].crop_x < 0.15);
}

TEST_CASE("a flash is no shot of its own, and no two shots are closer than it takes to look") {
  ShotFinder finder(25, kShare);
  show(finder, 30, mover(6, 16));
  show(finder, 1, [](std::size_t, std::size_t, std::size_t) { return 255; });
  show(finder, 30, mover(6, 16));
  const auto shots = finder.shots();
  for (std::size_t i = 1; i < shots.size(); ++i) CHECK(shots[i].start - shots[i - 1].start >= 0.4);
  for (const Shot& shot : shots) CHECK(shot.crop_x < 0.1);
}

TEST_CASE("rates are numbers, too") {
  CHECK(rate_number("25") == 25);
  CHECK(rate_number("30000/1001") == doctest::Approx(29.97));
}
