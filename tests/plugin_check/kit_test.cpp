// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "host/workers/schema.hpp"
#include "tests/plugin_check/checked.hpp"
#include "tests/plugins/harness.hpp"
#include "tools/plugin/kit/elf.hpp"
#include "tools/plugin/kit/said.hpp"
#include "tools/plugin/kit/settings.hpp"
#include "tools/plugin/kit/suite.hpp"

namespace civicast::test {
namespace {

const std::filesystem::path tested = CIVICAST_TEST_PLUGINS;

wire::Fact aired(const std::string &id, std::int64_t start_ns) {
  wire::Fact out;
  out.placement = id;
  out.start_ns = out.end_ns = start_ns;
  return out;
}

const Json schema = Json::parse(R"({"type":"object","required":["url","port","at"],"properties":{
  "url":{"type":"string","format":"uri"},"port":{"type":"integer","minimum":1,"maximum":65535},
  "at":{"type":"string","format":"time"},"listen":{"type":"string","default":"127.0.0.1:8092"},
  "token":{"type":"string","x-secret":true},"mode":{"type":"string","enum":["a","b"]}}})");

Json filled_with(const Json &settings) {
  return kit::filled(schema, settings, {"/nowhere", [] { return "http://127.0.0.1:1"; }});
}

}  // namespace

TEST_CASE("every test has a name of its own, a level, and its law in both languages") {
  std::set<std::string> names;
  for (const kit::Test &test : kit::all_tests()) {
    INFO(test.name);
    CHECK(names.insert(test.name).second);
    CHECK((test.level >= 1 && test.level <= 3));
    CHECK(test.law.zh.size() > 20);
    CHECK(test.law.en.size() > 20);
    CHECK(test.law.en.back() == '.');
  }
  CHECK(names.size() > 40);
}

TEST_CASE("a seed repeats a run, and a closing line tells how many passed") {
  const Ran ran =
      run_plugin({"check", (tested / "echo").string(), "--only", "fuzz.times", "--seed", "4711"});
  INFO(ran.output);
  CHECK(ran.status == 0);
  CHECK(ran.output.find("seed 4711") != std::string::npos);
  CHECK(ran.output.find("1 passed, 0 failed, 0 warned, 0 skipped") != std::string::npos);
}

TEST_CASE("a level holds the tests of the levels below it") {
  kit::Plan plan;
  std::size_t before = 0;
  for (plan.level = 1; plan.level <= 3; ++plan.level) {
    const auto chosen = kit::chosen(plan);
    REQUIRE(chosen.ok());
    CHECK(chosen->size() > before);
    before = chosen->size();
  }
}

TEST_CASE("what names no test, and what is no pattern, is refused with a sentence") {
  kit::Plan plan;
  plan.only = "no.such.test";
  CHECK_FALSE(kit::chosen(plan).ok());
  plan.only = "(";
  CHECK_FALSE(kit::chosen(plan).ok());
}

TEST_CASE("made settings fit their schema, and an address of this machine gets a free port") {
  const Json made = kit::made_settings(schema, Json::object());
  const Json filled = filled_with(made);
  INFO(filled);
  CHECK(workers::validate(schema, filled).empty());
  CHECK(filled["listen"].get<std::string>().rfind("127.0.0.1:", 0) == 0);
  CHECK(filled["listen"] != "127.0.0.1:8092");
  CHECK(filled["url"] == "http://127.0.0.1:1/");
  CHECK_FALSE(filled.contains("mode"));
  CHECK(kit::made_settings(schema, {{"port", 80}})["port"] == 80);
}

TEST_CASE("every bent setting leaves the schema at the pointer that it names") {
  const Json right = filled_with(kit::made_settings(schema, Json::object()));
  const auto bent = kit::bent_settings(schema, right);
  CHECK(bent.size() > 8);
  for (const kit::Bent &one : bent) {
    const Faults faults = workers::validate(schema, one.settings);
    INFO(one.at << ": " << one.what);
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.front().where() == one.at);
  }
}

TEST_CASE("secrets are those that the schema marks") {
  CHECK(kit::secrets_of(schema, {{"token", "t0p"}, {"url", "u"}}) ==
        std::vector<std::string>{"t0p"});
}

TEST_CASE("a fact said twice is one, and one said otherwise is noticed") {
  kit::Said said;
  said.add({1, {aired("a", 5)}}, 1, 10);
  said.add({2, {aired("a", 5)}}, 1, 11);
  CHECK(said.distinct().size() == 1);
  CHECK(said.all().size() == 2);
  CHECK_FALSE(said.restated());
  said.add({3, {aired("a", 6)}}, 1, 12);
  REQUIRE(said.restated());
  CHECK(said.restated()->second.fact.start_ns == 6);
  CHECK(said.has_ended("a"));
  CHECK_FALSE(said.has_ended("b"));
}

TEST_CASE("facts are judged as the host judges them") {
  const std::int64_t now_ns = 1'800'000'000'000'000'000;
  wire::Placement handed;
  handed.id = "a";
  handed.start_ns = now_ns - 3'000'000'000;
  handed.end_ns = now_ns;
  wire::Fact fact = aired("a", handed.start_ns);
  fact.end_ns = handed.end_ns;
  const auto judged = [&](const wire::Fact &said) {
    return kit::objection({{said, now_ns, 1, 1}}, {handed}, "org.example", "1.0.0").has_value();
  };
  CHECK_FALSE(judged(fact));
  fact.placement = "b";
  CHECK(judged(fact));
  fact.placement = "a";
  fact.end_ns = now_ns + 60'000'000'000;
  CHECK(judged(fact));
}

TEST_CASE("the symbols of a library are read without loading it") {
  const auto symbols = kit::exported_symbols(tested / "echo" / "echo.so");
  REQUIRE(symbols.has_value());
  CHECK(*symbols == std::vector<std::string>{"civ_channel_entry_v1"});
  CHECK_FALSE(kit::exported_symbols(tested / "echo" / "plugin.json"));
  CHECK_FALSE(kit::exported_symbols(tested / "echo" / "not-there.so"));
}

TEST_CASE("run shows every frame and masks every secret") {
  const TempFolder folder;
  const auto settings = folder / "settings.json";
  std::ofstream(settings) << R"({"token":"open-sesame","delay_ms":0})";
  const Ran ran = run_plugin(
      {"run", (tested / "echo").string(), "--text", "hello", "--settings", settings.string()});
  INFO(ran.output);
  CHECK(ran.status == 0);
  for (const char *shown : {"hello", "welcome", "publish", "facts", "acked", "answer", "bye",
                            "host → worker", "host ← worker", "It ended: aired"})
    CHECK(ran.output.find(shown) != std::string::npos);
  CHECK(ran.output.find("open-sesame") == std::string::npos);
  CHECK(ran.output.find("•••") != std::string::npos);
}

TEST_CASE("run says why a placement was not taken") {
  const Ran ran = run_plugin({"run", (tested / "echo").string(), "--text", "refuse"});
  INFO(ran.output);
  CHECK(ran.status == 1);
  CHECK(ran.output.find("It was not taken: refused [echo.refused] /text/en") != std::string::npos);
}

}  // namespace civicast::test
