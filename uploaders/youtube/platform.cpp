#include "uploaders/youtube/platform.h"

#include "uploaders/practice/core/stand_in.h"
#include "uploaders/practice/youtube/routes.h"
#include "uploaders/practice/youtube/studio.h"
#include "uploaders/youtube/accounts.h"
#include "uploaders/youtube/post.h"
#include "uploaders/youtube/settings.h"
#include "uploaders/youtube/uploader.h"

namespace asfs::youtube {
namespace {

// Without a question Google gives no second refresh token, and does not let a person choose the channel.
constexpr oauth::Dialect kSignIn{.extra_parameters = "access_type=offline&prompt=select_account consent",
                                 .app_settings = "the Google Cloud console, under Clients",
                                 .refreshes = true,
                                 .ask_access = ask_access};

constexpr practice::SignInManner kPracticeSignIn{.consent_path = "/o/oauth2/v2/auth",
                                                 .token_path = "/token",
                                                 .revoke_path = "/revoke",
                                                 .needs_secret = false};

std::unique_ptr<practice::StandIn> make_stand_in(const practice::StandInParts& parts) {
  return std::make_unique<practice::YouTube>(parts);
}

std::unique_ptr<practice::StandIn> make_studio(const practice::StandInParts& parts) {
  return std::make_unique<practice::YouTubeStudio>(parts);
}

}  // namespace

constinit const Platform kPlatform{.name = YouTubeConfig::kPlatform,
                                   .look = PlatformLook{.icon = "\uf16a", .colour = 0xFF7670u},
                                   .settings = &kSettings,
                                   .sign_in = &kSignIn,
                                   .make = make_youtube_uploader,
                                   .post_url = youtube_post_url,
                                   .web_post = web_words,
                                   .stand_in = make_stand_in,
                                   .practice_sign_in = &kPracticeSignIn,
                                   .studio = make_studio};

}  // namespace asfs::youtube
