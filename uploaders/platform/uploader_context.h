// What an uploader works with.
#pragma once

#include <string>

#include "registry/base/clock.h"
#include "registry/store/config.h"
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
};

}  // namespace asfs
