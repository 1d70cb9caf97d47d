// The practice TikTok refuses what the real one would, and keeps its own books.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/practice.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct PracticeTikTok : Practice {
  std::string bearer = get("/practice/token?platform=TikTok").json()["access_token"];

  RawAnswer call(std::string_view path, const Json& body) const {
    return request(
        port(), "POST", fmt::format("/v2/post/publish/{}", path),
        {{"Authorization", "Bearer " + bearer}, {"Content-Type", "application/json; charset=UTF-8"}},
        body.dump());
  }
  RawAnswer init(std::uint64_t size, std::uint64_t chunk, std::uint64_t count, Json post = {}) const {
    if (post.is_null()) post = {{"privacy_level", "PUBLIC_TO_EVERYONE"}, {"title", "Hello #art"}};
    return call("video/init/", {{"post_info", post},
                                {"source_info",
                                 {{"source", "FILE_UPLOAD"},
                                  {"video_size", size},
                                  {"chunk_size", chunk},
                                  {"total_chunk_count", count}}}});
  }
  static std::string code(const RawAnswer& answer) { return answer.json()["error"]["code"]; }
  Json status(const std::string& publish_id) const {
    return call("status/fetch/", {{"publish_id", publish_id}}).json()["data"];
  }
  RawAnswer chunk(const std::string& url, std::string_view bytes, std::size_t first, std::size_t total,
                  RawHttp::Headers more = {}) const {
    more.emplace_back("Content-Type", "video/mp4");
    more.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", first, first + bytes.size() - 1, total));
    return request(port(), "PUT", url.substr(url.find("/video/")), more, bytes);
  }
};

}  // namespace

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: the chunk plans of the documentation are taken, others refused") {
  struct Plan {
    std::uint64_t size, chunk, count;
    bool good;
  };
  constexpr Plan kPlans[] = {
      {4'194'304, 4'194'304, 1, true},
      {50'000'123, 10'000'000, 5, true},
      {64'000'000, 64'000'000, 1, true},
      {64'000'001, 10'000'000, 6, true},
      {65'000'000, 10'000'000, 6, true},
      {70'000'000, 10'000'000, 7, true},
      {300'000'000, 10'000'000, 30, true},
      {4'000'000'000, 10'000'000, 400, true},
      {50'000'123, 10'000'000, 6, false},  // rounded up
      {3'000'000, 5'000'000, 1, false},    // one chunk of another size
      {90'000'000, 90'000'000, 1, false},  // too large for one
      {20'000'000, 4'000'000, 5, false},   // chunks too small
      {0, 0, 0, false},
  };
  for (const Plan& plan : kPlans) {
    CAPTURE(plan.size);
    CAPTURE(plan.count);
    CHECK(code(init(plan.size, plan.chunk, plan.count)) == (plan.good ? "ok" : "invalid_params"));
  }
}

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: post_info is checked") {
  const auto with = [&](Json post) { return code(init(100, 100, 1, std::move(post))); };
  CHECK(with(Json::object()) == "invalid_params");
  CHECK(with({{"privacy_level", "FOLLOWER_OF_CREATOR"}}) == "privacy_level_option_mismatch");
  CHECK(with({{"privacy_level", "SELF_ONLY"}, {"disable_duet", "no"}}) == "invalid_params");
  CHECK(with({{"privacy_level", "SELF_ONLY"}, {"title", std::string(2201, 'x')}}) == "invalid_params");
  CHECK(with({{"privacy_level", "SELF_ONLY"}, {"title", std::string(2200, 'x')}}) == "ok");
}

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: chunks come in order, whole, and without the access token") {
  const std::string bytes = test_bytes(11'000'000);
  const Json begun = init(bytes.size(), 5'000'000, 2).json()["data"];
  const std::string url = begun["upload_url"], id = begun["publish_id"];
  const auto part = [&](std::size_t from, std::size_t size) {
    return std::string_view(bytes).substr(from, size);
  };
  CHECK(chunk(url, part(0, 5'000'000), 0, bytes.size(), {{"Authorization", "Bearer " + bearer}}).status ==
        400);
  const auto early = chunk(url, part(5'000'000, 6'000'000), 5'000'000, bytes.size());
  CHECK(early.status == 416);
  CHECK(early.header("content-range") == "bytes 0-0/11000000");
  CHECK(chunk(url, part(0, 4'000'000), 0, bytes.size()).status == 400);
  const auto first = chunk(url, part(0, 5'000'000), 0, bytes.size());
  CHECK(first.status == 206);
  CHECK(first.header("content-range") == "bytes 0-5000000/11000000");
  CHECK(status(id)["uploaded_bytes"] == 5'000'000);
  CHECK(posts().empty());
  CHECK(chunk(url, part(5'000'000, 6'000'000), 5'000'000, bytes.size()).status == 201);
  CHECK(status(id)["status"] == "PUBLISH_COMPLETE");
  REQUIRE(posts().size() == 1);
  CHECK(posts()[0]["post_id"] ==
        std::to_string(status(id)["publicaly_available_post_id"][0].get<std::uint64_t>()));
  CHECK(posts()[0]["caption"] == "Hello #art");
  CHECK(chunk(url, part(5'000'000, 6'000'000), 5'000'000, bytes.size()).status == 416);
  CHECK(posts().size() == 1);
}

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: a broken chunk counts for nothing") {
  const std::string bytes = test_bytes(11'000'000);
  const Json begun = init(bytes.size(), 5'000'000, 2).json()["data"];
  fault({{"platform", "TikTok"}, {"kind", "reset"}, {"at_byte", 3'000'000}});
  CHECK(chunk(begun["upload_url"], std::string_view(bytes).substr(0, 5'000'000), 0, bytes.size()).status ==
        0);
  CHECK(status(begun["publish_id"])["uploaded_bytes"] == 0);
}

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: private posts tell no id, drafts wait in the inbox") {
  const Json post = init(100, 100, 1, {{"privacy_level", "SELF_ONLY"}}).json()["data"];
  CHECK(chunk(post["upload_url"], test_bytes(100), 0, 100).status == 201);
  CHECK(status(post["publish_id"])["status"] == "PUBLISH_COMPLETE");
  CHECK_FALSE(status(post["publish_id"]).contains("publicaly_available_post_id"));
  const Json draft =
      call(
          "inbox/video/init/",
          {{"source_info",
            {{"source", "FILE_UPLOAD"}, {"video_size", 100}, {"chunk_size", 100}, {"total_chunk_count", 1}}}})
          .json()["data"];
  CHECK(chunk(draft["upload_url"], test_bytes(100), 0, 100).status == 201);
  CHECK(status(draft["publish_id"])["status"] == "SEND_TO_USER_INBOX");
}

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: a server that died after the last byte goes on with what it has") {
  const std::string bytes = test_bytes(100);
  const Json begun = init(100, 100, 1).json()["data"];
  const std::string id = begun["publish_id"];
  write_file(folder() / "sessions" / (id.substr(id.rfind('.') + 1) + ".part"), bytes);
  CHECK(status(id)["status"] == "PUBLISH_COMPLETE");
  CHECK(posts().size() == 1);
}

TEST_CASE_FIXTURE(PracticeTikTok, "TikTok: without a good token nothing is told") {
  bearer = "none";
  CHECK(code(call("creator_info/query/", {})) == "access_token_invalid");
  CHECK(code(call("status/fetch/", {{"publish_id", "x"}})) == "access_token_invalid");
}
