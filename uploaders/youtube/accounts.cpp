#include "uploaders/youtube/accounts.h"

#include <chrono>

#include "registry/base/json.h"
#include "registry/base/text.h"

namespace asfs::youtube {

Result<Access> ask_access(Http& http, const PlatformConfig& config, const std::string& token,
                          std::stop_token stop) {
  HttpRequest request;
  request.url = config.api_base + "/youtube/v3/channels?part=snippet&mine=true&maxResults=50";
  request.headers.emplace_back("Authorization", "Bearer " + token);
  request.stall_timeout = std::chrono::seconds(20);
  request.stop = std::move(stop);
  const auto response = http.send(request);
  if (!response)
    return fail(response.error().kind == HttpError::Kind::cancelled ? Code::cancelled : Code::offline,
                response.error().message);
  if (response->status == 401) return fail(Code::needs_login, "YouTube does not accept the token");
  const Json document = read_json(response->body);
  const Json& items = child_at(document, "items");
  Access access;
  if (response->status != 200 || !items.is_array()) return Access{.accounts = {{}}, .granted = {}};
  for (const Json& item : items)
    if (std::string id = id_at(item, "id"); !id.empty())
      access.accounts.push_back(
          {std::move(id), "", one_line(text_at(child_at(item, "snippet"), "title"), 80)});
  if (access.accounts.empty())
    return fail(Code::needs_login,
                "this Google account has no YouTube channel; make one, or choose another account");
  return access;
}

}  // namespace asfs::youtube
