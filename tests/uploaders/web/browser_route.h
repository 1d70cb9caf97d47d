// A library whose videos go to a platform's practice studio through a real browser, as a person's would.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>

#include "registry/files/checksum.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/web_account.h"
#include "uploaders/row/platforms.h"
#include "uploaders/stage/post_check.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs::test {

class BrowserRoute : public Practice, public TestLibrary {
 public:
  explicit BrowserRoute(std::string platform, std::size_t size = 300'000)
      : platform_(std::move(platform)), content(test_bytes(size)) {
    if (const char* other = std::getenv("ASFS_TEST_BROWSER")) ::setenv("BRAVE_PATH", other, 1);
    library.real_home = library.home;  // practice: whatever stands in the environment, the profile is its own
    std::filesystem::create_directories(library.config_folder());
    write_file(library.config_folder() / "destinations.json",
               fmt::format(R"({{"{}": {{"route": "browser"}}}})", platform_));
    add("clip_001", "First");
    auto loaded = upload_config(library, server().url());
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    config = *std::move(loaded);
    credentials = practice_credentials(server().url());
  }

  void add(const std::string& id, const std::string& title) {
    write_file(library.home / "clips" / (id + ".mp4"), content + id);
    REQUIRE(open().register_video({.id = id, .file_path = "clips/" + id + ".mp4", .title = title}));
  }
  void fault(const std::string& kind, Json more = Json::object()) {
    more["platform"] = platform_;
    more["kind"] = kind;
    REQUIRE(Practice::fault(more).status == 200);
  }
  StageContext context() { return {library, config, *credentials, clock}; }
  StageResult upload(const Metadata& metadata = {}, const std::string& id = "clip_001") {
    return run_upload_stage(context(), id, platform_, metadata, {.by_hand = true});
  }
  /// As the queue would: again after each pause, until it is over or a person is needed.
  StageResult upload_until_over(const Metadata& metadata = {}) {
    StageResult result = upload(metadata);
    for (int tries = 0; tries < 3; ++tries) {
      const bool again = result.next == NextStep::retry || result.next == NextStep::look_up ||
                         result.next == NextStep::wait_until;
      if (result.status == UploadStatus::success || !again) break;
      clock.advance(std::chrono::minutes(30));
      result = upload(metadata);
    }
    return result;
  }
  std::string said(const StageResult& result) const {
    return fmt::format("{}: {}", names_of(result.status).name, result.error ? result.error->message : "");
  }
  /// Those that were made through the browser.
  std::size_t made() const { return posts().size(); }
  std::string sha_of(const std::string& id) const {
    return checksum_file(library.home / "clips" / (id + ".mp4")).value_or(FileChecksum{}).sha256;
  }

  Config config;
  std::unique_ptr<Credentials> credentials;

 private:
  const std::string platform_;

 public:
  const std::string content;
};

}  // namespace asfs::test
