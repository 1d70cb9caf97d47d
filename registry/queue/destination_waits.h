// Why nothing goes to a platform just now, whatever the video: no connection can be made, its account must be
// signed in to, or something is wrong with the account or the app. No video's retries are used up by that:
// the platform waits as a whole, one upload at growing pauses tries whether it works again, and then
// everything goes on. It lies in the library, so that every program that works the queue off waits for the
// same, and knows when it is over.
//
// Uses the registry's connection, so the registry's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "registry/videos/video_registry.h"

namespace asfs {

struct DestinationWait {
  enum class Why : std::uint8_t { offline, sign_in, account };
  Why why = Why::offline;
  TimePoint since;
  TimePoint probe_at;  ///< when one upload tries again
  int probes = 0;      ///< so many did
  std::string said;    ///< what the last try was told, for people

  bool operator==(const DestinationWait&) const = default;
};

/// Those that wait, by their names.
class DestinationWaitList {
 public:
  /// nullptr: it does not wait.
  const DestinationWait* find(std::string_view destination) const {
    const auto found = all_.find(destination);
    return found == all_.end() ? nullptr : &found->second;
  }
  bool empty() const { return all_.empty(); }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }
  void set(std::string destination, DestinationWait wait) { all_[std::move(destination)] = std::move(wait); }

  bool operator==(const DestinationWaitList&) const = default;

 private:
  std::map<std::string, DestinationWait, std::less<>> all_;
};

/// `offline since 14:05`, `waits for a sign-in`, or what is wrong with the account or the app.
std::string reason_text(const DestinationWait& wait);

/// `YouTube is offline since 14:05, and goes on by itself (could not connect)`: to be told once.
std::string told_text(std::string_view platform, const DestinationWait& wait);

class DestinationWaits {
 public:
  explicit DestinationWaits(VideoRegistry& registry) : registry_(registry) {}

  Result<DestinationWaitList> list();
  /// An upload found the platform out of reach: it waits from now on, or goes on waiting.
  Result<void> begin(std::string_view platform, DestinationWait::Why why, std::string_view said);
  /// The platform has answered an upload. `works`: with its account and its app, too. Where others are
  /// offline, the connection may be back for them as well: they are tried at once.
  Result<void> answered(std::string_view platform, bool works);
  /// True for one caller when a try is due: it sends one upload, and everybody else waits on.
  Result<bool> take_probe(std::string_view platform);
  /// A person, or a sign-in, says that it may work now.
  Result<void> probe_now(std::string_view platform);

 private:
  VideoRegistry& registry_;
};

}  // namespace asfs
