// SPDX-License-Identifier: Apache-2.0
// One plugin's whole life, on every pair of old, new and later headers. The later ones are built
// with AddressSanitizer, plugin and runner: whoever looks beyond the other's `size` dies of it.
#include <catch2/catch.hpp>
#include <vector>

#include "tests/abi/worker_end.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::CallKind;

namespace {

const std::string plugins = CIVICAST_ABI_PLUGINS;

wire::Placement placement(const std::string &id, const std::string &text) {
  wire::Placement out;
  out.id = id;
  out.attempt = 4;
  out.start_ns = 1'000;
  out.end_ns = 2'000;
  out.body = R"({"text":{"en":")" + text + R"("},"title":{"en":"E","zh":"字"},)" +
             R"("exact":1790000000123456789,"half":2.5,"places":["p","q"]})";
  out.media = {{"/house/a.ts", "aa", "video/mp2t", 15}, {"/house/b.ts", "bb", "video/mp2t", 30}};
  return out;
}

struct Asked {
  CallKind kind;
  std::string id, text;
};

/// What it says until it has answered call `re`, as texts; facts are acked.
void hear(WorkerEnd &worker, std::uint64_t re, std::vector<std::string> &said) {
  while (const auto message = worker.next()) {
    if (const auto *batch = std::get_if<wire::FactBatch>(&*message)) {
      for (const wire::Fact &fact : batch->facts) said.push_back(wire::write_fact(fact));
      worker.send(wire::Acked{batch->seq});
    } else {
      said.push_back(wire::write(*message));
    }
    const auto *answer = std::get_if<wire::Answer>(&*message);
    if (answer && answer->re == re) return;
  }
  FAIL("the worker ended; it logged: " << worker.log());
}

struct Life {
  std::vector<std::string> said;
  std::string log;
};

Life live(const std::string &runner, const std::string &plugin) {
  INFO(plugin << " on " << runner);
  Folder folder;
  WorkerEnd worker(runner, plugins + "/" + plugin, folder.path());
  Life life;
  const auto hello = worker.next();
  REQUIRE(hello);
  REQUIRE(std::holds_alternative<wire::Hello>(*hello));
  CHECK(std::get<wire::Hello>(*hello).abi == "1.0");
  wire::Welcome welcome;
  welcome.epoch = 1;
  welcome.state_dir = folder.path().string();
  welcome.locale = "zh-CN";
  worker.send(welcome);
  hear(worker, 0, life.said);
  const std::vector<Asked> script = {
      {CallKind::check, "p1", "air"},     {CallKind::check, "p2", "refuse"},
      {CallKind::publish, "p1", "air"},   {CallKind::publish, "p2", "refuse"},
      {CallKind::publish, "p3", "later"}, {CallKind::withdraw, "p4", ""},
      {CallKind::recall, "p1", ""},       {CallKind::recall, "never", ""},
      {CallKind::status, "", ""},         {CallKind::handover, "", ""}};
  for (std::size_t i = 0; i < script.size(); ++i) {
    wire::Call call;
    call.id = i + 1;
    call.kind = script[i].kind;
    call.within_ms = 10'000;
    call.placement = placement(script[i].id, script[i].text);
    worker.send(call);
    hear(worker, call.id, life.said);
  }
  worker.send(wire::Bye{});
  while (worker.next()) {
  }
  CHECK(worker.ended() == 0);
  life.log = worker.log();
  INFO(life.log);
  CHECK(life.log.find("AddressSanitizer") == std::string::npos);
  CHECK(life.log.find("malformed") == std::string::npos);
  CHECK(life.log.find("open in zh-CN, minor known, plain") != std::string::npos);
  CHECK(life.log.find("closed") != std::string::npos);
  return life;
}

std::string note(const char *code, int retry_after_ms) {
  return R"([{"at":"/text/en","code":")" + std::string(code) +
         R"(","detail":"for the engineer","level":LEVEL,"message":"中文。 · English.")" +
         (retry_after_ms ? R"(,"retry_after_ms":)" + std::to_string(retry_after_ms) : "") + "}]";
}

/// What it must say, whoever built it. A note of the C++ layer is an error, the C one's a warning.
std::vector<std::string> expected(int level) {
  const std::string proof =
      R"({"attempt":4,"count":2,"duration":30,"integer":1790000000123456789,"mime":"video/mp2t",)"
      R"("name":"zh","number":2.5,"path":"/house/b.ts","places":["p","q"],"sha256":"bb"})";
  std::vector<std::string> lines = {
      R"({"re":0,"verdict":0})",
      R"({"re":1,"verdict":0})",
      R"({"notes":)" + note("abi.refused", 0) + R"(,"re":2,"verdict":1})",
      R"({"end":1000,"evidence":"measured","fact":"started","placement":"p1","play":1,"start":1000,"status":"none"})",
      R"({"end":2000,"evidence":"measured","fact":"aired","place":"screen-1","placement":"p1","play":1,"proof":)" +
          proof +
          R"(,"remote":"https://example.org/1","start":1000,"status":"aired_without_discrepancy"})",
      R"({"re":3,"verdict":0})",
      R"({"notes":)" + note("abi.refused", 0) + R"(,"re":4,"verdict":1})",
      R"({"notes":)" + note("abi.later", 1500) + R"(,"re":5,"verdict":3})",
      R"({"end":5,"evidence":"measured","fact":"withdrawn","placement":"p4","play":1,"start":5,"status":"did_not_air"})",
      R"({"re":6,"verdict":0})",
      R"({"end":7,"evidence":"inferred","fact":"missed","placement":"p1","play":3,"start":6,"status":"technical_difficulty"})",
      R"({"re":7,"verdict":0})",
      R"({"re":8,"verdict":1})",
      R"({"re":9,"status":{"published":1},"verdict":0})",
      R"({"notes":)" + note("abi.busy", 1500) + R"(,"re":10,"verdict":3})"};
  for (std::string &line : lines)
    if (const auto at = line.find("LEVEL"); at != std::string::npos)
      line.replace(at, 5, std::to_string(level));
  return lines;
}

constexpr int c_level = 2, cpp_level = 3;

}  // namespace

TEST_CASE("a plugin of 1.0 lives its whole life on today's runner") {
  CHECK(live(CIVICAST_RUNNER, "c_1_0").said == expected(c_level));
  CHECK(live(CIVICAST_RUNNER, "cpp_1_0").said == expected(cpp_level));
}

TEST_CASE("a plugin of a later header that needs 1.0 only lives on today's runner") {
  const Life c = live(CIVICAST_RUNNER, "c_tomorrow");
  CHECK(c.said == expected(c_level));
  CHECK(c.log.find("older host") != std::string::npos);
  CHECK(live(CIVICAST_RUNNER, "cpp_tomorrow").said == expected(cpp_level));
}

TEST_CASE("old and later, plugin and runner: nobody looks beyond the other's size") {
  struct Pair {
    const char *runner, *suffix, *sees;
  };
  for (const Pair pair : {Pair{CIVICAST_RUNNER_TODAY, "1_0_watched", "no idea of tomorrow"},
                          Pair{CIVICAST_RUNNER_TODAY, "tomorrow_watched", "older host"},
                          Pair{CIVICAST_RUNNER_TOMORROW, "1_0_watched", "no idea of tomorrow"},
                          Pair{CIVICAST_RUNNER_TOMORROW, "tomorrow_watched", "newer host\n"}}) {
    const Life c = live(pair.runner, std::string("c_") + pair.suffix);
    CHECK(c.said == expected(c_level));
    CHECK(c.log.find(pair.sees) != std::string::npos);
    CHECK(live(pair.runner, std::string("cpp_") + pair.suffix).said == expected(cpp_level));
  }
}

TEST_CASE("a plugin that breaks the small rules is told so, and harms nobody") {
  Folder folder;
  WorkerEnd worker(CIVICAST_RUNNER_TODAY, plugins + "/careless_watched", folder.path());
  REQUIRE(worker.next());
  worker.send(wire::Welcome{});
  const auto facts = worker.next();
  REQUIRE(facts);
  INFO(worker.log());
  // Of all that it emitted, what stood beside a malformed fact was not taken either.
  REQUIRE(std::holds_alternative<wire::FactBatch>(*facts));
  const wire::FactBatch &batch = std::get<wire::FactBatch>(*facts);
  REQUIRE(batch.facts.size() == 2);
  CHECK(batch.facts[0].placement == "p");
  CHECK(batch.facts[1].placement == std::string(256, 'x'));
  CHECK(batch.facts[1].remote == std::string(2048, 'x'));
  worker.send(wire::Acked{batch.seq});
  const auto said = worker.next();
  REQUIRE(said);
  REQUIRE(std::holds_alternative<wire::Answer>(*said));
  const wire::Answer &answer = std::get<wire::Answer>(*said);
  CHECK(answer.verdict == wire::Verdict::broken);
  REQUIRE(answer.notes.size() == 64 + 1);
  CHECK(answer.notes.front().message == std::string(4096 - 3, 'x') + "…");
  std::size_t kept_bytes = 0;
  for (std::size_t i = 0; i < 64; ++i) kept_bytes += answer.notes[i].message.size();
  CHECK(kept_bytes == 64 * 1024);
  CHECK(answer.notes.front().level == 3);
  CHECK(answer.notes.back().code == "plugin.no_channel");
  worker.send(wire::Bye{});
  while (worker.next()) {
  }
  CHECK(worker.ended() == 0);  // without close: there is nothing to close
  CHECK(worker.log().find("a note that is malformed") != std::string::npos);
  CHECK(worker.log().find("emit: fact 2 of 2 is malformed") != std::string::npos);
}

TEST_CASE("the watch is real: a plugin that looks beyond the host's size dies of it") {
  Folder folder;
  WorkerEnd worker(CIVICAST_RUNNER_TODAY, plugins + "/c_greedy_watched", folder.path());
  REQUIRE(worker.next());
  worker.send(wire::Welcome{});
  while (worker.next()) {
  }
  CHECK(worker.ended() != 0);
  CHECK(worker.log().find("AddressSanitizer") != std::string::npos);
}
