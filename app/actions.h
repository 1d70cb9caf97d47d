// What a person asks for, as values. Views append them while drawing; the engine carries them out after the
// frame. The command line makes the same values, so that window and command line cannot disagree.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "registry/table_model.h"
#include "uploaders/metadata.h"

namespace asfs {

/// One video to one platform, by hand. `allow_duplicates` first sets the video's toggle (the blocking
/// dialog's "enable duplicates and upload").
struct StartUpload {
  std::string video_id;
  std::string platform;
  bool allow_duplicates = false;
  Metadata metadata;
};
/// Every upload that is_pending() takes, on platforms that are connected.
struct UploadAllPending {};
/// Works out what that would do; AppState::plan is null until then.
struct MakePlan {};
struct CancelUpload {
  std::string video_id;
  std::string platform;
};
struct CancelAll {};
/// Everything that waits; what runs goes on.
struct PauseQueue {
  bool paused = false;
};
struct SetDuplicateAllowed {
  std::string video_id;
  bool allowed = false;
};
struct SettleUpload {
  std::string video_id;
  std::string platform;
  bool live = false;
  std::string post_id;  ///< may be empty
};
/// A CSV among them says what their posts, or those of registered videos, are to say.
struct RegisterFiles {
  std::vector<std::filesystem::path> paths;
};
/// In the browser; what was waiting for it goes on afterwards.
struct SignInTo {
  std::string platform;
};
struct SignOutOf {
  std::string platform;
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

using Action = std::variant<StartUpload, UploadAllPending, MakePlan, CancelUpload, CancelAll, PauseQueue,
                            SetDuplicateAllowed, SettleUpload, RegisterFiles, SignInTo, SignOutOf, RefreshNow,
                            SetQuery, OpenPost, OpenFolder>;

}  // namespace asfs
