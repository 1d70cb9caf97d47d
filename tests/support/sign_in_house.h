// A library where people sign in to practice platforms, and what became of their tokens.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

#include "registry/practice/practice_copy.h"
#include "tests/support/practice.h"
#include "tests/support/test_library.h"
#include "uploaders/accounts/credentials.h"
#include "uploaders/accounts/sign_in.h"
#include "uploaders/accounts/token_store.h"
#include "uploaders/row/platforms.h"

namespace asfs::test {

/// People who sign in to practice platforms, in a practice library.
struct House : Practice, TestLibrary {
  Config config;
  Library practising = practice_library(library);
  TokenStore store{practising};

  House() {
    auto loaded = upload_config(library, server().url());
    REQUIRE(loaded);
    config = *std::move(loaded);
  }

  std::unique_ptr<SignIn> begin(std::string_view platform) {
    auto sign_in = SignIn::start(config, platform, {"app", "planted-secret"});
    REQUIRE(sign_in);
    return *std::move(sign_in);
  }
  /// What the platform redirects to when a person allows it.
  std::string allowed(const SignIn& sign_in, std::string_view platform,
                      std::string_view answer = "allow") const {
    const std::string& address = sign_in.address();
    const auto redirected = request(port(), "POST",
                                    fmt::format("/practice/consent{}&platform={}&answer={}",
                                                address.substr(address.find('?')), platform, answer));
    CHECK(redirected.status == 303);
    return redirected.header("location");
  }
  Account signed_in(std::string_view platform) {
    auto sign_in = begin(platform);
    REQUIRE(sign_in->paste(allowed(*sign_in, platform)));
    auto account = sign_in->finish(clock);
    REQUIRE_MESSAGE(account, (account ? "" : account.error().message));
    REQUIRE(store.save(platform, *account));
    return *account;
  }
  std::unique_ptr<Credentials> credentials() { return stored_credentials(practising, config, clock); }
  int token_requests() const {
    int count = 0;
    for (const auto& row : get("/practice/log").json())
      count += row["request"].get<std::string>().find("token") != std::string::npos;
    return count;
  }
};

}  // namespace asfs::test
