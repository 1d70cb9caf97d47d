// One sign-in that sees several accounts.
#include "uploaders/accounts/more_accounts.h"

#include <doctest/doctest.h>

#include "registry/store/destinations.h"
#include "tests/support/sign_in_house.h"

using namespace asfs;
using namespace asfs::test;

namespace {

const std::vector<OwnAccount> kSeen{
    {"11", "bakery", "Bakery"}, {"22", "garden.shop", "Garden, and more"}, {"33", "", "3"}};

using Places = std::vector<std::size_t>;

Account account_of(const OwnAccount& own) {
  return as_account({.tokens = {.access_token = "of-all"}, .client_id = "app"}, own);
}

}  // namespace

TEST_CASE("people pick accounts by numbers, names, all, and not by what names none of them") {
  CHECK(picked_in(kSeen, "2") == Places{1});
  CHECK(picked_in(kSeen, " 3 ,1, 3") == Places{2, 0});
  CHECK(picked_in(kSeen, "All") == Places{0, 1, 2});
  CHECK(picked_in(kSeen, "garden, and MORE") == Places{1});
  CHECK(picked_in(kSeen, "@bakery,22") == Places{0, 1});
  for (const char* wrong : {"", "0", "4", "1,nobody", "1 2", "-1", "99999999999999999999"})
    CHECK_MESSAGE(picked_in(kSeen, wrong).empty(), wrong);
}

TEST_CASE_FIXTURE(House, "each further account becomes a destination of its own, under a name that is free") {
  REQUIRE(keep_sign_in(library, config, "Instagram", account_of(kSeen[0])));
  CHECK(add_account(library, config, "Instagram", account_of(kSeen[1])) == "Instagram/garden-shop");
  CHECK(add_account(library, config, "Instagram", account_of({"44", "Garden.Shop", ""})) ==
        "Instagram/garden-shop-2");
  CHECK(add_account(library, config, "Instagram", account_of({"55", "", "Ö"})) == "Instagram/account");
  const auto there = load_destinations(library).value();
  CHECK(there.find("Instagram/garden-shop-2"));
  const TokenStore kept(library);
  const auto second = kept.load("Instagram/garden-shop").value();
  REQUIRE(second);
  CHECK(second->id == "22");
  CHECK(second->tokens.access_token == "of-all");
}

TEST_CASE_FIXTURE(House,
                  "an account that a destination has is told with it, not offered, and added nowhere") {
  REQUIRE(keep_sign_in(library, config, "Instagram", account_of(kSeen[0])));
  REQUIRE(add_account(library, config, "Instagram", account_of(kSeen[1])));
  config = upload_config(library, server().url()).value();
  const auto offered = offered_to(library, config, "Instagram", kSeen).value();
  REQUIRE(offered.free.size() == 2);  // its own, and the one that nobody has
  CHECK(offered.free[0].id == "11");
  CHECK(offered.free[1].id == "33");
  REQUIRE(offered.owned.size() == 1);
  CHECK(offered.owned[0].second == "Instagram/garden-shop");
  const auto twice = add_account(library, config, "Instagram", account_of(kSeen[1]));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == Code::blocked);
  CHECK(load_destinations(library)->size() == 4);
}
