// What a person decides about proposals.
#include "app/pipeline/review.h"

#include <doctest/doctest.h>

#include "registry/base/json.h"

using namespace asfs;
using namespace asfs::pipeline;

namespace {

Proposal proposal(double start, double end) {
  Proposal one;
  one.clip.span = {start, end};
  return one;
}

Review reviewed() {
  Review review;
  propose(review, {proposal(10, 30), proposal(50, 80), proposal(100, 130)});
  return review;
}

}  // namespace

TEST_CASE("numbers are given once and never again") {
  Review review = reviewed();
  CHECK(review.clips.size() == 3);
  CHECK(review.find(3)->span == Span{100, 130});
  propose(review, {proposal(10, 30), proposal(52, 82)});  // other settings
  REQUIRE(review.clips.size() == 2);
  CHECK(review.clips[0].n == 1);
  CHECK(review.clips[1].n == 4);
}

TEST_CASE("what a person decided stays, and nothing is proposed over it") {
  Review review = reviewed();
  REQUIRE(decide(review, {.accept = {2}, .reject = {1}}, 200, {}));
  propose(review, {proposal(12, 32), proposal(45, 60), proposal(140, 160)});
  REQUIRE(review.clips.size() == 3);
  CHECK(review.find(1)->decision == Decision::rejected);
  CHECK(review.find(2)->decision == Decision::accepted);
  CHECK(review.find(4)->span == Span{140, 160});
}

TEST_CASE("a clip is trimmed beyond what was proposed, and is taken then") {
  Review review = reviewed();
  REQUIRE(decide(review, {.trim = {{2, {45, 85}}}}, 200, {}));
  CHECK(review.find(2)->span == Span{45, 85});
  CHECK(review.find(2)->decision == Decision::accepted);
  CHECK(review.find(2)->changed);
}

TEST_CASE("a clip that has been cut is not changed: its new form is another clip") {
  Review review = reviewed();
  REQUIRE(decide(review, {.trim = {{2, {45, 85}}}}, 200, {2}));
  CHECK(review.find(2)->span == Span{50, 80});
  CHECK(review.find(2)->decision == Decision::rejected);
  CHECK(review.find(4)->span == Span{45, 85});
}

TEST_CASE("a clip of a person's own is taken") {
  Review review = reviewed();
  REQUIRE(decide(review, {.add = {{150, 170}}}, 200, {}));
  CHECK(review.find(4)->decision == Decision::accepted);
}

TEST_CASE("all that are proposed and not rejected are taken at once") {
  Review review = reviewed();
  REQUIRE(decide(review, {.reject = {1}, .accept_all = true}, 200, {}));
  CHECK(review.find(1)->decision == Decision::rejected);
  CHECK(review.find(2)->decision == Decision::accepted);
  CHECK(review.find(3)->decision == Decision::accepted);
}

TEST_CASE("a number or a stretch that is not there is refused, and nothing is decided") {
  Review review = reviewed();
  for (const Wishes& wrong :
       {Wishes{.accept = {1, 9}}, Wishes{.accept = {1}, .trim = {{2, {190, 210}}}},
        Wishes{.accept = {1}, .add = {{10, 10.2}}}, Wishes{.accept = {1}, .add = {{0, 199}}, .more = 0}}) {
    const auto refused = decide(review, wrong, wrong.add.empty() ? 200 : 100, {});
    REQUIRE(!refused);
    CHECK(refused.error().code == Code::usage);
    CHECK(review.find(1)->decision == Decision::proposed);
  }
  CHECK(decide(review, {.accept = {9}}, 200, {}).error().message.find("there are: 1, 2, 3") !=
        std::string::npos);
}

TEST_CASE("a review is read back as it was written, and what a person wrote wrong is named") {
  Review review = reviewed();
  REQUIRE(decide(review, {.accept = {2}, .reject = {3}}, 200, {}));
  review.clips[0].title = "Mine";
  review.clips[0].crop_x = 0.25;
  const auto again = review_of(to_json(review));
  REQUIRE(again);
  CHECK(dumped(to_json(*again)) == dumped(to_json(review)));
  const auto wrong =
      review_of(read_json(R"({"clips": [{"n": 1, "start": 1, "end": 2, "decision": "yes"}]})"));
  REQUIRE(!wrong);
  CHECK(wrong.error().message.find("proposed, accepted, rejected") != std::string::npos);
}

TEST_CASE("times are read as people write them") {
  CHECK(*time_of("75") == 75);
  CHECK(*time_of("12:31") == 751);
  CHECK(*time_of("12:31.4") == doctest::Approx(751.4));
  CHECK(*time_of("1:02:03") == 3723);
  CHECK(*span_of("12:31-13:10") == Span{751, 790});
  for (const char* wrong : {"", "x", "1:", ":1", "1:2:3:4", "-1", "1e3"}) CHECK(!time_of(wrong));
  for (const char* wrong : {"1", "1-", "-1", "1-x"}) CHECK(!span_of(wrong));
  CHECK(pipeline::time_text(751.4) == "12:31.4");
  CHECK(pipeline::time_text(3723) == "1:02:03.0");
}
