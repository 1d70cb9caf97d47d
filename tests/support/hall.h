// A library of small clips and practice platforms, for what works the queue off: plans, runs, the runner.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/destinations.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/queue/bulk_upload.h"
#include "uploaders/row/platforms.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/youtube/settings.h"

namespace asfs::test {

using namespace std::chrono_literals;

// A library of small clips, and practice platforms. The clock ticks when everybody waits.
struct Hall : Practice, TestLibrary {
  Config config = upload_config(library, server().url()).value();
  std::unique_ptr<Credentials> credentials = practice_credentials(server().url());
  StageContext context{library, config, *credentials, clock};
  VideoRegistry registry = open();
  UploadPlan looked_at;

  explicit Hall(int clips) {
    for (int i = 0; i < clips; ++i) add("clip_" + std::to_string(i), static_cast<unsigned>(i + 1));
  }
  void add(const std::string& id, unsigned seed) {
    const std::string content = test_bytes(20'000, seed);
    write_file(library.home / (id + ".mp4"), content);
    Sha256 hash;
    hash.update(std::as_bytes(std::span(content)));
    REQUIRE(registry.register_video({.id = id,
                                     .file_path = id + ".mp4",
                                     .title = id,
                                     .checksum = hash.finish(),
                                     .facts = FileFacts{20'000, {}}}));
  }
  void limit(const RateLimits& limits) {
    for (RateLimits* each : {&config.of<InstagramConfig>().limits, &config.of<TikTokConfig>().limits,
                             &config.of<YouTubeConfig>().limits}) {
      const bool pacific = each->pacific_day;
      *each = limits;
      each->pacific_day = pacific;
      each->retry_delay = 60s;
      each->longest_retry_delay = 1h;
    }
  }
  UploadPlan plan(const PlanOptions& options = {}) {
    auto made = plan_uploads(context, registry, options);
    REQUIRE(made);
    return *std::move(made);
  }
  std::vector<StageResult> run(BulkOptions options = {}) {
    auto results = upload_clips(context, options);
    REQUIRE_MESSAGE(results, (results ? "" : results.error().message));
    return *std::move(results);
  }
  /// Valid until the next one is asked for.
  PlannedUpload planned(const std::string& id, std::string_view platform) {
    looked_at = plan();
    for (const auto& entry : looked_at)
      if (entry.video_id == id && entry.platform == platform) return entry;
    FAIL("not in the plan");
    return {};
  }
  /// `id@time` of every attempt on the platform, in order.
  std::string attempts(std::string_view platform) {
    return Stranger(*this).ask(
        "SELECT video_id || ' ' || strftime('%s', started_at) FROM asfs_attempts WHERE platform = '" +
        std::string(platform) + "' ORDER BY id");
  }
};

inline PlanOptions only(std::string_view platform) {
  PlanOptions options;
  options.destinations = only_these({platform});
  return options;
}

inline PlanOptions only(std::string_view platform, std::vector<std::string> videos) {
  PlanOptions options = only(platform);
  options.only = std::make_shared<const std::vector<std::string>>(std::move(videos));
  return options;
}

inline std::string text_of(const UploadPlan& plan) {
  std::string text;
  for (const auto& entry : plan)
    text += fmt::format("{} {}: {}\n", entry.video_id, name_of(entry.action), entry.reason);
  return text;
}

inline int failures(const std::vector<StageResult>& results) {
  return static_cast<int>(std::ranges::count_if(results, [](const auto& r) { return r.error.has_value(); }));
}

}  // namespace asfs::test
