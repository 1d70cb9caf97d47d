// What is written into the outbox when an attempt ends, and how rows are lent.
#include "registry/ledger/webhook_outbox.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "registry/ledger/settle.h"
#include "registry/practice/practice_copy.h"
#include "tests/support/webhook_receiver.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

struct OutboxFixture : LedgerFixture {
  WebhookOutbox outbox{registry};

  OutboxFixture() { write_webhook(test.library, "https://one.example/a?key=hush"); }
  std::vector<Webhook> webhooks() const { return load_webhooks(test.library).value(); }
  /// `EVENT STATUS` of everything that waits.
  std::string waiting() {
    return Stranger(test).ask("SELECT event, body ->> 'status' FROM asfs_webhooks ORDER BY id");
  }
  std::size_t count() { return outbox.list()->size(); }
  WebhookDelivery taken() {
    const auto lent = outbox.take();
    REQUIRE(lent);
    REQUIRE(*lent);
    return **lent;
  }
  void upload_one(const Outcome& outcome = {.state = AttemptState::succeeded, .post_id = "yt1"}) {
    finished(claimed().attempt_id, outcome);
  }
};

}  // namespace

TEST_CASE_FIXTURE(OutboxFixture, "a success is to be told with all that a receiver needs") {
  upload_one({.state = AttemptState::succeeded, .post_id = "yt1", .link = "https://youtu.be/yt1"});
  const auto list = outbox.list().value();
  REQUIRE(list.size() == 1);
  CHECK(list[0].event == "uploaded");
  CHECK(list[0].delivery.size() == 32);
  CHECK(list[0].next_at == TimePoint(std::chrono::floor<std::chrono::milliseconds>(kMorning)));
  const auto body = Json::parse(list[0].body);
  CHECK(body == Json{{"event", "uploaded"},
                     {"at", utc_timestamp(kMorning)},
                     {"practice", false},
                     {"video_id", "clip_001"},
                     {"title", "clip_001"},
                     {"platform", "YouTube"},
                     {"status", "SUCCESS"},
                     {"post_id", "yt1"},
                     {"link", "https://youtu.be/yt1"},
                     {"error", nullptr},
                     {"attempt", 1}});
}

TEST_CASE(
    "in practice an event says so, also when a person settles it, and goes to practice's own webhooks") {
  TestLibrary test;
  write_webhook(test.library, "https://real.example/");
  test.library = practice_library(test.library);
  VideoRegistry registry = test.with_clip();
  UploadLedger ledger(registry);
  const auto end = [&] {
    const auto claim = ledger.claim(kRequest);
    REQUIRE(claim);
    REQUIRE(ledger.finish(claim->attempt_id, {.state = AttemptState::unconfirmed}));
    REQUIRE(settle_upload(registry, "clip_001", "YouTube", true, "yt1"));
  };
  const auto told = [&] {
    return Stranger(test).ask("SELECT event, body ->> 'practice' FROM asfs_webhooks");
  };
  end();
  CHECK(told() == "");
  REQUIRE(registry.set_duplicate_allowed("clip_001", true));
  write_webhook(test.library, "https://practice.example/");
  end();
  CHECK(told() == "unclear|1\nuploaded|1");
}

TEST_CASE_FIXTURE(OutboxFixture, "without webhooks nothing is written") {
  std::filesystem::remove(test.library.webhooks_file());
  upload_one();
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(OutboxFixture, "a failure is told once it will not be tried again by itself") {
  const Outcome again{.error = "no network", .retry_at = kMorning + 5min};
  for (int failure = 1; failure <= 3; ++failure) upload_one(again);
  CHECK(waiting() == "");
  upload_one({.error = "no network"});
  CHECK(waiting() == "failed|FAILED_FINAL");
}

TEST_CASE_FIXTURE(OutboxFixture, "a permanent failure is told at once, with its reason") {
  upload_one({.error = "the video is too long"});
  CHECK(waiting() == "failed|FAILED");
  CHECK(Json::parse(outbox.list()->at(0).body)["error"] == "the video is too long");
}

TEST_CASE_FIXTURE(OutboxFixture, "what goes on by itself, or waits for a login, is not told") {
  upload_one({.state = AttemptState::rate_limited, .retry_at = kMorning + 1h});
  upload_one({.state = AttemptState::interrupted});
  upload_one({.error = "needs a login", .counts_as_failure = false});
  CHECK(waiting() == "");
}

TEST_CASE_FIXTURE(OutboxFixture, "an unclear outcome is told, and a person's \"it is live\" as uploaded") {
  upload_one({.state = AttemptState::unconfirmed, .error = "no answer"});
  CHECK(waiting() == "unclear|BLOCKED");
  REQUIRE(settle_upload(registry, "clip_001", "YouTube", true, "yt1"));
  CHECK(waiting() == "unclear|BLOCKED\nuploaded|SUCCESS");
}

TEST_CASE_FIXTURE(OutboxFixture, "a person's \"it is not live\" is not told: that person knows") {
  upload_one({.state = AttemptState::unconfirmed, .error = "no answer"});
  REQUIRE(settle_upload(registry, "clip_001", "YouTube", false, std::nullopt));
  CHECK(waiting() == "unclear|BLOCKED");
}

TEST_CASE_FIXTURE(OutboxFixture, "each webhook gets what it wants, under a delivery id of its own") {
  write_webhooks(test.library, R"({"webhooks": [
    {"url": "https://one.example", "secret": "a"},
    {"url": "https://two.example", "secret": "b", "events": ["failed"]},
    {"url": "https://three.example", "secret": "c", "events": ["uploaded"]}]})");
  upload_one();
  const auto list = outbox.list().value();
  REQUIRE(list.size() == 2);
  CHECK(list[0].webhook == webhooks()[0].key());
  CHECK(list[1].webhook == webhooks()[2].key());
  CHECK(list[0].delivery != list[1].delivery);
}

TEST_CASE_FIXTURE(OutboxFixture, "neither secret nor address stands in the database") {
  upload_one();
  const std::string bytes = all_bytes(test.library, "database");
  CHECK(bytes.find("clip_001") != std::string::npos);
  for (const std::string_view word : {kSecret, std::string_view("one.example"), std::string_view("hush")})
    CHECK(bytes.find(word) == std::string::npos);
}

TEST_CASE_FIXTURE(
    OutboxFixture,
    "while webhooks.json is broken an upload ends as ever, and its event waits for whom it names then") {
  write_webhooks(test.library, "{");
  upload_one();
  CHECK(row().is(UploadStatus::success));
  CHECK_FALSE(outbox.take().value());  // nobody to tell it to
  write_webhooks(test.library, R"({"webhooks": [
    {"url": "https://one.example", "secret": "a"},
    {"url": "https://two.example", "secret": "b"},
    {"url": "https://three.example", "secret": "c", "events": ["failed"]}]})");
  REQUIRE(outbox.sort_out(webhooks()));
  CHECK(taken().webhook == webhooks()[0].key());
  CHECK(taken().webhook == webhooks()[1].key());
  CHECK_FALSE(outbox.take().value());
  CHECK(count() == 2);
}

TEST_CASE_FIXTURE(OutboxFixture, "what nobody wants any more is dropped") {
  upload_one();
  REQUIRE(outbox.sort_out(webhooks()));
  CHECK(count() == 1);
  SUBCASE("the webhook is gone") {
    write_webhook(test.library, "https://two.example");
  }
  SUBCASE("it is not told of this event any more") {
    write_webhooks(
        test.library,
        R"({"webhooks": [{"url": "https://one.example/a?key=hush", "secret": "a", "events": ["failed"]}]})");
  }
  SUBCASE("the file is gone") {
    std::filesystem::remove(test.library.webhooks_file());
  }
  REQUIRE(outbox.sort_out(webhooks()));
  CHECK(count() == 0);
}

TEST_CASE_FIXTURE(OutboxFixture, "a row that is lent is nobody else's until its time is over") {
  upload_one();
  const WebhookDelivery first = taken();
  auto other = test.open();
  CHECK_FALSE(WebhookOutbox(other).take().value());
  test.clock.advance(kDeliveryLent);
  const auto second = WebhookOutbox(other).take().value();
  REQUIRE(second);
  CHECK(second->delivery == first.delivery);
  SUBCASE("and then the first one's failure changes nothing") {
    REQUIRE(outbox.put_back(first, "no answer", kMorning));
    CHECK(outbox.list()->at(0).tries == 0);
    CHECK_FALSE(outbox.take().value());
  }
  SUBCASE("but that it was delivered counts") {
    REQUIRE(outbox.delivered(first));
    CHECK(count() == 0);
  }
}

TEST_CASE_FIXTURE(
    OutboxFixture,
    "what failed waits for its time and keeps the reason, what was given up waits for a person") {
  upload_one();
  REQUIRE(outbox.put_back(taken(), "no answer", test.clock.now() + 1min));
  CHECK_FALSE(outbox.take().value());
  CHECK(outbox.list()->at(0).error == "no answer");
  test.clock.advance(1min);
  const WebhookDelivery again = taken();
  CHECK(again.tries == 1);
  REQUIRE(outbox.give_up(again, "gone"));
  test.clock.advance(24h);
  CHECK_FALSE(outbox.take().value());
  CHECK(outbox.list()->at(0).given_up);
  CHECK(outbox.list()->at(0).error == "gone");
  REQUIRE(outbox.send_again());
  CHECK(taken().tries == 0);
}

TEST_CASE_FIXTURE(OutboxFixture, "to send again leaves alone what is being delivered") {
  upload_one();
  taken();
  REQUIRE(outbox.send_again());
  CHECK_FALSE(outbox.take().value());
}

TEST_CASE_FIXTURE(OutboxFixture, "what was given up is kept for a month") {
  ClaimRequest second = kRequest;
  second.platform = "TikTok";
  upload_one();
  finished(claimed(second).attempt_id, {.state = AttemptState::succeeded});
  REQUIRE(outbox.give_up(taken(), "gone"));
  test.clock.advance(24h * 31);
  REQUIRE(outbox.give_up(taken(), "gone"));
  REQUIRE(count() == 1);
  CHECK(outbox.list()->at(0).platform == "TikTok");
}

TEST_CASE("a process that is killed right after the end of an attempt leaves its event behind") {
  const TestLibrary test;
  write_webhook(test.library, "https://one.example");
  const pid_t child = ::fork();
  if (child == 0) {  // a connection of its own: none may be carried over a fork
    auto registry = test.with_clip();
    UploadLedger ledger(registry);
    const auto claim = ledger.claim(kRequest);
    if (claim) static_cast<void>(ledger.finish(claim->attempt_id, {.state = AttemptState::succeeded}));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  auto registry = test.open();
  CHECK(registry.get_upload_status("clip_001", "YouTube").value()->is(UploadStatus::success));
  CHECK(WebhookOutbox(registry).list()->size() == 1);
}
