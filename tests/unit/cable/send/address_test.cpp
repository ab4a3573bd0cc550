// SPDX-License-Identifier: Apache-2.0
// What people write as an output's address, and what they are told when it is wrong.
#include <catch2/catch.hpp>

#include <civicast/channel.hpp>

#include "plugins/cable/send/address.hpp"

namespace civicast::cable {
namespace {

/// The stable code with which an address is refused; "" when it is taken.
std::string refusal(const std::string &url, std::string *sentence = nullptr) {
  try {
    parse_address(url);
  } catch (const Trouble &trouble) {
    CHECK(trouble.verdict == CIV_UNREADY);
    if (sentence) *sentence = trouble.what();
    return trouble.code;
  }
  return "";
}

TEST_CASE("An address is what its line says") {
  const Address udp = parse_address("udp://239.1.1.7:5500?ttl=4&interface=192.0.2.5&dscp=34");
  CHECK(udp.kind == Address::Kind::udp);
  CHECK(udp.host == "239.1.1.7");
  CHECK(udp.port == 5500);
  CHECK(udp.ttl == 4);
  CHECK(udp.interface == "192.0.2.5");
  CHECK(udp.dscp == 34);
  const Address rtp = parse_address("rtp://[FF15:0::7]:5004");
  CHECK(rtp.kind == Address::Kind::rtp);
  CHECK(rtp.host == "ff15::7");
  const Address caller = parse_address("srt://head-end.example:9000?latency=200&streamid=%23a%26b");
  CHECK(caller.host == "head-end.example");
  CHECK_FALSE(caller.is_listener);
  CHECK(caller.latency_ms == 200);
  CHECK(caller.stream_id == "#a&b");
  const Address listener = parse_address("srt://:9000?mode=listener");
  CHECK(listener.is_listener);
  CHECK(listener.host.empty());
  const Address file = parse_address("file:recordings//./air.ts?every=1h&keep=48");
  CHECK(file.path == "recordings/air.ts");
  CHECK(file.every_s == 3600);
  CHECK(file.keep == 48);
  CHECK(parse_address("file:///srv/air.ts").path == "/srv/air.ts");
  CHECK(parse_address("file:/srv/air.ts").path == "/srv/air.ts");
  CHECK(parse_address("file:%E6%B8%85.ts").path == "清.ts");
  const Address hls = parse_address("hls:hls");
  CHECK(hls.path == "hls");
  CHECK(hls.segment_s == 6);
  CHECK(hls.keep == 10);
  CHECK(hls.is_proof);
  CHECK_FALSE(parse_address("hls:hls?proof=no").is_proof);
}

TEST_CASE("An address written in full reads as itself") {
  for (const char *url :
       {"udp://239.1.1.7:5500?ttl=4&interface=192.0.2.5&dscp=34",
        "udp://[ff15::7]:5500?interface=eth0", "rtp://10.1.2.3:5004",
        "srt://head-end.example:9000?latency=200&streamid=%23a%26b", "srt://:9000?mode=listener",
        "srt://[::1]:9000?mode=listener", "file:清 风%25.ts?every=90m&keep=3", "file:///srv/a.ts",
        "hls:a/b?segment=2&keep=3&proof=no"}) {
    INFO(url);
    const Address once = parse_address(url);
    INFO(once.url());
    CHECK(parse_address(once.url()) == once);
    CHECK(parse_address(once.url()).url() == once.url());
  }
}

TEST_CASE("A malformed address is refused with a sentence in two languages") {
  const std::pair<const char *, const char *> table[] = {
      {"", "scheme"},
      {"127.0.0.1:5500", "scheme"},
      {"http://127.0.0.1/", "scheme"},
      {"UDP://127.0.0.1:1", "scheme"},
      {"udp", "scheme"},
      {"udp:127.0.0.1:5500", "scheme"},
      {"udp://", "port"},
      {"udp://127.0.0.1", "port"},
      {"udp://127.0.0.1:", "port"},
      {"udp://127.0.0.1:0", "port"},
      {"udp://127.0.0.1:65536", "port"},
      {"udp://127.0.0.1:55x", "port"},
      {"udp://127.0.0.1:-1", "port"},
      {"udp://127.0.0.1: 5", "port"},
      {"udp://127.0.0.1:5500/path", "port"},
      {"udp://:5500", "host"},
      {"udp://localhost:5500", "host"},
      {"udp://127.0.0.256:5500", "host"},
      {"udp://@239.1.1.7:5500", "host"},
      {"udp://127.1:5500", "host"},
      {"udp://ff15::7:5500", "host"},
      {"udp://[127.0.0.1]:5500", "host"},
      {"udp://[]:5500", "host"},
      {"udp://[fe80::1%eth0]:5500", "host"},
      {"udp://[ff15::7:5500", "port"},
      {"udp://[ff15::7]5500", "port"},
      {"udp://127.0.0.1:5500?ttl=0", "value"},
      {"udp://127.0.0.1:5500?ttl=256", "value"},
      {"udp://127.0.0.1:5500?ttl=", "value"},
      {"udp://127.0.0.1:5500?ttl=+4", "value"},
      {"udp://127.0.0.1:5500?ttl=4 ", "value"},
      {"udp://127.0.0.1:5500?ttl=99999999999999999999", "value"},
      {"udp://127.0.0.1:5500?dscp=64", "value"},
      {"udp://127.0.0.1:5500?dscp=ef", "value"},
      {"udp://127.0.0.1:5500?interface=", "value"},
      {"udp://127.0.0.1:5500?interface=eth0;reboot", "value"},
      {"udp://127.0.0.1:5500?ttl", "option"},
      {"udp://127.0.0.1:5500?&ttl=1", "option"},
      {"udp://127.0.0.1:5500?ttl=1&ttl=2", "option"},
      {"udp://127.0.0.1:5500?pkt_size=1316", "option"},
      {"udp://127.0.0.1:5500?ttl=%4", "option"},
      {"udp://127.0.0.1:5500?ttl=%00", "option"},
      {"srt://:9000", "host"},
      {"srt://head_end!:9000", "host"},
      {"srt://name.example:9000?mode=listener", "host"},
      {"srt://a.example:9000?mode=rendezvous", "value"},
      {"srt://a.example:9000?latency=10", "value"},
      {"srt://a.example:9000?streamid=", "value"},
      {"srt://:9000?mode=listener&streamid=a", "option"},
      {"srt://a.example:9000?passphrase=open-sesame", "secret"},
      {"srt://a.example:9000?ttl=3", "option"},
      {"file:", "path"},
      {"file:/", "path"},
      {"file:.ts", "path"},
      {"file:a/.ts", "path"},
      {"file:air.mp4", "path"},
      {"file:../air.ts", "path"},
      {"file:a/../../air.ts", "path"},
      {"file:%2e%2e/air.ts", "path"},
      {"file://host/air.ts", "path"},
      {"file:a%0Ab.ts", "path"},
      {"file:history/air.ts", "path"},
      {"file:air.ts?keep=2", "option"},
      {"file:air.ts?every=0h", "value"},
      {"file:air.ts?every=60", "value"},
      {"file:air.ts?every=h", "value"},
      {"file:air.ts?every=", "value"},
      {"file:air.ts?every=32d", "value"},
      {"file:air.ts?every=-1h", "value"},
      {"file:air.ts?every=1h&keep=0", "value"},
      {"file:air.ts?segment=2", "option"},
      {"hls:preview", "path"},
      {"hls:./preview/x", "path"},
      {"hls:hls?segment=0", "value"},
      {"hls:hls?segment=61", "value"},
      {"hls:hls?keep=2", "value"},
      {"hls:hls?every=1h", "option"},
      {"hls:hls?proof=maybe", "value"},
  };
  for (const auto &[url, code] : table) {
    INFO(url);
    std::string sentence;
    CHECK(refusal(url, &sentence) == std::string("output.") + code);
    CHECK(sentence.find("。 · The output address is not right: ") != std::string::npos);
    CHECK(sentence.find("open-sesame") == std::string::npos);
  }
  CHECK(refusal("udp://127.0.0.1:5500?interface=" + std::string(3000, 'x')) == "output.scheme");
  CHECK(refusal("udp://127.0.0.1:5500") == "");
}

TEST_CASE("Two addresses are one destination when they would write over each other") {
  const auto destination = [](const char *url) { return parse_address(url).destination(); };
  CHECK(destination("udp://10.1.1.1:5500?ttl=3") == destination("rtp://10.1.1.1:5500"));
  CHECK(destination("udp://[ff15::7]:5500") == destination("udp://[ff15:0:0::7]:5500?dscp=8"));
  CHECK(destination("udp://10.1.1.1:5500") != destination("udp://10.1.1.1:5501"));
  // A pair of networks, as in SMPTE ST 2022-7.
  CHECK(destination("rtp://239.1.1.7:5500?interface=eth0") !=
        destination("rtp://239.1.1.7:5500?interface=eth1"));
  CHECK(destination("srt://:9000?mode=listener") ==
        destination("srt://127.0.0.1:9000?mode=listener&latency=500"));
  CHECK(destination("srt://a.example:9000") != destination("srt://b.example:9000"));
  CHECK(destination("file:a/b.ts") == destination("file:a//./b.ts?every=1h"));
}

}  // namespace
}  // namespace civicast::cable
