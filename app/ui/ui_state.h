// Everything the views remember between frames: plain data that a test can build. The UI thread's own.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/model/actions.h"
#include "app/model/app_state.h"
#include "app/ui/kept_rows.h"
#include "app/ui/selection.h"
#include "registry/picture/table_model.h"

struct ImFont;

namespace asfs {

/// The window loads them; null keeps the font that is current.
struct UiFonts {
  ImFont* regular = nullptr;
  ImFont* semibold = nullptr;
};

/// What a dialog or menu needs of an upload, copied: the table may change while it is open.
struct UploadCopy {
  UploadView view;  ///< its text points into the strings below
  std::string status_text, timestamp, post_id, error;

  UploadCopy() = default;
  explicit UploadCopy(const UploadView& upload) { *this = upload; }
  UploadCopy(const UploadCopy& other) { *this = other.view; }
  UploadCopy& operator=(const UploadCopy& other) { return *this = other.view; }
  UploadCopy& operator=(const UploadView& upload);
};
struct VideoCopy {
  std::string id, title, file_path;
  double duration = 0.0;
  bool duplicate_allowed = false;
  std::vector<UploadCopy> uploads;  ///< as the columns

  VideoCopy() = default;
  explicit VideoCopy(const VideoView& video);
  std::string_view shown_title() const { return title.empty() ? id : title; }
};

// ---- dialogs: at most one is open ----
struct ConfirmUpload {
  VideoCopy video;
  std::size_t destination = 0;
  std::uint64_t asked = 0;  ///< number of the PreviewPost
};
/// A date and a time of day, as typed.
struct TimeFields {
  std::array<char, 16> date{}, time{};
  std::optional<TimePoint> at;  ///< what they say; nullopt: no time
};
/// A span such as `1d`, as typed; nothing is 0.
struct SpanField {
  std::array<char, 16> text{};
  std::optional<std::chrono::seconds> span{0};
};
/// Uploads of many videos: the plan follows what is chosen.
struct ConfirmBulk {
  BulkWish wish;
  bool later = false;  ///< from a time on
  TimeFields first;
  SpanField every, spread;
  bool next_slot = false;  ///< where the computer slept through a time
  std::uint64_t seed = 0;
  std::uint64_t asked = 0;  ///< number of the newest plan
};
/// When one upload goes: one that waits, or a new one.
struct ChooseTime {
  std::string video_id, platform, title;
  bool waits = false;     ///< it is in the queue
  bool has_time = false;  ///< which can be forgotten
  TimeFields time;
  std::uint64_t asked = 0;  ///< number of the PreviewPost
};
struct AlreadyPosted {
  std::string video_id, platform, title;
  std::string reason;       ///< when and where
  std::uint64_t asked = 0;  ///< number of the PreviewPost
};
struct Settle {
  std::string video_id, platform, title, why;
  bool may_run = false;  ///< another program may be at it: "not live" is asked again
  bool sure = false;
  std::array<char, 512> link{};
};
struct AccountsList {
  std::string offered;                   ///< an account that is offered to sign in to, after it was added
  bool other_way = false;                ///< or after its posts go another way
  std::vector<std::size_t> ticked = {};  ///< of AccountView::choices, where several may be chosen
};
/// One more account on a platform.
struct NewAccount {
  std::size_t platform = 0;  ///< the column of its first account
  std::array<char, 64> name{};
};
struct ConfirmRemoval {
  std::string platform;
};
/// Which way posts go to an account.
struct ChooseWay {
  std::string platform;
  Route route = Route::api;
};
struct ConfirmClose {};
using Dialog = std::variant<std::monostate, ConfirmUpload, ConfirmBulk, ChooseTime, AlreadyPosted, Settle,
                            AccountsList, NewAccount, ConfirmRemoval, ChooseWay, ConfirmClose>;

struct Toast {
  std::uint32_t id = 0;
  Notice notice;
  double born = 0.0;
  double until = 0.0;  ///< begins to fade; moved on while the mouse is over it
};

struct UiState {
  UiFonts fonts;

  TableQuery query;        ///< what was asked for; the table on screen may be one refresh behind
  TableQuery drawn_query;  ///< of the table on screen
  std::array<char, 256> search{};
  bool focus_search = false;

  Selection selection;
  std::uint64_t anchor = 0;  ///< where a Shift click begins: the key of a video
  KeptRows kept;             ///< what was drawn of them
  VideoCopy menu;            ///< the row whose context menu is open
  bool open_menu = false;
  bool open_selection_menu = false;

  Dialog dialog;
  Dialog next_dialog;                 ///< follows when the open one has been answered
  bool dialog_opened = false;         ///< ImGui has been told
  std::deque<AlreadyPosted> refused;  ///< duplicates refused while another dialog was open

  std::vector<Toast> toasts;
  std::uint32_t next_toast = 1;
  std::uint64_t next_plan = 1;  ///< also of previews

  std::optional<WindowSettings> settings;  ///< nullopt before the first frame that has columns
  DestinationChoice shown;                 ///< the columns that are shown in this frame

  enum class Strip : std::uint8_t { automatic, open, closed };
  Strip strip = Strip::automatic;
  std::array<char, 16> speed{};  ///< the cap, as typed

  bool close_confirmed = false;
  double next_frame_in = 1.0;  ///< seconds until something on screen changes by itself
};

/// The dialog replaces the one that is open.
void open_dialog(UiState& ui, Dialog dialog);

/// Shows a notice as a toast, or as the blocking duplicate dialog.
void show_notice(UiState& ui, Notice notice, double now);

}  // namespace asfs
