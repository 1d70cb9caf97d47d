#include <doctest/doctest.h>

#include "tests/support/practice.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// The reason an initiation with this metadata is refused for, or "" when it is taken.
std::string refusal(const Practice& practice, const Json& metadata,
                    std::string_view part = "snippet,status") {
  const auto answer = practice.initiate(metadata.dump(), {}, part);
  if (answer.status == 200) return "";
  CHECK(answer.status == 400);
  return answer.json()["error"]["errors"][0]["reason"];
}

Json with_snippet(const char* field, const Json& value) {
  Json metadata{{"snippet", {{"title", "Clip"}}}};
  metadata["snippet"][field] = value;
  return metadata;
}

Json with_status(const Json& status) {
  return {{"snippet", {{"title", "Clip"}}}, {"status", status}};
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

}  // namespace

TEST_CASE("a title has 1 to 100 characters and no angle brackets") {
  const Practice practice;
  CHECK(refusal(practice, with_snippet("title", repeated("語", 100))) == "");
  CHECK(refusal(practice, with_snippet("title", repeated("語", 101))) == "invalidTitle");
  CHECK(refusal(practice, with_snippet("title", " ")) == "invalidTitle");
  CHECK(refusal(practice, with_snippet("title", "a<b")) == "invalidTitle");
  CHECK(refusal(practice, Json::object()) == "invalidTitle");
}

TEST_CASE("a description has 5000 bytes at most and no angle brackets") {
  const Practice practice;
  CHECK(refusal(practice, with_snippet("description", repeated("é", 2500))) == "");
  CHECK(refusal(practice, with_snippet("description", repeated("é", 2500) + "x")) == "invalidDescription");
  CHECK(refusal(practice, with_snippet("description", "1 > 0")) == "invalidDescription");
}

TEST_CASE("tags have 500 characters together, commas and quotes counted") {
  const Practice practice;
  CHECK(refusal(practice, with_snippet("tags", {repeated("x", 249), repeated("y", 250)})) == "");
  CHECK(refusal(practice, with_snippet("tags", {repeated("x", 250), repeated("y", 250)})) == "invalidTags");
  CHECK(refusal(practice, with_snippet("tags", {"a " + repeated("x", 496)})) == "");
  CHECK(refusal(practice, with_snippet("tags", {"a " + repeated("x", 497)})) == "invalidTags");
  CHECK(refusal(practice, with_snippet("tags", {""})) == "invalidTags");
}

TEST_CASE("fields of the wrong type or name are refused") {
  const Practice practice;
  CHECK(refusal(practice, with_snippet("categoryId", 22)) == "badRequest");
  CHECK(refusal(practice, with_snippet("categoryId", "22")) == "");
  CHECK(refusal(practice, with_snippet("categoryId", "none")) == "invalidCategoryId");
  CHECK(refusal(practice, with_snippet("tags", "one two")) == "badRequest");
  CHECK(refusal(practice, with_snippet("caption", "x")) == "badRequest");
  CHECK(refusal(practice, with_status({{"selfDeclaredMadeForKids", "no"}})) == "badRequest");
  CHECK(refusal(practice, with_status({{"privacyStatus", "secret"}})) == "badRequest");
}

TEST_CASE("publishAt needs a private video and a time") {
  const Practice practice;
  const auto status = [](const char* privacy, const char* at) {
    return with_status({{"privacyStatus", privacy}, {"publishAt", at}});
  };
  CHECK(refusal(practice, status("private", "2026-12-01T18:00:00Z")) == "");
  CHECK(refusal(practice, status("private", "2026-12-01T18:00:00.5+01:00")) == "");
  CHECK(refusal(practice, status("public", "2026-12-01T18:00:00Z")) == "invalidPublishAt");
  CHECK(refusal(practice, status("private", "tomorrow")) == "invalidPublishAt");
  CHECK(refusal(practice, status("private", "2026-12-01T18:00:00")) == "invalidPublishAt");
}

TEST_CASE("part names every object of the body, and only known ones") {
  const Practice practice;
  CHECK(refusal(practice, with_status({{"privacyStatus", "private"}}), "snippet") == "unexpectedPart");
  CHECK(refusal(practice, with_snippet("title", "x"), "snippet,nonsense") == "unknownPart");
  CHECK(refusal(practice, with_snippet("title", "x"), "") == "missingRequiredParameter");
}

TEST_CASE("metadata that is no JSON, or no UTF-8, is refused") {
  const Practice practice;
  CHECK(practice.initiate("{").status == 400);
  CHECK(practice.initiate("[]").status == 400);
  CHECK(practice.initiate("{\"snippet\":{\"title\":\"\xff\"}}").status == 400);
}

TEST_CASE("the announced video must be one, and not empty") {
  const Practice practice;
  const std::string metadata = R"({"snippet":{"title":"x"}})";
  CHECK(practice.initiate(metadata, {{"X-Upload-Content-Type", "image/png"}}).status == 400);
  CHECK(practice.initiate(metadata, {{"X-Upload-Content-Type", "video/*"}}).status == 200);
  CHECK(practice.initiate(metadata, {{"X-Upload-Content-Length", "0"}}).status == 400);
  CHECK(practice.initiate(metadata, {{"X-Upload-Content-Length", "many"}}).status == 400);
  CHECK(practice.initiate(metadata, {{"X-Upload-Content-Length", "274877906945"}}).status == 413);
}
