// The upload statuses of the shared table and the one table of allowed moves. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace asfs {

enum class UploadStatus : std::uint8_t {
  pending,
  in_progress,
  success,
  failed,
  failed_final,
  blocked,
  rate_limited
};

inline constexpr std::size_t kUploadStatusCount = 7;

/// Spelling in `video_uploads`, in the lower-case audit vocabulary, and for people.
struct StatusNames {
  UploadStatus status;
  std::string_view name;   ///< `video_uploads.upload_status`, logs/uploads.log
  std::string_view event;  ///< `upload_events.status`
  std::string_view label;  ///< in the window and in `list`
};

inline constexpr std::array<StatusNames, kUploadStatusCount> kStatuses{{
    {UploadStatus::pending, "PENDING", "pending", "Not uploaded"},
    {UploadStatus::in_progress, "IN_PROGRESS", "uploading", "Uploading"},
    {UploadStatus::success, "SUCCESS", "success", "Uploaded"},
    {UploadStatus::failed, "FAILED", "failed", "Failed"},
    {UploadStatus::failed_final, "FAILED_FINAL", "failed_final", "Failed for good"},
    {UploadStatus::blocked, "BLOCKED", "blocked", "Blocked"},
    {UploadStatus::rate_limited, "RATE_LIMITED", "rate_limited", "Rate limited"},
}};

constexpr const StatusNames& names_of(UploadStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}

/// Exact, upper-case; anything else is not a status of ours.
constexpr std::optional<UploadStatus> parse_status(std::string_view name) {
  for (const auto& names : kStatuses)
    if (names.name == name) return names.status;
  return std::nullopt;
}

/// Stands in the words of a BLOCKED row when nobody knows whether a post was made: the shared table has no
/// column for that. Who writes such a row puts it in; who reads one asks for it.
inline constexpr std::string_view kMayBeLive = "may be live";

/// What a bulk upload takes: not uploaded, not running, not FAILED_FINAL, not blocked.
constexpr bool is_pending(UploadStatus status) {
  using enum UploadStatus;
  return status == pending || status == failed || status == rate_limited;
}

/// What a transition needs beyond the two statuses.
enum class Transition : std::uint8_t {
  never,
  always,
  with_duplicates,  ///< only when the video allows duplicates
  by_hand,          ///< only when a person asks (manual retry, settle)
};

/// The one table of transitions, `from` down and `to` across, in the order of UploadStatus. A video that was
/// never tried has no row and moves like PENDING. SUCCESS is never overwritten by BLOCKED or RATE_LIMITED.
constexpr Transition allowed_transition(UploadStatus from, UploadStatus to) {
  using enum Transition;
  constexpr Transition table[kUploadStatusCount][kUploadStatusCount] = {
      // PENDING IN_PROGRESS    SUCCESS  FAILED   F_FINAL  BLOCKED  RATE_LIMITED
      {always, always, always, always, always, always, always},            // PENDING
      {always, never, always, always, always, always, always},             // IN_PROGRESS
      {never, with_duplicates, never, never, never, never, never},         // SUCCESS
      {always, always, always, always, always, always, always},            // FAILED
      {never, by_hand, always, never, always, always, never},              // FAILED_FINAL
      {by_hand, with_duplicates, by_hand, by_hand, never, always, never},  // BLOCKED
      {always, always, always, always, always, always, always},            // RATE_LIMITED
  };
  return table[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

/// Automatic retries after the first failure.
inline constexpr int kMaxRetries = 3;

/// The status a failure leaves: failures 1 to 3 are FAILED, the fourth and later FAILED_FINAL.
constexpr UploadStatus status_after_failures(int failures, int max_retries = kMaxRetries) {
  return failures > max_retries ? UploadStatus::failed_final : UploadStatus::failed;
}

}  // namespace asfs
