// What the engine shows the window: everything the UI thread reads in a frame, by shared pointers to
// immutable data and by atomics. The UI thread takes them once a frame and waits for nobody.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "registry/base/result.h"
#include "registry/table_model.h"
#include "uploaders/account_state.h"
#include "uploaders/queue_runner.h"
#include "uploaders/upload_stage.h"

namespace asfs {

/// Names a video on a platform.
using UploadKeys = std::unordered_set<std::uint64_t>;
inline std::uint64_t upload_key(std::string_view video_id, std::size_t platform) {
  return std::hash<std::string_view>{}(video_id)*kPlatformCount + platform;
}

/// An upload in the queue that does not run.
struct WaitingUpload {
  std::string when = "Waiting";  ///< for the status cell: `Waiting`, `Paused`, `18:00`, `12-01 18:00`
  bool paused = false;

  bool operator==(const WaitingUpload&) const = default;
};

/// All of them, by upload_key(); at most a second behind.
struct WaitingUploads {
  std::unordered_map<std::uint64_t, WaitingUpload> items;
  std::string next;        ///< when the next one may go, when that is later than now: `18:00`
  std::size_t paused = 0;  ///< how many of them

  bool operator==(const WaitingUploads&) const = default;
  std::size_t size() const { return items.size(); }
  bool empty() const { return items.empty(); }
  const WaitingUpload* find(std::uint64_t key) const {
    const auto found = items.find(key);
    return found == items.end() ? nullptr : &found->second;
  }
};

/// Something to tell the person: the result of an action. `blocked_video` opens the duplicate dialog.
struct Notice {
  enum class Kind : std::uint8_t { info, success, warning, error };
  Kind kind = Kind::info;
  std::string text;    ///< one line
  std::string detail;  ///< what to do; may be empty
  /// A duplicate was refused: offer to enable duplicates and retry.
  struct BlockedDuplicate {
    std::string video_id, platform, title;
  };
  std::optional<BlockedDuplicate> blocked;
};

/// What does not change while the program runs.
struct AppInfo {
  std::string library_path;                      ///< for people
  std::string practice_url;                      ///< empty: the real platforms
  std::array<bool, kPlatformCount> connected{};  ///< false: the button says "not connected yet"
  const Config* config = nullptr;                ///< addresses of posts, default privacy; may be null
};

/// What "Upload All Pending" would do, as its dialog shows it.
struct PlanView {
  struct Platform {
    std::size_t now = 0, later = 0;
    std::string last;  ///< when the last one goes, as far as the limits tell: `12-01 18:00`
  };
  struct Line {
    std::string title;
    std::size_t platform = 0;  ///< in kPlatformNames
    std::string text;          ///< `now`, `12-01 18:00: one upload every 60 minutes`, or why not
    bool skipped = false;
  };
  std::array<Platform, kPlatformCount> platforms;
  std::uint64_t bytes = 0;
  std::size_t skipped = 0;  ///< pending, but a person must do something first
  std::vector<Line> lines;
  std::string error;  ///< why there is no plan; empty when there is
};

/// The accounts, in the order of kPlatformNames.
struct AccountView {
  AccountState state;
  bool signing_in = false;  ///< the browser has the word
};
using Accounts = std::array<AccountView, kPlatformCount>;

/// One frame's view of everything. `table` is null until the first load is done.
struct AppState {
  const AppInfo* info = nullptr;
  std::shared_ptr<const TableModel> table;
  std::shared_ptr<const RunningUploads> running;  ///< never null
  std::shared_ptr<const WaitingUploads> waiting;  ///< never null
  std::shared_ptr<const Accounts> accounts;       ///< null until the first load is done
  std::shared_ptr<const PlanView> plan;           ///< null until the one asked for is made
  std::shared_ptr<const std::string>
      library_error;  ///< why the registry cannot be read just now; null when it can
  double seconds_since_refresh = 0.0;
  bool busy = false;  ///< files are being registered
};

}  // namespace asfs
