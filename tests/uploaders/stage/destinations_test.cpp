// Several accounts on one platform: each is a destination of its own, and no account gets a post under two
// names.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "registry/ledger/post_checks.h"
#include "registry/queue/upload_queue.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/queue/upload_plan.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/post_check.h"
#include "uploaders/stage/upload_stage.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

/// clip_001 in a library that has two YouTube accounts, and people who sign in to practice platforms.
struct TwoAccounts : Practice, TestLibrary {
  Config config;
  std::unique_ptr<Credentials> credentials;

  TwoAccounts() {
    write_file(library.config_folder() / "destinations.json",
               R"({"YouTube/cooking": {"caption": "Cooking", "limits": {"max_per_day": 2}}})");
    write_file(library.home / "clips/clip_001.mp4", test_bytes(6'000'000));
    REQUIRE(open().register_video({.id = "clip_001", .file_path = "clips/clip_001.mp4", .title = "First"}));
    auto loaded = upload_config(library, server().url());
    REQUIRE(loaded);
    config = *std::move(loaded);
    config.upload.transient_tries = 0;
    credentials = stored_credentials(library, config, clock);
  }

  /// To the practice account of that name; "" is the first.
  Result<std::vector<std::string>> sign_in(std::string_view destination, std::string_view account) {
    auto begun = SignIn::start(config, destination, {"app", "secret"});
    REQUIRE(begun);
    const std::string& address = (*begun)->address();
    const auto redirected =
        request(port(), "POST",
                fmt::format("/practice/consent{}&platform={}&answer=allow&account={}",
                            address.substr(address.find('?')), platform_of(destination), account));
    REQUIRE((*begun)->paste(redirected.header("location")));
    auto signed_in = (*begun)->finish(clock);
    REQUIRE(signed_in);
    return keep_sign_in(library, config, destination, *signed_in);
  }
  StageContext context() { return {library, config, *credentials, clock}; }
  StageResult run(std::string_view destination) {
    return run_upload_stage(context(), "clip_001", destination, {}, {.by_hand = true});
  }
  std::string rows() {
    return Stranger(*this).ask("SELECT platform, upload_status FROM video_uploads ORDER BY platform");
  }
};

}  // namespace

TEST_CASE("the same content goes to two accounts on a platform, and to each of them once") {
  TwoAccounts two;
  REQUIRE(two.sign_in("YouTube", ""));
  REQUIRE(two.sign_in("YouTube/cooking", "cooking"));
  for (const char* destination : {"YouTube", "YouTube/cooking", "YouTube", "youtube/cooking"})
    two.run(destination);
  CHECK(two.posts().size() == 2);
  CHECK(two.rows() == "YouTube|SUCCESS\nYouTube/cooking|SUCCESS");
  CHECK(Stranger(two).ask("SELECT DISTINCT account FROM asfs_attempt_accounts ORDER BY attempt_id") ==
        "UCpracticeChannel0000000\nUCpractice-cooking");
}

TEST_CASE("an account that another destination has, or has sent something to, is refused") {
  TwoAccounts two;
  REQUIRE(two.sign_in("YouTube", ""));
  const auto twice = two.sign_in("YouTube/cooking", "");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == Code::blocked);
  CHECK(twice.error().message.find("is the account of YouTube") != std::string::npos);
  REQUIRE_FALSE(two.run("YouTube").error);
  REQUIRE(two.sign_in("YouTube", "garden"));
  CHECK_FALSE(two.sign_in("YouTube/cooking", ""));
  CHECK(two.sign_in("YouTube", ""));
  CHECK(two.sign_in("YouTube/cooking", "garden"));  // nothing was sent there as YouTube
}

TEST_CASE("what was half sent to one account never goes on as another one") {
  TwoAccounts two;
  REQUIRE(two.sign_in("YouTube", ""));
  two.fault({{"kind", "reset"}, {"at_byte", 500'000}});
  CHECK(two.run("YouTube").error);
  REQUIRE(two.sign_in("YouTube", "garden"));
  two.clock.advance(10min);
  const auto anew = two.run("YouTube");
  CHECK_MESSAGE(!anew.error, (anew.error ? anew.error->message : ""));
  CHECK(two.posts().size() == 1);
  CHECK(two.sessions().size() == 2);
}

TEST_CASE("what may be live on one account is not asked about as another one, and known when that is back") {
  TwoAccounts two;
  REQUIRE(two.sign_in("YouTube", ""));
  two.fault({{"kind", "lost_answer"}});
  two.fault({{"kind", "status"}, {"status", 503}, {"on", "status_query"}, {"times", 1}});
  CHECK(two.run("YouTube").error);
  REQUIRE(two.posts().size() == 1);
  REQUIRE(two.sign_in("YouTube", "garden"));
  two.clock.advance(10min);
  const auto as_another = two.run("YouTube");
  REQUIRE(as_another.error);
  CHECK(as_another.error->message.find("went to another account") != std::string::npos);
  CHECK(two.rows() == "YouTube|IN_PROGRESS");
  REQUIRE(two.sign_in("YouTube", ""));
  two.clock.advance(10min);
  CHECK_FALSE(two.run("YouTube").error);
  CHECK(two.posts().size() == 1);
}

TEST_CASE("a post is not looked for on another account, and so never called removed") {
  TwoAccounts two;
  REQUIRE(two.sign_in("YouTube", ""));
  REQUIRE_FALSE(two.run("YouTube").error);
  REQUIRE(two.sign_in("YouTube", "garden"));
  two.clock.advance(1h);
  CHECK(check_posts(two.context(), {}, true)->empty());
  REQUIRE(two.sign_in("YouTube", ""));
  CHECK(check_posts(two.context(), {}, true)->size() == 1);
}

TEST_CASE("limits and words of a destination lie over those of its platform") {
  TwoAccounts two;
  CHECK(two.config.limits("YouTube").max_per_day == 10);
  CHECK(two.config.limits("YouTube/cooking").max_per_day == 2);
  CHECK(two.config.limits("YouTube/cooking").max_retries == two.config.limits("YouTube").max_retries);
  auto registry = two.open();
  REQUIRE(registry.change_metadata(std::vector<std::string>{"clip_001"}, [](std::size_t, const std::string&) {
    return Result<std::string>(
        R"({"YouTube": {"privacy": "unlisted", "title": "Ours"}, "YouTube/cooking": {"privacy": "private"}})");
  }));
  const auto plan = plan_uploads(two.context(), registry, {});
  REQUIRE(plan);
  std::string seen;
  for (const PlannedUpload& entry : *plan) seen += fmt::format("{}: {}\n", entry.platform, entry.audience);
  CHECK(seen.find("YouTube: unlisted\nYouTube/cooking: private\n") != std::string::npos);
}

TEST_CASE(
    "the app's posts of a day are counted over all accounts that it posts to, but for those with an app of "
    "their own") {
  TwoAccounts two;
  write_file(
      two.library.config_folder() / "rate_limits.json",
      R"({"YouTube": {"cooldown_seconds": 0, "max_per_hour": 0, "max_per_day": 0, "app_per_day": 1}})");
  REQUIRE(two.sign_in("YouTube", ""));
  REQUIRE(two.sign_in("YouTube/cooking", "cooking"));
  two.config = upload_config(two.library, two.server().url()).value();
  CHECK_FALSE(two.run("YouTube").error);
  const auto second = two.run("YouTube/cooking");
  REQUIRE(second.error);
  CHECK(second.error->message.find("1 upload a day with one app") != std::string::npos);
  write_file(two.library.config_folder() / "accounts.json",
             R"({"YouTube": {"client_id": "a"}, "YouTube/cooking": {"client_id": "b"}})");
  two.config = upload_config(two.library, two.server().url()).value();
  CHECK_FALSE(two.run("YouTube/cooking").error);
  CHECK(two.posts().size() == 2);
}

TEST_CASE("the plan and what waits count an app's posts of a day as the claim does, over all its accounts") {
  TwoAccounts two;
  write_file(
      two.library.config_folder() / "rate_limits.json",
      R"({"YouTube": {"cooldown_seconds": 0, "max_per_hour": 0, "max_per_day": 0, "app_per_day": 3}})");
  two.config = upload_config(two.library, two.server().url()).value();
  auto registry = two.open();
  for (int i = 2; i <= 4; ++i) {
    const std::string id = fmt::format("clip_00{}", i);
    write_file(two.library.home / (id + ".mp4"), test_bytes(1000, static_cast<unsigned>(i)));
    REQUIRE(registry.register_video({.id = id, .file_path = id + ".mp4", .title = id}));
  }
  const auto go_now = [](const UploadPlan& plan) {
    return std::ranges::count(plan, PlannedUpload::Action::upload, &PlannedUpload::action);
  };
  const auto place = [&](std::string_view name) { return two.config.destinations.index_of(name).value(); };
  PlanOptions youtube{.destinations = DestinationChoice().set(place("YouTube"))};
  CHECK(go_now(plan_uploads(two.context(), registry, youtube).value()) == 3);
  youtube.destinations.set(place("YouTube/cooking"));
  const auto plan = plan_uploads(two.context(), registry, youtube).value();
  REQUIRE(plan.size() == 8);
  CHECK(go_now(plan) == 3);
  CHECK(std::ranges::count(plan, "3 uploads a day with one app", &PlannedUpload::reason) == 2);  // 3 days

  UploadQueue queue(registry);
  REQUIRE(queue.add(items_of(plan)));
  const auto turns =
      queue_turns(registry, two.config, two.clock.now(), queue.list().value(), kEveryDestination, {});
  CHECK(std::ranges::count(*turns, PostTime::Why::app, &QueueTurn::limit) == 2);
  // Those of the queue come first, also for an account that is not asked about.
  REQUIRE(queue.remove_all());
  REQUIRE(queue.add(std::vector<QueueItem>{{.video_id = "clip_001", .platform = "YouTube"}}));
  youtube.destinations.reset(place("YouTube"));
  CHECK(go_now(plan_uploads(two.context(), registry, youtube).value()) == 2);
}

TEST_CASE("what the file of destinations says wrong is told with its name") {
  for (const auto& [text, said] :
       {std::pair(R"({"Vimeo": {}})", "\"Vimeo\" is no destination"),
        std::pair(R"({"YouTube/a b": {}})", "a-z 0-9"),
        std::pair(R"({"YouTube/x": {"colour": 1}})", "unknown key"), std::pair(R"([1])", "one JSON object"),
        std::pair(R"({"YouTube/x": {"limits": {"max_per_day": -1}}})", "max_per_day")}) {
    TestLibrary test;
    write_file(test.library.config_folder() / "destinations.json", text);
    const auto config = upload_config(test.library, "");
    REQUIRE_FALSE(config);
    CHECK_MESSAGE(config.error().message.find(said) != std::string::npos, config.error().message);
  }
}
