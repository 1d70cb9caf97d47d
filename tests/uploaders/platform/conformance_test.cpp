// One suite for every platform of the table, over plain HTTP and over TLS: whatever goes wrong on the way,
// there is at most one post, and the row says what is true.
#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>

#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "tests/support/tls_front.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/tiktok/settings.h"

using namespace asfs;
using namespace asfs::test;

namespace {

constexpr std::size_t kSize = 1'500'000;

const Certificates& certificates() {
  static const Certificates made("IP:127.0.0.1");
  return made;
}

// clip_001 in a library, and the practice platforms, reached in the clear or by TLS.
struct House : Practice, TestLibrary {
  std::string platform;
  std::string content = test_bytes(kSize);
  std::unique_ptr<TlsFront> front;
  Config config;
  std::unique_ptr<Credentials> credentials;

  House(std::string_view name, bool tls) : platform(name) {
    std::string url = server().url();
    if (tls) {
      ::setenv("SSL_CERT_FILE", certificates().ca.c_str(), 1);
      front = std::make_unique<TlsFront>(certificates(), port());
      server().stand_behind(front->port());
      url = front->url();
    }
    credentials = practice_credentials(url);
    write_file(library.home / "a.mp4", content);
    REQUIRE(
        open().register_video({.id = "clip_001", .file_path = "a.mp4", .title = "First", .checksum = sum()}));
    auto loaded = upload_config(library, url);
    REQUIRE(loaded);
    config = *std::move(loaded);
    config.upload.backoff_first_ms = config.upload.backoff_max_ms = 1;
    config.upload.stall_timeout_s = 2;
    for (auto* polls :
         {&config.of<InstagramConfig>().polling.first_ms, &config.of<InstagramConfig>().polling.max_ms,
          &config.of<TikTokConfig>().polling.first_ms, &config.of<TikTokConfig>().polling.max_ms})
      *polls = 1000;
    config.of<InstagramConfig>().polling.total_s = config.of<TikTokConfig>().polling.total_s = 5;
    config.of<InstagramConfig>().publish_doubt_s = 0;
  }
  ~House() { ::unsetenv("SSL_CERT_FILE"); }

  std::string sum() const {
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    return hash.finish();
  }
  StageResult run(bool by_hand = true) {
    return run_upload_stage({library, config, *credentials, clock}, "clip_001", platform, {},
                            {.by_hand = by_hand});
  }
  // What a platform does not tell within a day, a person does.
  StageResult ended(StageResult result) {
    for (int i = 0; i < 4 && result.error; ++i) {
      if (result.status == UploadStatus::in_progress) clock.advance(std::chrono::hours(25));
      if (result.status == UploadStatus::blocked) {
        REQUIRE(posts().empty());
        auto registry = open();
        REQUIRE(UploadLedger(registry).settle("clip_001", platform, false, std::nullopt));
      }
      result = run();
    }
    return result;
  }
  void wrong(Json fault) {
    fault["platform"] = platform;
    const auto added = Practice::fault(fault);
    REQUIRE_MESSAGE(added.status == 200, added.body);
  }
  void check_posted_once(const StageResult& result) {
    CHECK_MESSAGE(!result.error, (result.error ? result.error->message : ""));
    CHECK(result.status == UploadStatus::success);
    const Json made = posts();
    REQUIRE(made.size() == 1);
    CHECK(made[0]["platform"] == platform);
    CHECK(made[0]["sha256"] == sum());
    CHECK(made[0]["post_id"] == result.post_id.value_or(""));
    // And never again.
    CHECK(run().status == UploadStatus::blocked);
    CHECK(posts().size() == 1);
  }
  void check_not_posted(const StageResult& result, UploadStatus status, NextStep next) {
    CAPTURE(result.error ? result.error->message : "");
    CHECK(result.status == status);
    CHECK(static_cast<int>(result.next) == static_cast<int>(next));
    CHECK(posts().empty());
    REQUIRE(result.error);
    CHECK(result.error->message.find(credentials->access_token(platform).value_or("?")) == std::string::npos);
  }
};

void everywhere(const std::function<void(House&)>& scene) {
  for (const Platform* platform : platforms())
    for (const bool tls : {false, true}) {
      CAPTURE(*platform->name);
      CAPTURE(tls);
      House house(*platform->name, tls);
      scene(house);
    }
}

// Each platform's own words for the same trouble, on the first request of an upload.
struct Refusal {
  std::string_view platform;
  int status;
  std::string_view reason;
  UploadStatus ends;
  NextStep next;
};
constexpr Refusal kRefusals[] = {
    {"YouTube", 403, "quotaExceeded", UploadStatus::rate_limited, NextStep::wait_until},
    {"YouTube", 400, "uploadLimitExceeded", UploadStatus::rate_limited, NextStep::wait_until},
    {"YouTube", 403, "insufficientPermissions", UploadStatus::failed, NextStep::sign_in},
    {"YouTube", 403, "forbidden", UploadStatus::failed, NextStep::stop},
    {"TikTok", 403, "spam_risk_too_many_posts", UploadStatus::rate_limited, NextStep::wait_until},
    {"TikTok", 403, "reached_active_user_cap", UploadStatus::rate_limited, NextStep::wait_until},
    {"TikTok", 401, "scope_not_authorized", UploadStatus::failed, NextStep::sign_in},
    {"TikTok", 403, "spam_risk_user_banned_from_posting", UploadStatus::failed, NextStep::mend_account},
    {"TikTok", 403, "unaudited_client_can_only_post_to_private_accounts", UploadStatus::failed,
     NextStep::mend_account},
    {"YouTube", 403, "accessNotConfigured", UploadStatus::failed, NextStep::mend_account},
    {"YouTube", 401, "youtubeSignupRequired", UploadStatus::failed, NextStep::mend_account},
    {"Instagram", 400, "25_2207050", UploadStatus::failed, NextStep::mend_account},
    {"Instagram", 403, "9_2207042", UploadStatus::rate_limited, NextStep::wait_until},
    {"Instagram", 403, "368", UploadStatus::rate_limited, NextStep::wait_until},
    {"Instagram", 403, "200", UploadStatus::failed, NextStep::sign_in},
    {"Instagram", 400, "36004_2207010", UploadStatus::failed, NextStep::stop},
};

}  // namespace

TEST_CASE("every platform: a video is posted once, with its bytes") {
  everywhere([](House& house) { house.check_posted_once(house.run()); });
}

TEST_CASE("every platform: a platform that says wait, sign in or no is understood, and nothing is posted") {
  for (const Refusal& trouble : kRefusals) {
    CAPTURE(trouble.platform);
    CAPTURE(trouble.reason);
    House house(trouble.platform, false);
    house.wrong(
        {{"kind", "status"}, {"status", trouble.status}, {"reason", trouble.reason}, {"on", "initiate"}});
    house.check_not_posted(house.run(), trouble.ends, trouble.next);
    house.check_posted_once(house.run());
  }
}

// TikTok is only asked once the last byte may have left us.
TEST_CASE("every platform: a connection cut at any byte is taken up where the platform stands") {
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{262'144},
                               std::size_t{262'145}, kSize / 2, kSize - 1}) {
    CAPTURE(at);
    everywhere([&](House& house) {
      house.wrong({{"kind", "reset"}, {"at_byte", at}});
      const auto result = house.run();
      CHECK((house.platform == "TikTok" || !result.error));
      CHECK((!result.error || result.status == UploadStatus::in_progress));
      house.check_posted_once(house.ended(result));
    });
  }
}

TEST_CASE("every platform: a post whose answer was lost is found, not made again") {
  everywhere([](House& house) {
    house.wrong({{"kind", "lost_answer"}});
    house.check_posted_once(house.run());
  });
}

// Where every byte had left us, only a person can tell whether the session became a post before it was
// forgotten.
TEST_CASE("every platform: an expired upload session is begun anew, or a person is asked") {
  everywhere([](House& house) {
    house.wrong({{"kind", "reset"}, {"at_byte", kSize / 2}});
    house.wrong({{"kind", "expired_session"}});
    house.check_posted_once(house.ended(house.run()));
  });
}

TEST_CASE(
    "every platform: a token that expires on the way is replaced, one that stays dead asks for a sign-in") {
  everywhere([](House& house) {
    house.wrong({{"kind", "reset"}, {"at_byte", kSize / 2}});
    house.wrong({{"kind", "token_expired"}});
    house.check_posted_once(house.ended(house.run()));
  });
  everywhere([](House& house) {
    house.wrong({{"kind", "token_expired"}, {"times", 100}});
    house.check_not_posted(house.run(), UploadStatus::failed, NextStep::sign_in);
  });
}

TEST_CASE("every platform: a slow line and one that stalls end well") {
  everywhere([](House& house) {
    house.wrong({{"kind", "slow"}, {"bytes_per_second", 8'000'000}});
    house.check_posted_once(house.run());
  });
  House house("YouTube", false);
  house.wrong({{"kind", "stall"}, {"at_byte", kSize / 2}, {"seconds", 20}});
  house.check_posted_once(house.run());
}

TEST_CASE("every platform: server errors pass, in JSON, as a page of HTML or as nothing") {
  everywhere([](House& house) {
    house.wrong({{"kind", "status"}, {"status", 503}, {"on", "initiate"}});
    house.wrong({{"kind", "status"}, {"status", 502}, {"body", "html"}, {"on", "send"}});
    house.wrong({{"kind", "status"}, {"status", 500}, {"body", "empty"}, {"on", "send"}});
    house.check_posted_once(house.ended(house.run()));
  });
}

TEST_CASE("every platform: an answer that makes no sense makes no second post") {
  everywhere([](House& house) {
    house.wrong({{"kind", "malformed"}, {"times", 2}});
    house.check_posted_once(house.ended(house.run()));
  });
}

TEST_CASE("every platform: a video whose processing fails is no success") {
  everywhere([](House& house) {
    house.wrong({{"kind", "processing_failed"}, {"times", 9}});
    const auto result = house.run();
    CHECK(result.status == UploadStatus::failed);
    CHECK(house.posts().empty());
  });
}
