// TikTok's Content Posting API v2, as far as uploading needs it: creator_info, video/init, inbox/video/init,
// the chunks of the upload host, status/fetch and video/list. Strict: what the real platform would refuse is
// refused. Thread-safe.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/part_file.h"
#include "uploaders/practice/core/receiver.h"
#include "uploaders/practice/core/stand_in.h"
#include "uploaders/practice/core/store.h"
#include "uploaders/practice/core/turns.h"

namespace asfs::practice {

class TikTok final : public StandIn {
 public:
  explicit TikTok(const StandInParts& parts)
      : store_(parts.store), faults_(parts.faults), turns_(parts.turns) {}

  bool serves(std::string_view path) const override;
  Answer answer(Request& request) override;

 private:
  // api.cpp
  Answer creator_info(Request& request);
  Answer status(Request& request);
  Answer list_videos(Request& request);
  std::optional<Answer> refuse_token(Request& request);
  std::optional<Fault> strike(Request& request, Moment moment, Step step, const Faults::Accept& accept = {});

  // upload.cpp
  Answer init(Request& request, bool draft);
  Answer put(Request& request);
  Answer receive(Request& request, const StoredSession& session, const Json& known, std::stop_token stop);
  Answer finish(Request& request, const StoredSession& session, const Json& known, std::uint64_t size);

  Store& store_;
  Faults& faults_;
  Turns& turns_;
};

namespace tiktok {

/// Every answer of the API has this shape; it is a success only when `code` is "ok".
Answer envelope(int status, std::string_view code, std::string_view message = {}, Json data = Json::object());
/// What an injected fault of the API answers.
Answer fault_answer(const Fault& fault);

/// How many bytes of `total` count as arrived when `stored` are there: whole chunks only.
std::uint64_t whole_chunks(std::uint64_t stored, std::uint64_t chunk_size, std::uint64_t chunks,
                           std::uint64_t total);

inline constexpr std::size_t kMostBody = 64 * 1024;

}  // namespace tiktok
}  // namespace asfs::practice
