// Instagram's Graph API, as far as uploading reels needs it: media containers, the resumable upload host,
// their status, media_publish, the list of media, content_publishing_limit, and who the account is. Strict:
// what the real platform would refuse is refused. Any version in the path. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "uploaders/practice/core/exchange.h"
#include "uploaders/practice/core/faults.h"
#include "uploaders/practice/core/stand_in.h"
#include "uploaders/practice/core/store.h"
#include "uploaders/practice/core/turns.h"

namespace asfs::practice {

class Instagram final : public StandIn {
 public:
  explicit Instagram(const StandInParts& parts)
      : store_(parts.store), faults_(parts.faults), turns_(parts.turns) {}

  bool serves(std::string_view path) const override;
  Answer answer(Request& request) override;

 private:
  using Params = std::map<std::string, std::string>;

  // api.cpp
  Answer graph(Request& request, std::string_view call, const Params& params);
  Answer node(Request& request, const std::string& id);
  Answer list_media(Request& request, const Params& params);
  Answer publishing_limit();
  Answer accounts(Request& request);
  static Answer permissions();
  Json media_fields(const Request& request, const StoredPost& post, const std::vector<std::string>& fields);
  std::optional<Fault> strike(Request& request, Moment moment, Step step, std::string_view kind = {});

  // upload.cpp
  Answer create_container(Request& request, const Params& params);
  Answer container_status(Request& request, const StoredSession& container);
  Answer receive(Request& request, const std::string& id);
  Answer publish(Request& request, const Params& params);
  std::size_t published_today();

  Store& store_;
  Faults& faults_;
  Turns& turns_;
};

namespace instagram {

inline constexpr std::string_view kUser = "17841400000000001";
inline constexpr std::size_t kDailyPosts = 100;

/// The error document of the Graph API. `code` and `subcode` decide what it means, not the HTTP status.
Answer error(int status, int code, int subcode, std::string_view message);
/// What an injected fault answers.
Answer fault_answer(const Fault& fault);
/// `{…}` with `fields` of `whole` (id always).
Json pick(const Json& whole, const std::vector<std::string>& fields);

/// The id in the notation of links.
std::string shortcode(const std::string& id);

}  // namespace instagram
}  // namespace asfs::practice
