// What a person asks for, as values. Views append them while drawing; the engine carries them out after the
// frame. The command line makes the same values, so that window and command line cannot disagree.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/model/window_settings.h"
#include "registry/picture/table_model.h"
#include "registry/queue/candidates.h"
#include "registry/queue/slot_series.h"
#include "registry/queue/upload_queue.h"
#include "registry/store/destinations.h"
#include "uploaders/metadata/metadata.h"

namespace asfs {

/// One video to one platform, by hand. `allow_duplicates` first sets the video's toggle (the blocking
/// dialog's "enable duplicates and upload").
struct StartUpload {
  std::string video_id;
  std::string platform;
  bool allow_duplicates = false;
  Metadata metadata;
};
/// Videos by id; shared, because there may be very many.
using VideoIds = std::shared_ptr<const std::vector<std::string>>;

/// What is to go where and when. By default everything that is pending, on every platform, as soon as
/// possible.
struct BulkWish {
  VideoIds videos;  ///< null: all
  DestinationChoice destinations = kEveryDestination;
  std::optional<SlotSeries> series;  ///< at these times

  bool operator==(const BulkWish&) const = default;
};
/// Every upload that is_pending() takes.
struct UploadMany {
  BulkWish what;
};
/// Works out what that would do; AppState::plan has this number then.
struct MakePlan {
  BulkWish what;
  std::uint64_t number = 0;
};
/// Works out what one upload would post; AppState::post has this number then.
struct PreviewPost {
  std::string video_id;
  std::string platform;
  std::uint64_t number = 0;
};
/// Nobody waits for a plan any more.
struct DropPlan {};
/// One upload at a time; nullopt: as soon as it may. What is not in the queue is put there.
struct ScheduleUpload {
  std::string video_id;
  std::string platform;
  std::optional<Schedule> schedule;
};
/// Of what waits: pauses it, or lets it go again.
struct HoldUpload {
  std::string video_id;
  std::string platform;
  bool held = false;
};
/// Among those without a time on its platform.
struct MoveUpload {
  std::string video_id;
  std::string platform;
  UploadQueue::Move where = UploadQueue::Move::first;
};
struct CancelUpload {
  std::string video_id;
  std::string platform;
};
/// These videos on every platform.
struct CancelUploads {
  VideoIds videos;
};
struct CancelAll {};
/// Everything that waits, and what is added until it goes on; what runs goes on.
struct PauseQueue {
  bool paused = false;
};
/// Bytes per second of every program that works on this library; 0: none. Counts at once.
struct SetSpeedLimit {
  std::uint64_t bytes_per_second = 0;
};
struct SetDuplicateAllowed {
  std::string video_id;
  bool allowed = false;
};
struct SetDuplicatesAllowed {
  VideoIds videos;
  bool allowed = false;
};
struct SettleUpload {
  std::string video_id;
  std::string platform;
  bool live = false;
  std::string post_id;  ///< may be empty
  bool sure = false;    ///< asked twice: no other program is at it
};
/// A CSV among them says what their posts, or those of registered videos, are to say.
struct RegisterFiles {
  std::vector<std::filesystem::path> paths;
};
/// The videos that were added in practice become videos of the library.
struct TakeOverNewcomers {};
/// From now on its posts go that way.
struct SetRoute {
  std::string platform;
  Route route = Route::api;
};
/// By the way its posts go: on the platform's page of consent, or in the browser they go through, until the
/// person closes that. What was waiting for it goes on afterwards.
struct SignInTo {
  std::string platform;
};
/// Which of the accounts that a sign-in sees (AccountView::choices) are meant: the first becomes `platform`,
/// each other one an account of its own. None: the sign-in ends.
struct AnswerWhichAccount {
  std::string platform;
  std::vector<std::size_t> choices;
};
struct SignOutOf {
  std::string platform;
};
/// One more account on a platform: `YouTube/cooking`.
struct AddAccount {
  std::string platform;
};
/// Signed out of, and off the list; refused while an upload to it waits or has not ended.
struct RemoveAccount {
  std::string platform;
};
struct RememberSettings {
  WindowSettings settings;
};
struct RefreshNow {};
struct SetQuery {
  TableQuery query;
};
/// Opens the post's page, or the folder of a file, in the system's browser or file manager.
struct OpenPost {
  std::string platform;
  std::string post_id;
};
struct OpenFolder {
  std::string file_path;
};
/// With whatever the desktop opens such with; relative to the library.
struct OpenFile {
  std::string path;
};

using Action =
    std::variant<StartUpload, UploadMany, MakePlan, DropPlan, PreviewPost, ScheduleUpload, HoldUpload,
                 MoveUpload, CancelUpload, CancelUploads, CancelAll, PauseQueue, SetSpeedLimit,
                 SetDuplicateAllowed, SetDuplicatesAllowed, SettleUpload, RegisterFiles, TakeOverNewcomers,
                 SetRoute, SignInTo, AnswerWhichAccount, SignOutOf, AddAccount, RemoveAccount,
                 RememberSettings, RefreshNow, SetQuery, OpenPost, OpenFolder, OpenFile>;

}  // namespace asfs
