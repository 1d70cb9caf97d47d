// Files that hold secrets: read only when nobody else can read them. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "registry/base/result.h"

namespace asfs {

/// The whole file, at most 64 KiB. Code::needs_login names the chmod to run when others can read it, or what
/// is wrong with it; Code::not_found: there is none. `what` is in it, for the message: "the access token".
Result<std::string> read_private_file(const std::filesystem::path& path, std::string_view what);

}  // namespace asfs
