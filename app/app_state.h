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
#include <unordered_set>
#include <vector>

#include "registry/base/result.h"
#include "registry/table_model.h"
#include "uploaders/account_state.h"
#include "uploaders/queue_runner.h"
#include "uploaders/upload_stage.h"

namespace asfs {

/// Uploads in the queue that do not run, as upload_key()s; at most a second behind.
using WaitingUploads = std::unordered_set<std::uint64_t>;
inline std::uint64_t upload_key(std::string_view video_id, std::size_t platform) {
  return std::hash<std::string_view>{}(video_id)*kPlatformCount + platform;
}

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
  std::shared_ptr<const std::string>
      library_error;  ///< why the registry cannot be read just now; null when it can
  double seconds_since_refresh = 0.0;
  bool busy = false;  ///< files are being registered
};

}  // namespace asfs
