// The practice Instagram refuses what the real one would, and keeps its own books.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/practice.h"

using namespace asfs;
using namespace asfs::test;

namespace {

struct PracticeInstagram : Practice {
  std::string bearer = get("/practice/token?platform=Instagram").json()["access_token"];
  std::string me = "/v25.0/17841400000000001";

  RawAnswer ask(std::string_view target) const {
    return request(port(), "GET", target, {{"Authorization", "Bearer " + bearer}});
  }
  RawAnswer post(std::string_view target, const Json& body) const {
    return request(port(), "POST", target,
                   {{"Authorization", "Bearer " + bearer}, {"Content-Type", "application/json"}},
                   body.dump());
  }
  Json container(std::string_view caption = "Hi") const {
    return post(me + "/media", {{"media_type", "REELS"}, {"upload_type", "resumable"}, {"caption", caption}})
        .json();
  }
  RawAnswer send(const Json& made, std::string_view bytes, std::size_t offset, std::size_t total,
                 std::string_view scheme = "OAuth") const {
    const std::string uri = made["uri"];
    return request(port(), "POST", uri.substr(uri.find("/ig-api")),
                   {{"Authorization", fmt::format("{} {}", scheme, bearer)},
                    {"offset", std::to_string(offset)},
                    {"file_size", std::to_string(total)}},
                   bytes);
  }
  Json status(const Json& made) const {
    return ask(fmt::format("/v25.0/{}?fields=id,status,status_code,video_status",
                           made["id"].get<std::string>()))
        .json();
  }
  RawAnswer publish(const Json& made) const {
    return post(me + "/media_publish", {{"creation_id", made["id"]}});
  }
  static std::pair<int, int> codes(const RawAnswer& answer) {
    const Json error = answer.json()["error"];
    return {error["code"].get<int>(), error.value("error_subcode", 0)};
  }
};

}  // namespace

TEST_CASE_FIXTURE(PracticeInstagram, "Instagram: a reel goes from container to permalink") {
  const std::string bytes = test_bytes(1000);
  const Json made = container("Hello\n\n#art");
  CHECK(status(made)["status_code"] == "IN_PROGRESS");
  CHECK(codes(publish(made)) == std::pair(9007, 2207027));
  CHECK(send(made, bytes, 0, bytes.size()).json()["success"] == true);
  CHECK(status(made)["status_code"] == "FINISHED");
  CHECK(posts().empty());
  const std::string media = publish(made).json()["id"];
  CHECK(status(made)["status_code"] == "PUBLISHED");
  REQUIRE(posts().size() == 1);
  CHECK(posts()[0]["post_id"] == media);
  CHECK(posts()[0]["caption"] == "Hello\n\n#art");
  const Json shown = ask("/v25.0/" + media + "?fields=id,permalink,media_product_type").json();
  CHECK(shown["media_product_type"] == "REELS");
  CHECK(shown["permalink"].get<std::string>().ends_with("/watch?v=" + media));
  CHECK(ask(me + "/media?fields=id,caption,timestamp").json()["data"][0]["id"] == media);
  CHECK(ask(me + "/content_publishing_limit?fields=config,quota_usage").json()["data"][0]["quota_usage"] ==
        1);
}

TEST_CASE_FIXTURE(PracticeInstagram, "Instagram: a container is published once") {
  const Json made = container();
  send(made, "abc", 0, 3);
  CHECK(publish(made).status == 200);
  CHECK(codes(publish(made)) == std::pair(24, 2207008));
  CHECK(posts().size() == 1);
}

TEST_CASE_FIXTURE(PracticeInstagram,
                  "Instagram: the upload host wants its headers, its scheme and the right offset") {
  const Json made = container();
  CHECK(send(made, "abc", 0, 3, "Bearer").status == 400);
  CHECK(send(made, "bc", 1, 3).status == 400);
  fault({{"platform", "Instagram"}, {"kind", "reset"}, {"at_byte", 400}});
  const std::string bytes = test_bytes(1000);
  CHECK(send(made, bytes, 0, bytes.size()).status == 0);
  CHECK(status(made)["video_status"]["uploading_phase"]["bytes_transferred"] == 400);
  CHECK(send(made, std::string_view(bytes).substr(400), 400, bytes.size()).status == 200);
  CHECK(status(made)["status_code"] == "FINISHED");
}

TEST_CASE_FIXTURE(PracticeInstagram, "Instagram: captions, media types and accounts are checked") {
  const auto with = [&](Json body) { return codes(post(me + "/media", body)); };
  CHECK(with({{"media_type", "STORY"}, {"upload_type", "resumable"}}) == std::pair(100, 2207023));
  CHECK(with({{"media_type", "REELS"}}) == std::pair(100, 0));
  CHECK(with({{"media_type", "REELS"}, {"upload_type", "resumable"}, {"caption", std::string(2201, 'x')}}) ==
        std::pair(36004, 2207010));
  CHECK(codes(post("/v25.0/1/media", {{"media_type", "REELS"}, {"upload_type", "resumable"}})) ==
        std::pair(100, 33));
  bearer = "none";
  CHECK(codes(ask("/v25.0/me")) == std::pair(190, 463));
}

TEST_CASE_FIXTURE(PracticeInstagram, "Instagram: parameters may come by query, and slashes may be doubled") {
  const auto made =
      request(port(), "POST",
              fmt::format("/v25.0//17841400000000001/media?media_type=REELS&upload_type=resumable"
                          "&caption=a%20b&access_token={}",
                          bearer));
  CHECK(made.status == 200);
  CHECK(made.json()["uri"].get<std::string>().find("/ig-api-upload/v25.0/") != std::string::npos);
}
