// What the files under config/ have in common: JSON whose errors name their place, and the addresses that may
// stand in it. Pure; any thread. Internal to registry/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/base/json_fwd.h"
#include "registry/base/result.h"

namespace asfs {

/// The document, or Code::library with `name`, line and column. Comments are welcome. `without`: what a
/// person has once the file is deleted, for the message: "the defaults".
Result<Json> parse_config(std::string_view text, const std::string& name, std::string_view without);

std::vector<std::string> keys_of(const Json& object);

/// The one of `known` that `key` was probably meant to be: other capitals, or one or two letters off.
std::optional<std::string> nearest_key(std::string_view key, const std::vector<std::string>& known);

/// `NAME: unknown key "KEY"; known here: A, B`.
std::unexpected<Error> unknown_key(const std::string& name, const std::string& key,
                                   const std::vector<std::string>& known);

/// Does this text begin with `http://` and a loopback host, or with `https://` and any host?
bool is_safe_url(std::string_view url, bool query_allowed);

}  // namespace asfs
