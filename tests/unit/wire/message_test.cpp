// SPDX-License-Identifier: Apache-2.0
#include "sdk/wire/message.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "sdk/wire/faults.hpp"

using namespace civicast;
using namespace civicast::wire;

namespace {

Fact some_fact() {
  Fact fact;
  fact.placement = "p-1";
  fact.place = "屏-1";
  fact.play = 4'000'000'000U;
  fact.status = Status::aired_without_discrepancy;
  fact.start_ns = 1'795'444'560'123'456'789;
  fact.end_ns = fact.start_ns + 1;
  fact.remote = "https://example.org/1";
  fact.proof = R"({"frames":375})";
  return fact;
}

const std::vector<ToWorker> to_worker = {
    Welcome{7, 1840, -5, R"({"token":"secret"})", "/s", "zh-CN"},
    Call{12,
         CallKind::publish,
         5000,
         {"p-1",
          2,
          1'795'444'560'000'000'000,
          1'795'444'575'000'000'000,
          R"({"kind":"placement"})",
          {{"/a.ts", "00ff", "video/mp2t", 15'000'000'000}}}},
    Call{13, CallKind::recall, 1000, {"p-1", 1, 0, 0, "{}", {}}},
    Call{14, CallKind::status, 0, {}},
    Acked{18'446'744'073'709'551'615U},
    Bye{}};

const std::vector<ToHost> to_host = {
    Hello{"org.example.hello", "1.0.0", "1.0", 1, 0, 1842},
    Answer{12, Verdict::refused, {{3, 20, "text.empty", "/text", "没有文字。", "why"}}, ""},
    Answer{13, Verdict::done, {}, R"({"on_air":true})"},
    FactBatch{1843, {some_fact()}},
    Alive{12, 310},
    Bye{{{3, 0, "code", "", "message", ""}}}};

}  // namespace

TEST_CASE("every message reads back as it was written") {
  for (const ToWorker &message : to_worker) {
    const auto read = read_to_worker(write(message));
    REQUIRE(read);
    CHECK(*read == message);
  }
  for (const ToHost &message : to_host) {
    const auto read = read_to_host(write(message));
    REQUIRE(read);
    CHECK(*read == message);
  }
}

TEST_CASE("a batch written in two steps is the batch") {
  const auto read =
      read_to_host(write_batch(9, write_fact(some_fact()) + "," + write_fact(some_fact())));
  REQUIRE(read);
  CHECK(*read == ToHost(FactBatch{9, {some_fact(), some_fact()}}));
}

TEST_CASE("unknown members are ignored") {
  const auto read = read_to_worker(R"({"acked":3,"new":{"thing":[1]}})");
  REQUIRE(read);
  CHECK(*read == ToWorker(Acked{3}));
}

TEST_CASE("a call of a newer host is a call that can be answered") {
  const auto read = read_to_worker(R"({"id":7,"call":"sing","within_ms":5,"song":{}})");
  REQUIRE(read);
  CHECK(*read == ToWorker(Call{7, CallKind::other, 5, {}}));
}

TEST_CASE("what the protocol lacks is refused with a reason") {
  const std::string text = GENERATE(
      as<std::string>(), R"({"re":1})", R"({"re":1,"verdict":6})", R"({"re":-1,"verdict":0})",
      R"({"re":1.5,"verdict":0})", R"({"seq":1,"facts":{}})", R"({"seq":1,"facts":[1]})",
      R"({"seq":1,"facts":[{"fact":"seen"}]})", R"({"alive":1})", R"({"hello":"x"})",
      R"({"seq":1,"facts":[{"fact":"aired","evidence":"measured","status":"none","placement":"",)"
      R"("play":1,"start":0,"end":0}]})",
      R"({"seq":1,"facts":[{"fact":"aired","evidence":"measured","status":"none","placement":"p",)"
      R"("play":4294967296,"start":0,"end":0}]})",
      R"({"seq":1,"facts":[{"fact":"aired","evidence":"measured","status":"none","placement":"p",)"
      R"("play":1,"start":18446744073709551615,"end":0}]})");
  const auto read = read_to_host(text);
  REQUIRE_FALSE(read);
  CHECK(read.fault().is(faults::message_malformed));
}

TEST_CASE("no message at all is refused") {
  CHECK_FALSE(read_to_host(""));
  CHECK_FALSE(read_to_host("[]"));
  CHECK_FALSE(read_to_host("{}"));
  CHECK_FALSE(read_to_worker(R"({"call":"open","id":1})"));
  CHECK_FALSE(read_to_worker(std::string(1000, '[')));
}

TEST_CASE("a message cut or with a byte changed never breaks the reader") {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = write(to_host[random() % to_host.size()]);
    if (random() % 2) text.resize(random() % (text.size() + 1));
    for (unsigned i = 0; i < random() % 4 && !text.empty(); ++i)
      text[random() % text.size()] = static_cast<char>(random());
    const auto read = read_to_host(text);
    // What is accepted can be written and read again: nothing half understood gets through.
    if (read) CHECK(read_to_host(write(*read)));
  }
}
