#include "uploaders/instagram/accounts.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/base/json.h"
#include "registry/base/text.h"
#include "uploaders/transfer/http_url.h"

namespace asfs::instagram {
namespace {

constexpr std::string_view kFields = "fields=id,name,instagram_business_account{id,username}&limit=100";
constexpr int kMostPages = 50;  // of one list: nobody manages 5000 Facebook pages

/// One token's questions.
class Asker {
 public:
  Asker(Http& http, const InstagramConfig& config, const std::string& token, std::stop_token stop)
      : http_(http), config_(config), token_(token), stop_(std::move(stop)) {}

  Result<Json> get(const std::string& call) {
    HttpRequest request;
    request.url = fmt::format("{}/{}/{}", config_.api_base, config_.api_version, call);
    request.headers.emplace_back("Authorization", "Bearer " + token_);
    request.stall_timeout = std::chrono::seconds(20);
    request.stop = stop_;
    const auto response = http_.send(request);
    if (!response) {
      const bool stopped = response.error().kind == HttpError::Kind::cancelled;
      return fail(stopped ? Code::cancelled : Code::offline, response.error().message);
    }
    Json document = read_json(response->body);
    if (response->status == 200 && document.is_object()) return document;
    const Json& error = child_at(document, "error");
    const auto code = number_at(error, "code");
    const std::string said = one_line(text_at(error, "message"), 200);
    if (code == 190 || response->status == 401)
      return fail(Code::needs_login, "Instagram does not accept the token: " + said);
    return fail(
        code == 100 ? Code::usage : Code::failed,  // this kind of token has no such thing
        fmt::format("the sign-in is good, but whose it is could not be asked (HTTP {} {}); sign in again",
                    response->status, said));
  }

  /// Every element of a list that comes in pages.
  Result<std::vector<Json>> list(const std::string& call) {
    std::vector<Json> all;
    std::string after;
    for (int page = 0; page < kMostPages; ++page) {
      auto document = get(call + (after.empty() ? "" : "&after=" + url_encode(after)));
      if (!document) return std::unexpected(document.error());
      const Json& data = child_at(*document, "data");
      if (data.is_array()) all.insert(all.end(), data.begin(), data.end());
      const Json& paging = child_at(*document, "paging");
      const std::string next = text_at(child_at(paging, "cursors"), "after");
      if (text_at(paging, "next").empty() || next.empty() || next == after) break;
      after = next;
    }
    return all;
  }

 private:
  Http& http_;
  const InstagramConfig& config_;
  const std::string& token_;
  const std::stop_token stop_;
};

void add_account(const Json& page, std::vector<OwnAccount>& accounts) {
  const Json& linked = child_at(page, "instagram_business_account");
  OwnAccount account{id_at(linked, "id"), one_line(text_at(linked, "username"), 60),
                     one_line(text_at(page, "name"), 80)};
  if (!account.id.empty() && std::ranges::find(accounts, account.id, &OwnAccount::id) == accounts.end())
    accounts.push_back(std::move(account));
}

/// Pages that a business owns or manages are not among a person's own. Not every sign-in may ask for them.
void add_of_businesses(Asker& ask, std::vector<OwnAccount>& accounts) {
  const auto businesses = ask.list("me/businesses?fields=id&limit=100");
  if (!businesses) return;
  for (const Json& business : *businesses) {
    const std::string id = id_at(business, "id");
    if (id.empty()) continue;
    for (const char* edge : {"owned_pages", "client_pages"})
      if (const auto pages = ask.list(fmt::format("{}/{}?{}", id, edge, kFields)))
        for (const Json& page : *pages) add_account(page, accounts);
  }
}

Result<std::vector<OwnAccount>> accounts_of(Asker& ask, const InstagramConfig& config) {
  std::vector<OwnAccount> accounts;
  if (config.by_instagram_login) {
    const auto me = ask.get("me?fields=user_id,username");
    if (!me) return std::unexpected(me.error());
    OwnAccount own{id_at(*me, "user_id"), one_line(text_at(*me, "username"), 60), ""};
    if (!own.id.empty()) accounts.push_back(std::move(own));
    return accounts;
  }
  const auto pages = ask.list(fmt::format("me/accounts?{}", kFields));
  if (!pages && pages.error().code != Code::usage) return std::unexpected(pages.error());
  if (!pages) {  // the token of a page, which has no pages itself
    const auto page = ask.get("me?fields=id,name,instagram_business_account{id,username}");
    if (!page) return fail(Code::failed, pages.error().message);
    add_account(*page, accounts);
    return accounts;
  }
  for (const Json& page : *pages) add_account(page, accounts);
  add_of_businesses(ask, accounts);
  return accounts;
}

std::vector<std::string> granted_to(Asker& ask) {
  std::vector<std::string> granted;
  const auto list = ask.list("me/permissions?limit=100");
  if (!list) return granted;
  for (const Json& one : *list)
    if (text_at(one, "status") == "granted")
      if (std::string name = id_at(one, "permission"); !name.empty()) granted.push_back(std::move(name));
  return granted;
}

}  // namespace

Result<Access> ask_access(Http& http, const InstagramConfig& config, const std::string& token,
                          std::stop_token stop) {
  Asker ask(http, config, token, std::move(stop));
  auto accounts = accounts_of(ask, config);
  if (!accounts) return std::unexpected(accounts.error());
  if (accounts->empty())
    return fail(Code::needs_login,
                "this Facebook login sees no Instagram account: it must be a professional one, linked "
                "to a Facebook page that you allow at the sign-in");
  return Access{*std::move(accounts), granted_to(ask)};
}

}  // namespace asfs::instagram
