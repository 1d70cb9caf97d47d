#include <doctest/doctest.h>

#include <thread>

#include "tests/support/practice.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("the server is found on loopback at a free port") {
  const TempFolder folder;
  const auto server = PracticeServer::start(folder.path());
  REQUIRE(server);
  CHECK((*server)->port() > 0);
  CHECK((*server)->url() == fmt::format("http://127.0.0.1:{}", (*server)->port()));
}

TEST_CASE("a taken port is an error that names it") {
  Practice practice;
  const TempFolder folder;
  const auto second = PracticeServer::start(folder.path(), practice.port());
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find(std::to_string(practice.port())) != std::string::npos);
}

TEST_CASE("a port can be used again at once after a stop") {
  Practice practice;
  const int port = practice.port();
  RawHttp open(port);
  practice.server().stop();
  const TempFolder folder;
  CHECK(PracticeServer::start(folder.path(), port));
}

TEST_CASE("a folder that cannot be used is an error") {
  const TempFolder folder;
  write_file(folder / "file", "x");
  CHECK_FALSE(PracticeServer::start(folder / "file"));
  write_file(folder / "practice.db", "this is no database, and long enough to be seen as none");
  const auto server = PracticeServer::start(folder.path());
  REQUIRE_FALSE(server);
  CHECK(server.error().message.find("practice.db") != std::string::npos);
}

TEST_CASE("only our own host names are answered") {
  const Practice practice;
  const auto status = [&](const std::string& host) {
    return request(practice.port(), "GET", "/practice/posts", {{"Host", host}}).status;
  };
  CHECK(status(fmt::format("127.0.0.1:{}", practice.port())) == 200);
  CHECK(status(fmt::format("localhost:{}", practice.port())) == 200);
  CHECK(status("example.com") == 421);
  CHECK(status("127.0.0.1") == 421);
  CHECK(status(fmt::format("example.com:{}", practice.port())) == 421);
}

TEST_CASE("a page of another origin cannot change anything") {
  const Practice practice;
  const auto status = [&](const std::string& origin) {
    return request(practice.port(), "POST", "/practice/reset", {{"Origin", origin}}).status;
  };
  CHECK(status("http://example.com") == 403);
  CHECK(status("null") == 403);
  CHECK(status(practice.server().url()) == 200);
}

TEST_CASE("the session's address is on the host the client used") {
  const Practice practice;
  const std::string host = fmt::format("localhost:{}", practice.port());
  const auto answer = practice.initiate(R"({"snippet":{"title":"x"}})", {{"Host", host}});
  CHECK(answer.header("location").starts_with("http://" + host + "/upload/youtube/v3/videos?"));
}

TEST_CASE("a restarted server knows tokens, sessions, bytes, posts and faults") {
  Practice practice;
  const std::string video = test_bytes(2 * kChunk);
  practice.put_whole(practice.begin(4, "Before"), "abcd");
  const std::string session = practice.begin(video.size(), "Half");
  practice.put(session, std::string_view(video).substr(0, kChunk), 0, video.size());
  practice.fault({{"kind", "status"}, {"status", 429}, {"on", "initiate"}});
  const auto posts = practice.posts();

  practice.restart();
  CHECK(practice.posts() == posts);
  CHECK(practice.ask(session, video.size()).header("range") == "bytes=0-262143");
  CHECK(practice.put(session, std::string_view(video).substr(kChunk), kChunk, video.size()).status == 201);
  CHECK(practice.initiate("{}").status == 429);
  CHECK(practice.api("/youtube/v3/videos?part=id&id=x").status == 200);
}

TEST_CASE("a server killed between the last byte and the post makes it when asked") {
  Practice practice;
  practice.fault({{"kind", "reset"}, {"at_byte", 4}});
  const std::string session = practice.begin(4);
  CHECK(practice.put_whole(session, "abcd").status == 0);
  practice.restart();
  CHECK(practice.ask(session, 4).status == 201);
  CHECK(practice.posts().size() == 1);
}

TEST_CASE("a server killed between recording a post and storing its file catches up") {
  Practice practice;
  const std::string session = practice.begin(4);
  const std::string id = practice.put_whole(session, "abcd").json()["id"];
  practice.server().stop();
  const std::string name = session.substr(session.find("upload_id=") + 10) + ".part";
  std::filesystem::rename(practice.folder() / "media" / (id + ".mp4"), practice.folder() / "sessions" / name);
  practice.restart();
  CHECK(practice.get("/media/" + id + ".mp4").body == "abcd");
  CHECK(practice.posts()[0]["sha256"] == "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589");
}

TEST_CASE("a reset forgets posts, sessions and faults, and their files") {
  const Practice practice;
  practice.put_whole(practice.begin(4), "abcd");
  practice.begin(4);
  practice.fault({{"kind", "status"}});
  CHECK(request(practice.port(), "POST", "/practice/reset").status == 200);
  CHECK(practice.posts().empty());
  CHECK(practice.sessions().empty());
  CHECK(practice.faults().empty());
  CHECK(std::filesystem::is_empty(practice.folder() / "media"));
  CHECK(practice.begin(4) != "");
}

TEST_CASE("tokens are issued for practised platforms only") {
  const Practice practice;
  const auto token = practice.get("/practice/token?platform=YouTube").json();
  CHECK(token["token_type"] == "Bearer");
  CHECK(token["expires_in"] == 3600);
  CHECK(practice.get("/practice/token?platform=Vimeo").status == 400);
}

TEST_CASE("the log tells what was asked, stored and answered, without secrets") {
  const Practice practice;
  practice.fault({{"kind", "lost_answer"}});
  const std::string session = practice.begin(4);
  practice.put_whole(session, "abcd");
  const auto answer = practice.get("/practice/log");
  const auto last = answer.json().back();
  CHECK(last["platform"] == "YouTube");
  CHECK(last["bytes_stored"] == 4);
  CHECK(last["fault"] == "lost_answer");
  CHECK(last["answer"] == "no answer, connection dropped");
  CHECK(answer.body.find(practice.token()) == std::string::npos);
  CHECK(answer.body.find(session.substr(session.find("upload_id=") + 10)) == std::string::npos);
}

TEST_CASE("posted videos can be played from any place in them") {
  const Practice practice;
  const std::string id = practice.put_whole(practice.begin(10), "0123456789").json()["id"];
  const auto part = request(practice.port(), "GET", "/media/" + id + ".mp4", {{"Range", "bytes=3-5"}});
  CHECK(part.status == 206);
  CHECK(part.body == "345");
  CHECK(practice.get("/media/unknown.mp4").status == 404);
  CHECK(practice.get("/media/..%2F..%2Fpractice.db").status == 404);
}

TEST_CASE("the pages for people load nothing from elsewhere") {
  const Practice practice;
  for (const char* page :
       {"/", "/watch?v=x", "/practice/page.js", "/practice/page.css", "/practice/watch.js"}) {
    const auto answer = practice.get(page);
    CHECK_MESSAGE(answer.status == 200, page);
    CHECK_FALSE(answer.body.empty());
    CHECK(answer.body.find("://") == std::string::npos);
    CHECK(answer.header("content-security-policy").starts_with("default-src 'none'"));
  }
}

TEST_CASE("many uploads at once all arrive") {
  const Practice practice;
  const std::string video = test_bytes(300'000);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto made = practice.initiate(R"({"snippet":{"title":"x"}})");
      practice.put_whole(Practice::path_of(made.header("location")), video);
    });
  threads.clear();
  CHECK(practice.posts().size() == 8);
}

TEST_CASE(
    "hundreds of kilobytes of brackets are a bad request like any other, at every door that takes JSON") {
  const Practice practice;
  const std::string bomb = "{\"a\":" + std::string(400'000, '[') + std::string(400'000, ']') + "}";
  const std::string tiktok = practice.get("/practice/token?platform=TikTok").json()["access_token"];
  const std::string instagram = practice.get("/practice/token?platform=Instagram").json()["access_token"];
  const auto send = [&](std::string_view target, const std::string& token) {
    return request(practice.port(), "POST", target,
                   {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}}, bomb)
        .status;
  };
  CHECK(send("/practice/faults", "") >= 400);
  CHECK(send("/v2/post/publish/video/init/", tiktok) >= 400);
  CHECK(send("/v2/post/publish/status/fetch/", tiktok) >= 400);
  CHECK(send("/v25.0/17841400000000001/media", instagram) >= 400);
  CHECK(send("/upload/youtube/v3/videos?uploadType=resumable&part=snippet", practice.token()) >= 400);
  CHECK(practice.get("/practice/posts").status == 200);
}
