// The requests of Instagram's Graph API and its upload host, each with the access token in a header; what is
// asked next is decided elsewhere. Used by instagram*.cpp alone, from one thread at a time.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/http.h"
#include "uploaders/instagram_answers.h"
#include "uploaders/instagram_post.h"
#include "uploaders/platforms.h"

namespace asfs::instagram {

class Api {
 public:
  using Progress = std::function<void(std::uint64_t sent)>;

  Api(const UploaderContext& context, Http& http, std::stop_token stop)
      : context_(context), http_(http), stop_(std::move(stop)) {}

  Result<void> sign_in();
  /// After the token was refused.
  Result<void> sign_in_again();

  /// The account's id: as noted at the sign-in, or asked for.
  Answered<std::string> user();
  Answered<Quota> quota(const std::string& user, Progress alive);
  Answered<Container> make_container(const std::string& user, const Form& form, Progress alive);
  Answered<ContainerStatus> status(const std::string& container, Progress alive);
  Answered<std::string> publish(const std::string& user, const std::string& container, Progress alive);
  /// The newest media of the account since then (unix seconds).
  Answered<std::vector<Media>> media_since(const std::string& user, std::int64_t since);
  /// The address of a media object, if it is there.
  Answered<std::string> permalink(const std::string& id);

  /// The video from `offset` on. Nothing: all was taken.
  std::optional<Trouble> send(const std::string& uri, HttpBody body, std::uint64_t offset,
                              std::uint64_t total, Progress progress);

 private:
  Result<void> take(Result<std::string> token);
  HttpRequest make(std::string method, std::string_view call, Progress alive) const;
  std::expected<HttpResponse, Trouble> send(const HttpRequest& request);

  const UploaderContext& context_;
  Http& http_;
  std::stop_token stop_;
  std::string token_;
};

/// The one media object with this caption, made since then; nothing when there is none or more than one.
Answered<std::optional<std::string>> find_media(Api& api, const Handle& handle, std::string_view caption);

}  // namespace asfs::instagram
