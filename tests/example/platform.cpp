#include "tests/example/platform.h"

#include "tests/example/settings.h"
#include "tests/example/stand_in.h"
#include "tests/example/uploader.h"

namespace asfs::example {
namespace {

constexpr oauth::Dialect kSignIn{.app_settings = "example.org, under Apps", .refreshes = true};

constexpr practice::SignInManner kPracticeSignIn{.consent_path = "/auth", .token_path = "/sign-in/token"};

std::unique_ptr<practice::StandIn> make_stand_in(const practice::StandInParts& parts) {
  return std::make_unique<practice::Example>(parts);
}

// Nothing goes there through a browser.
Result<WebWords> web_post(const Config&, const Metadata&, std::string_view) {
  return fail(Code::usage, "Example takes no uploads through a browser");
}

// A platform without uploads by a browser has no web sites to practise on.
std::unique_ptr<practice::StandIn> make_studio(const practice::StandInParts&) {
  return nullptr;
}

}  // namespace

constinit const Platform kPlatform{.name = ExampleConfig::kPlatform,
                                   .look = PlatformLook{.icon = "\uf0e7", .colour = 0xB6D36Bu},
                                   .settings = &kSettings,
                                   .sign_in = &kSignIn,
                                   .make = make_example_uploader,
                                   .post_url = example_post_url,
                                   .web_post = web_post,
                                   .stand_in = make_stand_in,
                                   .practice_sign_in = &kPracticeSignIn,
                                   .studio = make_studio};

}  // namespace asfs::example
