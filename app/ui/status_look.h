// How an upload's state looks and reads: icon, colour and word stand in one table. Pure.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string_view>

#include "app/model/label.h"
#include "registry/picture/snapshot.h"
#include "registry/queue/destination_waits.h"

namespace asfs {

enum class StatusKind : std::uint8_t {
  not_uploaded,
  uploading,
  uploaded,
  troubled,  ///< SUCCESS, but the platform rejected or hid the post later
  failed,
  failed_final,
  may_be_live,  ///< BLOCKED because the outcome is not known: a person must look
  blocked,
  rate_limited,
  unknown,  ///< a word of another program
};
inline constexpr std::size_t kStatusKindCount = 10;

struct StatusLook {
  StatusKind kind;
  const char* icon;
  ImU32 colour;
  std::string_view word;
};

StatusKind kind_of(const UploadView& upload);
/// It is on the platform, as far as we know.
inline bool is_posted(StatusKind kind) {
  return kind == StatusKind::uploaded || kind == StatusKind::troubled;
}

const StatusLook& look_of(StatusKind kind);

/// `Uploaded`, `Failed (2 of 3)`, ..., or the stored text of an unknown status.
/// `max_retries`: of the platform.
Label<48> status_word(const UploadView& upload, int max_retries);

/// `Offline since 14:05`, or what is wrong with the account.
Label<200> wait_label(const DestinationWait& wait, TimePoint now);

/// Other programs store free text in place of a post id; that is no link.
bool is_post_id(std::string_view post_id);

}  // namespace asfs
