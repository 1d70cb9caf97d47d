// A fourth platform that is a folder and a row: it has a column, is signed in to, planned, queued, held by
// its limits, told of in words, and uploaded to. That it posts once whatever happens the conformance tests
// show.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "registry/queue/upload_queue.h"
#include "tests/example/platform.h"
#include "tests/support/practice.h"
#include "tests/support/table_fixture.h"
#include "tests/support/test_library.h"
#include "tests/support/ui_driver.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/metadata/metadata_document.h"
#include "uploaders/queue/bulk_upload.h"
#include "uploaders/queue/queue_turns.h"
#include "uploaders/row/platforms.h"

using namespace asfs;
using namespace asfs::test;

namespace {

/// A row with nothing but its name.
template <class Row>
concept CompilesIncomplete = requires {
  Row{.name = std::string_view("Half")};
};
static_assert(!CompilesIncomplete<Platform>);

struct Channel : Practice, TestLibrary {
  Config config = upload_config(library, server().url()).value();
  std::unique_ptr<Credentials> credentials = stored_credentials(library, config, clock);
  VideoRegistry registry = open();

  Channel() {
    for (const char* id : {"one", "two"}) {
      write_file(library.home / (std::string(id) + ".mp4"), test_bytes(20'000 + std::string_view(id)[0]));
      REQUIRE(registry.register_video({.id = id, .file_path = std::string(id) + ".mp4", .title = id}));
    }
  }
  void sign_in() {
    auto begun = SignIn::start(config, "Example", {"app", "secret"});
    REQUIRE(begun);
    const std::string& address = (*begun)->address();
    const auto redirected = request(
        port(), "POST",
        fmt::format("/practice/consent{}&platform=Example&answer=allow", address.substr(address.find('?'))));
    REQUIRE((*begun)->paste(redirected.header("location")));
    auto account = (*begun)->finish(clock);
    REQUIRE(account);
    REQUIRE(keep_sign_in(library, config, "Example", *account));
  }
  StageContext context() { return {library, config, *credentials, clock}; }
  static DestinationChoice example() {
    DestinationChoice choice;
    choice.set(*Destinations::first_ones().index_of("Example"));
    return choice;
  }
};

}  // namespace

TEST_CASE("Example is a column with its name, icon and colour, and its button asks for an upload") {
  const TableFixture fixture(video_sql("clip_001", "One") +
                             upload_sql("clip_001", "Example", "SUCCESS", "EX1"));
  UiDriver window(1600, 720);
  window.state.table = fixture.table();
  window.frames(2);
  CHECK(window.shows("Example"));
  CHECK(window.shows("Uploaded"));
  window.click("Upload to Example", 0);
  CHECK(std::holds_alternative<AlreadyPosted>(window.ui.dialog));
}

TEST_CASE("Example is planned, queued, held by its own limits and uploaded to, and nothing is posted twice") {
  Channel channel;
  const PlanOptions options{.destinations = Channel::example(), .signed_in = {}};
  const auto unsigned_in = plan_uploads(channel.context(), channel.registry, options);
  REQUIRE(unsigned_in);
  CHECK((*unsigned_in)[0].reason == "not signed in; asfs-videos login Example");
  channel.sign_in();
  channel.config.at("Example").limits.hold = true;
  BulkOptions bulk{.plan = {.destinations = Channel::example()}, .wait = true};
  const auto results = upload_clips(channel.context(), bulk);
  REQUIRE(results);
  CHECK(channel.posts().size() == 2);
  const auto again = upload_clips(channel.context(), bulk);
  REQUIRE(again);
  CHECK(channel.posts().size() == 2);
  CHECK(Stranger(channel).ask(
            "SELECT group_concat(upload_status) FROM video_uploads WHERE platform = 'Example'") ==
        "SUCCESS,SUCCESS");
  CHECK(channel.clock.now() - kMorning >= std::chrono::minutes(10));
}

TEST_CASE("Example's part of a metadata document is laid over the common one, and its limit is kept") {
  const auto words = parse_metadata(R"({"title": "For all", "example": {"title": "Ours"}})", "Example");
  REQUIRE(words);
  CHECK(words->title == "Ours");
  Channel channel;
  const auto uploader =
      platform_at("Example").make({channel.config, *channel.credentials, channel.clock, "Example"});
  const auto fits = uploader->check({.title = std::string(61, 'x')}, "", 10);
  REQUIRE_FALSE(fits);
  CHECK(fits.error().message == "the title has 61 characters; Example takes 60");
}

TEST_CASE("Example's settings are told apart from typing errors like any other's") {
  const TempFolder folder;
  write_file(folder / "config/platforms.json", R"({"Example": {"title_charakters": 5}})");
  const auto config = upload_config({folder.path()}, "");
  REQUIRE(config);
  REQUIRE(config->notes.size() == 1);
  CHECK(config->notes[0].find("did you mean \"title_characters\"?") != std::string::npos);
}

TEST_CASE("what docs/add-a-platform.md shows stands in the folder that is compiled here") {
  const auto text_of = [](const std::filesystem::path& path) {
    std::ifstream in(path);
    return (std::ostringstream() << in.rdbuf()).str();
  };
  const std::filesystem::path source = std::getenv("ASFS_SOURCE_DIR") ? std::getenv("ASFS_SOURCE_DIR") : ".";
  const std::string document = text_of(source / "docs/add-a-platform.md");
  int shown = 0;
  for (std::size_t at = document.find("```cpp\n// "); at != document.npos;
       at = document.find("```cpp\n// ", at + 1)) {
    const std::size_t name = at + 10, line = document.find('\n', name), end = document.find("\n```", line);
    REQUIRE(end != document.npos);
    const std::string file = document.substr(name, line - name);
    CHECK_MESSAGE(text_of(source / file).find(document.substr(line + 1, end - line - 1)) != std::string::npos,
                  file);
    ++shown;
  }
  CHECK(shown >= 3);
}
