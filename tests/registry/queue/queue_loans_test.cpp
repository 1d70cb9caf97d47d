// What the queue has lent to a process that has ended.
#include "tests/registry/queue/queue_fixture.h"
#include "tests/support/pretended_process.h"

using namespace asfs;
using namespace asfs::test;
using namespace std::chrono_literals;

TEST_CASE("what is lent to a process that has ended is due again, at its place or its time") {
  QueueFixture f;
  f.add({f.item("slot", Schedule{f.now() + 1min}), f.item("a"), f.item("b")});
  f.test.clock.advance(2min);
  {
    const PretendedProcess process(7);
    CHECK(f.take() == "slot");
    CHECK(f.take() == "a");
  }
  CHECK(f.queue.take_back_lent().value() == 0);
  const PretendedProcess other(8, 7);
  CHECK(f.queue.take_back_lent().value() == 2);
  CHECK(f.queue.take_back_lent().value() == 0);
  CHECK(f.take() == "slot");
  CHECK(f.take() == "a");
}

TEST_CASE("a pause that a process noted before it ended stays, and so does a time that a person chose") {
  QueueFixture f;
  f.add({f.item("paused"), f.item("chosen")});
  {
    const PretendedProcess process(7);
    f.take();
    REQUIRE(f.queue.put_back("paused", "YouTube", f.now() + 3min));
    f.take();
    REQUIRE(f.queue.reschedule("chosen", "YouTube", Schedule{f.now() + 5min}));
  }
  const PretendedProcess other(8, 7);
  CHECK(f.queue.take_back_lent().value() == 0);
  CHECK(f.waits("paused") == 3min);
  CHECK(f.waits("chosen") == 5min);
}
