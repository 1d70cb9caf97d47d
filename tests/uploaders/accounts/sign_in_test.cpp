// Signing in to the practice platforms, and what becomes of the tokens.
#include "uploaders/accounts/sign_in.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "registry/base/desktop.h"
#include "registry/practice/practice_copy.h"
#include "tests/support/sign_in_house.h"
#include "uploaders/accounts/account_state.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/instagram/settings.h"
#include "uploaders/row/platforms.h"
#include "uploaders/transfer/http_secrets.h"
#include "uploaders/transfer/http_url.h"
#include "uploaders/youtube/settings.h"

using namespace asfs;
using namespace asfs::test;

TEST_CASE_FIXTURE(House, "a person signs in to every platform in the browser") {
  for (const std::string_view platform : known_platforms()) {
    CAPTURE(platform);
    auto sign_in = begin(platform);
    CHECK(get(sign_in->address().substr(server().url().size())).body.find("Allow") != std::string::npos);
    const std::string redirect = allowed(*sign_in, platform);
    const auto origin = url_origin(redirect);
    REQUIRE(origin);
    const auto page = request(origin->port, "GET", origin->rest);
    CHECK(page.body.find("You can close this page") != std::string::npos);
    REQUIRE(sign_in->wait(std::chrono::seconds(5)));
    const auto account = sign_in->finish(clock);
    REQUIRE_MESSAGE(account, (account ? "" : account.error().message));
    CHECK_FALSE(account->tokens.access_token.empty());
    CHECK((account->id == "17841400000000001") == (platform == "Instagram"));
    CHECK(oauth::missing_scopes(config.at(platform).oauth, account->tokens.scopes).empty());
  }
}

TEST_CASE_FIXTURE(House, "a person who says no is not signed in") {
  auto sign_in = begin("YouTube");
  CHECK_FALSE(sign_in->paste(allowed(*sign_in, "YouTube", "deny")));
  REQUIRE(sign_in->arrived());
  const auto account = sign_in->finish(clock);
  REQUIRE_FALSE(account);
  CHECK(account.error().code == Code::needs_login);
}

TEST_CASE_FIXTURE(House, "a sign-in that is stopped is stopped, not offline") {
  std::stop_source stop;
  stop.request_stop();
  auto sign_in = begin("YouTube");
  REQUIRE(sign_in->paste(allowed(*sign_in, "YouTube")));
  CHECK(sign_in->finish(clock, {}, stop.get_token()).error().code == Code::cancelled);
  const oauth::Client client{"app", "planted-secret"};
  CHECK(take_token(config, "Instagram", token(), client, clock, {}, stop.get_token()).error().code ==
        Code::cancelled);
}

TEST_CASE_FIXTURE(House, "an answer to another sign-in, and a visitor by another name, are turned away") {
  auto one = begin("YouTube"), other = begin("YouTube");
  CHECK_FALSE(one->paste(allowed(*other, "YouTube")));
  CHECK_FALSE(one->arrived());
  const auto origin = url_origin(allowed(*one, "YouTube"));
  CHECK(request(origin->port, "GET", origin->rest, {{"Host", "evil.example"}}).status == 421);
  CHECK_FALSE(one->arrived());
}

TEST_CASE_FIXTURE(House, "scopes that were not allowed are named") {
  fault({{"kind", "fewer_scopes"}});
  const Account account = signed_in("YouTube");
  const auto missing = oauth::missing_scopes(config.of<YouTubeConfig>().oauth, account.tokens.scopes);
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].ends_with("youtube.readonly"));
}

TEST_CASE_FIXTURE(House, "accounts are kept private, and refused when others can read them") {
  signed_in("TikTok");
  struct stat status {};
  REQUIRE(::stat(store.file("TikTok").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat(store.file("TikTok").parent_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  ::chmod(store.file("TikTok").c_str(), 0644);
  const auto token = credentials()->access_token("TikTok");
  REQUIRE_FALSE(token);
  CHECK(token.error().message.find("chmod 600") != std::string::npos);
}

TEST_CASE_FIXTURE(House, "a token is renewed ahead of its end, and the new refresh token is kept") {
  const Account before = signed_in("TikTok");
  const auto tokens = credentials();
  CHECK(tokens->access_token("TikTok") == before.tokens.access_token);
  clock.advance(std::chrono::minutes(56));
  const auto renewed = tokens->access_token("TikTok");
  REQUIRE(renewed);
  CHECK(*renewed != before.tokens.access_token);
  const Account after = **store.load("TikTok");
  CHECK(after.tokens.access_token == *renewed);
  CHECK(after.tokens.refresh_token != before.tokens.refresh_token);
}

TEST_CASE_FIXTURE(House, "many who need a fresh token at once refresh it once") {
  signed_in("TikTok");
  const int before = token_requests();
  clock.advance(std::chrono::minutes(56));
  std::vector<std::string> got(6);
  {
    std::vector<std::jthread> threads;
    for (std::string& token : got)
      threads.emplace_back(
          [&, mine = credentials()] { token = mine->access_token("TikTok").value_or("none"); });
  }
  for (const std::string& token : got) CHECK(token == got[0]);
  CHECK(got[0] != "none");
  CHECK(token_requests() == before + 1);
}

TEST_CASE_FIXTURE(House,
                  "a dead session asks for a login, without asking the platform again, until there is one") {
  signed_in("YouTube");
  const auto tokens = credentials();
  REQUIRE(tokens->access_token("YouTube"));
  fault({{"kind", "invalid_grant"}});
  const auto dead = tokens->refreshed_token("YouTube");
  REQUIRE_FALSE(dead);
  CHECK(dead.error().code == Code::needs_login);
  CHECK(dead.error().message.find("asfs-videos login YouTube") != std::string::npos);
  const int before = token_requests();
  CHECK_FALSE(tokens->access_token("YouTube"));
  CHECK_FALSE(credentials()->access_token("YouTube"));
  CHECK(token_requests() == before);
  signed_in("YouTube");
  CHECK(tokens->access_token("YouTube"));
}

TEST_CASE_FIXTURE(House, "a platform that cannot be asked leaves a good token in use") {
  const Account account = signed_in("YouTube");
  clock.advance(std::chrono::minutes(56));
  server().stop();
  CHECK(credentials()->access_token("YouTube") == account.tokens.access_token);
  clock.advance(std::chrono::minutes(5));
  const auto token = credentials()->access_token("YouTube");
  REQUIRE_FALSE(token);
  CHECK(token.error().code == Code::offline);
}

TEST_CASE_FIXTURE(House, "no secret is in the practice log or in an error") {
  for (const std::string_view platform : known_platforms()) {
    const Account account = signed_in(platform);
    const std::string log = get("/practice/log").body;
    CHECK(log.find("planted-secret") == std::string::npos);
    CHECK(log.find(account.tokens.access_token) == std::string::npos);
    if (!account.tokens.refresh_token.empty())
      CHECK(log.find(account.tokens.refresh_token) == std::string::npos);
  }
}

TEST_CASE_FIXTURE(House,
                  "the practice sign-in is strict: codes work once, PKCE and redirect_uri are verified") {
  const auto trade = [&](std::string_view code, std::string_view verifier, std::string_view redirect) {
    return request(port(), "POST", "/v2/oauth/token/",
                   {{"Content-Type", "application/x-www-form-urlencoded"}},
                   fmt::format(
                       "client_key=app&client_secret=s&grant_type=authorization_code&code={}&code_verifier={}"
                       "&redirect_uri={}",
                       code, verifier, url_encode(redirect)))
        .json();
  };
  const std::string verifier(50, 'v'), redirect = "http://127.0.0.1:1/callback/";
  const auto new_code = [&](bool hex) {
    const auto redirected = request(
        port(), "POST",
        fmt::format("/practice/consent?platform=TikTok&client_key=app&response_type=code&scope=a&state=s"
                    "&redirect_uri={}&code_challenge={}&code_challenge_method=S256",
                    url_encode(redirect), oauth::challenge_of(verifier, hex)));
    return oauth::code_in(redirected.header("location"), {"TikTok", redirect, "s", verifier}).value();
  };
  const std::string code = new_code(true);
  CHECK(trade(code, verifier, redirect).contains("access_token"));
  CHECK(trade(code, verifier, redirect)["error"] == "invalid_grant");
  CHECK(trade(new_code(false), verifier, redirect)["error"] == "invalid_request");
  CHECK(trade(new_code(true), std::string(50, 'w'), redirect)["error"] == "invalid_request");
  CHECK(trade(new_code(true), verifier, "http://127.0.0.1:2/callback/")["error"] == "invalid_grant");
}

TEST_CASE_FIXTURE(House,
                  "a refused token that cannot be renewed for the moment is no reason to sign in again") {
  signed_in("YouTube");
  const auto tokens = credentials();
  REQUIRE(tokens->access_token("YouTube"));
  server().stop();
  const auto token = tokens->refreshed_token("YouTube");
  REQUIRE_FALSE(token);
  CHECK(token.error().code == Code::offline);
}

TEST_CASE_FIXTURE(House,
                  "a sign-in is renewed by the app it was made with, also one named at the login only") {
  const Account account = signed_in("YouTube");
  REQUIRE(TokenStore(library).save("YouTube", account));
  const auto real = stored_credentials(library, config, clock);  // without config/accounts.json
  clock.advance(std::chrono::minutes(56));
  const auto token = real->access_token("YouTube");
  REQUIRE_MESSAGE(token, (token ? "" : token.error().message));
  CHECK(*token != account.tokens.access_token);
}

TEST_CASE_FIXTURE(House, "an unreadable app leaves a good token in use") {
  const Account account = signed_in("YouTube");
  REQUIRE(TokenStore(library).save("YouTube", account));
  write_file(library.config_folder() / "accounts.json", "{}");
  ::chmod((library.config_folder() / "accounts.json").c_str(), 0644);
  const auto real = stored_credentials(library, config, clock);
  clock.advance(std::chrono::minutes(56));
  CHECK(real->access_token("YouTube") == account.tokens.access_token);
  clock.advance(std::chrono::minutes(5));
  const auto token = real->access_token("YouTube");
  REQUIRE_FALSE(token);
  CHECK(token.error().message.find("chmod 600") != std::string::npos);
}

TEST_CASE_FIXTURE(House, "a folder of tokens that others can look into is refused, with the chmod to run") {
  signed_in("TikTok");
  const auto folder = store.file("TikTok").parent_path();
  ::chmod(folder.c_str(), 0755);
  const auto token = credentials()->access_token("TikTok");
  REQUIRE_FALSE(token);
  CHECK(token.error().code == Code::needs_login);
  CHECK(token.error().message.find("chmod 700 '" + folder.native() + "'") != std::string::npos);
}

TEST_CASE_FIXTURE(House, "the first answer to a sign-in counts") {
  auto sign_in = begin("YouTube");
  const std::string yes = allowed(*sign_in, "YouTube");
  const std::string no = allowed(*sign_in, "YouTube", "deny");
  REQUIRE(sign_in->paste(yes));
  static_cast<void>(sign_in->paste(no));
  CHECK(sign_in->finish(clock));
}

TEST_CASE_FIXTURE(House, "signing out forgets the pasted token, too") {
  const Account account = signed_in("YouTube");
  const TokenStore real(library);
  REQUIRE(real.save("YouTube", account));
  const auto pasted = library.tokens_folder() / "youtube.token";
  write_file(pasted, "a-token");
  CHECK(sign_out(library, config, "YouTube") == true);
  CHECK_FALSE(std::filesystem::exists(real.file("YouTube")));
  CHECK_FALSE(std::filesystem::exists(pasted));
  CHECK(sign_out(library, config, "YouTube") == false);
}

TEST_CASE_FIXTURE(House, "Instagram not answering who somebody is, is not the person's fault") {
  auto sign_in = begin("Instagram");
  REQUIRE(sign_in->paste(allowed(*sign_in, "Instagram")));
  fault({{"platform", "Instagram"}, {"kind", "status"}, {"status", 503}, {"on", "api"}});
  const auto account = sign_in->finish(clock);
  REQUIRE_FALSE(account);
  CHECK_MESSAGE(account.error().code == Code::failed, account.error().message);
}

TEST_CASE_FIXTURE(House, "a refresh token is good for its own app alone") {
  const Account account = signed_in("YouTube");
  const auto answer =
      request(port(), "POST", "/token", {{"Content-Type", "application/x-www-form-urlencoded"}},
              "client_id=another&grant_type=refresh_token&refresh_token=" + account.tokens.refresh_token);
  CHECK(answer.json()["error"] == "invalid_grant");
}

TEST_CASE("a browser that stays in the foreground is neither waited for nor ended") {
  const TempFolder folder;
  write_file(folder / "xdg-open",
             "#!/bin/sh\ncase $1 in bad) exit 3;; esac\n"
             "while [ ! -e \"$0.closed\" ]; do sleep 0.05; done\necho \"$1\" > \"$0.said\"\n");
  ::chmod((folder / "xdg-open").c_str(), 0700);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder.path().native() + ":" + path).c_str(), 1);
  ::setenv("DISPLAY", ":0", 1);
  CHECK(open_on_desktop("http://127.0.0.1/?a=b&c=$(d)"));
  CHECK_FALSE(open_on_desktop("bad"));
  write_file(folder / "xdg-open.closed", "");
  while (!std::filesystem::exists(folder / "xdg-open.said"))
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ::setenv("PATH", path.c_str(), 1);
  ::unsetenv("DISPLAY");
}

TEST_CASE_FIXTURE(
    House, "an app that is not accepted at a renewal is no ended sign-in, and `accounts` says what it is") {
  signed_in("YouTube");
  const auto state = [&] { return account_state(practising, config, "YouTube"); };
  CHECK(state().detail == "renewed by itself");
  fault({{"kind", "invalid_client"}});
  clock.advance(std::chrono::hours(2));
  const auto refused = credentials()->access_token("YouTube");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::account);
  CHECK(refused.error().message.find("config/accounts.json") != std::string::npos);
  CHECK_FALSE((*store.load("YouTube"))->needs_login);
  CHECK(state().usable());
  CHECK(state().detail.find("invalid_client") != std::string::npos);
  CHECK(credentials()->access_token("YouTube"));  // the secret was put right
  CHECK(state().detail == "renewed by itself");
}

TEST_CASE_FIXTURE(House, "a sign-in without an app to renew it by is not said to renew itself") {
  Account account = signed_in("YouTube");
  account.client_id.clear();
  REQUIRE(TokenStore(library).save("YouTube", account));
  const auto state = account_state(library, config, "YouTube");
  CHECK(state.detail.find("renewed by itself") == std::string::npos);
  CHECK(state.detail.find("accounts.json") != std::string::npos);
  account.client_id = "app";
  account.tokens.refresh_expires_at = kMorning;  // long ago
  REQUIRE(TokenStore(library).save("YouTube", account));
  CHECK(account_state(library, config, "YouTube").detail.find("renewed") == std::string::npos);
}

TEST_CASE_FIXTURE(House, "a token of the environment is never paired with the account of a sign-in") {
  const Account account = signed_in("Instagram");
  REQUIRE(TokenStore(library).save("Instagram", account));
  const auto real = stored_credentials(library, config, clock);
  CHECK(real->account_id("Instagram") == account.id);
  ::setenv("ASFS_INSTAGRAM_TOKEN", "another-account", 1);
  CHECK(real->account_id("Instagram").empty());
  ::unsetenv("ASFS_INSTAGRAM_TOKEN");
}

TEST_CASE_FIXTURE(House,
                  "of several Instagram accounts a person says which, and nobody is signed in on a guess") {
  const auto finish = [&](const ChooseAccount& choose) {
    auto sign_in = begin("Instagram");
    REQUIRE(sign_in->paste(allowed(*sign_in, "Instagram")));
    fault({{"platform", "Instagram"}, {"kind", "several_accounts"}});
    return sign_in->finish(clock, choose);
  };
  const auto guessed = finish({});
  REQUIRE_FALSE(guessed);
  CHECK(guessed.error().message.find("--page") != std::string::npos);
  const auto second = finish([](const std::vector<OwnAccount>& accounts) -> Result<std::size_t> {
    CHECK(accounts.size() == 2);
    return 1;
  });
  REQUIRE_MESSAGE(second, (second ? "" : second.error().message));
  CHECK(second->id == "17841400000000001");
  CHECK_FALSE(finish([](const auto&) -> Result<std::size_t> { return fail(Code::cancelled, "no"); }));
}

TEST_CASE_FIXTURE(House,
                  "a pasted token is traded for a longer one where there is an app, and says when it ends") {
  const Account account = signed_in("Instagram");
  const std::string token = get("/practice/token?platform=Instagram").json()["access_token"];
  const auto taken = take_token(config, "Instagram", token, oauth::Client{"app", "planted-secret"}, clock);
  REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
  CHECK(taken->warning.empty());
  CHECK(taken->account.tokens.access_token != token);
  CHECK(*taken->account.tokens.expires_at > clock.now() + std::chrono::days(50));
  CHECK(taken->account.id == account.id);
  const auto as_it_is = take_token(config, "Instagram", token, fail(Code::usage, "no app"), clock);
  REQUIRE(as_it_is);
  CHECK(as_it_is->account.tokens.access_token == token);
  CHECK(as_it_is->account.id == account.id);
  CHECK(as_it_is->warning.find("accounts.json") != std::string::npos);
  CHECK(take_token(config, "Instagram", "nonsense", fail(Code::usage, ""), clock).error().code ==
        Code::needs_login);
}

TEST_CASE_FIXTURE(House, "a token of Instagram's own login renews itself once a day, before it ends") {
  config.of<InstagramConfig>().by_instagram_login = true;
  const std::string pasted = get("/practice/token?platform=Instagram").json()["access_token"];
  const auto state = [&] { return account_state(practising, config, "Instagram"); };
  const auto take = [&](bool young) {
    if (young) fault({{"platform", "Instagram"}, {"kind", "invalid_grant"}});  // not a day old
    const auto taken = take_token(config, "Instagram", pasted, oauth::Client{"app", "planted-secret"}, clock);
    REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
    CHECK(taken->warning.empty());
    REQUIRE(store.save("Instagram", taken->account));
    return taken->account;
  };
  SUBCASE("one that is a day old at once") {
    const Account account = take(false);
    CHECK(account.tokens.access_token != pasted);
    CHECK(*account.tokens.expires_at > clock.now() + std::chrono::days(59));
    CHECK(state().detail == "until " + short_time(local_timestamp(*account.tokens.expires_at)) +
                                "; renewed by itself when it is used before");
  }
  SUBCASE("a younger one a day later, without an app") {
    CHECK(take(true).tokens.access_token == pasted);
    CHECK(state().detail == "renewed by itself when it is used within 60 days");
    clock.advance(std::chrono::hours(23));
    CHECK(credentials()->access_token("Instagram") == pasted);
    clock.advance(std::chrono::hours(1));
    const int before = token_requests();
    const auto token = credentials()->access_token("Instagram");
    REQUIRE(token);
    CHECK(*token != pasted);
    CHECK(credentials()->access_token("Instagram") == *token);  // not again today
    CHECK(token_requests() == before + 1);
    CHECK((*store.load("Instagram"))->tokens.expires_at > clock.now() + std::chrono::days(59));
    CHECK((*store.load("Instagram"))->id == take(true).id);
  }
  SUBCASE("what fails at it does no harm to a token that is good") {
    const Account account = take(false);
    clock.advance(std::chrono::hours(25));
    fault({{"platform", "Instagram"}, {"kind", "invalid_grant"}});
    CHECK(credentials()->access_token("Instagram") == account.tokens.access_token);
    CHECK(state().usable());
    server().stop();
    CHECK(credentials()->access_token("Instagram") == account.tokens.access_token);
    clock.advance(std::chrono::days(60));
    CHECK(credentials()->access_token("Instagram").error().code == Code::offline);
  }
  SUBCASE("one that has ended, or is refused, asks for a sign-in") {
    take(false);
    const auto tokens = credentials();
    REQUIRE(tokens->access_token("Instagram"));
    SUBCASE("ended") {
      clock.advance(std::chrono::days(61));
    }
    SUBCASE("refused") {}
    fault({{"platform", "Instagram"}, {"kind", "invalid_grant"}});
    const auto refused = tokens->refreshed_token("Instagram");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::needs_login);
    CHECK(refused.error().message.find(pasted) == std::string::npos);
    CHECK_FALSE(state().usable());
  }
}

TEST_CASE_FIXTURE(House, "the token that is renewed is not struck out of the answer that gives it back") {
  InstagramConfig own;
  own.api_base = "https://graph.instagram.com";
  own.by_instagram_login = true;
  const auto request = *oauth::dialect_of("Instagram").renewal(own, "IGAA-secret-token");
  CHECK(request.url ==
        "https://graph.instagram.com/"
        "refresh_access_token?grant_type=ig_refresh_token&access_token=IGAA-secret-token");
  CHECK(secrets_in(request).empty());
}
