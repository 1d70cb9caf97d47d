// Webhooks: what a receiver gets, what follows when it does not take it, and that no upload waits for it.
#include "uploaders/webhooks/webhooks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "registry/base/process.h"
#include "tests/support/practice.h"
#include "tests/support/webhook_receiver.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/upload_stage.h"
#include "uploaders/webhooks/webhook_sender.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

/// A library whose webhook is a receiver on loopback.
struct Hooked : LedgerFixture {
  Receiver receiver;
  HttpClient http;
  WebhookOutbox outbox{registry};

  Hooked() { write_webhook(test.library, receiver.url("/hook?key=hush")); }

  /// The end of an upload of clip_001 to this platform.
  void upload_to(const std::string& platform) {
    ClaimRequest request = kRequest;
    request.platform = platform;
    finished(claimed(request).attempt_id, {.state = AttemptState::succeeded, .post_id = "post"});
  }
  WebhookRound deliver(const WebhookPatience& patience = {}) {
    const auto round = deliver_webhooks(registry, http, {}, patience);
    REQUIRE_MESSAGE(round, (round ? "" : round.error().message));
    return *round;
  }
  /// The only row, after one try.
  WebhookDelivery tried() {
    deliver();
    const auto list = outbox.list().value();
    REQUIRE(list.size() == 1);
    return list[0];
  }
  Duration pause(const WebhookDelivery& delivery) const {
    return delivery.next_at - std::chrono::floor<std::chrono::milliseconds>(test.clock.now());
  }
};

/// By a program that nobody here wrote.
std::string signature_by_openssl(const std::string& message) {
  const TempFolder folder;
  write_file(folder / "message", message);
  const auto ran = run_process(
      {"openssl", "dgst", "-sha256", "-r", "-hmac", std::string(kSecret), folder / "message"}, 10s);
  REQUIRE(ran);
  return "sha256=" + ran->out.substr(0, 64);
}

std::set<std::string> delivery_ids(const Receiver& receiver) {
  std::set<std::string> ids;
  for (const Told& told : receiver.told()) ids.insert(told.header("X-ASFS-Delivery"));
  return ids;
}

}  // namespace

TEST_CASE_FIXTURE(Hooked, "a receiver gets one signed JSON document, and the row goes") {
  upload_to("YouTube");
  const std::string delivery = outbox.list()->at(0).delivery;
  CHECK(deliver().delivered == 1);
  CHECK(outbox.list()->empty());
  REQUIRE(receiver.told().size() == 1);
  const Told told = receiver.told()[0];
  CHECK(told.head.starts_with("\r\nPOST /hook?key=hush HTTP/1.1\r\n"));
  CHECK(told.header("Content-Type") == "application/json");
  CHECK(told.header("X-ASFS-Event") == "uploaded");
  CHECK(told.header("X-ASFS-Delivery") == delivery);
  CHECK(told.header("X-ASFS-Timestamp") == "1770796800");
  CHECK(told.header("X-ASFS-Signature") == signature_by_openssl("1770796800." + told.body));
  CHECK(told.json()["event"] == "uploaded");
  CHECK(told.json()["video_id"] == "clip_001");
  CHECK(deliver().delivered == 0);
  CHECK(receiver.told().size() == 1);
}

TEST_CASE_FIXTURE(
    Hooked,
    "what is not taken is tried again after 1 minute, doubled up to 6 hours, and given up after three days") {
  receiver.answer("500 Internal Server Error");
  upload_to("YouTube");
  std::vector<std::int64_t> minutes;
  WebhookDelivery row = tried();
  while (!row.given_up) {
    minutes.push_back(std::chrono::floor<std::chrono::minutes>(pause(row)).count());
    CHECK(deliver().failed == 0);  // not before its time
    test.clock.advance(pause(row));
    row = tried();
  }
  CHECK(minutes == std::vector<std::int64_t>{1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360, 360, 360,
                                             360, 360, 360, 360});
  CHECK(test.clock.now() - kMorning > 68h);
  CHECK(test.clock.now() - kMorning < 72h);
  CHECK(row.error == "127.0.0.1 answered HTTP 500");
  CHECK(receiver.told().size() == kMostTries);
  CHECK(delivery_ids(receiver).size() == 1);
  CHECK(receiver.told().back().header("X-ASFS-Timestamp") !=
        receiver.told().front().header("X-ASFS-Timestamp"));
}

TEST_CASE_FIXTURE(Hooked, "a given up one is told to people, without the address's query") {
  receiver.answer("410 Gone");
  upload_to("YouTube");
  const auto round = deliver();
  REQUIRE(round.given_up.size() == 1);
  CHECK(round.given_up[0] ==
        "the webhook " + receiver.url() +
            " was not told that clip_001 on YouTube is uploaded: 127.0.0.1 answered HTTP "
            "410; to try it again: asfs-videos webhooks send");
  CHECK(outbox.list()->at(0).given_up);
}

TEST_CASE_FIXTURE(Hooked, "a receiver's Retry-After is waited for, up to a day") {
  upload_to("YouTube");
  SUBCASE("seconds") {
    receiver.answer("429 Too Many Requests", "Retry-After: 600\r\n");
    CHECK(pause(tried()) == 10min);
  }
  SUBCASE("never less than our own pause") {
    receiver.answer("503 Service Unavailable", "Retry-After: 1\r\n");
    CHECK(pause(tried()) == 1min);
  }
  SUBCASE("not for ever") {
    receiver.answer("503 Service Unavailable", "Retry-After: 9999999\r\n");
    CHECK(pause(tried()) == 24h);
  }
}

TEST_CASE_FIXTURE(Hooked, "a redirect is not followed") {
  Receiver other;
  receiver.answer("302 Found", "Location: " + other.url() + "\r\n");
  upload_to("YouTube");
  CHECK(tried().error == "127.0.0.1 answered HTTP 302; redirects are not followed");
  CHECK(other.told().empty());
}

TEST_CASE_FIXTURE(Hooked, "a receiver that is busy or away is not asked again for everything that waits") {
  for (const char* platform : {"YouTube", "TikTok", "Instagram"}) upload_to(platform);
  SUBCASE("busy") {
    receiver.answer("503 Service Unavailable");
    CHECK(deliver().failed == 1);
    CHECK(receiver.told().size() == 1);
  }
  SUBCASE("away") {
    write_webhook(test.library, "http://127.0.0.1:1/hook?key=hush");
    REQUIRE(registry.set_duplicate_allowed("clip_001", true));
    for (const char* platform : {"YouTube", "TikTok"}) upload_to(platform);
    CHECK(deliver().failed == 1);
  }
  SUBCASE("but another document may be what it refused") {
    receiver.answer("400 Bad Request");
    CHECK(deliver().failed == 3);
  }
}

TEST_CASE_FIXTURE(Hooked, "an event does not wait as long as one that has failed more often") {
  receiver.answer("503 Service Unavailable");
  upload_to("YouTube");
  test.clock.advance(pause(tried()));
  upload_to("TikTok");
  CHECK(deliver().failed == 1);
  const auto list = outbox.list().value();
  REQUIRE(list.size() == 2);
  CHECK(pause(list[0]) == 2min);
  CHECK(pause(list[1]) == 1min);
}

TEST_CASE_FIXTURE(Hooked, "neither secret nor query gets into an error, the database or a log") {
  write_webhook(test.library, "http://127.0.0.1:1/hook?key=hush");
  upload_to("YouTube");
  const WebhookDelivery row = tried();
  REQUIRE(row.error);
  CHECK(row.error->starts_with("cannot reach 127.0.0.1: "));
  const std::string bytes = all_bytes(test.library, "database") + *row.error;
  for (const std::string_view word : {kSecret, std::string_view("hush")})
    CHECK(bytes.find(word) == std::string::npos);
}

TEST_CASE_FIXTURE(Hooked, "a receiver that answers drop by drop is cut off") {
  RawServer dripping([](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    connection.idle();
  });
  write_webhook(test.library, dripping.url());
  upload_to("YouTube");
  CHECK(deliver({.stall = 30s, .whole = 1s}).failed == 1);
  CHECK(outbox.list()->at(0).error == "the answer took longer than 1 s");
}

TEST_CASE_FIXTURE(Hooked, "a delivery that is stopped is due again at once, and counts as no try") {
  receiver.fall_silent();
  upload_to("YouTube");
  std::stop_source stop;
  std::jthread stopping([&] {
    receiver.until(1);
    stop.request_stop();
  });
  REQUIRE(deliver_webhooks(registry, http, stop.get_token()));
  const WebhookDelivery row = outbox.list()->at(0);
  CHECK(row.tries == 0);
  CHECK_FALSE(row.error);
  CHECK(row.next_at <= test.clock.now());
}

TEST_CASE_FIXTURE(Hooked, "what a killed sender had taken is delivered after its time, under the same id") {
  upload_to("YouTube");
  const std::string delivery = outbox.take().value()->delivery;
  CHECK(deliver().delivered == 0);
  test.clock.advance(kDeliveryLent);
  CHECK(deliver().delivered == 1);
  CHECK(delivery_ids(receiver) == std::set{delivery});
}

TEST_CASE_FIXTURE(Hooked, "a broken webhooks.json delivers nothing and loses nothing") {
  upload_to("YouTube");
  const std::string good = read_text(test.library.webhooks_file());
  write_webhooks(test.library, "{");
  upload_to("TikTok");
  CHECK_FALSE(deliver_webhooks(registry, http, {}));
  CHECK(receiver.told().empty());
  write_webhooks(test.library, good);
  CHECK(deliver().delivered == 2);
}

TEST_CASE_FIXTURE(Hooked, "a test event reaches every webhook and is not kept") {
  write_webhooks(test.library,
                 fmt::format(R"({{"webhooks": [{{"url": "{}", "secret": "{}", "events": ["failed"]}},
    {{"url": "http://127.0.0.1:1/x?key=hush", "secret": "b"}}]}})",
                             receiver.url(), kSecret));
  const auto tests = test_webhooks(test.library, http, test.clock, {});
  REQUIRE(tests);
  REQUIRE(tests->size() == 2);
  CHECK((*tests)[0].error == "");
  CHECK((*tests)[1].shown_url == "http://127.0.0.1:1/x");
  CHECK((*tests)[1].error.starts_with("cannot reach 127.0.0.1: "));
  REQUIRE(receiver.told().size() == 1);
  const Told told = receiver.told()[0];
  CHECK(told.header("X-ASFS-Event") == "test");
  CHECK(told.header("X-ASFS-Delivery").size() == 32);
  CHECK(told.header("X-ASFS-Signature") == webhook_signature(kSecret, "1770796800", told.body));
  CHECK(outbox.list()->empty());
}

// ---- the thread ----

namespace {

/// The machine's clock, as the sender has.
struct Sending {
  TempFolder folder;
  Library library{folder.path()};
  Receiver receiver;
  std::mutex mutex;
  std::vector<std::string> warnings;

  Sending() { write_webhook(library, receiver.url()); }
  std::unique_ptr<WebhookSender> sender() {
    return std::make_unique<WebhookSender>(library, [this](const std::string& line) {
      const std::scoped_lock lock(mutex);
      warnings.push_back(line);
    });
  }
  VideoRegistry open() const { return std::move(VideoRegistry::open(library).value()); }
  void upload(int number) const {
    auto registry = open();
    const std::string id = "clip_" + std::to_string(number);
    REQUIRE(registry.register_video({.id = id, .file_path = id + ".mp4"}));
    UploadLedger ledger(registry);
    const auto claim = ledger.claim({.video_id = id, .platform = "YouTube"});
    REQUIRE(claim);
    REQUIRE(ledger.finish(claim->attempt_id, {.state = AttemptState::succeeded}));
  }
  std::vector<WebhookDelivery> waiting() const {
    auto registry = open();
    return WebhookOutbox(registry).list().value();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Sending, "what the last run left is delivered by the next, once") {
  upload(1);
  sender().reset();
  sender().reset();
  CHECK(receiver.told().size() == 1);
  CHECK(waiting().empty());
}

TEST_CASE_FIXTURE(Sending, "a sender that is woken delivers, also when webhooks.json came after it") {
  const std::string text = read_text(library.webhooks_file());
  std::filesystem::remove(library.webhooks_file());
  const auto running = sender();
  write_webhooks(library, text);
  upload(1);
  running->wake();
  CHECK(receiver.until(1));
}

TEST_CASE_FIXTURE(Sending, "two senders at once deliver each event once") {
  for (int number = 1; number <= 20; ++number) upload(number);
  {
    const auto one = sender();
    const auto other = sender();
    CHECK(receiver.until(20));
  }
  CHECK(receiver.told().size() == 20);
  CHECK(delivery_ids(receiver).size() == 20);
}

TEST_CASE_FIXTURE(Sending, "a receiver that never answers holds no upload up, and gets it in the next run") {
  receiver.fall_silent();
  upload(1);
  auto running = sender();
  REQUIRE(receiver.until(1));
  const Practice practice;
  write_file(library.home / "clip.mp4", test_bytes(100'000));
  {
    auto registry = open();
    REQUIRE(registry.register_video({.id = "clip", .file_path = "clip.mp4"}));
  }
  const auto config = upload_config(library, practice.server().url()).value();
  const auto credentials = practice_credentials(practice.server().url());
  CHECK_FALSE(run_upload_stage({library, config, *credentials}, "clip", "YouTube").error);
  CHECK(receiver.told().size() == 1);  // it is still waited for
  running.reset();
  REQUIRE(waiting().size() == 2);
  receiver.answer("200 OK");
  sender().reset();
  CHECK(waiting().empty());
  const auto told = receiver.told();
  const auto uploaded =
      std::ranges::find_if(told, [](const Told& one) { return one.json()["video_id"] == "clip"; });
  REQUIRE(uploaded != told.end());
  const auto body = uploaded->json();
  CHECK(body["link"].get<std::string>().find(body["post_id"].get<std::string>()) != std::string::npos);
}

TEST_CASE_FIXTURE(Sending, "a broken webhooks.json is told about once") {
  write_webhooks(library, "{");
  auto running = sender();
  running->wake();
  running.reset();
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].ends_with("; what webhooks are to be told waits"));
  CHECK(warnings[0].find("webhooks.json:1:2:") != std::string::npos);
}
