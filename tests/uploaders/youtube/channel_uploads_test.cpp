// One upload to YouTube, where the session does not tell any more, or the thumbnail has to wait.
#include <doctest/doctest.h>

#include "tests/support/scripted_http.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kVideoMade = R"({"kind":"youtube#video","id":"abcdefghi-_"})";
constexpr const char* kSession = "https://www.googleapis.com/upload/youtube/v3/videos?upload_id=SECRET";
constexpr const char* kNone = R"({"items":[]})";

HttpResponse refused(int status, std::string_view reason) {
  return json(fmt::format(R"({{"error":{{"message":"no","errors":[{{"reason":"{}"}}]}}}})", reason), status);
}

std::string upload_status(std::string_view word) {
  return fmt::format(R"({{"items":[{{"id":"abcdefghi-_","status":{{"uploadStatus":"{}"}}}}]}})", word);
}

struct YouTube : ScriptedPlatform {
  YouTube()
      : ScriptedPlatform("YouTube", 3000, [this](const Asked& one) -> std::expected<HttpResponse, HttpError> {
          if (one.to("thumbnails/set")) return thumbnail();
          if (one.to("/channels")) return channel();
          if (one.to("/playlistItems")) return json(fmt::format(R"({{"items":[{}]}})", listed));
          if (one.to("/youtube/v3/videos?part=snippet"))
            return json(fmt::format(R"({{"items":[{}]}})", videos));
          if (one.to("/youtube/v3/videos?part=status")) return status();
          if (one.method == "POST") return HttpResponse{200, {{"Location", kSession}}, ""};
          return one.header("Content-Range").starts_with("bytes */") ? asked_session() : sent();
        }) {}

  /// As videos.list tells of an upload, so many minutes after ours was begun.
  void list(std::string_view id, int minutes, std::string_view title, std::string_view duration,
            std::size_t bytes) {
    const auto made = utc_timestamp(kMorning + std::chrono::minutes(minutes));
    if (!videos.empty()) videos += ",", listed += ",";
    listed += fmt::format(R"({{"contentDetails":{{"videoId":"{}"}}}})", id);
    videos += fmt::format(R"({{"id":"{}","snippet":{{"title":"{}","publishedAt":"{}Z"}},"contentDetails":)"
                          R"({{"duration":"{}"}},"fileDetails":{{"fileSize":"{}"}}}})",
                          id, title, made.substr(0, 19), duration, bytes);
  }
  void list_nothing() { videos = listed = ""; }
  std::string handle() const { return youtube::handle_text({kSession, unix_millis(kMorning) / 1000}); }
  Reconciliation look_up() {
    return made()->reconcile({.handle = handle(),
                              .file_size = 3000,
                              .maybe_published = true,
                              .metadata = {},
                              .video_title = "First",
                              .video_seconds = 62.4,
                              .owners = &known},
                             {});
  }
  int lists() const { return times("/playlistItems"); }
  std::string image() const {
    write_file(folder / "cover.png", "\x89PNG\r\n and so on");
    return (folder / "cover.png").string();
  }

  KnownPosts known;
  std::string listed, videos;
  std::function<HttpResponse()> channel = [] {
    return json(R"({"items":[{"contentDetails":{"relatedPlaylists":{"uploads":"UUanna"}}}]})");
  };
  std::function<HttpResponse()> status = [] { return json(kNone); };
  std::function<HttpResponse()> asked_session = [] { return refused(404, "notFound"); };
  std::function<HttpResponse()> sent = [] { return json(kVideoMade, 201); };
  std::function<HttpResponse()> thumbnail = [] { return json("{}"); };
};

}  // namespace

TEST_CASE("YouTube: a forgotten session's video is found among the uploads by its proof") {
  YouTube youtube;
  const auto look = [&](int minutes, std::string_view title, std::string_view duration, std::size_t bytes) {
    youtube.list_nothing();
    youtube.list("abcdefghi-_", minutes, title, duration, bytes);
    return youtube.look_up();
  };
  CHECK(look(1, "First ", "PT1M2S", 3000).state == Reconciliation::State::done);
  CHECK(look(1, "First", "PT1M2S", 3000).post_id == "abcdefghi-_");
  CHECK(look(1, "First", "P0D", 3000).state == Reconciliation::State::done);  // it is not processed yet
  CHECK(look(-30, "First", "PT1M2S", 3000).state == Reconciliation::State::unclear);
  CHECK(look(1, "Second", "PT1M2S", 3000).state == Reconciliation::State::unclear);
  CHECK(look(1, "First", "PT31S", 3000).state == Reconciliation::State::unclear);
  CHECK(look(1, "First", "PT1M2S", 3001).state == Reconciliation::State::unclear);
  look(1, "First", "PT1M2S", 3000);
  youtube.list("bbbbbbbbbbb", 2, "First", "PT1M3S", 3000);
  CHECK(youtube.look_up().state == Reconciliation::State::unclear);
  youtube.known.anothers = {"bbbbbbbbbbb"};
  CHECK(youtube.look_up().post_id == "abcdefghi-_");
  youtube.known.unknown = {{.video_title = "First", .metadata_json = "{}", .post_id = {}}};
  CHECK(youtube.look_up().state == Reconciliation::State::unclear);
}

TEST_CASE("YouTube: a found video that YouTube threw away is left to the upload, which says so") {
  YouTube youtube;
  youtube.list("abcdefghi-_", 1, "First", "P0D", 3000);
  youtube.status = [] { return json(upload_status("rejected")); };
  CHECK(youtube.look_up().state == Reconciliation::State::part);
  FakeAttempt attempt(youtube.path, youtube.content);
  attempt.given_handle = youtube.handle();
  attempt.may_be_live = true;
  CHECK(youtube.upload(attempt).error_class == ErrorClass::permanent);
  CHECK_FALSE(attempt.may_be_live);
}

TEST_CASE("YouTube: where the uploads cannot be listed a doubt stays one, and what passes is asked again") {
  YouTube youtube;
  youtube.list("abcdefghi-_", 1, "First", "PT1M2S", 3000);
  FakeAttempt attempt(youtube.path, youtube.content);
  attempt.given_handle = youtube.handle();
  attempt.may_be_live = true;
  SUBCASE("the sign-in may not") {
    youtube.channel = [] { return refused(403, "insufficientPermissions"); };
    CHECK(youtube.look_up().state == Reconciliation::State::unclear);
    CHECK(youtube.upload(attempt).error_class == ErrorClass::doubt);
    CHECK(youtube.lists() == 0);
  }
  SUBCASE("the quota is used up") {
    youtube.channel = [] { return refused(403, "quotaExceeded"); };
    CHECK(youtube.look_up().state == Reconciliation::State::failed);
    const auto result = youtube.upload(attempt);
    CHECK(result.error_class == ErrorClass::rate_limited);
    CHECK(result.retry_at);
  }
  SUBCASE("a page answers in its place") {
    youtube.channel = [] { return page(403); };
    CHECK(youtube.look_up().state == Reconciliation::State::failed);
    CHECK(youtube.upload(attempt).error_class == ErrorClass::transient);
  }
}

TEST_CASE(
    "YouTube: after a lost answer the list of uploads is asked a few times, and nothing is sent again") {
  YouTube youtube;
  youtube.sent = [] { return page(502); };
  FakeAttempt attempt(youtube.path, youtube.content);
  SUBCASE("it lags behind") {
    youtube.asked_session = [&] {
      if (youtube.lists() == 2) youtube.list("abcdefghi-_", 1, "First", "P0D", 3000);
      return refused(404, "notFound");
    };
    CHECK(youtube.upload(attempt).platform_post_id == "abcdefghi-_");
  }
  SUBCASE("it never shows it") {
    CHECK(youtube.upload(attempt).error_class == ErrorClass::doubt);
  }
  CHECK(youtube.lists() == 3);
  CHECK(youtube.times("uploadType=resumable") == 1);
}

TEST_CASE("YouTube: a handle says since when, and an address alone is one, too") {
  const auto again = youtube::parse_handle(youtube::handle_text({kSession, 17}));
  CHECK(again.uri == kSession);
  CHECK(again.begun_at == 17);
  CHECK(youtube::parse_handle(kSession).uri == kSession);
  CHECK(youtube::parse_handle(kSession).begun_at == 0);
}

TEST_CASE("YouTube: a thumbnail is set once the video has been processed, and never fails it") {
  YouTube youtube;
  FakeAttempt attempt(youtube.path, youtube.content);
  int looks = 0;
  const auto upload = [&] {
    const auto result = youtube.upload(attempt, {.thumbnail = youtube.image()});
    CHECK(result.success);
    CHECK(result.platform_post_id == "abcdefghi-_");
    return result.warning;
  };
  const auto began = youtube.clock.now();
  SUBCASE("processed late") {
    youtube.status = [&] { return json(upload_status(++looks < 5 ? "uploaded" : "processed")); };
    youtube.thumbnail = [&] { return looks < 5 ? refused(404, "videoNotFound") : json("{}"); };
    CHECK(upload().empty());
    CHECK(youtube.clock.now() - began >= 30s);
  }
  SUBCASE("a look that is not answered is no word of the video's") {
    youtube.status = [&] {
      ++looks;
      return looks < 3   ? json(upload_status("uploaded"))
             : looks < 5 ? page(502)
                         : json(upload_status("processed"));
    };
    youtube.thumbnail = [&] { return looks < 5 ? refused(404, "videoNotFound") : json("{}"); };
    CHECK(upload().empty());
  }
  SUBCASE("never processed: it is tried all the same, after some minutes") {
    youtube.status = [] { return json(upload_status("uploaded")); };
    youtube.thumbnail = [] { return refused(404, "videoNotFound"); };
    CHECK(upload().find("the thumbnail was not set: YouTube answered HTTP 404") == 0);
    CHECK(youtube.times("thumbnails/set") == 1);
    CHECK(youtube.clock.now() - began < 10min);
  }
  SUBCASE("refused") {
    youtube.status = [] { return json(upload_status("processed")); };
    youtube.thumbnail = [] { return refused(403, "forbidden"); };
    CHECK(upload().find("forbidden") != std::string::npos);
  }
  SUBCASE("a sign-in that may not read: it is set at once") {
    youtube.status = [] { return refused(403, "insufficientPermissions"); };
    CHECK(upload().empty());
    CHECK(youtube.clock.now() == began);
  }
  SUBCASE("stopped while waiting: the video stands, and it is not asked on") {
    youtube.status = [&] {
      if (++looks == 3) attempt.stop_source.request_stop();
      return json(upload_status("uploaded"));
    };
    CHECK(upload().find("the thumbnail was not set: stopped") == 0);
    CHECK(looks == 3);
    CHECK(youtube.times("thumbnails/set") == 0);
  }
}
