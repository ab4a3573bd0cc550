// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sdk/base/faults.hpp"
#include "sdk/base/result.hpp"

using namespace civicast;

TEST_CASE("a fault says where, what and what to do, in both languages") {
  const auto fault =
      Fault(faults::file_too_large, {{"file", "a.mp4"}, {"limit", "10"}}).at("row 7");
  CHECK(fault.sentence(Lang::en) ==
        "row 7: The file a.mp4 is larger than the limit of 10 bytes. Use a smaller file.");
  CHECK(fault.sentence(Lang::zh).rfind("row 7: 文件 a.mp4", 0) == 0);
}

TEST_CASE("the detail is for engineers and stands last") {
  const auto fault = Fault(faults::json_malformed, {{"reason", "x"}}).with_detail("byte 3");
  CHECK(fault.text().substr(fault.text().size() - 8) == "[byte 3]");
}

TEST_CASE("a failed result has no value to give") {
  const Result<int> failed = Fault(faults::json_malformed);
  CHECK_FALSE(failed.ok());
  CHECK_THROWS_AS(failed.value(), std::logic_error);
  CHECK(failed.fault().is(faults::json_malformed));
  const Result<int> good = 4;
  CHECK(*good == 4);
  CHECK_THROWS_AS(good.fault(), std::logic_error);
}
