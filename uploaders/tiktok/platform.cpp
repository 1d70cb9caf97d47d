#include "uploaders/tiktok/platform.h"

#include "uploaders/practice/core/stand_in.h"
#include "uploaders/practice/tiktok/routes.h"
#include "uploaders/tiktok/post.h"
#include "uploaders/tiktok/settings.h"
#include "uploaders/tiktok/uploader.h"

namespace asfs::tiktok {
namespace {

constexpr oauth::Dialect kSignIn{.client_id = "client_key",
                                 .scope_separator = ',',
                                 .hex_challenge = true,
                                 .app_revokes = true,
                                 .app_settings = "TikTok for Developers",
                                 .refreshes = true};

constexpr practice::SignInManner kPracticeSignIn{
    .consent_path = "/v2/auth/authorize/",
    .token_path = "/v2/oauth/token/",
    .revoke_path = "/v2/oauth/revoke/",
    .rotates = true,
    .account_key = "open_id",
    .problem = [](std::string_view name, std::string_view said) {
      return practice::json_answer(200, {{"error", name}, {"error_description", said}});
    }};

std::unique_ptr<practice::StandIn> make_stand_in(const practice::StandInParts& parts) {
  return std::make_unique<practice::TikTok>(parts);
}

std::unique_ptr<practice::StandIn> make_studio(const practice::StandInParts&) {
  return nullptr;
}

}  // namespace

constinit const Platform kPlatform{.name = TikTokConfig::kPlatform,
                                   .look = PlatformLook{.icon = "\uf001", .colour = 0x58D3DAu},
                                   .settings = &kSettings,
                                   .sign_in = &kSignIn,
                                   .make = make_tiktok_uploader,
                                   .post_url = tiktok_post_url,
                                   .web_post = web_words,
                                   .stand_in = make_stand_in,
                                   .practice_sign_in = &kPracticeSignIn,
                                   .studio = make_studio};

}  // namespace asfs::tiktok
