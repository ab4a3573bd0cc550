// SPDX-License-Identifier: Apache-2.0
// UDP on real sockets: what arrives, how far it may go, and what a network that fails costs.
#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <nlohmann/json.hpp>

#include "plugins/cable/send/udp.hpp"
#include "tests/unit/cable/send/net.hpp"

namespace civicast::cable {
namespace {

std::vector<std::vector<std::uint8_t>> bytes_of(const std::vector<Datagram> &datagrams) {
  std::vector<std::vector<std::uint8_t>> out;
  for (const Datagram &datagram : datagrams) out.push_back(datagram.bytes);
  return out;
}

std::string at(const std::string &host, int port, const std::string &options = {}) {
  return "udp://" + host + ":" + std::to_string(port) + options;
}

/// How the datagrams of `sender` came to `receiver`, as JSON text, for a child to tell.
nlohmann::json how_it_came(UdpOutput &sender, Receiver &receiver, std::size_t count) {
  auto datagrams = some_datagrams(count);
  const std::int64_t errors = sender.send(parts_of(datagrams));
  const std::vector<Datagram> came = receiver.take(count);
  nlohmann::json out{{"errors", errors},
                     {"is_same", bytes_of(came) == datagrams},
                     {"ttl", nlohmann::json::array()},
                     {"tos", nlohmann::json::array()},
                     {"last_error", sender.state().last_error}};
  for (const Datagram &one : came) {
    out["ttl"].push_back(one.ttl);
    out["tos"].push_back(one.tos);
  }
  return out;
}

TEST_CASE("The receiver sees the same datagrams, cut by the kernel or sent one by one") {
  for (const bool is_cut : {true, false}) {
    INFO("cut by the kernel: " << is_cut);
    Receiver receiver;
    UdpOutput output(parse_address(at("127.0.0.1", receiver.port(), "?ttl=7&dscp=46")));
    if (!is_cut) output.socket().use_no_segments();
    // Around the limits: one, a tick's worth, what one call can carry and one more, several calls.
    for (const std::size_t count : {1U, 4U, 49U, 50U, 64U, 65U, 200U}) {
      auto datagrams = some_datagrams(count, static_cast<unsigned>(count));
      CHECK(output.send(parts_of(datagrams)) == 0);
      const std::vector<Datagram> came = receiver.take(count);
      CHECK(bytes_of(came) == datagrams);
      for (const Datagram &one : came) {
        CHECK(one.ttl == 7);
        CHECK(one.tos == 46 << 2);
      }
    }
    CHECK(output.socket().uses_segments() == is_cut);
    CHECK(output.state().sent == 1 + 4 + 49 + 50 + 64 + 65 + 200);
    CHECK(output.state().errors == 0);
    CHECK(receiver.rest().empty());
  }
}

TEST_CASE("Datagrams of different lengths keep their order and their borders") {
  Receiver receiver;
  UdpOutput output(parse_address(at("127.0.0.1", receiver.port())));
  auto datagrams = some_datagrams(9);
  for (const std::size_t i : {0U, 3U, 4U, 8U}) datagrams[i].resize(188 * (1 + i % 3));
  CHECK(output.send(parts_of(datagrams)) == 0);
  CHECK(bytes_of(receiver.take(9)) == datagrams);
}

TEST_CASE("That nobody listens, or nobody any more, is no fault of the signal") {
  auto receiver = std::make_unique<Receiver>();
  const int port = receiver->port();
  UdpOutput output(parse_address(at("127.0.0.1", port)));
  auto datagrams = some_datagrams(4);
  CHECK(output.send(parts_of(datagrams)) == 0);
  CHECK(receiver->take(4).size() == 4);
  receiver.reset();
  for (int i = 0; i < 10; ++i) CHECK(output.send(parts_of(datagrams)) == 0);
  Receiver again("127.0.0.1", "lo", port);
  CHECK(output.send(parts_of(datagrams)) == 0);
  CHECK(bytes_of(again.take(4)) == datagrams);
  CHECK(output.state().errors == 0);
}

TEST_CASE("IPv6 carries the same, with its hop limit and its traffic class") {
  const auto told = nlohmann::json::parse(in_own_network([] {
    set_up("lo");
    Receiver receiver("::1");
    UdpOutput output(parse_address(at("[::1]", receiver.port(), "?ttl=9&dscp=34")));
    return how_it_came(output, receiver, 5).dump();
  }));
  INFO(told);
  CHECK(told["errors"] == 0);
  CHECK(told["is_same"] == true);
  CHECK(told["ttl"] == nlohmann::json({9, 9, 9, 9, 9}));
  CHECK(told["tos"] == nlohmann::json({136, 136, 136, 136, 136}));
}

TEST_CASE("A multicast leaves by the interface that is named, by address or by name") {
  for (const char *interface : {"192.0.2.5", "left"}) {
    const auto told = nlohmann::json::parse(in_own_network([&] {
      set_up("lo");
      set_up("left", "192.0.2.5");
      set_up("right", "198.51.100.5");
      Receiver receiver("239.1.1.7", "left");
      const std::string options = std::string("?ttl=4&dscp=34&interface=") + interface;
      UdpOutput output(parse_address(at("239.1.1.7", receiver.port(), options)));
      nlohmann::json out = how_it_came(output, receiver, 3);
      // By another interface the same group does not reach the receiver on this one.
      UdpOutput wrong(parse_address(at("239.1.1.7", receiver.port(), "?interface=right")));
      auto datagrams = some_datagrams(1, 5);
      out["by_right"] = wrong.send(parts_of(datagrams));
      out["left_by_right"] = receiver.rest().size();
      return out.dump();
    }));
    INFO(told);
    CHECK(told["errors"] == 0);
    CHECK(told["is_same"] == true);
    CHECK(told["ttl"] == nlohmann::json({4, 4, 4}));
    CHECK(told["tos"] == nlohmann::json({136, 136, 136}));
    CHECK(told["left_by_right"] == 0);
  }
}

TEST_CASE("A multicast of IPv6 leaves by the interface that is named") {
  for (const char *interface : {"2001:db8::5", "left"}) {
    const auto told = nlohmann::json::parse(in_own_network([&] {
      set_up("lo");
      set_up("left", "2001:db8::5");
      Receiver receiver("ff15::7", "left");
      const std::string options = std::string("?ttl=4&dscp=10&interface=") + interface;
      UdpOutput output(parse_address(at("[ff15::7]", receiver.port(), options)));
      return how_it_came(output, receiver, 3).dump();
    }));
    INFO(told);
    CHECK(told["errors"] == 0);
    CHECK(told["is_same"] == true);
    CHECK(told["ttl"] == nlohmann::json({4, 4, 4}));
    CHECK(told["tos"] == nlohmann::json({40, 40, 40}));
  }
}

TEST_CASE("A network that cannot be reached is counted, datagram by datagram, and told in words") {
  const auto told = nlohmann::json::parse(in_own_network([] {
    UdpOutput output(parse_address("udp://192.0.2.77:5500"));  // nothing is up, not even "lo"
    auto datagrams = some_datagrams(4);
    const std::int64_t errors = output.send(parts_of(datagrams));
    const OutputState state = output.state();
    return nlohmann::json{{"errors", errors},
                          {"counted", state.errors},
                          {"sent", state.sent},
                          {"why", state.last_error}}
        .dump();
  }));
  CHECK(told["errors"] == 4);
  CHECK(told["counted"] == 4);
  CHECK(told["sent"] == 0);
  CHECK(told["why"].get<std::string>().find("网络不可达") == 0);
  CHECK(told["why"].get<std::string>().find("the network is unreachable") != std::string::npos);
}

TEST_CASE("An interface that comes up later is found, and the signal goes on by it") {
  const auto told = nlohmann::json::parse(in_own_network([] {
    set_up("lo");
    UdpOutput output(parse_address("udp://239.1.1.7:5500?interface=192.0.2.5"));
    auto datagrams = some_datagrams(2);
    const std::int64_t before = output.send(parts_of(datagrams));
    const std::string why = output.state().last_error;
    set_up("late", "192.0.2.5");
    Receiver receiver("239.1.1.7", "late", 5500);
    int calls = 0;
    while (output.send(parts_of(datagrams)) > 0 && calls < 10'000) ++calls;
    return nlohmann::json{{"before", before},
                          {"why", why},
                          {"calls", calls},
                          {"is_same", bytes_of(receiver.take(2)) == datagrams}}
        .dump();
  }));
  INFO(told);
  CHECK(told["before"] == 2);
  CHECK(told["why"].get<std::string>().find("没有这个网络接口或地址") == 0);
  CHECK(told["calls"] < 200);
  CHECK(told["is_same"] == true);
}

TEST_CASE("A kernel that cannot cut costs no datagram: the first refusal switches to one by one") {
  const auto told = nlohmann::json::parse(in_own_network([] {
    set_up("lo");
    // Pieces that are longer than the interface takes cannot be cut; whole, they are fragmented.
    const int narrowed = run("ip link set lo mtu 1300").code;
    Receiver receiver;
    UdpOutput output(parse_address(at("127.0.0.1", receiver.port())));
    nlohmann::json out = how_it_came(output, receiver, 6);
    out["narrowed"] = narrowed;
    out["uses_segments"] = output.socket().uses_segments();
    return out.dump();
  }));
  INFO(told);
  CHECK(told["narrowed"] == 0);
  CHECK(told["errors"] == 0);
  CHECK(told["is_same"] == true);
  CHECK(told["uses_segments"] == false);
}

}  // namespace
}  // namespace civicast::cable
