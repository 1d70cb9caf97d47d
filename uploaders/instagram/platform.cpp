#include "uploaders/instagram/platform.h"

#include "uploaders/accounts/oauth.h"
#include "uploaders/instagram/accounts.h"
#include "uploaders/instagram/post.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/instagram/uploader.h"
#include "uploaders/practice/core/stand_in.h"
#include "uploaders/practice/instagram/routes.h"

namespace asfs::instagram {
namespace {

/// A token of about 60 days for one of an hour.
HttpRequest long_lived(const OAuthConfig& config, const oauth::Client& client, std::string_view token) {
  return oauth::request_of(config.token_url,
                           {{"grant_type", "fb_exchange_token"},
                            {"client_id", client.id},
                            {"client_secret", client.secret},
                            {"fb_exchange_token", std::string(token)}},
                           true);
}

/// Instagram's own login: a token of 60 days from now for one that is a day old at least, and has not ended.
std::optional<HttpRequest> renewal(const PlatformConfig& config, std::string_view token) {
  if (!static_cast<const InstagramConfig&>(config).by_instagram_login) return std::nullopt;
  return oauth::request_of(config.api_base + "/refresh_access_token",
                           {{"grant_type", "ig_refresh_token"}, {"access_token", std::string(token)}}, true);
}

Result<Access> access_of(Http& http, const PlatformConfig& config, const std::string& token,
                         std::stop_token stop) {
  return ask_access(http, static_cast<const InstagramConfig&>(config), token, std::move(stop));
}

constexpr oauth::Dialect kSignIn{.redirect_host = "localhost",
                                 .scope_separator = ',',
                                 .pkce = false,
                                 .by_query = true,
                                 .app_settings = "Meta for Developers",
                                 .posts_to_all = true,
                                 .ask_access = access_of,
                                 .long_lived = long_lived,
                                 .renewal = renewal};

constexpr practice::SignInManner kPracticeSignIn{
    .consent_path = "/dialog/oauth",
    .token_path = "/oauth/access_token",
    .renewal_path = "/refresh_access_token",
    .versioned = true,
    .refreshes = false,
    .tells_scopes = false,
    .problem = [](std::string_view name, std::string_view said) {
      return practice::json_answer(
          400, Json::object({{"error", Json::object({{"message", said},
                                                     {"type", "OAuthException"},
                                                     {"code", name == "invalid_grant" ? 190 : 100}})}}));
    }};

std::unique_ptr<practice::StandIn> make_stand_in(const practice::StandInParts& parts) {
  return std::make_unique<practice::Instagram>(parts);
}

std::unique_ptr<practice::StandIn> make_studio(const practice::StandInParts&) {
  return nullptr;
}

}  // namespace

constinit const Platform kPlatform{.name = InstagramConfig::kPlatform,
                                   .look = PlatformLook{.icon = "\uf16d", .colour = 0xEE7FA8u},
                                   .settings = &kSettings,
                                   .sign_in = &kSignIn,
                                   .make = make_instagram_uploader,
                                   .post_url = instagram_post_url,
                                   .web_post = web_words,
                                   .stand_in = make_stand_in,
                                   .practice_sign_in = &kPracticeSignIn,
                                   .studio = make_studio};

}  // namespace asfs::instagram
