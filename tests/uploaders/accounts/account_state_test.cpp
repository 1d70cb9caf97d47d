// How long a sign-in lasts, what is used in its place, and who is told.
#include "uploaders/accounts/account_state.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

#include "tests/support/hall.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/stage/post_preview.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kVariable = "ASFS_YOUTUBE_TOKEN";

/// A library of clips whose accounts are those of sign-ins.
struct SignedInHall : Hall {
  std::unique_ptr<Credentials> stored = stored_credentials(library, config, clock);
  StageContext signed_in{library, config, *stored, clock};
  TokenStore store{library};

  explicit SignedInHall(int clips) : Hall(clips) {
    write_file(library.config_folder() / "accounts.json", R"({"YouTube": {"client_id": "app"}})");
    std::filesystem::permissions(library.config_folder() / "accounts.json", std::filesystem::perms(0600));
  }
  ~SignedInHall() { ::unsetenv(kVariable); }
  void sign_in(const Account& account) { REQUIRE(store.save("YouTube", account)); }
  AccountState state() { return stored->state("YouTube"); }
  std::string warning_in(Duration later) {
    return account_warning("YouTube", state(), system_clock().now() + later);
  }
};

Account lasting(std::optional<Duration> access, std::optional<Duration> refresh) {
  Account account{.tokens = {.access_token = "a"}, .client_id = "app"};
  const TimePoint now = system_clock().now();
  if (access) account.tokens.expires_at = now + *access;
  if (refresh) account.tokens.refresh_token = "r";
  if (refresh && *refresh > 0s) account.tokens.refresh_expires_at = now + *refresh;
  return account;
}

}  // namespace

TEST_CASE("what is scheduled for later than a sign-in lasts is warned of, and nothing else") {
  SignedInHall hall(0);
  hall.sign_in(lasting(1h, 7 * 24h));  // as an app in testing gives it
  CHECK(hall.warning_in(6 * 24h).empty());
  const std::string said = hall.warning_in(8 * 24h);
  CHECK(said.starts_with("the sign-in to YouTube ends "));
  CHECK(said.ends_with("sign in again by then: asfs-videos login YouTube"));
  hall.sign_in(lasting(1h, 0s));  // it tells no end
  CHECK(hall.warning_in(1000 * 24h).empty());
  hall.sign_in(lasting(60 * 24h, std::nullopt));  // cannot be renewed
  CHECK(hall.warning_in(59 * 24h).empty());
  CHECK_FALSE(hall.warning_in(61 * 24h).empty());
  Account by_use = lasting(60 * 24h, std::nullopt);
  by_use.renews_itself = true;
  hall.sign_in(by_use);
  CHECK(hall.warning_in(61 * 24h).find("unless something is sent before") != std::string::npos);
}

TEST_CASE("a token of the environment that hides a sign-in is told, and none that hides nothing") {
  SignedInHall hall(0);
  ::setenv(kVariable, "other", 1);
  CHECK(hall.warning_in(0s).empty());
  CHECK(hall.state().detail == "from ASFS_YOUTUBE_TOKEN");
  hall.sign_in(lasting(1h, 7 * 24h));
  CHECK(hall.warning_in(0s) ==
        "ASFS_YOUTUBE_TOKEN in the environment is used in place of the sign-in to YouTube; unset it to use "
        "that");
  CHECK(hall.state().detail == "from ASFS_YOUTUBE_TOKEN, in place of the sign-in");
}

TEST_CASE("the plan and the question before an upload say what goes later than the sign-in lasts") {
  SignedInHall hall(2);
  hall.sign_in(lasting(1h, 7 * 24h));
  PlanOptions series = only("YouTube");
  series.series = SlotSeries{.first = system_clock().now() + 5 * 24h, .every = 4 * 24h};
  const auto plan = plan_uploads(hall.signed_in, hall.registry, series).value();
  REQUIRE(plan.size() == 2);
  CHECK(plan[0].warning.empty());
  CHECK(plan[0].reason == "scheduled");
  CHECK(plan[1].warning.starts_with("the sign-in to YouTube ends "));
  CHECK(plan[1].reason == "scheduled, after the end of the sign-in");
  const auto post = [&](Duration later) {
    return preview_post(hall.signed_in, hall.registry, "clip_0", "YouTube", {}, system_clock().now() + later);
  };
  CHECK(post(24h)->advice.empty());
  CHECK(post(9 * 24h)->advice == plan[1].warning);
}

TEST_CASE("a sign-in in the browser is another state of the account, so that what waits for it goes on") {
  Hall hall(0);
  REQUIRE(set_route(hall.library, "TikTok", Route::browser));
  hall.config.destinations = *load_destinations(hall.library);
  const auto state = [&] { return account_state(hall.library, hall.config, "TikTok"); };
  CHECK_FALSE(state().usable());
  const auto before = state().changed_at;
  REQUIRE(save_web_account(
      hall.library, "TikTok",
      {.id = "1", .name = "anna", .browser = "Brave", .needs_login = true, .why = "a CAPTCHA"}));
  CHECK(state().kind == AccountState::Kind::needs_login);
  CHECK(state().detail == "a CAPTCHA");
  CHECK(state().changed_at != before);
  REQUIRE(save_web_account(hall.library, "TikTok", {.id = "1", .name = "anna", .browser = "Brave"}));
  CHECK(state().usable());
}

TEST_CASE("signing out forgets the browser's sign-in and its profile") {
  Hall hall(0);
  REQUIRE(save_web_account(hall.library, "TikTok", {.id = "1", .name = "anna", .browser = "Brave"}));
  const auto profile = web_profile(hall.library, "TikTok");
  std::filesystem::create_directories(profile / "Default");
  CHECK(sign_out(hall.library, hall.config, "TikTok") == true);
  CHECK_FALSE(std::filesystem::exists(profile));
  CHECK(load_web_account(hall.library, "TikTok").value() == std::nullopt);
  CHECK(sign_out(hall.library, hall.config, "TikTok") == false);
}
