// What a person decides about proposals.
#include "app/pipeline/review.h"

#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "tests/support/damage.h"
#include "tests/support/talk.h"

using namespace asfs;
using namespace asfs::pipeline;
using asfs::test::Talk;

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
  REQUIRE(decide(review, {.accept = {2}, .reject = {1}}, {}, 200, {}));
  propose(review, {proposal(12, 32), proposal(45, 60), proposal(140, 160)});
  REQUIRE(review.clips.size() == 3);
  CHECK(review.find(1)->decision == Decision::rejected);
  CHECK(review.find(2)->decision == Decision::accepted);
  CHECK(review.find(4)->span == Span{140, 160});
}

TEST_CASE("a clip is trimmed beyond what was proposed, and is taken then") {
  Review review = reviewed();
  REQUIRE(decide(review, {.trim = {{2, {45, 85}}}}, {}, 200, {}));
  CHECK(review.find(2)->span == Span{45, 85});
  CHECK(review.find(2)->decision == Decision::accepted);
  CHECK(review.find(2)->changed);
}

TEST_CASE("a clip that has been cut is not changed: its new form is another clip") {
  Review review = reviewed();
  REQUIRE(decide(review, {.trim = {{2, {45, 85}}}}, {}, 200, {2}));
  CHECK(review.find(2)->span == Span{50, 80});
  CHECK(review.find(2)->decision == Decision::rejected);
  CHECK(review.find(4)->span == Span{45, 85});
}

TEST_CASE("a clip of a person's own is taken") {
  Review review = reviewed();
  REQUIRE(decide(review, {.add = {{150, 170}}}, {}, 200, {}));
  CHECK(review.find(4)->decision == Decision::accepted);
}

TEST_CASE("all that are proposed and not rejected are taken at once") {
  Review review = reviewed();
  REQUIRE(decide(review, {.reject = {1}, .accept_all = true}, {}, 200, {}));
  CHECK(review.find(1)->decision == Decision::rejected);
  CHECK(review.find(2)->decision == Decision::accepted);
  CHECK(review.find(3)->decision == Decision::accepted);
}

TEST_CASE("a number or a stretch that is not there is refused, and nothing is decided") {
  Review review = reviewed();
  for (const Wishes& wrong :
       {Wishes{.accept = {1, 9}}, Wishes{.accept = {1}, .trim = {{2, {190, 210}}}},
        Wishes{.accept = {1}, .add = {{10, 10.2}}}, Wishes{.accept = {1}, .add = {{0, 199}}, .more = 0}}) {
    const auto refused = decide(review, wrong, {}, wrong.add.empty() ? 200 : 100, {});
    REQUIRE(!refused);
    CHECK(refused.error().code == Code::usage);
    CHECK(review.find(1)->decision == Decision::proposed);
  }
  CHECK(decide(review, {.accept = {9}}, {}, 200, {}).error().message.find("there are: 1, 2, 3") !=
        std::string::npos);
}

TEST_CASE("what a person wrote about a clip stays, though it is not proposed any more") {
  Review review = reviewed();
  review.clips[0].title = "Mine";
  review.clips[1].captions = false;
  propose(review, {proposal(140, 160)});
  CHECK(review.find(1) != nullptr);
  CHECK(review.find(2) != nullptr);
  CHECK(review.find(3) == nullptr);
}

TEST_CASE("the new form of a clip that has been cut takes along what a person wrote about it") {
  Talk talk;
  talk.say("Early one morning.").say("The bred is ready.");
  const double middle = talk.sentence(1).start - 0.1, end = talk.sentence(1).end + 0.1;
  Review review;
  propose(review, {proposal(middle, end)});
  review.clips[0].title = "Mine";
  review.clips[0].crop_x = 0.25;
  review.clips[0].captions = true;
  review.clips[0].words = "The bread is ready.";
  REQUIRE(decide(review, {.trim = {{1, {0, end}}}}, talk.material.transcript, 200, {1}));
  CHECK(review.find(1)->decision == Decision::rejected);
  CHECK(review.find(1)->words == "The bread is ready.");
  const ReviewClip* other = review.find(2);
  REQUIRE(other != nullptr);
  CHECK(other->title == "Mine");
  CHECK(other->crop_x == 0.25);
  CHECK(other->words == "Early one morning. The bread is ready.");
}

TEST_CASE("a review is read back as it was written") {
  Review review = reviewed();
  REQUIRE(decide(review, {.accept = {2}, .reject = {3}}, {}, 200, {}));
  review.clips[0].title = "Mine";
  review.clips[0].crop_x = 0.25;
  review.clips[1].captions = false;
  review.clips[2].captions = true;
  review.clips[2].words = "Like this.";
  const auto again = review_of(to_json(review), 200);
  REQUIRE_MESSAGE(again, (again ? std::string() : again.error().message));
  CHECK(dumped(to_json(*again)) == dumped(to_json(review)));
  CHECK(again->find(3)->words == "Like this.");
  CHECK(again->find(2)->captions == false);
}

TEST_CASE("what a person wrote wrong is named, with the clip, the key and what is allowed") {
  const auto trouble = [](const std::string& more,
                          const std::string& clip = R"("n": 7, "start": 1, "end": 9,)") {
    const auto review = review_of(read_json("{\"clips\": [{" + clip + more + "}]}"), 200);
    return review ? std::string() : review.error().message;
  };
  CHECK(trouble(R"("decision": "accepted")").empty());
  CHECK(trouble(R"("decision": "yes")") ==
        "review.json: clip 7: decision: give one of proposed, accepted, rejected");
  CHECK(trouble(R"("changed": false)") == "review.json: clip 7: decision is missing");
  CHECK(trouble(R"("decision": "accepted", "captoins": true)")
            .starts_with("review.json: clip 7: unknown key \"captoins\"; known here: n, start"));
  for (const char* wrong : {R"("")", "3", "[]", R"(["a"])", R"("  ")"})
    CHECK(trouble(std::string(R"("decision": "accepted", "captions": )") + wrong)
              .starts_with("review.json: clip 7: captions: give true, false, or the words"));
  CHECK(trouble(R"("decision": "accepted", "captions": ")" + std::string(10'001, 'a') + "\"")
            .find("captions") != std::string::npos);
  CHECK(trouble(R"("decision": "accepted", "title": 3)") == "review.json: clip 7: title: give a text");
  CHECK(trouble(R"("decision": "accepted", "crop_x": 2)") ==
        "review.json: clip 7: crop_x: give a number from 0 to 1");
  CHECK(trouble(R"("decision": "accepted")", R"("n": 1.5, "start": 1, "end": 9,)")
            .find("n: give a whole number") != std::string::npos);
  CHECK(trouble(R"("decision": "accepted")", R"("n": 4294967297, "start": 1, "end": 9,)").find("n: give") !=
        std::string::npos);
  CHECK(
      trouble(R"("decision": "accepted")", R"("n": 7, "start": 9, "end": 1,)").find("one second at least") !=
      std::string::npos);
  CHECK(trouble(R"("decision": "accepted")", R"("n": 7, "start": 190, "end": 210,)")
            .find("the video ends at 3:20") != std::string::npos);
  const auto refused = [](const char* text) {
    const auto review = review_of(read_json(text), 200);
    return review ? std::string() : review.error().message;
  };
  CHECK(refused(R"({"clips": 1})") == "review.json: clips: give a list of clips");
  CHECK(refused(R"({"clips": [3]})").starts_with("review.json: number 1 of clips: give an object"));
  CHECK(refused(R"({"clip": []})").find("unknown key \"clip\"") != std::string::npos);
  CHECK(refused(R"({"next": -1})").find("next: give a whole number") != std::string::npos);
  CHECK(refused(R"({"clips": [{"n": 1, "start": 1, "end": 9, "decision": "accepted"},
                             {"n": 1, "start": 20, "end": 29, "decision": "accepted"}]})")
            .find("clip 1: n: is there twice") != std::string::npos);
}

TEST_CASE("a damaged review is refused with its clip named, or read, and then nothing of it is lost") {
  test::Damage damage(11);
  const std::string whole =
      R"({"next": 5, "more": 2, "clips": [)"
      R"({"n": 1, "start": 10.5, "end": 30, "decision": "accepted", "changed": true,)"
      R"( "title": "Mine", "crop_x": 0.5, "captions": "All of \u4eca\u65e5 it."},)"
      R"({"n": 4, "start": 50, "end": 80, "decision": "proposed", "captions": false}]})";
  int read = 0, refused = 0, broken = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text = whole;
    for (std::size_t strikes = 1 + damage.below(3); strikes > 0; --strikes) damage.strike(text);
    CAPTURE(text);
    const Json json = read_json(text);
    if (!json.is_object()) {
      ++broken;
      continue;
    }
    const auto review = review_of(json, 200);
    ++(review ? read : refused);
    if (!review) {
      REQUIRE(review.error().message.starts_with("review.json: "));
      continue;
    }
    const Json again = to_json(*review);
    REQUIRE(child_at(again, "clips").size() == child_at(json, "clips").size());
    for (const Json& one : child_at(json, "clips")) {
      const auto* clip = review->find(static_cast<int>(real_at(one, "n").value_or(0)));
      REQUIRE(clip != nullptr);
      REQUIRE(clip->n < review->next);
      REQUIRE((clip->span.length() >= 1 && clip->span.end <= 200.05));
      REQUIRE((child_at(one, "captions").is_null() || clip->captions));
    }
    const auto same = review_of(again, 200);
    REQUIRE(same);
    REQUIRE(dumped(to_json(*same)) == dumped(again));
  }
  CHECK(read > 300);
  CHECK(refused > 300);
  CHECK(broken > 300);
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
