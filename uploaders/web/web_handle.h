// What is written down of an upload through a browser, so that another process can find out what became of
// it: `web1 PLATFORM ACCOUNT DRAFT SINCE ID,ID,…`, one line. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asfs::web {

struct WebHandle {
  std::string platform, account;  ///< the account as its pages tell it; plain ids
  std::string draft;              ///< the platform's id of what was begun; "": it gives none before the post
  std::int64_t since = 0;         ///< unix seconds
  std::vector<std::string> before;  ///< ids of the account's newest posts before
};

std::string handle_text(const WebHandle& handle);
/// nullopt: it is of another route.
std::optional<WebHandle> parse_web_handle(std::string_view text);

}  // namespace asfs::web
