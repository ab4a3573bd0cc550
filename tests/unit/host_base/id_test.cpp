// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "host/base/id.hpp"
#include "host/base/sha256.hpp"

using namespace civicast;

TEST_CASE("ids are unique and sort by time") {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(new_id(1'000'000'000'000));
  CHECK(ids.size() == 1000);
  CHECK(new_id(1'000'000'000'000) < new_id(1'000'002'000'000));
}

TEST_CASE("a slug is plain") {
  CHECK(is_slug("values-01.fuqiang"));
  const auto bad =
      GENERATE(as<std::string>{}, "", "-a", "A", "a b", "../a", "富强", std::string(65, 'a'));
  CHECK_FALSE(is_slug(bad));
}

TEST_CASE("SHA-256 is SHA-256") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
