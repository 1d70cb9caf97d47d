#include <doctest/doctest.h>

#include "registry/files/checksum.h"
#include "tests/support/practice.h"

using namespace asfs;
using namespace asfs::test;

namespace {

std::string sha256(std::string_view bytes) {
  Sha256 sum;
  sum.update(std::as_bytes(std::span(bytes)));
  return sum.finish();
}

/// The one post there is, found to hold these bytes.
void check_only_post(const Practice& practice, std::string_view bytes) {
  const auto posts = practice.posts();
  REQUIRE(posts.size() == 1);
  CHECK(posts[0]["size"] == bytes.size());
  CHECK(posts[0]["sha256"] == sha256(bytes));
}

std::string multipart_body(std::string_view eol, std::string_view media) {
  return fmt::format(
      "--cut{0}Content-Type: application/json{0}{0}{{\"snippet\":{{\"title\":\"M\"}}}}{0}--cut{0}"
      "Content-Type: video/mp4{0}Content-Transfer-Encoding: binary{0}{0}{1}{0}--cut--{0}",
      eol, media);
}

RawAnswer send_multipart(const Practice& practice, std::string_view body) {
  return request(practice.port(), "POST", "/upload/youtube/v3/videos?uploadType=multipart&part=snippet",
                 {{"Authorization", "Bearer " + practice.token()},
                  {"Content-Type", "multipart/related; boundary=\"cut\""}},
                 body);
}

}  // namespace

TEST_CASE("a whole video in one PUT is posted byte for byte") {
  const Practice practice;
  const std::string video = test_bytes(700'001);
  const auto answer = practice.put_whole(practice.begin(video.size(), "Erster 🎬"), video);
  REQUIRE(answer.status == 201);
  CHECK(answer.json()["kind"] == "youtube#video");
  CHECK(answer.json()["id"].get<std::string>().size() == 11);
  CHECK(answer.json()["status"]["uploadStatus"] == "uploaded");
  check_only_post(practice, video);
  const auto post = practice.posts()[0];
  CHECK(post["platform"] == "YouTube");
  CHECK(post["post_id"] == answer.json()["id"]);
  CHECK(post["title"] == "Erster 🎬");
}

TEST_CASE("chunks are acknowledged by 308 and the last one by 201") {
  const Practice practice;
  const std::string video = test_bytes(2 * kChunk + 77);
  const std::string session = practice.begin();
  const std::string_view all = video;
  auto answer = practice.put(session, all.substr(0, kChunk), 0, video.size());
  CHECK(answer.status == 308);
  CHECK(answer.header("range") == "bytes=0-262143");
  answer = practice.put(session, all.substr(kChunk, kChunk), kChunk, video.size());
  CHECK(answer.header("range") == "bytes=0-524287");
  CHECK(practice.put(session, all.substr(2 * kChunk), 2 * kChunk, video.size()).status == 201);
  check_only_post(practice, video);
}

TEST_CASE("a session without bytes answers a status query with 308 and no Range") {
  const Practice practice;
  const auto answer = practice.ask(practice.begin(1000), 1000);
  CHECK(answer.status == 308);
  CHECK(answer.header("range").empty());
  CHECK(practice.posts().empty());
}

TEST_CASE("a session that has ended repeats its final answer") {
  const Practice practice;
  const std::string video = test_bytes(1000);
  const std::string session = practice.begin(1000);
  const auto first = practice.put_whole(session, video);
  CHECK(practice.ask(session, 1000).body == first.body);
  CHECK(practice.put_whole(session, video).body == first.body);
  CHECK(practice.posts().size() == 1);
}

TEST_CASE("a gap or an overlap stores nothing and says where to go on") {
  const Practice practice;
  const std::string video = test_bytes(4 * kChunk);
  const std::string session = practice.begin(video.size());
  const std::string_view all = video;
  practice.put(session, all.substr(0, kChunk), 0, video.size());
  for (const std::size_t wrong : {std::size_t{0}, 2 * kChunk}) {
    const auto answer = practice.put(session, all.substr(wrong, kChunk), wrong, video.size());
    CHECK(answer.status == 308);
    CHECK(answer.header("range") == "bytes=0-262143");
  }
  CHECK(practice.put(session, all.substr(kChunk), kChunk, video.size()).status == 201);
  check_only_post(practice, video);
}

TEST_CASE("a chunk that is no multiple of 262144 is refused unless it is the last") {
  const Practice practice;
  const std::string video = test_bytes(3 * kChunk);
  const std::string session = practice.begin(video.size());
  CHECK(practice.put(session, std::string_view(video).substr(0, 1000), 0, video.size()).status == 400);
  CHECK(practice.ask(session, video.size()).header("range").empty());
}

TEST_CASE("contradicting lengths are refused") {
  const Practice practice;
  const std::string video = test_bytes(1000);
  const std::string session = practice.begin(1000);
  CHECK(practice.put(session, video, "bytes 0-998/1000").status == 400);
  CHECK(practice.put(session, video, "bytes 0-999/2000").status == 400);
  CHECK(practice.put(session, video, "bytes 5-2/1000").status == 400);
  CHECK(practice.put(session, video, "bytes 0-1e3/1000").status == 400);
  CHECK(practice.put(session, "", "bytes */2000").status == 400);
  CHECK(practice.put_whole(session, test_bytes(999)).status == 400);
  CHECK(practice.posts().empty());
}

TEST_CASE("a body that breaks off keeps what arrived") {
  const Practice practice;
  const std::string video = test_bytes(1'000'000);
  const std::string session = practice.begin(video.size());
  {
    RawHttp http(practice.port());
    http.head("PUT", session, {{"Content-Length", "1000000"}});
    http.write(std::string_view(video).substr(0, 400'000));
    http.finish_sending();
    CHECK(http.answer().status == 0);
  }
  CHECK(practice.ask(session, video.size()).header("range") == "bytes=0-399999");
  const auto answer = practice.put(session, std::string_view(video).substr(400'000), 400'000, video.size());
  CHECK(answer.status == 201);
  check_only_post(practice, video);
}

TEST_CASE("a newer request takes the session over from one that hangs") {
  const Practice practice;
  const std::string video = test_bytes(1'000'000);
  const std::string session = practice.begin(video.size());
  RawHttp hanging(practice.port());
  hanging.head("PUT", session, {{"Content-Length", "1000000"}});
  hanging.write(std::string_view(video).substr(0, 300'000));
  while (practice.sessions()[0]["bytes_received"] != 300'000) continue;
  CHECK(practice.ask(session, video.size()).header("range") == "bytes=0-299999");
  CHECK(hanging.answer().status == 0);
}

TEST_CASE("a chunked body is taken, with and without Content-Range") {
  const Practice practice;
  const std::string chunked = "4\r\nabcd\r\n6\r\nefghij\r\n0\r\n\r\n";
  for (const bool ranged : {false, true}) {
    RawHttp::Headers headers{{"Transfer-Encoding", "chunked"}};
    if (ranged) headers.emplace_back("Content-Range", "bytes 0-9/10");
    CHECK(request(practice.port(), "PUT", practice.begin(), headers, chunked).status == 201);
  }
  CHECK(practice.posts()[1]["sha256"] == sha256("abcdefghij"));
  CHECK(practice.posts()[0]["sha256"] == sha256("abcdefghij"));
}

TEST_CASE("a chunked body longer than its Content-Range is refused") {
  const Practice practice;
  const auto answer = request(practice.port(), "PUT", practice.begin(),
                              {{"Transfer-Encoding", "chunked"}, {"Content-Range", "bytes 0-4/5"}},
                              "6\r\nabcdef\r\n0\r\n\r\n");
  CHECK(answer.status == 400);
  CHECK(practice.posts().empty());
}

TEST_CASE("clients that cannot live with 308 are told by a header") {
  const Practice practice;
  const std::string video = test_bytes(kChunk + 9);
  const std::string session = practice.begin();
  auto answer = request(practice.port(), "POST", session,
                        {{"X-GUploader-No-308", "yes"}, {"Content-Range", "bytes 0-262143/*"}},
                        std::string_view(video).substr(0, kChunk));
  CHECK(answer.status == 200);
  CHECK(answer.header("x-http-status-code-override") == "308");
  CHECK(answer.header("range") == "bytes=0-262143");
  answer = request(practice.port(), "POST", session,
                   {{"X-GUploader-No-308", "yes"}, {"Content-Range", "bytes 262144-262152/262153"}},
                   std::string_view(video).substr(kChunk));
  CHECK(answer.status == 201);
  check_only_post(practice, video);
}

TEST_CASE("a multipart upload is taken with CRLF and with LF") {
  for (const std::string_view eol : {"\r\n", "\n"}) {
    const Practice practice;
    std::string media = test_bytes(600'000);
    media.replace(1000, 6, "\r\n--cu");  // nearly the boundary
    CHECK(send_multipart(practice, multipart_body(eol, media)).status == 201);
    check_only_post(practice, media);
    CHECK(practice.posts()[0]["title"] == "M");
  }
}

TEST_CASE("a multipart upload that lacks its end leaves nothing behind") {
  const Practice practice;
  std::string body = multipart_body("\r\n", test_bytes(5000));
  body.resize(body.size() - 9);
  CHECK(send_multipart(practice, body).status != 201);
  CHECK(practice.posts().empty());
  CHECK(practice.sessions().empty());
}

TEST_CASE("an unknown session is 404") {
  const Practice practice;
  const auto answer = practice.ask("/upload/youtube/v3/videos?uploadType=resumable&upload_id=nothing", 10);
  CHECK(answer.status == 404);
  CHECK(answer.json()["error"]["errors"][0]["reason"] == "notFound");
}

TEST_CASE("a call without a token, or with an unknown one, is 401 in the platform's shape") {
  const Practice practice;
  for (const char* value : {"", "Bearer nonsense", "Basic abc"}) {
    RawHttp::Headers headers{{"Content-Type", "application/json"}};
    if (*value) headers.emplace_back("Authorization", value);
    const auto answer =
        request(practice.port(), "POST", "/upload/youtube/v3/videos?uploadType=resumable&part=snippet",
                headers, R"({"snippet":{"title":"x"}})");
    CHECK(answer.status == 401);
    CHECK(answer.json()["error"]["code"] == 401);
    CHECK(answer.json()["error"]["errors"][0]["reason"] == "authError");
  }
  CHECK(practice.get("/youtube/v3/videos?part=status&id=x").status == 401);
}

TEST_CASE("the session works without a token, but not with a wrong one") {
  const Practice practice;
  const std::string session = practice.begin(4);
  CHECK(request(practice.port(), "PUT", session, {{"Authorization", "Bearer nonsense"}}, "abcd").status ==
        401);
  CHECK(practice.put_whole(session, "abcd").status == 201);
}

TEST_CASE("doubled slashes, alt=json and repeated part are understood") {
  const Practice practice;
  const auto answer =
      request(practice.port(), "POST",
              "//upload/youtube//v3/videos?uploadType=resumable&alt=json&part=snippet&part=status",
              {{"Authorization", "Bearer " + practice.token()}, {"Content-Type", "application/json"}},
              R"({"snippet":{"title":"x"},"status":{"privacyStatus":"private"}})");
  CHECK(answer.status == 200);
  CHECK(answer.header("location").starts_with(fmt::format("http://127.0.0.1:{}/upload/", practice.port())));
}

TEST_CASE("videos.list shows what was posted, and nothing for an unknown id") {
  const Practice practice;
  const std::string id = practice.put_whole(practice.begin(5, "Shown"), "hello").json()["id"];
  const auto found =
      practice.api("/youtube/v3/videos?part=snippet,status,processingDetails,fileDetails&id=" + id).json();
  REQUIRE(found["items"].size() == 1);
  const auto& video = found["items"][0];
  CHECK(video["snippet"]["title"] == "Shown");
  CHECK(video["status"]["uploadStatus"] == "processed");
  CHECK(video["processingDetails"]["processingStatus"] == "succeeded");
  CHECK(video["fileDetails"]["fileSize"] == "5");
  CHECK(practice.api("/youtube/v3/videos?part=status&id=unknown").json()["items"].empty());
}

TEST_CASE("the uploads playlist lists posts, newest first, in pages") {
  const Practice practice;
  for (const char* title : {"one", "two", "three"}) practice.put_whole(practice.begin(4, title), "abcd");
  const auto channel = practice.api("/youtube/v3/channels?part=contentDetails&mine=true").json();
  const std::string list = channel["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"];
  const std::string target =
      "/youtube/v3/playlistItems?part=snippet,contentDetails&maxResults=2&playlistId=" + list;
  const auto first = practice.api(target).json();
  CHECK(first["items"][0]["snippet"]["title"] == "three");
  CHECK(first["items"].size() == 2);
  const auto second = practice.api(target + "&pageToken=" + first["nextPageToken"].get<std::string>()).json();
  CHECK(second["items"][0]["snippet"]["title"] == "one");
  CHECK_FALSE(second.contains("nextPageToken"));
  CHECK(practice.api("/youtube/v3/playlistItems?part=snippet&playlistId=UUother").status == 404);
}

TEST_CASE("a thumbnail is taken for a posted video when it is an image") {
  const Practice practice;
  const std::string id = practice.put_whole(practice.begin(4), "abcd").json()["id"];
  const RawHttp::Headers headers{{"Authorization", "Bearer " + practice.token()},
                                 {"Content-Type", "image/png"}};
  const std::string target = "/upload/youtube/v3/thumbnails/set?videoId=";
  CHECK(request(practice.port(), "POST", target + id, headers, "\x89PNG\r\n\x1a\n...").status == 200);
  CHECK(request(practice.port(), "POST", target + id, headers, "GIF89a").status == 400);
  CHECK(request(practice.port(), "POST", target + "unknown", headers, "\x89PNG\r\n\x1a\n...").status == 404);
}
