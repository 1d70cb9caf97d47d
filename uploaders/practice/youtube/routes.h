// YouTube's Data API v3, as far as uploading needs it: videos.insert (resumable, in chunks or whole, and
// multipart), videos.list, channels.list, playlistItems.list of the uploads, thumbnails.set, and a discovery
// document for Google's own client libraries. Strict: what the real platform would refuse is refused.
// Thread-safe.
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

class YouTube final : public StandIn {
 public:
  explicit YouTube(const StandInParts& parts)
      : store_(parts.store), faults_(parts.faults), turns_(parts.turns) {}

  bool serves(std::string_view path) const override;
  Answer answer(Request& request) override;

 private:
  /// What an upload request says it carries.
  struct Carried {
    bool asks = false;  ///< no bytes: how far are we?
    std::uint64_t first = 0;
    std::optional<std::uint64_t> length;
    std::optional<std::uint64_t> total;
    bool to_the_end = false;
  };

  // upload.cpp
  Answer insert(Request& request);
  Answer initiate(Request& request);
  Answer continue_session(Request& request, const std::string& id);
  Answer receive(Request& request, const StoredSession& session, const Carried& carried, PartFile& file,
                 std::stop_token stop);
  Answer after_receiving(const Receiver& receiver, const Request& request, const PartFile& file);
  Answer finish(Request& request, const StoredSession& session, std::uint64_t size, Step step);
  Answer final_answer(const StoredSession& session);
  static std::expected<Carried, Answer> carried_by(Request& request, const StoredSession& session);

  // multipart.cpp
  class MultipartInsert;
  Answer insert_multipart(Request& request);

  // api.cpp
  Answer list_videos(Request& request);
  Answer list_channels(Request& request);
  Answer list_playlist_items(Request& request);
  Answer set_thumbnail(Request& request);
  Answer discovery(const Request& request);
  std::optional<Answer> check_token(const Request& request, bool needed);
  std::optional<Fault> fault_before(Request& request, Step step);
  bool listing_fault(Request& request, std::string_view kind);
  std::optional<std::string> rejection(Request& request);

  Store& store_;
  Faults& faults_;
  Turns& turns_;
};

}  // namespace asfs::practice
