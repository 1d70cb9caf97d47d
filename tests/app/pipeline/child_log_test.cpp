#include "app/pipeline/child_log.h"

#include <doctest/doctest.h>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "tests/support/temp_folder.h"

using namespace asfs;
using namespace asfs::pipeline;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

void note_ended(ChildLog& log, std::vector<std::string> argv, ProcessOutput output) {
  const Result<ProcessOutput> end(std::move(output));
  log.note({argv, end, 1500ms});
}

std::vector<Json> logged(const TempFolder& folder) {
  std::vector<Json> entries;
  const std::string text = read_text(folder / "log.jsonl");
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    entries.push_back(read_json(text.substr(at, text.find('\n', at) - at)));
  return entries;
}

}  // namespace

TEST_CASE("a child is noted with its command line, its time, its end and its last words") {
  const TempFolder folder;
  ChildLog log;
  log.write_to(folder.path());
  note_ended(log, {"ffmpeg", "-i", "a b.mp4"}, {.exit_code = 1, .out = "", .err = "first\nlast\n"});
  const auto entries = logged(folder);
  REQUIRE(entries.size() == 1);
  CHECK(dumped(entries[0]["argv"]) == R"(["ffmpeg","-i","a b.mp4"])");
  CHECK(entries[0]["ms"] == 1500);
  CHECK(entries[0]["exit"] == 1);
  CHECK(entries[0]["said"] == "first\nlast");
  CHECK(entries[0]["at"].get<std::string>().ends_with('Z'));
}

TEST_CASE("what was noted before there is a folder comes first") {
  const TempFolder folder;
  ChildLog log;
  note_ended(log, {"ffprobe", "1"}, {});
  note_ended(log, {"ffprobe", "2"}, {});
  CHECK_FALSE(std::filesystem::exists(folder / "log.jsonl"));
  log.write_to(folder.path());
  note_ended(log, {"ffmpeg", "3"}, {});
  std::string order;
  for (const Json& entry : logged(folder)) order += entry["argv"][1].get<std::string>();
  CHECK(order == "123");
}

TEST_CASE("of a command of the user's only its name is noted, as its arguments and words may be secret") {
  const TempFolder folder;
  ChildLog log;
  log.write_to(folder.path());
  note_ended(log, {"curl", "-H", "Authorization: Bearer secret"},
             {.exit_code = 7, .out = "", .err = "secret"});
  CHECK_FALSE(read_text(folder / "log.jsonl").contains("secret"));
  CHECK(dumped(logged(folder)[0]["argv"]) == R"(["curl"])");
}

TEST_CASE("of many last words forty lines are noted") {
  const TempFolder folder;
  ChildLog log;
  log.write_to(folder.path());
  std::string err;
  for (int i = 1; i <= 100; ++i) err += std::to_string(i) + "\n";
  note_ended(log, {"ffmpeg"}, {.exit_code = 1, .out = "", .err = err});
  const std::string said = text_at(logged(folder)[0], "said");
  CHECK(said.starts_with("61\n62\n"));
  CHECK(said.ends_with("\n100"));
}

TEST_CASE("a child that could not be started is noted with the reason") {
  const TempFolder folder;
  ChildLog log;
  log.write_to(folder.path());
  const std::vector<std::string> argv{"ffmpeg"};
  const Result<ProcessOutput> end = fail(Code::not_found, "not there");
  log.note({argv, end, 1ms});
  CHECK(text_at(logged(folder)[0], "error") == "not there");
  CHECK_FALSE(logged(folder)[0].contains("exit"));
}
