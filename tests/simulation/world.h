// The world a seed decides: its clock, its processes, and the connection to a platform that knows the truth
// and does not always tell it. One simulated run, one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "registry/base/clock.h"
#include "tests/simulation/trouble.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/transfer/http.h"

namespace asfs::sim {

/// The process ends here, as by SIGKILL: thrown through everything up to the harness.
struct Crash {};
/// Something that must never be was seen.
struct Violation {
  std::string what;
};

/// A video and what is known of it outside of the program.
struct Film {
  std::string id, title, content, sha256;
  double seconds = 0;
};

/// Told step by step where a run is repeated for a person to read.
class Story {
 public:
  bool told = false;
  std::vector<std::string> lines;
};

/// How often what was answered to whom; the same for all runs of a process.
using Coverage = std::unordered_map<std::string, std::uint64_t>;

class SimClock final : public Clock {
 public:
  TimePoint now() const override;
  bool wait(Duration duration, std::stop_token stop) const override;
  /// Without a look of anybody.
  TimePoint truth() const { return now_; }
  void advance(Duration by) const { now_ += by; }

  std::function<void()> on_look;  ///< somebody asks for the time
  std::function<void()> on_wait;

 private:
  mutable TimePoint now_{std::chrono::seconds(1'770'796'800)};  // 2026-02-11
};

class SimPlatform;

class World {
 public:
  World(std::uint64_t seed, std::optional<Strikes> only, Coverage& coverage);

  Swarm swarm;
  SimClock clock;
  Story story;
  Dice dice;  ///< for what is no trouble: sizes, latencies
  SimPlatform* platform = nullptr;
  Coverage& coverage;

  // ---- processes
  int process = 1;  ///< who runs now
  std::set<int> gone;
  int newest = 1;
  int depth = 0;      ///< processes that are held up while others run
  bool runs = false;  ///< the upload stage, so that a crash is one of it
  void new_process() { process = ++newest; }
  /// What happens while the running process waits for something.
  std::function<void(Trouble)> interlude;
  std::stop_source* stop = nullptr;  ///< of the running upload
  const Film* film = nullptr;        ///< of the running upload

  // ---- sign-in
  int token = 1;
  TimePoint signed_in_at{};
  std::string token_text() const { return "sekret-token-" + std::to_string(token) + "-0123456789"; }

  // ---- the connection
  std::expected<HttpResponse, HttpError> exchange(const HttpRequest& request);
  /// The end of a chance to die.
  void maybe_crash(Trouble kind, const char* where);
  /// Since the running upload last waited: how many requests went out.
  int breathless = 0;
  int requests = 0;                            ///< of the running upload
  int connected = 0;                           ///< of them, those that a platform or gateway had a part in
  std::set<std::string> all_out;               ///< films whose last byte was handed out, in any request
  std::uint64_t hash = 14695981039346656037u;  ///< of everything asked and answered
  void note(std::string_view text);

  template <typename... Lines>
  void tell(const Lines&... parts) {
    if (!story.told) return;
    std::string line = stamp();
    ((line += parts), ...);
    story.lines.push_back(std::move(line));
  }
  void count(std::string_view state, std::string_view what);

 private:
  struct Sent;
  std::string stamp() const;
  std::optional<HttpError> send_body(const HttpRequest& request, Sent& sent);
  std::expected<HttpResponse, HttpError> deliver(const HttpRequest& request, Sent& sent);
  std::expected<HttpResponse, HttpError> broken(const char* how);
  HttpResponse gateway(Dice dice, const HttpRequest& request) const;
  void distort(HttpResponse& honest, Sent& sent);
  void interrupt();

  TimePoint offline_until_{};
  std::optional<Dice> absent_;
};

/// Hands everything to the world.
class SimHttp final : public Http {
 public:
  explicit SimHttp(World& world) : world_(world) {}
  std::expected<HttpResponse, HttpError> send(const HttpRequest& request) override {
    return world_.exchange(request);
  }

 private:
  World& world_;
};

class SimCredentials final : public Credentials {
 public:
  explicit SimCredentials(World& world) : world_(world) {}
  Result<std::string> access_token(std::string_view platform) override;
  Result<std::string> refreshed_token(std::string_view platform) override;
  std::string account_id(std::string_view platform) override;

 private:
  World& world_;
};

}  // namespace asfs::sim
