// What Instagram's answers mean: one table of code and subcode, and what containers and lists say. Pure; any
// thread. Used in this folder alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/clock.h"
#include "uploaders/platform/own_post.h"
#include "uploaders/platform/trouble.h"
#include "uploaders/transfer/http.h"

namespace asfs::instagram {

struct Container {
  std::string id;
  std::string uri;  ///< where the bytes go; empty when Instagram fetches the video itself
};

struct ContainerStatus {
  enum class State : std::uint8_t { in_progress, finished, published, failed, expired };
  State state = State::in_progress;
  std::uint64_t bytes = 0;       ///< received
  bool upload_complete = false;  ///< as its uploading phase says
  Trouble trouble;               ///< for failed
};

Answered<Container> read_container(const HttpResponse& response, TimePoint now);
Answered<ContainerStatus> read_status(const HttpResponse& response, TimePoint now);
Answered<std::string> read_id(const HttpResponse& response, TimePoint now);         ///< `{"id": …}`
Answered<std::string> read_permalink(const HttpResponse& response, TimePoint now);  ///< "" when there is none
Answered<std::vector<ListedPost>> read_media_list(const HttpResponse& response, TimePoint now);
Answered<Quota> read_quota(const HttpResponse& response, TimePoint now);
/// Whether /me/permissions says that posting is granted; nullopt: it does not say.
std::optional<bool> may_publish(const HttpResponse& response);
/// The account's id from /me/accounts or /me, whichever shape; Kind::stop when there is none.
Answered<std::string> read_user(const HttpResponse& response, TimePoint now);
/// The upload host's answer to bytes; nothing: all were taken.
std::optional<Trouble> read_upload(const HttpResponse& response, TimePoint now);

/// 15 to 20 digits.
bool is_media_id(std::string_view text);

}  // namespace asfs::instagram
