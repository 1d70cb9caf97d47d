// How an upload's state looks and reads: icon, colour and word stand in one table. Pure.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string_view>

#include "app/label.h"
#include "registry/snapshot.h"

namespace asfs {

enum class StatusKind : std::uint8_t {
  not_uploaded,
  uploading,
  uploaded,
  failed,
  failed_final,
  may_be_live,  ///< BLOCKED because the outcome is not known: a person must look
  blocked,
  rate_limited,
  unknown,  ///< a word of another program
};
inline constexpr std::size_t kStatusKindCount = 9;

struct StatusLook {
  StatusKind kind;
  const char* icon;
  ImU32 colour;
  std::string_view word;
};

StatusKind kind_of(const UploadView& upload);
const StatusLook& look_of(StatusKind kind);

/// `Uploaded`, `Failed (2 of 3)`, ..., or the stored text of an unknown status.
Label<48> status_word(const UploadView& upload);

const char* platform_icon(std::size_t platform);

/// Other programs store free text in place of a post id; that is no link.
bool is_post_id(std::string_view post_id);

}  // namespace asfs
