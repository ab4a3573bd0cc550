// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sdk/base/faults.hpp"
#include "sdk/base/json.hpp"

using namespace civicast;

TEST_CASE("malformed JSON is refused with a sentence") {
  const auto text = GENERATE(as<std::string>{}, "", "{", "{\"a\":}", "[1,]", "nul", "\"\xff\"");
  const auto parsed = parse_json(text);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.fault().is(faults::json_malformed));
}

TEST_CASE("JSON nested too deeply is refused before it is parsed") {
  const auto parsed = parse_json(std::string(100'000, '['));
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.fault().is(faults::json_too_deep));
  CHECK(parse_json(R"({"brackets in text":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})").ok());
}

TEST_CASE("writing JSON never throws on bad UTF-8") {
  CHECK(to_text(Json{{"a", "\xff"}}) == "{\"a\":\"\xEF\xBF\xBD\"}");
}
