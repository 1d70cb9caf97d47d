// A program of the user's that scores.
#include "app/pipeline/external_scorer.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "tests/support/damage.h"
#include "tests/support/talk.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::pipeline;
using asfs::test::long_talk;
using asfs::test::Talk;
using asfs::test::TempFolder;
using asfs::test::write_file;

namespace {

std::vector<Scored> three() {
  std::vector<Scored> best(3);
  for (std::size_t i = 0; i < 3; ++i) {
    best[i].span = {20.0 * static_cast<double>(i), 20.0 * static_cast<double>(i) + 15};
    best[i].score.total = 60 - 10 * static_cast<double>(i);
  }
  return best;
}

std::string script(const TempFolder& folder, const std::string& text) {
  write_file(folder / "scorer", "#!/bin/sh\n" + text);
  std::filesystem::permissions(folder / "scorer", std::filesystem::perms::owner_all);
  return (folder / "scorer").string();
}

}  // namespace

TEST_CASE("scores are taken by number, and what is left out keeps ours") {
  auto best = three();
  const auto said = take_scores(
      read_json(R"({"scores": [{"n": 3, "score": 100, "why": "funny"}, {"n": 1, "score": 10}]})"), best);
  CHECK(said.find("2 of 3") != std::string::npos);
  CHECK(best[0].span.start == 40);
  CHECK(best[0].total() == doctest::Approx(0.6 * 100 + 0.4 * 40));
  CHECK(best[0].external_why == "funny");
  CHECK(best[1].span.start == 20);
  CHECK(best[1].total() == doctest::Approx(50));
  CHECK(best[2].total() == doctest::Approx(0.6 * 10 + 0.4 * 60));
}

TEST_CASE("an answer that makes no sense takes no score away") {
  for (const char* answer : {"{}", "[]", R"({"scores": 1})",
                             R"({"scores": [{"n": 0, "score": 1}, {"n": 9, "score": 1}, {"n": 1}, 3]})",
                             R"({"scores": [{"n": "1", "score": 5}, {"n": 2, "score": "x"}]})"}) {
    auto best = three();
    CHECK(!take_scores(read_json(answer), best).empty());
    CHECK(best[0].total() == 60);
    CHECK(best[2].total() == 40);
  }
  auto best = three();
  CHECK(take_scores(
            read_json(R"({"scores": [{"n": 1, "score": 1e9}, {"n": 2, "score": -5}, {"n": 3, "score": 0}]})"),
            best)
            .empty());
  CHECK(best[0].total() == doctest::Approx(0.6 * 100 + 0.4 * 60));
}

TEST_CASE("a damaged answer never takes a clip away, nor a score out of its bounds") {
  asfs::test::Damage damage(5);
  int taken = 0, left_out = 0, broken = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text =
        R"({"scores": [{"n": 1, "score": 80.5, "why": "it \u2014 asks"}, {"n": 2, "score": 10}, {"n": 3, "score": 0}]})";
    for (std::size_t strikes = damage.below(5); strikes > 0; --strikes) damage.strike(text);
    CAPTURE(text);
    auto best = three();
    const Json answer = read_json(text);
    if (answer.is_discarded()) ++broken;
    const std::string said = take_scores(answer, best);
    ++(said.empty() ? taken : left_out);
    REQUIRE(best.size() == 3);
    double before = 100, starts = 0;
    for (const Scored& one : best) {
      const double ours = 60 - one.span.start / 2;  // three()
      REQUIRE(one.score.total == ours);
      REQUIRE(one.total() <= before);
      REQUIRE(one.total() >= (one.external ? 0.4 * ours : ours) - 1e-9);
      REQUIRE(is_utf8(one.external_why));
      before = one.total();
      starts += one.span.start;
    }
    REQUIRE(starts == 60);
  }
  CHECK(taken > 1000);
  CHECK(left_out > 1000);
  CHECK(broken > 1000);
}

TEST_CASE("an answer that is too deep, too long or not for us is an error or says nothing") {
  auto best = three();
  const std::string deep = "{\"scores\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  CHECK(take_scores(read_json(deep), best).find("no list") != std::string::npos);
  std::string many = R"({"scores": [)";
  for (int i = 0; i < 10'000; ++i) many += R"({"n": 1, "score": 7},)";
  CHECK(take_scores(read_json(many + R"({"n": 1, "score": 9}]})"), best).find("1 of 3") != std::string::npos);
  const TempFolder folder;
  CHECK(!ask_scorer({script(folder, "head -c 40000000 /dev/zero | tr '\\0' '['")}, Json::object(), {}));
  CHECK(!ask_scorer({script(folder, "printf '\\377\\376{}'")}, Json::object(), {}));
}

TEST_CASE(
    "a scorer gets the clips with their words on its standard input, and answers on its standard output") {
  const TempFolder folder;
  const Talk talk = long_talk(3);
  const Measure measure(talk.material);
  const ScoreSettings settings;
  const Scorer scorer(measure, settings);
  const auto best = best_of(scorer, find_candidates(measure, settings.lengths));
  const std::string command = script(
      folder, "cat > " + (folder / "asked").string() + "; echo '{\"scores\": [{\"n\": 1, \"score\": 5}]}'");
  const auto answer = ask_scorer({command}, scorer_question(measure, best), {});
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(child_at(*answer, "scores").size() == 1);
  const Json asked = read_json(asfs::test::read_text(folder / "asked"));
  CHECK(text_at(asked, "schema") == "asfs.scorer/1");
  REQUIRE(!child_at(asked, "clips").empty());
  CHECK(child_at(asked, "clips")[0]["text"].get<std::string>().find("word") != std::string::npos);
}

TEST_CASE("a scorer that fails, is not there or answers no JSON is an error that says so") {
  const TempFolder folder;
  CHECK(ask_scorer({script(folder, "echo no key >&2; exit 3")}, Json::object(), {})
            .error()
            .message.find("no key") != std::string::npos);
  CHECK(ask_scorer({script(folder, "echo hello")}, Json::object(), {}).error().message.find("is no JSON") !=
        std::string::npos);
  CHECK(ask_scorer({"/nowhere/scorer"}, Json::object(), {}).error().code == Code::not_found);
}
