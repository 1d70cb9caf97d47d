// The one door to the JSON library: what is no document, and how the members of one are read.
#include "registry/base/json.h"

#include <doctest/doctest.h>

#include <string>

using namespace asfs;

namespace {

std::string nested(int levels, char open = '[', char close = ']') {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, open) + std::string(count, close);
}

}  // namespace

TEST_CASE("a document nested as deep as the limit is read, one level more is none") {
  CHECK(read_json(nested(kDeepestJson)).is_array());
  CHECK(read_json(nested(kDeepestJson + 1)).is_discarded());
  const auto fault = parse_json(nested(kDeepestJson + 1));
  REQUIRE_FALSE(fault);
  CHECK(fault.error().what == "it is nested more than 64 levels deep");
  CHECK(fault.error().line == 0);
}

TEST_CASE("objects count like arrays, and a nested value deep inside an object spoils the whole") {
  std::string objects;
  for (int i = 0; i <= kDeepestJson; ++i) objects += "{\"a\":";
  objects += "1" + std::string(static_cast<std::size_t>(kDeepestJson) + 1, '}');
  CHECK(read_json(objects).is_discarded());
  CHECK(read_json("{\"ok\":true,\"data\":" + nested(kDeepestJson) + "}").is_discarded());
}

TEST_CASE("an object with more members than the limit is no document, however deep it stands") {
  const auto object = [](std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":{}";
    return text + "}";
  };
  CHECK(read_json(object(kWidestJson)).size() == kWidestJson);
  CHECK(read_json("[" + object(kWidestJson) + "," + object(kWidestJson) + "]").is_array());
  CHECK(read_json("[" + object(kWidestJson + 1) + "]").is_discarded());
  const auto fault = parse_json(object(kWidestJson + 1));
  REQUIRE_FALSE(fault);
  CHECK(fault.error().what == "an object in it has more than 1000 members");
}

TEST_CASE("brackets inside a text or a comment are no levels") {
  CHECK(read_json("[\"" + nested(500) + "\"]").is_array());
  CHECK(read_json("[1] // it's " + nested(500), JsonComments::welcome).is_array());
}

TEST_CASE("hundreds of kilobytes of brackets are no document, closed or not, and harm nothing") {
  for (const std::string& text : {nested(400'000), std::string(800'000, '['), std::string(800'000, ']'),
                                  "{\"caption\":" + nested(400'000) + "}"}) {
    CHECK(read_json(text).is_discarded());
    CHECK(read_json(text, JsonComments::welcome).is_discarded());
  }
}

TEST_CASE("a text longer than the limit is not even looked at") {
  const auto fault = parse_json(std::string(kLongestJson + 1, ' ') + "1");
  REQUIRE_FALSE(fault);
  CHECK(fault.error().what == "it is larger than 16.8 MB");
}

TEST_CASE("a mistake is told with its place") {
  const auto fault = parse_json("{\n  \"a\": 1,\n  b\n}");
  REQUIRE_FALSE(fault);
  CHECK(fault.error().what == "this is not valid JSON");
  CHECK(fault.error().line == 3);
  CHECK(fault.error().column == 3);
  CHECK(parse_json("[1e999]").error().what == "a number in it is too large");
  CHECK(parse_json("").error().line == 1);
}

TEST_CASE("comments are read past only where they are welcome") {
  CHECK(read_json("[1 /* one */]").is_discarded());
  CHECK(read_json("[1 /* one */]", JsonComments::welcome) == Json::array({1}));
}

TEST_CASE("an id that is not plain reads as not said") {
  const auto id = [](const std::string& text) { return id_at(Json{{"id", text}}, "id"); };
  for (const char* good : {"dQw4w9WgXcQ", "17895695668004550", "v_pub_file~v2-1.7512345", "abc:1"})
    CHECK(id(good) == good);
  for (const char* odd : {"", "a b", "\x1b[31mred", "1\n2", "../../etc", "a'b", "\xC3\xA9", "a?b=c"})
    CHECK(id(odd).empty());
  CHECK(id(std::string(128, '7')).size() == 128);
  CHECK(id(std::string(129, '7')).empty());
}

TEST_CASE("members of another type, of none and of what is no object read as not said") {
  const Json object = Json::parse(R"({"text":"x","yes":true,"minus":-3,"count":7,"big":18446744073709551615,
                                      "half":0.5,"null":null,"list":[1]})");
  CHECK(text_at(object, "text") == "x");
  CHECK(flag_at(object, "yes"));
  CHECK(number_at(object, "minus") == -3);
  CHECK(count_at(object, "count") == 7);
  CHECK(count_at(object, "big") == UINT64_MAX);
  CHECK(id_at(object, "big") == "18446744073709551615");
  CHECK(id_at(object, "text") == "x");
  CHECK_FALSE(number_at(object, "big"));
  CHECK_FALSE(count_at(object, "minus"));
  CHECK(id_at(object, "minus").empty());
  for (const char* key : {"half", "null", "list", "none"}) {
    CHECK(text_at(object, key).empty());
    CHECK_FALSE(flag_at(object, key));
    CHECK_FALSE(number_at(object, key));
    CHECK_FALSE(count_at(object, key));
  }
  for (const Json& other : {Json(), Json(1), Json::array({object}), Json(Json::value_t::discarded)})
    CHECK(child_at(other, "text").is_null());
}
