// What the engine shows the window: everything the UI thread reads in a frame, by shared pointers to
// immutable data and by atomics. The UI thread takes them once a frame and waits for nobody.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/model/waiting_uploads.h"
#include "app/model/window_settings.h"
#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/picture/table_model.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/queue/running_upload.h"
#include "uploaders/stage/upload_stage.h"

namespace asfs {

struct Platform;

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

/// A destination, and how it looks: a column of the table.
struct DestinationColumn {
  Destination destination;
  const char* icon = "";     ///< one character of the icon font
  std::uint32_t colour = 0;  ///< 0xRRGGBB
  const Platform* platform = nullptr;
  std::string upload_to;  ///< `Upload to YouTube`
};
std::vector<DestinationColumn> destination_columns(const Destinations& destinations);

/// What does not change while the program runs, but for the columns: more are appended when accounts are
/// added, and those of removed ones stay as places that nothing is shown of.
struct AppInfo {
  std::string library_path;  ///< for people
  std::string practice_url;  ///< empty: the real platforms
  std::vector<DestinationColumn> columns;
  const Config* config = nullptr;  ///< addresses of posts; may be null
  WindowSettings settings;         ///< as they were when the window was opened
};

/// The columns that are shown by those settings, and where the filters look.
DestinationChoice shown_columns(std::span<const DestinationColumn> columns, const WindowSettings& settings);
DestinationChoice filtered_columns(std::span<const DestinationColumn> columns,
                                   const WindowSettings& settings);

/// What a bulk upload would do, as its dialog shows it. Times as when_label() writes them.
struct PlanView {
  struct PerDestination {
    std::size_t now = 0, later = 0;
    std::size_t skipped = 0;  ///< pending, but a person must do something first
    std::size_t done = 0;     ///< asked for, but posted, running or blocked already
    std::string audience;     ///< who will see them: `public`, `3 private, 12 public`
    std::string last;         ///< when the last one goes, as far as the limits tell; empty when all go now
  };
  struct Line {
    std::string title;
    std::size_t destination = 0;  ///< its column
    std::string text;  ///< `now, public`, `Thu 18:00, public: one upload every 60 minutes`, or why not
    bool skipped = false;
  };
  std::uint64_t number = 0;                  ///< of the MakePlan that asked for it
  std::vector<PerDestination> destinations;  ///< as the columns; empty with an error
  std::uint64_t bytes = 0;
  std::size_t uploads = 0;  ///< that go, now or later
  std::size_t skipped = 0;
  std::string last;  ///< when the last of all goes; empty when all go now
  std::vector<Line> lines;
  std::string error;  ///< why there is no plan; empty when there is
};

/// What one upload would post, as its dialog shows it.
struct PostView {
  std::uint64_t number = 0;  ///< of the PreviewPost that asked for it
  PostPreview post;
  std::string problem;  ///< why the platform would refuse it; empty when it would not
  std::string advice;   ///< what a person should know of it all the same, if anything
};

/// The accounts, as the columns.
struct AccountView {
  AccountState state;
  bool signing_in = false;           ///< the browser has the word, or the person who chooses
  std::vector<std::string> choices;  ///< the sign-in sees these accounts: which is meant?
  bool several = false;              ///< or which are: the sign-in posts to each of them
  bool has_app = false;              ///< of the person's own, for the platform's API
  std::string browser;               ///< that posts can go through; "" when there is none
};
using Accounts = std::vector<AccountView>;

/// A switch that was flipped and does not stand in the table yet.
struct FlippedSwitch {
  bool on = false;
  std::uint64_t write = 0;  ///< the write it waits for
};
using FlippedSwitches = std::map<std::string, FlippedSwitch, std::less<>>;  ///< by video

/// One frame's view of everything. `table` is null until the first load is done.
struct AppState {
  std::shared_ptr<const AppInfo> info;
  std::shared_ptr<const TableModel> table;
  std::shared_ptr<const RunningUploads> running;  ///< never null
  std::shared_ptr<const WaitingUploads> waiting;  ///< never null
  std::shared_ptr<const Accounts> accounts;       ///< null until the first load is done
  std::shared_ptr<const PlanView> plan;           ///< null until the one asked for is made
  std::shared_ptr<const PostView> post;           ///< null until the one asked for is known
  std::shared_ptr<const std::string>
      library_error;              ///< why the registry cannot be read just now; null when it can
  TimePoint time;                 ///< the clock on the wall
  std::uint64_t speed_limit = 0;  ///< bytes per second; 0: none
  double seconds_since_refresh = 0.0;
  std::shared_ptr<const FlippedSwitches> flipped;  ///< "Allow duplicates"; null when all stand in the table
  double unsaved_for = 0.0;   ///< seconds that a click waits for the library; 0: nothing waits
  std::size_t newcomers = 0;  ///< videos that were added in practice and that the library does not have
  bool busy = false;          ///< files are being registered
};

}  // namespace asfs
