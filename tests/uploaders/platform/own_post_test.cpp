#include "uploaders/platform/own_post.h"

#include <doctest/doctest.h>

using namespace asfs;

TEST_CASE("captions are the same whatever their blanks") {
  CHECK(same_caption("a  b\n\nc ", "a b c", 0));
  CHECK_FALSE(same_caption("a b", "a b c", 0));
}

TEST_CASE("a caption that the list cuts off is compared as far as it is shown") {
  const std::string whole = std::string(100, 'x') + " " + std::string(100, 'y');
  CHECK(same_caption(whole.substr(0, 150), whole, 150));
  CHECK(same_caption(whole.substr(0, 147) + "...", whole, 150));
  CHECK(same_caption(whole.substr(0, 149) + "\xE2\x80\xA6", whole, 150));
  CHECK_FALSE(same_caption(whole.substr(0, 100), whole, 150));
  CHECK_FALSE(same_caption(whole.substr(0, 150), whole, 0));
  CHECK_FALSE(same_caption("short", "shorter", 150));
}
