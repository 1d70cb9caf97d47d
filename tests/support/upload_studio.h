// What an uploader needs beside its platform: a session that writes down what it is told, tokens, a video on
// disk, and practice platforms to send it to.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "registry/base/json.h"
#include "registry/files/checksum.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/platform/platform_uploader.h"
#include "uploaders/platform/uploader_context.h"
#include "uploaders/row/platforms.h"

namespace asfs::test {

// Posts that are other videos'.
struct KnownPosts final : PostOwners {
  std::vector<std::string> anothers;
  std::vector<UnknownPost> unknown;
  bool is_anothers(std::string_view post_id) const override {
    return std::ranges::find(anothers, post_id) != anothers.end();
  }
  std::vector<UnknownPost> unknown_posts() const override { return unknown; }
};

// What the stage would do, written down.
class FakeAttempt final : public UploadAttempt {
 public:
  FakeAttempt(const std::filesystem::path& path, const std::string& content) : content_(content) {
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    auto opened = VideoFile::open(path, hash.finish());
    REQUIRE(opened);
    video_.emplace(std::move(*opened));
  }

  VideoFile& video() override { return *video_; }
  std::string_view video_title() const override { return "First"; }
  double video_seconds() const override { return seconds; }
  std::string handle() const override { return given_handle; }
  const PostOwners& owners() const override { return known; }
  bool maybe_published() const override { return may_be_live; }
  Result<void> before_publish() override {
    ++publishes;
    if (publish_fails) return fail(Code::blocked, "taken over");
    may_be_live = true;
    return {};
  }
  bool acknowledged() const override { return has_all; }
  void wait_for_word() override { waits = true; }
  void note_acknowledged() override { has_all = true; }
  void note_quota(const Quota& quota) override { quotas.push_back(quota); }
  void progress(UploadStep step, std::uint64_t sent, std::uint64_t) override {
    if (steps.empty() || steps.back() != step) steps.push_back(step);
    if (stop_at && step == UploadStep::sending && sent >= *stop_at) stop_source.request_stop();
  }
  std::stop_token stop() const override { return stop_source.get_token(); }

  std::string given_handle;
  bool may_be_live = false;  ///< an earlier try had sent everything
  bool waits = false;
  bool has_all = false;
  KnownPosts known;
  bool save_fails = false;
  bool publish_fails = false;
  std::optional<std::uint64_t> stop_at;
  std::vector<std::string> handles;
  double seconds = 0;
  int publishes = 0;
  std::vector<Quota> quotas;
  std::vector<UploadStep> steps;
  std::stop_source stop_source;

 private:
  Result<void> keep_handle(std::string_view handle) override {
    handles.emplace_back(handle);
    if (save_fails) return fail(Code::blocked, "taken over");
    return {};
  }
  Result<void> forget_begun() override {
    may_be_live = false;
    return {};
  }

  std::string content_;
  std::optional<VideoFile> video_;
};

class FixedToken final : public Credentials {
 public:
  Result<std::string> access_token(std::string_view) override { return token; }
  Result<std::string> refreshed_token(std::string_view) override {
    ++refreshed;
    if (fresh.empty()) return fail(Code::needs_login, "no fresh token");
    return fresh;
  }
  std::string token = "TOKEN-1";
  std::string fresh = "TOKEN-2";
  int refreshed = 0;
};

// A video on disk and everything an uploader is made of.
struct Studio {
  TempFolder folder;
  FakeClock clock{kMorning};
  Config config;
  std::unique_ptr<Credentials> credentials;
  std::string content;
  std::filesystem::path path = folder / "clip.mp4";

  Studio(const std::string& url, std::unique_ptr<Credentials> given, std::size_t size)
      : credentials(std::move(given)), content(test_bytes(size)) {
    auto loaded = upload_config({folder.path()}, url);
    REQUIRE(loaded);
    config = *std::move(loaded);
    write_file(path, content);
  }

  std::string_view platform = "YouTube";

  UploadResult upload(FakeAttempt& attempt, const Metadata& metadata = {}) {
    return uploader()->upload(path, metadata, attempt);
  }
  UploadResult upload(const Metadata& metadata = {}) {
    FakeAttempt attempt(path, content);
    return upload(attempt, metadata);
  }
  std::unique_ptr<PlatformUploader> uploader() {
    return platform_at(platform).make({.config = config,
                                       .credentials = *credentials,
                                       .clock = clock,
                                       .destination = std::string(platform)});
  }
  std::string sha256() const {
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    return hash.finish();
  }
};

struct PracticeStudio : Practice, Studio {
  explicit PracticeStudio(std::size_t size = 3'000'000)
      : Studio(server().url(), practice_credentials(server().url()), size) {}

  void check_posted_once(const UploadResult& result) const {
    CAPTURE(result.error_message.value_or(""));
    CHECK(result.success);
    const Json made = posts();
    REQUIRE(made.size() == 1);
    CHECK(made[0]["sha256"] == sha256());
    CHECK(made[0]["size"] == content.size());
    CHECK(result.platform_post_id == made[0]["post_id"].get<std::string>());
  }
  // Ranges of the requests that carried video, in order.
  std::vector<std::string> sent_ranges() const {
    std::vector<std::string> ranges;
    for (const Json& row : get("/practice/log").json()) {
      const std::string range = row.value("range", "");
      if (range.starts_with("bytes ") && range.find('*') == range.npos) ranges.push_back(range);
    }
    return ranges;
  }
};

}  // namespace asfs::test
