#include "uploaders/row/platforms.h"

#include <doctest/doctest.h>

#include "tests/support/temp_folder.h"
#include "uploaders/platform/platform_uploader.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE("the registry knows the platforms that main handed in, in their order") {
  REQUIRE(known_platforms().size() == platforms().size());
  for (std::size_t i = 0; i < platforms().size(); ++i) CHECK(*platforms()[i]->name == known_platforms()[i]);
}

TEST_CASE("a platform is found by its name in any capitalisation") {
  for (const char* name : {"YouTube", "youtube", "YOUTUBE"}) {
    REQUIRE(find_platform(name));
    CHECK(*find_platform(name)->name == "YouTube");
  }
  for (const char* name : {"", "YouTub", "YouTube ", "Vimeo"}) CHECK_FALSE(find_platform(name));
}

TEST_CASE("without files of its own a library talks to the real platforms") {
  const TempFolder folder;
  const auto config = upload_config({folder.path()}, "");
  REQUIRE(config);
  CHECK(config->of<YouTubeConfig>().upload_base == "https://www.googleapis.com");
  CHECK(config->of<YouTubeConfig>().api_base == "https://www.googleapis.com");
}

TEST_CASE("a practice URL replaces every base address and leaves the rest as configured") {
  const TempFolder folder;
  write_file(folder / "config/platforms.json", R"({"YouTube": {"privacy": "private"}})");
  const auto config = upload_config({folder.path()}, "http://127.0.0.1:8787/");
  REQUIRE(config);
  CHECK(config->of<YouTubeConfig>().upload_base == "http://127.0.0.1:8787");
  CHECK(config->of<YouTubeConfig>().api_base == "http://127.0.0.1:8787");
  CHECK(find_platform("YouTube")->post_url(*config, "abcdefghi-_") ==
        "http://127.0.0.1:8787/watch?v=abcdefghi-_");
  CHECK(config->of<YouTubeConfig>().privacy == "private");
}

TEST_CASE("practice platforms elsewhere than on this machine are refused") {
  const TempFolder folder;
  for (const char* url : {"https://practice.example", "http://192.168.0.2:8787", "127.0.0.1:8787",
                          "http://127.0.0.1/x", "http://127.0.0.1@evil.example", "ftp://127.0.0.1"}) {
    const auto config = upload_config({folder.path()}, url);
    REQUIRE_FALSE(config);
    CHECK(config.error().code == Code::usage);
  }
}

TEST_CASE("a post's id is found in a link to it") {
  for (const char* text :
       {"dQw4w9WgXcQ", " https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=5 ",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share", "https://youtu.be/dQw4w9WgXcQ"})
    CHECK(post_id_in(text) == "dQw4w9WgXcQ");
  CHECK(post_id_in("https://www.instagram.com/reel/DAbcdefGhij/") == "DAbcdefGhij");
  CHECK(post_id_in("https://www.tiktok.com/@me/video/7512345678901234567?lang=de") == "7512345678901234567");
  CHECK(post_id_in("  ").empty());
}

TEST_CASE("a post has an address only when its id has the shape of one") {
  const TempFolder folder;
  const auto config = upload_config({folder.path()}, "");
  REQUIRE(config);
  const Platform& youtube = *find_platform("YouTube");
  CHECK(youtube.post_url(*config, "dQw4w9WgXcQ") == "https://www.youtube.com/shorts/dQw4w9WgXcQ");
  for (const char* text :
       {"YouTube upload successful", "", "short", "dQw4w9WgXc\xC3\xA4", "dQw4w9WgXcQ1", "dQw4w9W/XcQ"})
    CHECK(youtube.post_url(*config, text).empty());
  CHECK(find_platform("TikTok")->post_url(*config, "TikTok upload successful").empty());
}

TEST_CASE("every step has a name") {
  for (const auto step : {UploadStep::checking, UploadStep::looking_up, UploadStep::starting,
                          UploadStep::sending, UploadStep::publishing, UploadStep::waiting, UploadStep::done})
    CHECK_FALSE(name_of(step).empty());
}
