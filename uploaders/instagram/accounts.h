// Which Instagram accounts a token may post to, and what it was allowed: asked once, at the sign-in.
//
// A Facebook login sees accounts through the pages it manages, its own and those of its businesses; a page's
// own token sees that page's. Blocks for its requests; any thread.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "registry/base/result.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/dialect.h"
#include "uploaders/transfer/http.h"

namespace asfs::instagram {

/// Code::offline: could not be asked. Code::needs_login: the token is not good, or sees no account.
/// Code::failed: an answer that says nothing.
Result<Access> ask_access(Http& http, const InstagramConfig& config, const std::string& token,
                          std::stop_token stop = {});

}  // namespace asfs::instagram
