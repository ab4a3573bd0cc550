// SPDX-License-Identifier: Apache-2.0
// All outputs of a channel together: from settings to identical bytes at every far side.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "plugins/cable/channel.hpp"
#include "plugins/cable/send/outputs.hpp"
#include "tests/unit/cable/fake_host.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/send/disk.hpp"
#include "tests/unit/cable/send/net.hpp"
#include "tests/unit/cable/send/stream.hpp"

namespace civicast::cable {
namespace {

std::vector<Wanted> wanted_of(const std::string &settings) {
  const FakeDoc doc(settings);
  return wanted_outputs(Doc(doc.get()));
}

/// The code and the pointer with which settings are refused; "" when they are taken.
std::string refusal(const std::string &settings) {
  try {
    wanted_of(settings);
  } catch (const Trouble &trouble) {
    CHECK(trouble.verdict == CIV_UNREADY);
    CHECK(std::string(trouble.what()).find(" · ") != std::string::npos);
    return trouble.code + " " + trouble.at;
  }
  return "";
}

Site site_in(const TempFolder &folder, const std::string &passphrase = {}) {
  return {folder.path.string(), "cable", kRate, passphrase, [] { return kStartNs; }};
}

TEST_CASE("The two settings of old are two addresses more") {
  const auto wanted = wanted_of(
      R"({"udp":"127.0.0.1:5500","ts_file":"out.bin","outputs":["rtp://127.0.0.1:5502",""]})");
  REQUIRE(wanted.size() == 3);
  CHECK(wanted[0].address.url() == "udp://127.0.0.1:5500");
  CHECK(wanted[0].at == "/udp");
  CHECK(wanted[1].address.path == "out.bin");
  CHECK(wanted[1].at == "/ts_file");
  CHECK(wanted[2].address.kind == Address::Kind::rtp);
  CHECK(wanted[2].at == "/outputs/0");
  CHECK(evidence_path(wanted, "/state") == "/state/out.bin");
}

TEST_CASE("A wrong address is refused at its own place in the list") {
  CHECK(refusal("{}") == "output.none /udp");
  CHECK(refusal(R"({"udp":"","outputs":[""]})") == "output.none /udp");
  CHECK(refusal(R"({"udp":"localhost"})") == "output.port /udp");
  CHECK(refusal(R"({"udp":"127.0.0.1:5500","outputs":["hls:a","udp://x:1"]})") ==
        "output.host /outputs/1");
  CHECK(refusal(R"({"outputs":["udp://127.0.0.1:1"]})") == "");
}

TEST_CASE("No destination stands twice, in whatever words") {
  CHECK(refusal(R"({"udp":"127.0.0.1:5500","outputs":["rtp://127.0.0.1:5500"]})") ==
        "output.duplicate /outputs/0");
  CHECK(refusal(R"({"outputs":["hls:a","file:b.ts","file:./b.ts?every=1h"]})") ==
        "output.duplicate /outputs/2");
  CHECK(refusal(R"({"ts_file":"a.ts","outputs":["file:a.ts"]})") == "output.duplicate /outputs/0");
  CHECK(refusal(R"({"ts_file":"a.ts","outputs":["file:b.ts"]})") == "");
}

TEST_CASE("The first file that only grows is the evidence, and is written last") {
  const TempFolder folder;
  const auto wanted = wanted_of(
      R"({"outputs":["file:r.ts?every=1h","file:a.ts","udp://127.0.0.1:9","file:b.ts"]})");
  const Outputs outputs(wanted, site_in(folder));
  REQUIRE(outputs.in_order().size() == 4);
  REQUIRE(outputs.evidence());
  CHECK(outputs.in_order().back() == outputs.evidence());
  CHECK(outputs.evidence()->state().href == "file:a.ts");
  CHECK(evidence_path(wanted, folder.path.string()) == folder / "a.ts");
  std::vector<std::string> hrefs;
  for (const OutputState &state : outputs.states()) hrefs.push_back(state.href);
  CHECK(hrefs == std::vector<std::string>{"file:r.ts?every=3600s", "file:a.ts", "udp://127.0.0.1:9",
                                          "file:b.ts"});
}

TEST_CASE("Recordings alone are no evidence") {
  const TempFolder folder;
  const auto wanted = wanted_of(R"({"outputs":["file:r.ts?every=1h"]})");
  CHECK(evidence_path(wanted, folder.path.string()).empty());
  CHECK_FALSE(Outputs(wanted, site_in(folder)).evidence());
}

TEST_CASE("An output that is no proof counts its own errors, and takes no airing away") {
  const TempFolder folder;
  const auto wanted = wanted_of(
      R"({"outputs":["udp://239.1.1.7:9?interface=192.0.2.1&proof=no","file:a.ts?proof=no"]})");
  CHECK(evidence_path(wanted, folder.path.string()).empty());
  const Outputs outputs(wanted, site_in(folder));
  CHECK_FALSE(outputs.evidence());
  auto datagrams = some_datagrams(4);
  std::int64_t errors = 0;
  for (Output *output : outputs.in_order()) errors += output->send(parts_of(datagrams));
  CHECK(errors == 0);
  CHECK(outputs.states()[0].errors == 4);
  CHECK(outputs.states()[1].sent == 4);
}

TEST_CASE("A passphrase has a length that SRT can use, and is never told") {
  const TempFolder folder;
  const auto wanted = wanted_of(R"({"outputs":["file:a.ts"]})");
  for (const std::string &bad : {std::string("too short"), std::string(80, 'x')}) {
    try {
      Outputs(wanted, site_in(folder, bad));
      FAIL("taken");
    } catch (const Trouble &trouble) {
      CHECK(trouble.code == "output.passphrase");
      CHECK(trouble.at == "/srt_passphrase");
      CHECK(std::string(trouble.what()).find(bad) == std::string::npos);
    }
  }
  CHECK_NOTHROW(Outputs(wanted, site_in(folder, "long enough")));
}

TEST_CASE("Every destination gets identical bytes, and one that fails takes nothing from another") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  Receiver udp, rtp;
  const std::string settings =
      R"({"udp":"127.0.0.1:)" + std::to_string(udp.port()) +
      R"(","ts_file":"out.ts","outputs":["rtp://127.0.0.1:)" + std::to_string(rtp.port()) +
      R"(","file:air.ts?every=1h","hls:hls?segment=1","udp://239.1.1.7:5500?interface=192.0.2.1"]})";
  std::int64_t errors = 0;
  std::vector<Datagram> by_udp, by_rtp;
  std::vector<OutputState> states;
  {
    const Outputs outputs(wanted_of(settings), site_in(folder));
    for (Feed feed(stream); !feed.is_over();) {
      const auto batch = feed.next();
      for (Output *output : outputs.in_order()) errors += output->send(batch);
      for (Datagram &one : udp.take(batch.size())) by_udp.push_back(std::move(one));
      for (Datagram &one : rtp.take(batch.size())) by_rtp.push_back(std::move(one));
    }
    states = outputs.states();
  }
  std::vector<std::uint8_t> udp_bytes, rtp_bytes;
  for (const Datagram &one : by_udp)
    udp_bytes.insert(udp_bytes.end(), one.bytes.begin(), one.bytes.end());
  for (const Datagram &one : by_rtp)
    rtp_bytes.insert(rtp_bytes.end(), one.bytes.begin() + 12, one.bytes.end());
  CHECK(udp_bytes == stream);
  CHECK(rtp_bytes == stream);
  CHECK(file_bytes(folder / "out.ts") == stream);
  CHECK(file_bytes(folder / "air-20261127T090000Z.ts") == stream);
  std::vector<std::uint8_t> hls_bytes;
  for (const std::string &name : names_in(folder / "hls")) {
    if (name.find("segment-") != 0) continue;
    const auto piece = file_bytes(folder / ("hls/" + name));
    hls_bytes.insert(hls_bytes.end(), piece.begin(), piece.end());
  }
  REQUIRE(hls_bytes.size() > stream.size() / 2);
  CHECK(std::search(stream.begin(), stream.end(), hls_bytes.begin(), hls_bytes.end()) !=
        stream.end());
  // Only the interface that is not there has errors: one for each datagram.
  const auto datagrams = static_cast<std::int64_t>(stream.size() / 1316);
  CHECK(errors == datagrams);
  REQUIRE(states.size() == 6);
  for (std::size_t i = 0; i < 5; ++i) CHECK(states[i].errors == 0);
  CHECK(states[5].errors == datagrams);
  CHECK(states[5].last_error.find("没有这个网络接口或地址") == 0);
}

/// Sends as fast as a signal does, so that a receiver's own buffer is not the judge.
void send_until(Output &output, const std::vector<std::uint8_t> &bytes,
                const std::atomic<bool> &is_over) {
  for (Feed feed(bytes); !feed.is_over() && !is_over;) {
    output.send(feed.next());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST_CASE("A channel shows each of its outputs with its counters, and no secret") {
  const TempFolder folder;
  FakeHost host(folder.path.string());
  const int port = free_port();
  const FakeDoc doc(R"({"ts_file":"out.ts","srt_passphrase":"correct horse battery","outputs":[)"
                    R"("rtp://127.0.0.1:9","hls:hls?segment=1","file:air.ts?every=1h",)"
                    R"("srt://127.0.0.1:)" +
                    std::to_string(port) + R"(?mode=listener"]})");
  nlohmann::json status;
  {
    CableChannel channel(host.get(), Doc(doc.get()));
    REQUIRE(comes_true([&] {
      status = nlohmann::json::parse(channel.status());
      const auto &outputs = status["outputs"];
      return outputs[0]["sent"] > 1400 && outputs[2]["sent"] > 1400;
    }));
  }
  const auto &outputs = status["outputs"];
  INFO(outputs);
  REQUIRE(outputs.size() == 5);
  const std::vector<std::string> kinds{"file", "rtp", "hls", "file", "srt"};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    CHECK(outputs[i]["kind"] == kinds[i]);
    CHECK(outputs[i]["errors"] == 0);
    CHECK(!outputs[i].contains("last_error"));
    CHECK(!outputs[i].contains("error_at"));
    CHECK(outputs[i].contains("receivers") == (kinds[i] == "srt"));
  }
  CHECK(outputs[4]["receivers"] == 0);
  CHECK(status["counters"]["send_errors"] == 0);
  CHECK(status.dump().find("horse") == std::string::npos);
  const auto evidence = file_bytes(folder / "out.ts");
  std::vector<std::uint8_t> recorded;
  for (const std::string &name : names_in(folder.path.string())) {
    if (name.find("air-") != 0) continue;  // more than one if an hour has just ended
    const auto piece = file_bytes(folder / name);
    recorded.insert(recorded.end(), piece.begin(), piece.end());
  }
  CHECK(recorded == evidence);
}

TEST_CASE("An airing that SRT, HLS and a rotating file have all delivered is told as aired") {
  const std::string clip = house_file({.frames = 75});
  const TempFolder folder;
  FakeHost host(folder.path.string());
  const std::string srt = "srt://127.0.0.1:" + std::to_string(free_port());
  const Program receiver({"ffmpeg", "-v", "quiet", "-nostdin", "-i", srt + "?mode=listener", "-c",
                          "copy", "-f", "null", "-"});
  const FakeDoc doc(R"({"preview":false,"outputs":["hls:hls?segment=1","file:air.ts?every=1h",")" +
                    srt + R"("]})");
  CableChannel channel(host.get(), Doc(doc.get()));
  REQUIRE(comes_true([&] {
    const auto status = nlohmann::json::parse(channel.status());
    return status["outputs"][2]["receivers"] == 1;
  }));
  const std::int64_t start_ns = frame_ns(frame_near(host.get().now_ns()) + 50);
  const Handed handed("p", "placement", clip, start_ns, start_ns + frame_ns(75));
  channel.publish(handed.get());
  REQUIRE(comes_true([&] { return host.count("p", CIV_AIRED) + host.count("p", CIV_MISSED) > 0; }));
  INFO(channel.status());
  CHECK(host.count("p", CIV_AIRED) == 1);
}

TEST_CASE("An airing whose end a recording lost is not told as aired, though that came out later") {
  const std::string clip = house_file({.frames = 75});
  const TempFolder folder;
  FakeHost host(folder.path.string());
  const FakeDoc doc(R"({"preview":false,"outputs":["hls:hls?segment=2"]})");
  CableChannel channel(host.get(), Doc(doc.get()));
  REQUIRE(comes_true(
      [&] { return nlohmann::json::parse(channel.status())["outputs"][0]["sent"] > 0; }));
  const std::int64_t start_ns = frame_ns(frame_near(host.get().now_ns()) + 50);
  const Handed first("first", "placement", clip, start_ns, start_ns + frame_ns(75));
  const Handed second("second", "placement", clip, start_ns + frame_ns(500),
                      start_ns + frame_ns(575));
  channel.publish(first.get());
  channel.publish(second.get());
  REQUIRE(comes_true([&] { return host.count("first", CIV_STARTED) > 0; }));
  // Nothing can be published any more, and the segment that is open is lost.
  std::filesystem::remove_all(folder / "hls");
  REQUIRE(comes_true(
      [&] { return host.count("first", CIV_AIRED) + host.count("first", CIV_MISSED) > 0; }));
  CHECK(host.count("first", CIV_MISSED) == 1);
  REQUIRE(comes_true(
      [&] { return host.count("second", CIV_AIRED) + host.count("second", CIV_MISSED) > 0; }));
  CHECK(host.count("second", CIV_AIRED) == 1);
}

/// The steps between the pictures that a program found, in ticks of 90 kHz.
std::vector<std::int64_t> steps_in(const std::string &framecrc) {
  std::vector<std::int64_t> out;
  std::ifstream in(framecrc);
  std::int64_t last = -1;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::int64_t dts = std::stoll(line.substr(line.find(',') + 1));
    if (last >= 0) out.push_back(dts - last);
    last = dts;
  }
  return out;
}

TEST_CASE("The ffmpeg program reads the signal from UDP and from RTP without missing a picture") {
  const std::vector<std::uint8_t> &stream = slate_stream(12);
  for (const std::string scheme : {"udp", "rtp"}) {
    INFO(scheme);
    const TempFolder folder;
    const int port = free_port();
    const std::string url = scheme + "://127.0.0.1:" + std::to_string(port);
    const Outputs outputs({{parse_address(url), "/outputs/0"}}, site_in(folder));
    Program ffmpeg({"ffmpeg", "-v", "fatal", "-nostdin", "-y", "-i", url, "-map", "0:v", "-c",
                    "copy", "-t", "3", "-f", "framecrc", folder / "frames"});
    REQUIRE(comes_true([&] { return is_bound(port); }));
    std::atomic<bool> is_over{false};
    std::thread sender([&] { send_until(*outputs.in_order()[0], stream, is_over); });
    CHECK(ffmpeg.end() == 0);
    is_over = true;
    sender.join();
    // The program throws away what it reads of RTP before it knows the payload's type.
    const std::vector<std::int64_t> steps = steps_in(folder / "frames");
    CHECK(steps.size() >= 48);
    CHECK(steps == std::vector<std::int64_t>(steps.size(), 3600));
    CHECK(outputs.states()[0].errors == 0);
  }
}

}  // namespace
}  // namespace civicast::cable
