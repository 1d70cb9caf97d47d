// The requests of Instagram's Graph API and its upload host, each with the access token in a header; what is
// asked next is decided elsewhere. Used in this folder alone, from one thread at a time.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/instagram/answers.h"
#include "uploaders/instagram/post.h"
#include "uploaders/platform/platform_api.h"

namespace asfs::instagram {

class Api : public PlatformApi {
 public:
  Api(const UploaderContext& context, Http& http, std::stop_token stop)
      : PlatformApi(context, http, std::move(stop)) {}

  /// The account's id: as noted at the sign-in, or asked for.
  Answered<std::string> user();
  Answered<Quota> quota(const std::string& user, Progress alive);
  Answered<Container> make_container(const std::string& user, const Form& form, Progress alive);
  Answered<ContainerStatus> status(const std::string& container, Progress alive);
  Answered<std::string> publish(const std::string& user, const std::string& container, Progress alive);
  /// The newest media of the account since then (unix seconds).
  Answered<std::vector<ListedPost>> media_since(const std::string& user, std::int64_t since);
  /// The address of a media object, if it is there.
  Answered<std::string> permalink(const std::string& id);

  /// The video from `offset` on. Nothing: all was taken.
  std::optional<Trouble> send(const std::string& uri, HttpBody body, std::uint64_t offset,
                              std::uint64_t total, Progress progress);

 private:
  HttpRequest call(std::string method, std::string_view path, Progress alive) const;
  /// A trouble that blames the sign-in, once the account itself has been asked: Instagram says such things of
  /// healthy accounts, too.
  Trouble confirmed(Trouble trouble);
  template <typename Read>
  auto ask(const HttpRequest& request, Read read) -> decltype(read(HttpResponse{}, TimePoint{}));
};

/// The reel among the media of the account since it was published.
Answered<Found> find_media(Api& api, const Handle& handle, OwnPost own);

}  // namespace asfs::instagram
