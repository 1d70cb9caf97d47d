// What of a request is secret, and how it is struck out of the words that come back: some servers and many
// proxies answer a refusal with the request they were sent. HttpClient does it for every answer, so that no
// message, log or database ever holds a token by somebody else's hand. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uploaders/transfer/http_message.h"

namespace asfs {

/// What stands in its Authorization header, and in the secret parameters of its address or form. Not the
/// token that is to be renewed: a token endpoint rightly gives it back, so its words are the caller's to
/// clean.
std::vector<std::string> secrets_in(const HttpRequest& request);

/// The text with `***` in place of every secret, also where JSON wrote it as `\/` or an address as `%2F`. A
/// secret of less than 8 characters only where it stands as a word, one of less than 3 never.
std::string struck_out(std::string text, std::span<const std::string> secrets);

}  // namespace asfs
