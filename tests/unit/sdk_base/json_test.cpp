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

TEST_CASE("why JSON is refused is short, UTF-8, and shows nothing of what it holds") {
  const auto text = GENERATE(as<std::string>{}, "{\"a\":\"" + std::string(5000, 's') + "\xe4\"}",
                             "{\"secret\":secret}", std::string(5000, '9') + "e999");
  const auto parsed = parse_json(text);
  REQUIRE_FALSE(parsed.ok());
  const std::string sentence = parsed.fault().text();
  CHECK(sentence.size() < 500);
  CHECK(sentence.find("sec") == std::string::npos);
  CHECK(sentence.find("9999") == std::string::npos);
  CHECK(Json::parse(Json(sentence).dump()) == sentence);
}
