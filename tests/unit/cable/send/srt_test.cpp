// SPDX-License-Identifier: Apache-2.0
// SRT against the ffmpeg program, which brings the bytes into a file as they come.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "plugins/cable/send/srt.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/send/disk.hpp"
#include "tests/unit/cable/send/net.hpp"
#include "tests/unit/cable/send/stream.hpp"

namespace civicast::cable {
namespace {

/// Takes whatever comes over SRT into a file, byte for byte.
std::vector<std::string> ffmpeg_words(const std::string &url, const std::string &file) {
  return {"ffmpeg", "-v", "error", "-nostdin",       "-y", "-f", "data", "-i", url, "-map",
          "0",      "-c", "copy",  "-flush_packets", "1",  "-f", "data", file};
}

std::string local(int port, const std::string &options) {
  return "srt://127.0.0.1:" + std::to_string(port) + "?" + options;
}

/// Sends about as fast as the signal does, since that is what SRT is made for; until told.
class Signal {
 public:
  Signal(Output &output, const std::vector<std::uint8_t> &bytes)
      : output_(output), thread_([this, &bytes] {
          while (!is_over_) {
            for (Feed feed(bytes); !feed.is_over() && !is_over_;) {
              errors_ += output_.send(feed.next());
              std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
          }
        }) {}
  ~Signal() { stop(); }
  void stop() {
    is_over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::int64_t errors() const { return errors_; }

 private:
  Output &output_;
  std::atomic<bool> is_over_{false};
  std::atomic<std::int64_t> errors_{0};
  std::thread thread_;
};

/// `bytes` is `stream` said again and again, from whichever datagram it begins with.
bool is_of(const std::vector<std::uint8_t> &bytes, const std::vector<std::uint8_t> &stream) {
  std::size_t longest = 0;
  for (std::size_t start = 0; start < stream.size(); start += 1316) {
    std::size_t i = 0;
    while (i < bytes.size() && bytes[i] == stream[(start + i) % stream.size()]) ++i;
    if (i == bytes.size()) return true;
    longest = std::max(longest, i);
  }
  UNSCOPED_INFO("the same only for " << longest << " of " << bytes.size() << " bytes");
  return false;
}

std::size_t size_of(const std::string &file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::size_t>(size);
}

TEST_CASE("A listener serves several callers at once, and who goes is no fault of the signal") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const int port = free_port();
  SrtOutput output(parse_address(local(port, "mode=listener&latency=100")), kRate, "");
  CHECK(output.state().receivers == 0);
  CHECK(feed_all(output, stream) == 0);  // nobody is there: nobody misses it
  const std::string to = local(port, "mode=caller&latency=1000000");
  auto first = std::make_unique<Program>(ffmpeg_words(to, folder / "first"));
  const Program second(ffmpeg_words(to, folder / "second"));
  REQUIRE(comes_true([&] { return output.send({}) == 0 && output.state().receivers == 2; }));
  Signal signal(output, stream);
  CHECK(comes_true([&] { return size_of(folder / "first") > 400'000; }));
  CHECK(comes_true([&] { return size_of(folder / "second") > 400'000; }));
  first->kill();
  CHECK(comes_true([&] { return output.state().receivers == 1; }));
  const std::size_t so_far = size_of(folder / "second");
  CHECK(comes_true([&] { return size_of(folder / "second") > so_far + 400'000; }));
  signal.stop();
  CHECK(is_of(file_bytes(folder / "first"), stream));
  CHECK(is_of(file_bytes(folder / "second"), stream));
  CHECK(output.state().sent > 600);
}

TEST_CASE("A caller calls again and again, before the receiver is there and after it was killed") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const int port = free_port();
  SrtOutput output(parse_address(local(port, "latency=100")), kRate, "");
  Signal signal(output, stream);
  REQUIRE(comes_true([&] { return signal.errors() > 100; }));
  CHECK(output.state().last_error.find(" · ") != std::string::npos);
  const std::string at = local(port, "mode=listener&latency=1000000");
  auto receiver = std::make_unique<Program>(ffmpeg_words(at, folder / "first"));
  CHECK(comes_true([&] { return output.state().receivers == 1; }));
  CHECK(comes_true([&] { return size_of(folder / "first") > 400'000; }));
  receiver->kill();
  CHECK(comes_true([&] { return output.state().receivers == 0; }));
  const std::int64_t errors = signal.errors();
  CHECK(comes_true([&] { return signal.errors() > errors; }));
  receiver = std::make_unique<Program>(ffmpeg_words(at, folder / "second"));
  CHECK(comes_true([&] { return size_of(folder / "second") > 400'000; }));
  signal.stop();
  CHECK(is_of(file_bytes(folder / "first"), stream));
  CHECK(is_of(file_bytes(folder / "second"), stream));
  CHECK(output.state().errors >= errors);
}

TEST_CASE("A listener of IPv6 serves callers of IPv6, on one address or on all") {
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  for (const std::string host : {"[::1]", "[::]"}) {
    INFO(host);
    const std::string told = in_own_network([&] {
      set_up("lo");
      const TempFolder folder;
      SrtOutput output(parse_address("srt://" + host + ":9000?mode=listener"), kRate, "");
      const Program receiver(ffmpeg_words("srt://[::1]:9000?latency=1000000", folder / "all"));
      Signal signal(output, stream);
      const bool came = comes_true([&] { return size_of(folder / "all") > 400'000; });
      signal.stop();
      return std::string(came && is_of(file_bytes(folder / "all"), stream) ? "all of it" : "no");
    });
    CHECK(told == "all of it");
  }
}

TEST_CASE("What is sent before a receiver answers is held for a moment and not lost") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const int port = free_port();
  const Program receiver(
      ffmpeg_words(local(port, "mode=listener&latency=1000000"), folder / "all"));
  REQUIRE(comes_true([&] { return is_bound(port); }));
  SrtOutput output(parse_address(local(port, "latency=100")), kRate, "");
  Feed feed(stream, 300);  // less than a second
  CHECK(output.send(feed.next()) == 0);
  CHECK(comes_true([&] { return output.state().receivers == 1; }));
  Signal signal(output, stream);
  CHECK(comes_true([&] { return size_of(folder / "all") > 600'000; }));
  signal.stop();
  CHECK(signal.errors() == 0);
  const std::vector<std::uint8_t> came = file_bytes(folder / "all");
  const std::size_t first = 300 * 1316;
  REQUIRE(came.size() > 600'000);
  CHECK(std::equal(came.begin(), came.begin() + first, stream.begin()));
  CHECK(std::equal(came.begin() + first, came.begin() + 600'000, stream.begin()));
}

TEST_CASE("With a passphrase only who knows it receives, and in clear nobody does") {
  const TempFolder folder;
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const int port = free_port();
  SrtOutput output(parse_address(local(port, "mode=listener&latency=100")), kRate,
                   "correct horse battery");
  CHECK(output.state().href.find("horse") == std::string::npos);
  const std::string to = local(port, "mode=caller&latency=1000000");
  Program stranger(ffmpeg_words(to, folder / "none"));
  Program liar(ffmpeg_words(to + "&passphrase=wrong horse battery", folder / "wrong"));
  CHECK(stranger.end() != 0);
  CHECK(liar.end() != 0);
  const Program friendly(ffmpeg_words(to + "&passphrase=correct horse battery", folder / "right"));
  Signal signal(output, stream);
  CHECK(comes_true([&] { return size_of(folder / "right") > 400'000; }));
  CHECK(output.state().receivers == 1);
  signal.stop();
  CHECK(is_of(file_bytes(folder / "right"), stream));
  CHECK(size_of(folder / "none") == 0);
  CHECK(size_of(folder / "wrong") == 0);
}

TEST_CASE("A caller with the wrong passphrase is told so, in words that hold no secret") {
  const TempFolder folder;
  const int port = free_port();
  const std::string at = local(port, "mode=listener&passphrase=correct horse battery");
  const Program receiver(ffmpeg_words(at, folder / "none"));
  REQUIRE(comes_true([&] { return is_bound(port); }));
  SrtOutput output(parse_address(local(port, "latency=100")), kRate, "wrong horse battery");
  Signal signal(output, slate_stream(4));
  CHECK(comes_true(
      [&] { return output.state().last_error.find("接收端拒绝连接，或密码不符") == 0; }));
  CHECK(output.state().receivers == 0);
  CHECK(output.state().sent == 0);
  CHECK(output.state().last_error.find("horse") == std::string::npos);
}

TEST_CASE("A taken port and a name without address are counted, and tried again") {
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  auto squatter = std::make_unique<Receiver>();
  const int port = squatter->port();
  SrtOutput listener(parse_address(local(port, "mode=listener")), kRate, "");
  std::int64_t errors = 0;
  CHECK(comes_true([&] {
    errors += feed_all(listener, stream);
    return listener.state().last_error.find("端口已被占用") == 0;
  }));
  CHECK(errors > 0);
  squatter.reset();
  CHECK(comes_true([&] { return feed_all(listener, stream) == 0; }));
  SrtOutput caller(parse_address("srt://nowhere.invalid:9000"), kRate, "");
  Signal signal(caller, stream);
  CHECK(comes_true([&] { return caller.state().last_error.find("主机名解析不到地址") == 0; }));
}

}  // namespace
}  // namespace civicast::cable
