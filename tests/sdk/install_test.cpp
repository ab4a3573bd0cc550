// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "sdk/base/json.hpp"
#include "tests/sdk/workshop.hpp"

using namespace civicast;
using namespace civicast::test;
namespace fs = std::filesystem;

namespace {

std::set<std::string> files_below(const fs::path &folder) {
  std::set<std::string> out;
  for (const auto &entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out.insert(entry.path().lexically_relative(folder).string());
  return out;
}

}  // namespace

TEST_CASE("the SDK alone is the contract, its CMake, its documents and two programs", "[install]") {
  const Installed sdk("sdk");
  std::set<std::string> expected = {"bin/civicast",
                                    "bin/civicast-runner",
                                    "include/civicast/channel.h",
                                    "include/civicast/channel.hpp",
                                    "include/civicast/http.hpp",
                                    "include/civicast/journal.hpp",
                                    "lib/cmake/Civicast/CivicastChannel.cmake",
                                    "lib/cmake/Civicast/CivicastConfig.cmake",
                                    "lib/cmake/Civicast/CivicastConfigVersion.cmake",
                                    "lib/cmake/Civicast/CivicastTargets.cmake",
                                    "lib/cmake/Civicast/plugin.map",
                                    "share/civicast/rules/cn.xml",
                                    "share/doc/civicast/README.md",
                                    "share/doc/civicast/wire/PROTOCOL.md"};
  std::set<std::string> found = files_below(sdk.prefix());
  // One file more, named by the build's configuration.
  const auto targets = std::find_if(found.begin(), found.end(), [](const std::string &name) {
    return name.rfind("lib/cmake/Civicast/CivicastTargets-", 0) == 0;
  });
  REQUIRE(targets != found.end());
  found.erase(targets);
  CHECK(found == expected);
}

TEST_CASE("nothing in the SDK's CMake knows where it was built or first installed", "[install]") {
  const Installed sdk("sdk");
  const fs::path folder = sdk.prefix() / "lib/cmake/Civicast";
  for (const std::string &name : files_below(folder)) {
    INFO(name);
    const std::string text = read_text(folder / name);
    CHECK(text.find(CIVICAST_BUILD) == std::string::npos);
    CHECK(text.find("/first/") == std::string::npos);
  }
}

TEST_CASE("another major version of the contract is not found", "[install]") {
  const Installed sdk("sdk");
  const TempFolder folder;
  for (const auto &[version, is_found] :
       std::map<std::string, bool>{{"1.0", true}, {"1.9", false}, {"2.0", false}}) {
    INFO(version);
    write_text(folder / version / "CMakeLists.txt",
               "cmake_minimum_required(VERSION 3.25)\nproject(seek LANGUAGES CXX)\n"
               "find_package(Civicast " +
                   version +
                   " CONFIG REQUIRED)\n"
                   "if(NOT EXISTS \"${Civicast_CIVICAST}\" OR NOT TARGET Civicast::runner)\n"
                   "  message(FATAL_ERROR \"no tools\")\nendif()\n");
    const Ran configured = build(folder / version, sdk.prefix());
    INFO(configured.output);
    CHECK((configured.status == 0) == is_found);
  }
}

TEST_CASE("the whole product runs from where it was moved after it was installed", "[install]") {
  const Installed product("");
  const fs::path prefix = product.prefix();
  CHECK(run({product.bin("civicastd"), "--help"}, prefix).status == 0);

  const Ran listed = run({product.bin("civicast"), "plugin", "list", "--format", "json"}, prefix);
  INFO(listed.output);
  REQUIRE(listed.status == 0);
  std::set<std::string> plugins;
  const auto rows = parse_json(listed.output);
  REQUIRE(rows);
  for (const Json &row : *rows) plugins.insert(row["folder"].get<std::string>());
  for (const char *name : {"cable", "feed", "notice", "screens"}) CHECK(plugins.count(name) == 1);

  const Ran checked = run(
      {product.bin("civicast"), "station", "check", prefix / "share/civicast/chenghua"}, prefix);
  INFO(checked.output);
  CHECK(checked.status == 0);
  CHECK(fs::exists(prefix / "share/civicast/schema/channels.xsd"));
  const Ran rules = run({product.bin("civicast"), "--station", prefix / "share/civicast/chenghua",
                         "rules", "list", "--format", "json"},
                        prefix);
  const auto listed_rules = parse_json(rules.output);
  REQUIRE(listed_rules);
  CHECK(listed_rules->size() >= 3);
}
