// The kinds of failure that are the same for every platform: requests without an answer, and tokens that
// cannot be had. Pure; any thread. Used by the platforms' own files alone.
#pragma once

#include "uploaders/http.h"
#include "uploaders/platform_uploader.h"

namespace asfs {

/// Of a request that got no answer.
ErrorClass class_of(const HttpError& error);

/// Of what Credentials said.
ErrorClass class_of_token_error(const Error& error);

}  // namespace asfs
