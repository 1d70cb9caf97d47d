// Who sees a post on TikTok: never more people than somebody chose, and what an app may that is not audited.
#include <doctest/doctest.h>

#include "tests/support/scripted_http.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/stage/post_preview.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/tiktok/uploader.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kUploadBegun =
    R"({"data":{"publish_id":"v_pub_1","upload_url":"https://up.example/video/?upload_id=1"},"error":{"code":"ok"}})";
constexpr const char* kPostMade =
    R"({"data":{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7512345678901234567]},"error":{"code":"ok"}})";

/// A signed-in account in a library, and a TikTok that offers it this.
struct PrivacyApp : ScriptedPlatform {
  PrivacyApp()
      : ScriptedPlatform("TikTok", 3000, [this](const Asked& one) -> std::expected<HttpResponse, HttpError> {
          if (one.to("creator_info"))
            return json(fmt::format(R"({{"data":{{"privacy_level_options":[{}]}},"error":{{"code":"ok"}}}})",
                                    offered));
          if (one.to("/init/")) {
            asked_for = Json::parse(one.body)["post_info"].value("privacy_level", "");
            return audited || (asked_for == "SELF_ONLY" && private_account)
                       ? json(kUploadBegun)
                       : json(R"({"error":{"code":"unaudited_client_can_only_post_to_private_accounts",)"
                              R"("message":"Please review our integration guidelines"}})",
                              403);
          }
          return one.method == "PUT" ? HttpResponse{201, {}, ""} : json(kPostMade);
        }) {
    sign_in("anna");
  }

  void sign_in(const std::string& id) {
    REQUIRE(TokenStore({folder.path()})
                .save("TikTok", {.tokens = {.access_token = "TOKEN-1"}, .id = id, .client_id = "app"}));
    credentials = stored_credentials({folder.path()}, config, clock);
  }
  UploadResult post(const Metadata& metadata = {}) {
    asked_for.clear();
    FakeAttempt attempt(path, content);
    return upload(attempt, metadata);
  }
  std::string refusal(const Metadata& metadata = {}) {
    const auto fits = made()->check(metadata, "First", 3000);
    return fits ? "" : fits.error().message;
  }
  std::string seen_by(const Metadata& metadata = {}) { return made()->preview(metadata, "First").audience; }
  std::string advice(const Metadata& metadata = {}) { return made()->advice(metadata, "First", 3000); }

  std::string offered = R"("PUBLIC_TO_EVERYONE","MUTUAL_FOLLOW_FRIENDS","SELF_ONLY")";
  std::string asked_for;
  bool audited = true, private_account = true;
};

bool says(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE(
    "TikTok: what a person chose for an account narrows what says nothing, and nothing widens it again") {
  PrivacyApp tiktok;
  CHECK(tiktok.post().success);
  CHECK(tiktok.asked_for == "PUBLIC_TO_EVERYONE");  // nobody ever said anything
  CHECK(tiktok.post({.privacy = "private"}).success);
  CHECK(tiktok.seen_by() == "private");
  CHECK(says(tiktok.advice(), "posted as SELF_ONLY, as was chosen for this account before"));
  CHECK(tiktok.post().success);
  CHECK(tiktok.asked_for == "SELF_ONLY");

  CHECK(tiktok.post({.privacy = "public"}).success);  // one post; the choice stays
  CHECK(tiktok.asked_for == "PUBLIC_TO_EVERYONE");
  CHECK(tiktok.advice({.privacy = "public"}).empty());
  CHECK(tiktok.seen_by() == "private");

  REQUIRE(TokenStore({tiktok.folder.path()}).remove("TikTok"));  // also over a sign-out
  tiktok.sign_in("anna");
  CHECK(tiktok.seen_by() == "private");
  tiktok.sign_in("bert");
  CHECK(tiktok.seen_by() == "as wide as allowed");

  tiktok.sign_in("anna");
  tiktok.config.of<TikTokConfig>().privacy = "PUBLIC_TO_EVERYONE";
  CHECK(tiktok.seen_by() == "public");
  CHECK(tiktok.advice().empty());
}

TEST_CASE("TikTok: what was chosen before an account's id was known counts for it") {
  PrivacyApp tiktok;
  tiktok.sign_in("");
  CHECK(tiktok.post({.privacy = "SELF_ONLY"}).success);
  tiktok.sign_in("anna");
  CHECK(tiktok.seen_by() == "private");
}

TEST_CASE("TikTok: a privacy that is not offered is refused with what is, not replaced by a wider one") {
  PrivacyApp tiktok;
  CHECK(tiktok.post({.privacy = "MUTUAL_FOLLOW_FRIENDS"}).success);
  tiktok.offered = R"("PUBLIC_TO_EVERYONE","SELF_ONLY")";
  const auto result = tiktok.post();
  CHECK(result.error_class == ErrorClass::permanent);
  CHECK(says(*result.error_message,
             "the privacy is MUTUAL_FOLLOW_FRIENDS; this TikTok account offers "
             "PUBLIC_TO_EVERYONE, SELF_ONLY: choose one of them (--privacy"));
  CHECK(tiktok.asked_for.empty());
}

TEST_CASE("TikTok: a post that nobody chose a privacy for tells when it is seen by fewer than all") {
  PrivacyApp tiktok;
  CHECK(tiktok.post().warning.empty());
  tiktok.offered = R"("A_NEW_WORD","MUTUAL_FOLLOW_FRIENDS","FOLLOWER_OF_CREATOR","SELF_ONLY")";
  const auto result = tiktok.post();
  CHECK(tiktok.asked_for == "FOLLOWER_OF_CREATOR");
  CHECK(says(result.warning, "posted as FOLLOWER_OF_CREATOR"));
  CHECK(tiktok.post({.privacy = "SELF_ONLY"}).warning.empty());
  tiktok.sign_in("bert");
  tiktok.offered = R"("A_NEW_WORD")";
  CHECK(says(*tiktok.post().error_message, "the privacy is not chosen"));
}

TEST_CASE(
    "TikTok: an app that is not audited is told what it may, and the next post before anything is sent") {
  PrivacyApp tiktok;
  tiktok.audited = false;
  CHECK(tiktok.refusal().empty());
  const auto first = tiktok.post();
  CHECK(first.error_class == ErrorClass::account);  // no fault of the video's: no retry is used up
  CHECK(says(*first.error_message,
             "TikTok has not audited this app: until it has, it may only post as SELF_ONLY"));
  CHECK(says(*first.error_message, "set the privacy to SELF_ONLY (--privacy private"));
  CHECK_FALSE(first.resumable);

  const std::size_t asked = tiktok.asked.size();
  CHECK(says(tiktok.refusal(), "set the privacy to SELF_ONLY"));
  CHECK(says(tiktok.refusal({.privacy = "MUTUAL_FOLLOW_FRIENDS"}), "has not audited"));
  CHECK(tiktok.refusal({.draft = true}).empty());
  CHECK(tiktok.post().error_class == ErrorClass::account);
  CHECK(tiktok.asked.size() == asked);
  CHECK(tiktok.post({.privacy = "SELF_ONLY"}).success);
  CHECK(tiktok.post().success);  // as chosen by then

  tiktok.private_account = false;
  CHECK(says(*tiktok.post().error_message, "set the account to private in the TikTok app"));
}

TEST_CASE("TikTok: once in a day it is asked whether the app has been audited, and believed") {
  PrivacyApp tiktok;
  tiktok.audited = false;
  tiktok.post();
  tiktok.audited = true;
  CHECK_FALSE(tiktok.refusal().empty());
  tiktok.clock.advance(25h);
  CHECK(tiktok.refusal().empty());
  CHECK(tiktok.post().success);
  CHECK_FALSE(tiktok.credentials->memory("TikTok").unaudited_at);
}

TEST_CASE("TikTok: a person who is about to send a post is told who will see it, and why") {
  TestLibrary house;
  REQUIRE(house.open().register_video({.id = "clip_001", .file_path = "a.mp4", .title = "First"}));
  PrivacyApp tiktok;
  tiktok.post({.privacy = "private"});
  const auto asked = [&](std::string_view words) {
    auto registry = house.open();
    const auto post = preview_post({house.library, tiktok.config, *tiktok.credentials, tiktok.clock},
                                   registry, "clip_001", "TikTok", words);
    REQUIRE(post);
    return *post;
  };
  CHECK(asked("").shown.audience == "private");
  CHECK(says(asked("").advice, "chosen for this account before"));
  CHECK(asked(R"({"privacy":"public"})").advice.empty());
  tiktok.audited = false;
  tiktok.post({.privacy = "public"});
  const auto refused = asked(R"({"privacy":"public"})").refusal;
  REQUIRE(refused);
  CHECK(refused->code == Code::account);
  CHECK(says(refused->message, "has not audited this app"));
  CHECK_FALSE(asked("").refusal);
}
