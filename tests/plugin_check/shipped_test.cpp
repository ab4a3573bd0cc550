// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/plugin_check/checked.hpp"

namespace civicast::test {
namespace {

/// A law that does not apply is skipped with its reason; everything else must be well.
void must_pass(const std::filesystem::path &folder) {
  const Checked checked = check(folder, {"--level", "3"});
  INFO("seed " << checked.report.at("seed") << "\n" << checked.wrong());
  CHECK(checked.report.at("failed") == 0);
  CHECK(checked.report.at("warned") == 0);
  CHECK(checked.report.at("passed") >= 40);
  CHECK(checked.status == 0);
}

const std::filesystem::path shipped = CIVICAST_PLUGINS, tested = CIVICAST_TEST_PLUGINS;

}  // namespace

TEST_CASE("cable keeps to the contract at every level") {
  must_pass(shipped / "cable");
}

TEST_CASE("screens keeps to the contract at every level") {
  must_pass(shipped / "screens");
}

TEST_CASE("feed keeps to the contract at every level") {
  must_pass(shipped / "feed");
}

TEST_CASE("a channel that posts at once and never twice keeps to the contract at every level") {
  must_pass(tested / "echo");
}

}  // namespace civicast::test
