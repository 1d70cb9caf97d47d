#include "uploaders/metadata/metadata.h"

#include <doctest/doctest.h>

#include "uploaders/metadata/metadata_document.h"

using namespace asfs;

namespace {

std::string error_of(std::string_view json) {
  const auto metadata = parse_metadata(json);
  if (metadata) return "";
  CHECK(metadata.error().code == Code::usage);
  return metadata.error().message;
}

}  // namespace

TEST_CASE("the specification's example is read") {
  const auto metadata = parse_metadata(R"({"caption": "Check this out!", "hashtags": ["#viral"]})");
  REQUIRE(metadata);
  CHECK(metadata->caption == "Check this out!");
  CHECK(metadata->hashtags == std::vector<std::string>{"#viral"});
  CHECK_FALSE(metadata->title);
}

TEST_CASE("every field comes back from its JSON") {
  const std::string json = R"({"title":"T","caption":"line one\nline two \u00e4","hashtags":["#a","b"],)"
                           R"("tags":["x y"],"privacy":"unlisted","category":"22","made_for_kids":true})";
  const auto metadata = parse_metadata(json);
  REQUIRE(metadata);
  const auto again = parse_metadata(metadata_json(*metadata));
  REQUIRE(again);
  CHECK(again->title == "T");
  CHECK(again->caption == "line one\nline two \xC3\xA4");
  CHECK(again->hashtags == std::vector<std::string>{"#a", "b"});
  CHECK(again->tags == std::vector<std::string>{"x y"});
  CHECK(again->privacy == "unlisted");
  CHECK(again->category == "22");
  CHECK(again->made_for_kids == true);
}

TEST_CASE("an empty document leaves everything to the defaults") {
  for (const char* json : {"", "  \n", "{}", R"({"title": null})"}) {
    const auto metadata = parse_metadata(json);
    REQUIRE(metadata);
    CHECK(metadata_json(*metadata) == "{}");
  }
}

TEST_CASE("description is another name for caption, and a category may be a number") {
  const auto metadata = parse_metadata(R"({"description": "d", "category": 24})");
  REQUIRE(metadata);
  CHECK(metadata->caption == "d");
  CHECK(metadata->category == "24");
  CHECK(error_of(R"({"description": "d", "caption": "c"})").find("another name") != std::string::npos);
}

TEST_CASE("what cannot be understood is named") {
  CHECK(error_of(R"({"captoin": "x"})").find("\"captoin\"") != std::string::npos);
  CHECK(error_of(R"({"captoin": "x"})").find("made_for_kids") != std::string::npos);
  CHECK(error_of(R"({"hashtags": "#a #b"})") == "metadata: \"hashtags\" must be a list of texts");
  CHECK(error_of(R"({"tags": ["a", 1]})") == "metadata: \"tags\" must be a list of texts");
  CHECK(error_of(R"({"title": 5})") == "metadata: \"title\" must be a text");
  CHECK(error_of(R"({"made_for_kids": "yes"})") == "metadata: \"made_for_kids\" must be true or false");
  CHECK(error_of(R"({"category": -1})") == "metadata: \"category\" must be a text");
  CHECK(error_of("[]").starts_with("metadata must be a JSON object"));
  CHECK(error_of("{\n \"title\": oops}").starts_with("metadata is not valid JSON (line 2, column 1"));
  CHECK(error_of("{\"category\":1e999999}") == "metadata: a number in it is too large");
  CHECK_FALSE(error_of("{\"title\": \"\xFF\"}").empty());
}

TEST_CASE("bytes that are not UTF-8 do not break the JSON") {
  Metadata metadata;
  metadata.title = "a\xFFz";
  CHECK(parse_metadata(metadata_json(metadata)));
}

TEST_CASE("hashtags follow the caption after a blank line") {
  Metadata metadata;
  CHECK(caption_with_hashtags(metadata) == "");
  metadata.caption = "Hello\nthere";
  CHECK(caption_with_hashtags(metadata) == "Hello\nthere");
  metadata.hashtags = {"#Viral", "funny", " #cats ", "", "#"};
  CHECK(caption_with_hashtags(metadata) == "Hello\nthere\n\n#Viral #funny #cats");
  metadata.caption.reset();
  CHECK(caption_with_hashtags(metadata) == "#Viral #funny #cats");
}

TEST_CASE("a hashtag that is there already is not repeated") {
  Metadata metadata;
  metadata.caption = "So #funny! And #artists";
  metadata.hashtags = {"#Funny", "#art", "art", "#ART"};
  CHECK(caption_with_hashtags(metadata) == "So #funny! And #artists\n\n#art");
}

TEST_CASE("what stands under a platform's name replaces what is said for all, there alone") {
  const std::string json =
      R"({"caption":"for all","tags":["a"],"privacy":"public",)"
      R"("TikTok":{"caption":"for TikTok","privacy":null},"youtube":{"description":"d"}})";
  const auto tiktok = parse_metadata(json, "TikTok");
  REQUIRE(tiktok);
  CHECK(tiktok->caption == "for TikTok");
  CHECK_FALSE(tiktok->privacy);
  CHECK(tiktok->tags == std::vector<std::string>{"a"});
  CHECK(parse_metadata(json, "YouTube")->caption == "d");
  CHECK(parse_metadata(json, "Instagram")->caption == "for all");
  CHECK(parse_metadata(json)->caption == "for all");
}

TEST_CASE("a document that was read once says what each platform's part does") {
  const auto document =
      MetadataDocument::read(R"({"caption":"for all","TikTok/cooking":{"caption":"cook","tags":["b"]},)"
                             R"("tiktok":{"caption":"for TikTok","privacy":"friends"}})");
  REQUIRE(document);
  CHECK(document->words_for("YouTube").caption == "for all");
  CHECK(document->words_for("TikTok").caption == "for TikTok");
  CHECK(document->words_for("TikTok/cooking").caption == "cook");
  CHECK(document->words_for("TikTok/cooking").privacy == "friends");
  CHECK(document->words_for("TikTok").tags.empty());
}

TEST_CASE("a mistake under another platform's name is found as well") {
  CHECK(error_of(R"({"TikTok":{"captoin":"x"}})").find("\"captoin\"") != std::string::npos);
  CHECK(error_of(R"({"TikTok":"x"})").find("must be an object") != std::string::npos);
  CHECK(error_of(R"({"TikTok":{"YouTube":{}}})").find("unknown key") != std::string::npos);
}

TEST_CASE("platform fields come back from their JSON") {
  const std::string json = R"({"synthetic":true,"publish_at":"2026-12-01T18:00:00Z","thumbnail":"a.png",)"
                           R"("cover_ms":1500,"disable_comment":true,"disable_duet":false,)"
                           R"("disable_stitch":true,"brand_content":false,"brand_organic":true,"draft":true,)"
                           R"("share_to_feed":false,"video_url":"https://example.org/a.mp4"})";
  const auto metadata = parse_metadata(json);
  REQUIRE(metadata);
  CHECK(metadata_json(*metadata) == json);
}

TEST_CASE("the cover's time is a whole number of milliseconds") {
  for (const char* json : {R"({"cover_ms":-1})", R"({"cover_ms":1.5})", R"({"cover_ms":3000000000})"})
    CHECK(error_of(json).find("whole number") != std::string::npos);
}

TEST_CASE("paths in a document count from the folder it was read from") {
  CHECK(
      with_files_in(R"({"thumbnail":"cover.png","title":"cover.png","youtube":{"thumbnail":"../x/b.png"}})",
                    "/clips/one")
          .value() ==
      R"({"thumbnail":"/clips/one/cover.png","title":"cover.png","youtube":{"thumbnail":"/clips/x/b.png"}})");
  CHECK(with_files_in(R"({"thumbnail":"/abs/a.png"})", "/clips").value() == R"({"thumbnail":"/abs/a.png"})");
  CHECK_FALSE(with_files_in("[]", "/clips"));
}

TEST_CASE("a document of another program has no field of ours") {
  for (const char* ours : {"{}", R"({"title":"x","more":1})", R"({"youtube":{}})", R"({"titel":"x"})",
                           R"({"privatcy":"private"})"})
    CHECK(is_metadata(ours));
  for (const char* others : {R"({"text":"Hello.","segments":[],"date":"","file":""})", "[]", "no JSON"})
    CHECK_FALSE(is_metadata(others));
}

TEST_CASE("what was given for a post counts, else the video's own document") {
  CHECK(words_of("", R"({"title":"own"})", "YouTube")->title == "own");
  CHECK(words_of("{}", R"({"title":"own","YouTube":{"title":"there"}})", "YouTube")->title == "there");
  CHECK(words_of(R"({"privacy":"private"})", R"({"title":"own"})", "YouTube")->title == std::nullopt);
}

TEST_CASE("a time that does not exist is refused at every door, whichever platform it is for") {
  for (const char* json :
       {R"({"publish_at":"tomorrow"})", R"({"YouTube":{"publish_at":"2027-02-29T10:00:00Z"}})",
        R"({"publish_at":"2027-02-28T10:00:00+25:99"})", R"({"publish_at":"2027-02-28T10:00"})"})
    CHECK(error_of(json).find("\"publish_at\" must be a time like") != std::string::npos);
  CHECK(publish_time("2026-12-01T18:00Z") == publish_time("2026-12-01T19:00:00+01:00"));
}
