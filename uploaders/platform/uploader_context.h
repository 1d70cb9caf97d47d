// What an uploader works with.
#pragma once

#include <optional>
#include <string>

#include "registry/base/clock.h"
#include "registry/store/config.h"
#include "registry/store/library.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/transfer/http.h"

namespace asfs {

/// The references outlive the uploader.
struct UploaderContext {
  const Config& config;
  Credentials& credentials;
  const Clock& clock;
  std::string destination;  ///< whose account the uploader posts to
  HttpMaker http = make_http_client;
  Library library = {};             ///< without one nothing goes through a browser
  std::optional<Route> route = {};  ///< in place of the destination's
};

}  // namespace asfs
