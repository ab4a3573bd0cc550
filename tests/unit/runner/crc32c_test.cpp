// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/crc32c.hpp"

#include <catch2/catch.hpp>
#include <string>

TEST_CASE("the checksum is the one of RFC 3720, B.4") {
  using civicast::runner::crc32c;
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62A8AB43);
}
