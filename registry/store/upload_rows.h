// The one place that reads and writes a shared row of video_uploads.
//
// Internal to registry/. Runs inside the caller's transaction; a failing statement throws SqliteError.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/base/sqlite.h"
#include "registry/store/video.h"

namespace asfs {

/// The Python program cannot read a row with bytes that are not UTF-8.
std::optional<std::string> clean_text(const std::optional<std::string>& text);

/// `upload_status, upload_timestamp, platform_post_id, error_message, retry_count` from column `first` on.
Upload read_upload(const Statement& statement, int first, std::string platform);

std::optional<Upload> find_upload(Database& db, std::string_view video_id, std::string_view platform);

/// Sets the shared row, or makes it. Does nothing when the guard trigger keeps a SUCCESS, or the video is
/// gone.
void write_upload(Database& db, std::string_view video_id, const Upload& upload);

/// Pictures of the library show the video anew (snapshot.h), although no row of the shared tables has
/// changed.
void note_changed(Database& db, std::string_view video_id);

}  // namespace asfs
