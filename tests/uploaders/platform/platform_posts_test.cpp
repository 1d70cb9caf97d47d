// What TikTok and Instagram are told about a video, and what is refused before anything is sent.
#include <doctest/doctest.h>

#include "tests/support/upload_studio.h"
#include "uploaders/instagram/post.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/platforms.h"
#include "uploaders/tiktok/post.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;

namespace {

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

Config defaults() {
  const TempFolder folder;
  return upload_config({folder.path()}, "").value();
}

std::string refused(const Result<void>& fits) {
  return fits ? "" : fits.error().message;
}

struct TikTokStudio : PracticeStudio {
  TikTokStudio() : PracticeStudio(300'000) { platform = "TikTok"; }
  Json posted(const Metadata& metadata) {
    const auto result = upload(metadata);
    REQUIRE_MESSAGE(result.success, result.error_message.value_or(""));
    return posts().back();
  }
};

}  // namespace

TEST_CASE("TikTok: captions are counted in UTF-16 units, and hashtags and line breaks arrive as typed") {
  const TikTokConfig config = defaults().of<TikTokConfig>();
  std::string emoji;
  for (int i = 0; i < 1100; ++i) emoji += "\xF0\x9F\x98\x80";
  CHECK(refused(tiktok::check_post(config, {.caption = emoji}, "t", 10)).empty());
  CHECK(says(refused(tiktok::check_post(config, {.caption = emoji + "x"}, "t", 10)), "has 2201 characters"));
  CHECK(tiktok::caption_of({.caption = "a\nb", .hashtags = {"#x", "y"}}, "t") == "a\nb\n\n#x #y");
  CHECK(tiktok::caption_of({}, "the title") == "the title");
}

TEST_CASE("Instagram: many hashtags and large files are taken, with a word about them") {
  std::string tags;
  for (int i = 0; i < 6; ++i) tags += fmt::format("#tag{} ", i);
  CHECK(instagram::advice({.caption = "#one #two"}, "t", 300'000'000).empty());
  CHECK(says(instagram::advice({.caption = tags}, "t", 10), "6 hashtags; Instagram's own app allows 5"));
  CHECK(says(instagram::advice({.caption = "x"}, "t", 300'000'001), "or less"));
  const InstagramConfig config = defaults().of<InstagramConfig>();
  CHECK(refused(instagram::check_post(config, {.caption = tags}, "t", 999'999'999)).empty());
  CHECK(says(refused(instagram::check_post(config, {}, "t", 1'000'000'001)), "Instagram takes at most"));
}

TEST_CASE("TikTok: privacy is one of its own words, or public and private") {
  const TikTokConfig config = defaults().of<TikTokConfig>();
  CHECK(tiktok::privacy_of(config, {.privacy = "private"}) == "SELF_ONLY");
  CHECK(says(refused(tiktok::check_post(config, {.privacy = "unlisted"}, "t", 10)), "TikTok knows PUBLIC"));
  CHECK(says(refused(tiktok::check_post(config, {.privacy = "private", .brand_content = true}, "t", 10)),
             "paid partnership"));
}

TEST_CASE("TikTok: what the account does not offer or allow is refused or followed") {
  const tiktok::Creator creator{
      .privacy_levels = {"FOLLOWER_OF_CREATOR", "SELF_ONLY"}, .duet_disabled = true, .max_duration_s = 60};
  CHECK(tiktok::fit_to_creator(creator, "", 10) == "FOLLOWER_OF_CREATOR");
  CHECK(says(tiktok::fit_to_creator(creator, "PUBLIC_TO_EVERYONE", 10).error().message,
             "FOLLOWER_OF_CREATOR, SELF"));
  CHECK(says(tiktok::fit_to_creator(creator, "", 61).error().message, "may post at most 1:00"));
  const Json post = Json::parse(
      tiktok::post_json(defaults().of<TikTokConfig>(), {}, "t", creator, "SELF_ONLY", {10, 10, 1}));
  CHECK(post["post_info"]["disable_duet"] == true);
  CHECK(post["post_info"]["disable_comment"] == false);
}

TEST_CASE("TikTok: the chunk plan, at every border of the documentation") {
  const TikTokConfig config = defaults().of<TikTokConfig>();
  struct Row {
    std::uint64_t size, count, last;
  };
  for (const Row& row : {Row{1, 1, 1}, Row{64'000'000, 1, 64'000'000}, Row{64'000'001, 6, 14'000'001},
                         Row{65'000'000, 6, 15'000'000}, Row{70'000'000, 7, 10'000'000},
                         Row{300'000'000, 30, 10'000'000}, Row{4'000'000'000, 400, 10'000'000}}) {
    CAPTURE(row.size);
    const auto plan = tiktok::plan_chunks(config, row.size);
    CHECK(plan.count == row.count);
    const std::uint64_t last = plan.chunk * (plan.count - 1);
    CHECK(plan.end_of(last) - last == row.last);
    if (row.size > 1) CHECK(plan.border(last + 1) == last);
    CHECK(plan.border(row.size) == row.size);
  }
}

TEST_CASE("TikTok: a handle survives, and one that cannot be read is none") {
  const tiktok::Handle handle{"v_pub", "https://upload/?a=b&c", 17, {100, 50, 2}};
  const auto again = tiktok::parse_handle(tiktok::handle_text(handle));
  REQUIRE(again);
  CHECK(again->upload_url == handle.upload_url);
  CHECK(again->plan.chunk == 50);
  for (const char* text : {"", "{}", "[]", R"({"publish_id":"x"})"}) CHECK_FALSE(tiktok::parse_handle(text));
}

TEST_CASE_FIXTURE(TikTokStudio, "TikTok: a draft goes to the inbox, a private post has no public id") {
  CHECK(posted({.draft = true})["post_id"].get<std::string>().starts_with("v_inbox_file"));
  const auto result = upload({.privacy = "private"});
  CHECK(result.success);
  CHECK(result.platform_post_id->starts_with("v_pub_file"));
}

TEST_CASE_FIXTURE(TikTokStudio, "TikTok: the id of a post that comes late is found by the second look") {
  config.of<TikTokConfig>().post_id_wait_s = 0;
  fault({{"platform", "TikTok"}, {"kind", "post_id_late"}});
  const auto result = upload({});
  REQUIRE(result.success);
  CHECK(result.platform_post_id->starts_with("v_pub_file"));
  const auto check = uploader()->look_at_post(*result.platform_post_id, {}, {});
  CHECK(check.state == PostCheck::State::kept);
  CHECK(check.post_id == posts()[0]["post_id"].get<std::string>());
}

TEST_CASE("Instagram: captions, hashtags and mentions are counted; reels are public") {
  const InstagramConfig config = defaults().of<InstagramConfig>();
  const auto check = [&](const Metadata& metadata) {
    return refused(instagram::check_post(config, metadata, "t", 10));
  };
  CHECK(check({.caption = std::string(2200, 'x')}).empty());
  CHECK(says(check({.caption = std::string(2201, 'x')}), "has 2201 characters"));
  std::string tags, names;
  for (int i = 0; i < 31; ++i) tags += "#t" + std::to_string(i) + " ";
  for (int i = 0; i < 21; ++i) names += "@n" + std::to_string(i) + " ";
  CHECK(says(check({.caption = tags}), "has 31 hashtags; Instagram takes at most 30"));
  CHECK(says(check({.caption = names}), "has 21 mentions; Instagram takes at most 20"));
  CHECK(says(check({.privacy = "private"}), "reels on Instagram are public"));
  CHECK(check({.privacy = "public"}).empty());
  CHECK(says(check({.video_url = "http://example.org/a.mp4"}), "https://"));
}

TEST_CASE("Instagram: with an Instagram login only a public address can be posted, and that is said") {
  InstagramConfig config = defaults().of<InstagramConfig>();
  config.by_instagram_login = true;
  CHECK(says(refused(instagram::check_post(config, {}, "t", 10)), "video_url"));
  CHECK(refused(instagram::check_post(config, {.video_url = "https://example.org/a.mp4"}, "t", 10)).empty());
}

TEST_CASE("Instagram: the access token only goes to Meta's hosts") {
  const InstagramConfig config = defaults().of<InstagramConfig>();
  CHECK_FALSE(instagram::uri_refusal("https://rupload.facebook.com/ig-api-upload/v25.0/1", config));
  CHECK(instagram::uri_refusal("https://rupload.facebook.com.evil.example/1", config));
  CHECK(instagram::uri_refusal("http://rupload.facebook.com/1", config));
}

TEST_CASE("Instagram: a published reel comes with its link") {
  PracticeStudio studio(100'000);
  studio.platform = "Instagram";
  const auto result = studio.upload({.caption = "Hello"});
  REQUIRE_MESSAGE(result.success, result.error_message.value_or(""));
  CHECK(result.link == studio.server().url() + "/watch?v=" + *result.platform_post_id);
  CHECK(studio.uploader()->look_at_post(*result.platform_post_id, {}, {}).link == result.link);
}

TEST_CASE("what is asked for about when and by whom a post is seen is kept, or refused, on every platform") {
  const Config config = defaults();
  const auto tiktok_says = [&](const Metadata& metadata) {
    return refused(tiktok::check_post(config.of<TikTokConfig>(), metadata, "t", 10));
  };
  const auto instagram_says = [&](const Metadata& metadata) {
    return refused(instagram::check_post(config.of<InstagramConfig>(), metadata, "t", 10));
  };
  const auto youtube_says = [&](const Metadata& metadata) {
    return refused(youtube::check_post(config.of<YouTubeConfig>(), metadata, "t", 10, TimePoint()));
  };
  const Metadata later{.publish_at = "2026-12-01T18:00:00Z"};
  CHECK(says(tiktok_says(later), "TikTok would publish it at once"));
  CHECK(says(instagram_says(later), "Instagram would publish it at once"));
  CHECK(youtube_says(later).empty());
  CHECK(says(youtube_says({.draft = true}), "YouTube knows no drafts"));
  CHECK(says(instagram_says({.draft = true}), "Instagram knows no drafts"));
  CHECK(tiktok_says({.draft = true}).empty());
  for (const auto& said : {tiktok_says({.privacy = ""}), instagram_says({.privacy = ""}),
                           youtube_says({.privacy = ""}), instagram_says({.privacy = "private"})})
    CHECK(says(said, "the privacy is \""));
}

TEST_CASE("text that is not UTF-8 is refused, on every platform, also a title that stands in for a caption") {
  const Config config = defaults();
  for (const Metadata& metadata : {Metadata{.title = "a\xFF"},
                                   {.title = "t", .caption = "a\xFF"},
                                   {.title = "t", .hashtags = {"a\xFF"}}}) {
    CHECK(
        says(refused(tiktok::check_post(config.of<TikTokConfig>(), metadata, "t", 10)), "is not UTF-8 text"));
    CHECK(says(refused(instagram::check_post(config.of<InstagramConfig>(), metadata, "t", 10)),
               "is not UTF-8 text"));
    CHECK(says(refused(youtube::check_post(config.of<YouTubeConfig>(), metadata, "t", 10, TimePoint())),
               "is not UTF-8 text"));
  }
  CHECK(says(refused(tiktok::check_post(config.of<TikTokConfig>(), {}, "a\xFF", 10)),
             "the video's title is not UTF-8"));
}

TEST_CASE("previews say what is sent, and who will see it") {
  TikTokConfig config = defaults().of<TikTokConfig>();
  const auto seen_by = [&](const Metadata& metadata) {
    return tiktok::preview_of(config, metadata, "t").audience;
  };
  CHECK(seen_by({}) == "as wide as allowed");
  CHECK(seen_by({.privacy = "public"}) == "public");
  CHECK(seen_by({.privacy = "SELF_ONLY"}) == "private");
  CHECK(seen_by({.privacy = "SELF_ONLY", .draft = true}) == "a draft in the inbox of the app");
  config.privacy = "FOLLOWER_OF_CREATOR";
  CHECK(seen_by({}) == "followers");
  CHECK(tiktok::preview_of(config, {.caption = "Tea", .hashtags = {"art"}}, "t").text == "Tea\n\n#art");
  CHECK(instagram::preview_of({}, {}, "the title").text == "the title");
  CHECK(instagram::preview_of({}, {}, "the title").audience == "public");
}
