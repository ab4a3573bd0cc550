// SPDX-License-Identifier: Apache-2.0
#include "host/workers/manifest.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::workers;

namespace {

const std::filesystem::path plugins = CIVICAST_TEST_PLUGINS;

std::string echo_text() {
  const auto text = read_file(plugins / "echo" / "plugin.json", 1 << 20);
  REQUIRE(text);
  return *text;
}

}  // namespace

TEST_CASE("a manifest is read without loading the plugin") {
  const auto manifest = read_manifest(plugins / "echo");
  REQUIRE(manifest);
  CHECK(manifest->id == "org.civicast.test.echo");
  CHECK(manifest->name.zh == "回声");
  CHECK(manifest->withdraw == Withdraw::before_air);
  CHECK(manifest->publish == Publish::once);
  CHECK(manifest->can_recall);
  CHECK(manifest->limits.publish_s == 2);
  CHECK(manifest->limits.withdraw_s == 5);
  CHECK(typed_settings(*manifest, {{"delay_ms", "5"}})->at("delay_ms") == 5);
}

TEST_CASE("every mistake in a manifest is named by its pointer") {
  const auto manifest = parse_manifest(R"({
    "id": "Not An Id", "version": "1", "abi": "2.0", "name": {"zh": "名"}, "binary": "../evil.so",
    "carries": ["text", "smell"], "can": {"withdraw": true, "publish": "twice", "recall": 1},
    "limits": {"publish_s": -1}, "settings": {"type": "object", "if": {}}})");
  REQUIRE_FALSE(manifest);
  std::vector<std::string> where;
  for (const Fault &fault : manifest.fault()) where.push_back(fault.where());
  CHECK(where == std::vector<std::string>{"/id", "/version", "/abi", "/name/en", "/binary",
                                          "/carries/1", "/can/withdraw", "/can/recall",
                                          "/can/publish", "/can/evidence", "/limits/publish_s",
                                          "/settings/if"});
}

TEST_CASE("a manifest names its counters in both languages, or is told which it does not") {
  Json echo = Json::parse(echo_text());
  echo["counters"] = {{"posts", {{"zh", "已发布"}, {"en", "Posts"}}},
                      {"late", {{"zh", "迟到"}, {"en", "Late"}, {"in", "checks"}}}};
  const auto manifest = parse_manifest(echo.dump());
  REQUIRE(manifest);
  CHECK(manifest->counters == echo["counters"]);
  echo["counters"] = {{"a/b", {{"zh", "甲"}}},
                      {"c", {{"zh", "丙"}, {"en", "C"}, {"in", "nowhere"}}}};
  const auto wrong = parse_manifest(echo.dump());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.fault().at(0).where() == "/counters/a~1b/en");
  CHECK(wrong.fault().at(1).where() == "/counters/c/in");
  echo["counters"] = Json::array();
  CHECK_FALSE(parse_manifest(echo.dump()));
}

TEST_CASE("a manifest names a binary or a command, and one of them only") {
  const auto with = [](const std::string &code) {
    return parse_manifest(R"({"id": "a.b", "version": "1.0.0", "abi": "1.0",
      "name": {"zh": "名", "en": "N"}, "carries": ["text"],
      "can": {"publish": "once", "evidence": "inferred"})" +
                          code + "}");
  };
  const auto command = with(R"(, "command": ["python3", "channel.py"])");
  REQUIRE(command);
  CHECK(command->command == std::vector<std::string>{"python3", "channel.py"});
  for (const char *code : {R"(, "command": [], "x": 1)", R"(, "command": ["", "a"])",
                           R"(, "command": "ls")", R"(, "command": ["a"], "binary": "b.so")", ""})
    CHECK_FALSE(with(code));
}

TEST_CASE("limits beyond what a machine has are refused where they stand") {
  auto wrong = parse_json(echo_text());
  (*wrong)["limits"]["memory_mb"] = 1;
  (*wrong)["limits"]["open_files"] = -3;
  const auto manifest = parse_manifest(to_text(*wrong));
  REQUIRE_FALSE(manifest);
  REQUIRE(manifest.fault().size() == 2);
  CHECK(manifest.fault()[0].where() == "/limits/memory_mb");
  CHECK(manifest.fault()[1].where() == "/limits/open_files");
}

TEST_CASE("a folder without a plugin is refused") {
  CHECK_FALSE(read_manifest(plugins / "nobody"));
  CHECK_FALSE(parse_manifest(""));
  CHECK_FALSE(parse_manifest("[]"));
}

TEST_CASE("a manifest cut or with a byte changed never breaks the reader") {
  const std::string whole = echo_text();
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string text = whole;
    if (random() % 4 == 0) text.resize(random() % text.size());
    for (unsigned i = 0; i < 1 + random() % 3 && !text.empty(); ++i)
      text[random() % text.size()] = static_cast<char>(random());
    const auto manifest = parse_manifest(text);
    if (!manifest) CHECK_FALSE(manifest.fault().empty());
  }
}

TEST_CASE("limits that are no object are not passed over") {
  Json manifest = Json::parse(echo_text());
  manifest["limits"] = 5;
  const auto read = parse_manifest(to_text(manifest));
  REQUIRE_FALSE(read);
  CHECK(read.fault().front().where() == "/limits");
}
