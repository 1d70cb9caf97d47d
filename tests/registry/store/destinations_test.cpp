// The list of destinations, as programs follow it that run while it changes.
#include "registry/store/destinations.h"

#include <doctest/doctest.h>

using namespace asfs;

namespace {

Destinations list(std::initializer_list<const char*> names) {
  std::vector<Destination> all;
  for (const std::string name : names) all.push_back({name, std::string(platform_of(name)), name});
  return Destinations(std::move(all));
}

}  // namespace

TEST_CASE("what is added to the list comes after what a program has, wherever it stands in the file") {
  const Destinations now = list({"A", "B"}).followed_by(list({"A", "A/first", "B"}));
  CHECK(now == list({"A", "B", "A/first"}));
}

TEST_CASE("a destination that is gone keeps its place, and is known by no door") {
  const Destinations now = list({"A", "A/first", "B"}).followed_by(list({"A", "B"}));
  CHECK(now.index_of("B") == 2);
  CHECK(now[1].removed);
  CHECK(now.find("a/first") == nullptr);
  CHECK(now.there() == DestinationChoice("101"));
  CHECK(no_such_destination(now, "x").message.find("A/first") == std::string::npos);
  CHECK(now.followed_by(list({"A", "B", "A/first"})) == list({"A", "A/first", "B"}));
}

TEST_CASE("what a destination is called now counts, and there are never more than there is room for") {
  const Destinations renamed(std::vector<Destination>{{"A", "A", "Other words"}});
  CHECK(list({"A"}).followed_by(renamed)[0].caption == "Other words");
  std::vector<Destination> many;
  for (std::size_t i = 0; i < kMostDestinations; ++i) many.push_back({"A/" + std::to_string(i), "A", ""});
  CHECK(list({"B"}).followed_by(Destinations(many)).size() == kMostDestinations);
}
