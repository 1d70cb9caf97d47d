// A library with one registered clip, and practice platforms to which the upload stage sends it.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs::test {

class StageToken final : public Credentials {
 public:
  Result<std::string> access_token(std::string_view) override { return std::string("TOKEN"); }
  Result<std::string> refreshed_token(std::string_view) override {
    return fail(Code::needs_login, "the token is not accepted any more");
  }
};

// A library that holds one registered clip, and practice platforms.
struct StageStudio : Practice, TestLibrary {
  std::string content;
  std::filesystem::path clip = library.home / "clips/clip_001.mp4";
  Config config;
  std::unique_ptr<Credentials> credentials = practice_credentials(server().url());

  explicit StageStudio(std::size_t size = 1'000'000) : content(test_bytes(size)) {
    write_file(clip, content);
    auto registry = open();
    REQUIRE(registry.register_video(
        {.id = "clip_001", .file_path = "clips/clip_001.mp4", .title = "First", .checksum = sha256()}));
    auto loaded = upload_config(library, server().url());
    REQUIRE(loaded);
    config = *std::move(loaded);
    config.upload.transient_tries = 2;
  }

  std::string sha256() const {
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    return hash.finish();
  }
  StageResult run(const Metadata& metadata = {}, const StageOptions& options = {}) {
    const StageContext context{library, config, *credentials, clock};
    return run_upload_stage(context, "clip_001", "YouTube", metadata, options);
  }
  std::string ask(const std::string& sql) { return Stranger(library.database()).ask(sql); }
  std::string row() {
    return ask(
        "SELECT upload_status, ifnull(platform_post_id, ''), ifnull(error_message, ''), retry_count FROM "
        "video_uploads");
  }
  std::string events() {
    return Stranger(library.audit_database())
        .ask("SELECT clip_id, platform, status FROM upload_events ORDER BY id");
  }
  std::vector<Json> log_lines() const {
    std::ifstream in(library.upload_log());
    std::vector<Json> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
    return lines;
  }
  std::string post_id() const { return posts().at(0)["post_id"]; }
  void check_posted_once() const {
    const Json made = posts();
    REQUIRE(made.size() == 1);
    CHECK(made[0]["sha256"] == sha256());
  }

  // The platform stops reading at this byte, until end_faults().
  static constexpr std::uint64_t kStandstill = 1'000'000;
  void stand_still() const { fault({{"kind", "stall"}, {"at_byte", kStandstill}, {"seconds", 60}}); }
  void await_standstill() const {
    while (sessions().empty() || sessions()[0]["bytes_received"] != kStandstill)
      std::this_thread::sleep_for(10ms);
  }

  // A try that got as far as this and then died with its process.
  void leave_behind(const std::string& handle, bool maybe_published, const std::string& metadata = "{}") {
    auto registry = open();
    UploadLedger ledger(registry);
    const auto claim =
        ledger.claim({.video_id = "clip_001", .platform = "YouTube", .metadata_json = metadata});
    REQUIRE(claim);
    if (!handle.empty()) REQUIRE(ledger.save_handle(claim->attempt_id, handle));
    if (maybe_published) REQUIRE(ledger.before_publish(claim->attempt_id));
    clock.advance(kLease + 1s);
  }
  std::string session_url(const std::string& path) const { return server().url() + path; }
};

inline void check_error(const StageResult& result, Code code, std::string_view mention) {
  REQUIRE(result.error);
  CHECK(static_cast<int>(result.error->code) == static_cast<int>(code));
  CHECK_MESSAGE(result.error->message.find(mention) != std::string::npos, result.error->message);
}

inline std::string status_of(const StageResult& result) {
  return std::string(names_of(result.status).name);
}

}  // namespace asfs::test
