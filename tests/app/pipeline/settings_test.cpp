// config/pipeline.json.
#include "app/pipeline/settings.h"

#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::pipeline;
using asfs::test::TempFolder;
using asfs::test::write_file;

namespace {

std::string trouble_with(const std::string& text) {
  const TempFolder folder;
  write_file(folder / "config/pipeline.json", text);
  const auto settings = load_settings(Library{folder.path()});
  return settings ? "" : settings.error().message;
}

}  // namespace

TEST_CASE("without a file the defaults hold") {
  const TempFolder folder;
  const auto settings = load_settings(Library{folder.path()});
  REQUIRE(settings);
  CHECK(settings->scoring.lengths.least == 15);
  CHECK(settings->cut.framing == Framing::blurred);
  CHECK(settings->captions);
}

TEST_CASE("what the file says holds, also with comments in it") {
  const TempFolder folder;
  write_file(folder / "config/pipeline.json", R"({
    // mine
    "min_seconds": 20, "max_clips": 5, "scorer": ["score", "it"], "weights": {"hook": 50},
    "cut": {"framing": "crop", "crop_x": 0.25, "captions": false, "logo": "logo.png"},
    "texts": {"title": "{hook}", "hashtags": ["#mine"], "keywords": 0}
  })");
  const auto settings = load_settings(Library{folder.path()});
  REQUIRE_MESSAGE(settings, settings.error().message);
  CHECK(settings->scoring.lengths.least == 20);
  CHECK(settings->choice.most == 5);
  CHECK(settings->scorer == std::vector<std::string>{"score", "it"});
  CHECK(settings->scoring.weights[0] == 50);
  CHECK(settings->cut.framing == Framing::crop);
  CHECK(settings->cut.crop_x == 0.25);
  CHECK(!settings->captions);
  CHECK(settings->texts.hashtags == std::vector<std::string>{"#mine"});
}

TEST_CASE("what is wrong in the file is named, with what is allowed") {
  CHECK(trouble_with(R"({"min_seconds": 1})").find("min_seconds: give a number from 3 to 600") !=
        std::string::npos);
  CHECK(trouble_with(R"({"cut": {"framing": "zoom"}})")
            .find("framing: give one of crop, blurred, black_bars") != std::string::npos);
  CHECK(trouble_with(R"({"scorer": "one"})").find("scorer: give a list of texts") != std::string::npos);
  CHECK(trouble_with(R"({"cut": 3})").find("cut: give an object") != std::string::npos);
  CHECK(trouble_with(R"({"min_second": 20})").find("min_second") != std::string::npos);
  CHECK(trouble_with(R"({"weights": {"hok": 20}})").find("hok") != std::string::npos);
  CHECK(trouble_with("{").find("pipeline.json") != std::string::npos);
}

TEST_CASE("a pool is a file, counted from the library's folder, and an order") {
  const TempFolder folder;
  write_file(folder / "config/pipeline.json",
             R"({"pool": {"file": "texts/words.csv", "order": "in order"}})");
  const auto settings = load_settings(Library{folder.path()});
  REQUIRE_MESSAGE(settings, settings.error().message);
  CHECK(settings->pool.file == folder / "texts/words.csv");
  CHECK(settings->pool.order == PoolOrder::in_order);
  CHECK(trouble_with(R"({"pool": {"order": "last"}})").find("order: give one of random, in order") !=
        std::string::npos);
  CHECK(trouble_with(R"({"pool": {"flie": "x.csv"}})").find("flie") != std::string::npos);
}

TEST_CASE("a whole number is no half") {
  CHECK(trouble_with(R"({"cut": {"crf": 20.5}})").find("crf: give a whole number from 0 to 40") !=
        std::string::npos);
}

TEST_CASE("scores depend on weights and lengths, and not on how clips are cut") {
  Settings one, other;
  other.cut.framing = Framing::crop;
  CHECK(dumped(scoring_json(one)) == dumped(scoring_json(other)));
  other.scoring.weights[3] = 1;
  CHECK(dumped(scoring_json(one)) != dumped(scoring_json(other)));
}
