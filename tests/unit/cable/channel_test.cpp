// SPDX-License-Identifier: Apache-2.0
// The whole plugin on the machine's own clock, with real sockets and files.
#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "plugins/cable/channel.hpp"
#include "tests/unit/cable/fake_host.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/verdict_of.hpp"

namespace civicast::cable {
namespace {

class Receiver {
 public:
  Receiver() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr *>(&address), size) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr *>(&address), &size) == 0);
    port = ntohs(address.sin_port);
    const timeval patience{10, 0};
    REQUIRE(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  }
  ~Receiver() { ::close(socket_); }
  /// One datagram's length; -1 when none came.
  ssize_t receive(std::uint8_t *bytes, std::size_t size) { return ::recv(socket_, bytes, size, 0); }
  int port = 0;

 private:
  int socket_;
};

std::string settings(int port) {
  return R"({"udp":"127.0.0.1:)" + std::to_string(port) + R"(","ts_file":"out.ts","preview":true})";
}

}  // namespace

/// A house clock that is slow to answer at first: as if the thread had been put aside meanwhile.
struct SlowClock {
  static std::int64_t on_now(const civ_host *host) {
    auto &self = *static_cast<SlowClock *>(host->self);
    using std::chrono::steady_clock;
    const auto until = steady_clock::now() + std::chrono::milliseconds(5);
    while (self.asked == 0 && steady_clock::now() < until) continue;
    return ++self.asked;
  }
  int asked = 0;
};

TEST_CASE("Two clocks between whose readings the thread was put aside are read again") {
  SlowClock clock;
  civ_host host{};
  host.size = sizeof host;
  host.self = &clock;
  host.now_ns = SlowClock::on_now;
  const Pacer::Reading reading = HostClock(Host(&host)).read();
  CHECK(clock.asked >= 2);
  CHECK(reading.utc_ns >= 2);  // not what the slow answer said
}

TEST_CASE("A placement handed to the plugin goes over the network, into the file and the preview") {
  const std::string clip = house_file({.frames = 75});
  const TempFolder folder;
  FakeHost host(folder.path.string());
  Receiver receiver;
  const FakeDoc doc(settings(receiver.port));
  CableChannel channel(host.get(), Doc(doc.get()));
  const std::int64_t start_ns = frame_ns(frame_near(host.get().now_ns()) + 50);
  const Handed handed("p", "placement", clip, start_ns, start_ns + frame_ns(75));
  channel.publish(handed.get());
  channel.publish(handed.get());  // the host may not know that it has done so already
  const Handed late("late", "placement", clip, start_ns - frame_ns(300), start_ns - frame_ns(225));
  channel.publish(late.get());

  tests::TsCheck check;
  std::vector<std::uint8_t> bytes(2048);
  while (host.count("p", CIV_AIRED) + host.count("p", CIV_MISSED) == 0 ||
         !std::filesystem::exists(folder / "preview/live.m3u8")) {
    const ssize_t size = receiver.receive(bytes.data(), bytes.size());
    REQUIRE(size == 7 * 188);
    check.feed(bytes.data(), static_cast<std::size_t>(size));
  }
  INFO(check.report().json());
  INFO(channel.status());
  CHECK(host.count("p", CIV_STARTED) == 1);
  CHECK(host.count("late", CIV_MISSED) == 1);
  CHECK(check.report().continuity_errors == 0);
  const auto status = nlohmann::json::parse(channel.status());
  CHECK(status["counters"]["send_errors"] == 0);
  // Each by the name that the manifest gives it, and no name for nothing.
  const auto names = nlohmann::json::parse(std::ifstream(CABLE_MANIFEST))["counters"];
  CHECK(names.size() == status["counters"].size());
  for (const auto &[name, value] : status["counters"].items()) {
    INFO(name);
    CHECK(names.contains(name));
  }
  CHECK(status["counters"]["continuity_errors"] == 0);
  CHECK(status["outputs"].size() == 2);
  CHECK(status["links"].size() == 1);
  CHECK(std::filesystem::file_size(folder / "out.ts") % 188 == 0);
  std::string code;
  CHECK(verdict_of([&] { channel.withdraw("p"); }, &code) == CIV_REFUSED);
  CHECK(code == "withdraw.over");
  CHECK(channel.recall("p") == Recall::emitted);
  CHECK(channel.recall("never") == Recall::never_heard_of_it);
}

TEST_CASE("What was accepted is known after a restart, and can be withdrawn before it airs") {
  const std::string clip = house_file({.frames = 75});
  const TempFolder folder;
  FakeHost host(folder.path.string());
  const FakeDoc doc(R"({"ts_file":"out.ts"})");
  const std::int64_t start_ns = host.get().now_ns() + std::int64_t{3600} * 1'000'000'000;
  const Handed handed("p", "placement", clip, start_ns, start_ns + frame_ns(75));
  const Handed rival("rival", "placement", clip, start_ns + frame_ns(50), start_ns + frame_ns(125));
  {
    CableChannel channel(host.get(), Doc(doc.get()));
    channel.publish(handed.get());
    std::string code;
    CHECK(verdict_of([&] { channel.publish(rival.get()); }, &code) == CIV_REFUSED);
    CHECK(code == "time.taken");
  }
  CableChannel channel(host.get(), Doc(doc.get()));
  CHECK(channel.recall("p") == Recall::emitted);
  CHECK(host.count("p", CIV_MISSED) == 0);
  channel.withdraw("p");
  CHECK(host.count("p", CIV_WITHDRAWN) == 1);
  CHECK(verdict_of([&] { channel.withdraw("p"); }) == CIV_REFUSED);
}

TEST_CASE("A channel without an output, or with one that cannot be, is unready") {
  const TempFolder folder;
  FakeHost host(folder.path.string());
  for (const char *text : {"{}", R"({"udp":"localhost"})", R"({"udp":"127.0.0.1:99999"})",
                           R"({"ts_file":"no/such/folder/out.ts"})"}) {
    const FakeDoc doc(text);
    INFO(text);
    CHECK(verdict_of([&] { CableChannel(host.get(), Doc(doc.get())); }) == CIV_UNREADY);
  }
}

TEST_CASE(
    "A placement that can never go out is refused by check, and by publish in the same words") {
  const TempFolder folder;
  FakeHost host(folder.path.string());
  const FakeDoc doc(R"({"ts_file":"out.ts"})");
  CableChannel channel(host.get(), Doc(doc.get()));
  const std::string clip = house_file({.frames = 75});
  const std::int64_t start_ns = host.get().now_ns() + std::int64_t{3600} * 1'000'000'000;
  const auto refusal = [&](const Handed &handed) {
    std::string checked, published;
    CHECK(verdict_of([&] { channel.check(handed.get()); }, &checked) == CIV_REFUSED);
    CHECK(verdict_of([&] { channel.publish(handed.get()); }, &published) == CIV_REFUSED);
    CHECK(checked == published);
    return checked;
  };
  const std::int64_t end_ns = start_ns + frame_ns(75);
  CHECK(refusal({"a", "placement", folder / "none.ts", start_ns, end_ns}) == "media.missing");
  CHECK(refusal({"b", "placement", clip, start_ns, end_ns + frame_ns(3)}) == "media.short");
  CHECK(refusal({"c", "placement", clip, start_ns, start_ns}) == "time.empty");
  CHECK(refusal({std::string(300, 'x'), "placement", clip, start_ns, end_ns}) == "id.length");
}

}  // namespace civicast::cable
