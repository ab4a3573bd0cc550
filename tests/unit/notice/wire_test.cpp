// SPDX-License-Identifier: Apache-2.0
// The worker and a host that says what ours does not: the wire by hand.
#include <poll.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <chrono>
#include <optional>

#include "host/workers/program.hpp"
#include "sdk/wire/frame.hpp"
#include "sdk/wire/message.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;

namespace {

constexpr int patience_ms = 60'000;

class ByHand {
 public:
  ByHand() {
    const auto manifest = workers::read_manifest(CIVICAST_NOTICE);
    REQUIRE(manifest);
    const auto state = folder_ / "state";
    std::filesystem::create_directory(state);
    const auto program = workers::program_of({CIVICAST_RUNNER, CIVICAST_NOTICE, state}, *manifest);
    REQUIRE(program);
    auto process = workers::Process::spawn(*program);
    REQUIRE(process);
    process_.emplace(std::move(*process));
  }

  void say(std::string_view text) { say_raw(wire::frame(text)); }
  void say_raw(std::string_view bytes) { REQUIRE(write_all(process_->socket(), bytes)); }

  /// Its next message but a sign of life; nothing once it has closed the connection.
  std::optional<wire::ToHost> hear() {
    for (;;) {
      auto message = hear_any();
      if (!message || !std::holds_alternative<wire::Alive>(*message)) return message;
    }
  }
  void hear_life() {
    const auto message = hear_any();
    REQUIRE(message);
    CHECK(*message == wire::ToHost(wire::Alive{0, -1}));
  }
  void hang_up() { process_->close_socket(); }

  void greet() {
    const auto hello = hear();
    REQUIRE(hello);
    REQUIRE(std::holds_alternative<wire::Hello>(*hello));
    say(wire::write(wire::ToWorker(
        wire::Welcome{1, 0, 0, R"({"folder":"public","format":"txt"})", ".", "zh-CN"})));
    CHECK(answer() == std::pair(std::uint64_t{0}, wire::Verdict::done));
  }

  std::pair<std::uint64_t, wire::Verdict> answer() {
    const auto said = hear();
    REQUIRE(said);
    REQUIRE(std::holds_alternative<wire::Answer>(*said));
    return {std::get<wire::Answer>(*said).re, std::get<wire::Answer>(*said).verdict};
  }

  workers::Ending end() {
    pollfd entry{process_->pidfd(), POLLIN, 0};
    REQUIRE(::poll(&entry, 1, patience_ms) == 1);
    const auto ending = process_->reap();
    REQUIRE(ending);
    return *ending;
  }

 private:
  std::optional<wire::ToHost> hear_any() {
    for (;;) {
      const auto text = frames_.next();
      REQUIRE(text);
      if (*text) {
        auto message = wire::read_to_host(**text);
        REQUIRE(message);
        return std::move(*message);
      }
      pollfd entry{process_->socket(), POLLIN, 0};
      REQUIRE(::poll(&entry, 1, patience_ms) == 1);
      char chunk[4096];
      const ssize_t got = ::read(process_->socket(), chunk, sizeof chunk);
      if (got <= 0) return std::nullopt;
      frames_.feed({chunk, static_cast<std::size_t>(got)});
    }
  }

  test::TempFolder folder_;
  std::optional<workers::Process> process_;
  wire::FrameReader frames_;
};

}  // namespace

TEST_CASE("a call of a newer host is answered, and the worker lives on") {
  ByHand host;
  host.greet();
  host.say(R"({"id":5,"call":"dance","placement":{"id":"p","steps":[1,2]},"new":{}})");
  CHECK(host.answer() == std::pair(std::uint64_t{5}, wire::Verdict::broken));
  host.say(R"({"id":6,"call":"publish","within_ms":5000,"placement":{"id":"p"}})");
  CHECK(host.answer() == std::pair(std::uint64_t{6}, wire::Verdict::broken));
  host.say(R"({"id":7,"call":"status","within_ms":5000})");
  CHECK(host.answer() == std::pair(std::uint64_t{7}, wire::Verdict::done));
  host.say(R"({"bye":1})");
  CHECK_FALSE(host.hear());
  CHECK(host.end().is_clean);
}

TEST_CASE("what is no message of the protocol ends the worker") {
  ByHand host;
  host.greet();
  const std::string bytes =
      GENERATE(as<std::string>(), wire::frame("{}"), wire::frame("no JSON"), wire::frame("[]"),
               wire::frame(R"({"acked":"x"})"), wire::frame(R"({"call":"status"})"),
               wire::frame("\xff"), "\x7f\xff\xff\xff");
  host.say_raw(bytes);
  CHECK_FALSE(host.hear());
  CHECK_FALSE(host.end().is_clean);
}

TEST_CASE("a worker whose host says nothing shows that it lives, and ends when the host goes") {
  ByHand host;
  host.greet();
  host.hear_life();
  host.hang_up();
  CHECK(host.end().is_clean);
}
