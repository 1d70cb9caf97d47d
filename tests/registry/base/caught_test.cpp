#include "registry/base/caught.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace asfs;

TEST_CASE("what is thrown on the way is an error like any other") {
  const auto thrown = caught([]() -> Result<int> { throw std::runtime_error("no memory"); });
  REQUIRE_FALSE(thrown);
  CHECK(thrown.error().code == Code::failed);
  CHECK(thrown.error().message == "a fault of the program: no memory");
  CHECK(caught([]() -> Result<int> { return 7; }) == 7);
}
