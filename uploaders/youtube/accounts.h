// Which YouTube channels a token may post to: asked once, at the sign-in. Blocks for its request; any thread.
#pragma once

#include <stop_token>
#include <string>

#include "registry/base/result.h"
#include "uploaders/row/dialect.h"
#include "uploaders/transfer/http.h"

namespace asfs::youtube {

/// An account without an id where the sign-in may upload but not look at its channel. Code::needs_login: the
/// token is not good, or its account has no channel. Code::offline: could not be asked.
Result<Access> ask_access(Http& http, const PlatformConfig& config, const std::string& token,
                          std::stop_token stop);

}  // namespace asfs::youtube
