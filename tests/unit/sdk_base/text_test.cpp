// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using civicast::pointer_to;
using civicast::shortened;

TEST_CASE("a text that is shortened fits, says so, and cuts no character") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcd", 3) == "…");
  CHECK(shortened("abcdef", 5) == "ab…");
  CHECK(shortened("文明公约", 8) == "文…");
  CHECK(shortened("文明公约", 9) == "文明…");
  CHECK(shortened("文明公约", 12) == "文明公约");
  CHECK(shortened("abc", 2).empty());
}

TEST_CASE("a pointer leads to the member, whatever its name") {
  const std::string name = GENERATE(as<std::string>(), "a", "", "a/b", "~", "~1", "m~n/o");
  const nlohmann::json document = {{"in", {{name, 7}}}};
  CHECK(document.at(nlohmann::json::json_pointer(pointer_to("/in", name))) == 7);
}
