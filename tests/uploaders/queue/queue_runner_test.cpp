// The runner that works the queue off.
#include "uploaders/queue/queue_runner.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/support/hall.h"
#include "tests/support/pretended_process.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

namespace {

[[noreturn]] std::unique_ptr<Http> no_memory() {
  throw std::runtime_error("no memory");
}

/// One item for YouTube, and what a runner that sends what is due says of it.
struct OneDue : Hall {
  OneDue() : Hall(1) {
    REQUIRE(UploadQueue(registry).add(std::vector<QueueItem>{{.video_id = "clip_0", .platform = "YouTube"}}));
  }
  Result<void> work_off() {
    QueueRunner runner(context, {.until = RunnerOptions::Until::nothing_due,
                                 .on_result = [&](const auto&, const StageResult& result, bool) {
                                   results.push_back(result);
                                 }});
    return runner.run();
  }
  std::vector<StageResult> results;
};

}  // namespace

TEST_CASE("a worker that stays takes over what another program began and does not end") {
  Hall hall(1);
  const ClaimRequest request{.video_id = "clip_0", .platform = "YouTube"};
  REQUIRE(UploadLedger(hall.registry).claim(request));
  std::stop_source stop;
  QueueRunner runner(hall.context, {.stop = stop.get_token(),
                                    .on_result = [&](const auto&, const StageResult& result, bool) {
                                      CHECK_FALSE(result.error);
                                      stop.request_stop();
                                    }});
  REQUIRE(runner.run());
  CHECK(hall.posts().size() == 1);
}

TEST_CASE("what was lent to a process that has ended is sent at once by a run that goes on to the end") {
  OneDue hall;
  {
    const PretendedProcess process(7);
    REQUIRE(UploadQueue(hall.registry).take("YouTube").value());
    REQUIRE(UploadLedger(hall.registry).claim({.video_id = "clip_0", .platform = "YouTube"}));
  }
  const PretendedProcess other(8, 7);
  const TimePoint before = hall.clock.now();
  REQUIRE(QueueRunner(hall.context, {.until = RunnerOptions::Until::nothing_left}).run());
  CHECK(hall.posts().size() == 1);
  CHECK(hall.clock.now() - before < 1min);
}

TEST_CASE("uploads that follow each other share a connection") {
  Hall hall(3);
  int clients = 0;
  hall.context.http = [&] {
    ++clients;
    return make_http_client();
  };
  hall.run({.plan = only("YouTube"), .at_once = 1});
  CHECK(hall.posts().size() == 3);
  CHECK(clients == 1);
}

TEST_CASE("what an upload throws is its result, and the run ends") {
  OneDue hall;
  hall.context.http = no_memory;
  REQUIRE(hall.work_off());
  REQUIRE(hall.results.size() == 1);
  CHECK(hall.results[0].error->message == "a fault of the program: no memory");
}

TEST_CASE("what is thrown while the connection is tried is the upload's result, and the run ends") {
  OneDue hall;
  REQUIRE(DestinationWaits(hall.registry).begin("YouTube", DestinationWait::Why::offline, "no connection"));
  hall.context.http = no_memory;
  REQUIRE(hall.work_off());
  REQUIRE(hall.results.size() == 1);
  CHECK(hall.results[0].error->message == "a fault of the program: no memory");
  CHECK(hall.results[0].video_id == "clip_0");
}

TEST_CASE("what a round of the runner throws is an error, and the next run goes on") {
  OneDue hall;
  int reads = 0;
  hall.context.read_config = [&]() -> Result<Config> {
    if (++reads == 1) throw std::runtime_error("no memory");
    return hall.config;
  };
  QueueRunner runner(hall.context, {.until = RunnerOptions::Until::nothing_due});
  hall.clock.advance(2s);
  const auto ended = runner.run();
  REQUIRE_FALSE(ended);
  CHECK(ended.error().message == "a fault of the program: no memory");
  hall.clock.advance(2s);
  REQUIRE(runner.run());
  CHECK(hall.posts().size() == 1);
}
