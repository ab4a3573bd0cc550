// SPDX-License-Identifier: Apache-2.0
// bench-send: what one datagram costs the sender, in CPU time of its thread: copied in memory, sent
// by plain sendmmsg, and by the channel's own outputs with and without the kernel's cutting. All in
// one run, in turns, to a receiver on this machine that is emptied off the clock.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "plugins/cable/send/recorder.hpp"
#include "plugins/cable/send/rtp.hpp"
#include "plugins/cable/send/udp.hpp"

namespace {

using namespace civicast::cable;

constexpr std::size_t kDatagramBytes = 7 * 188;
constexpr std::int64_t kRate = 4'000'000;

class Sink {
 public:
  Sink() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const int buffer = 4 << 20;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (::bind(socket_, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr *>(&address), &size) != 0)
      throw std::runtime_error("cannot bind a socket");
    port = ntohs(address.sin_port);
  }
  ~Sink() { ::close(socket_); }
  void empty() {
    std::array<char, 2048> bytes{};
    while (::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT) >= 0) ++received;
  }
  int port = 0;
  std::int64_t received = 0;

 private:
  int socket_;
};

/// As it was first done: one message for each datagram, and nothing else.
class Plain {
 public:
  explicit Plain(int port) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    to_.sin_family = AF_INET;
    to_.sin_port = htons(static_cast<std::uint16_t>(port));
    to_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  ~Plain() { ::close(socket_); }
  void send(const std::vector<iovec> &datagrams) {
    messages_.assign(datagrams.size(), mmsghdr{});
    for (std::size_t i = 0; i < datagrams.size(); ++i) {
      messages_[i].msg_hdr.msg_name = &to_;
      messages_[i].msg_hdr.msg_namelen = sizeof to_;
      messages_[i].msg_hdr.msg_iov = const_cast<iovec *>(&datagrams[i]);
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
    const auto count = static_cast<unsigned>(messages_.size());
    if (::sendmmsg(socket_, messages_.data(), count, 0) != static_cast<int>(count))
      throw std::runtime_error("sendmmsg");
  }

 private:
  int socket_;
  sockaddr_in to_{};
  std::vector<mmsghdr> messages_;
};

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

/// What a recording costs the sender: the queue, and not the disk.
class NoTape final : public Tape {
 public:
  void entry(std::int64_t, std::int64_t) override {}
  void picture(std::int64_t) override {}
  void bytes(const std::uint8_t *, std::size_t) override {}
  void now(std::int64_t) override {}
  void flush() override {}
  void close() override {}
};

using Send = std::function<void(const std::vector<iovec> &)>;

/// Median nanoseconds of a datagram for each way, `batch` at a time.
std::map<std::string, double> measure(const std::map<std::string, Send> &ways, Sink &sink,
                                      std::size_t batch, int rounds) {
  constexpr int kBatchesARound = 200;
  std::vector<std::uint8_t> bytes(batch * kDatagramBytes, 0x47);
  std::vector<iovec> datagrams;
  for (std::size_t i = 0; i < batch; ++i)
    datagrams.push_back({&bytes[i * kDatagramBytes], kDatagramBytes});
  std::map<std::string, std::vector<double>> found;
  for (int round = 0; round < rounds; ++round) {
    for (const auto &[name, send] : ways) {
      double seconds = 0;
      for (int i = 0; i < kBatchesARound; ++i) {
        const double before = thread_seconds();
        send(datagrams);
        seconds += thread_seconds() - before;
        sink.empty();
      }
      found[name].push_back(seconds * 1e9 / kBatchesARound / static_cast<double>(batch));
    }
  }
  std::map<std::string, double> out;
  for (const auto &[name, values] : found) out[name] = median(values);
  return out;
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app("发送一个数据报的开销 · What sending one datagram costs");
  int rounds = 40;
  app.add_option("--rounds", rounds, "轮数 · Rounds")->check(CLI::Range(1, 10'000));
  CLI11_PARSE(app, argc, argv);

  Sink sink;
  const std::string port = std::to_string(sink.port);
  Plain plain(sink.port);
  UdpOutput cut(parse_address("udp://127.0.0.1:" + port)),
      one_by_one(parse_address("udp://127.0.0.1:" + port));
  one_by_one.socket().use_no_segments();
  RtpOutput rtp(parse_address("rtp://127.0.0.1:" + port), kRate, 7);
  Recorder queue({"file", "", kRate, [] { return std::int64_t{0}; }},
                 [](LossCount &) { return std::make_unique<NoTape>(); });
  std::vector<std::uint8_t> copy(64 * kDatagramBytes);
  const std::map<std::string, Send> ways{
      {"clock_alone", [](const std::vector<iovec> &) {}},  // in all the others, too
      {"memcpy",
       [&](const std::vector<iovec> &datagrams) {
         for (std::size_t i = 0; i < datagrams.size(); ++i)
           std::memcpy(&copy[i * kDatagramBytes], datagrams[i].iov_base, datagrams[i].iov_len);
         // Read, so that the copy is made.
         volatile std::uint8_t seen = copy[datagrams.size() * kDatagramBytes - 1];
         (void)seen;
       }},
      {"plain_sendmmsg", [&](const std::vector<iovec> &datagrams) { plain.send(datagrams); }},
      {"udp_one_by_one", [&](const std::vector<iovec> &datagrams) { one_by_one.send(datagrams); }},
      {"udp", [&](const std::vector<iovec> &datagrams) { cut.send(datagrams); }},
      {"queue", [&](const std::vector<iovec> &datagrams) { queue.send(datagrams); }},
      {"rtp", [&](const std::vector<iovec> &datagrams) { rtp.send(datagrams); }}};
  nlohmann::ordered_json result{{"unit", "ns of CPU for a datagram"}};
  for (const std::size_t batch :
       {std::size_t{1}, std::size_t{4}, std::size_t{6}, std::size_t{49}}) {
    const auto costs = measure(ways, sink, batch, rounds);
    std::printf("每次 %zu 个 · at a time:", batch);
    for (const auto &[name, ns] : costs) std::printf("  %s %.0f ns", name.c_str(), ns);
    std::printf("\n");
    result["batch_" + std::to_string(batch)] = costs;
  }
  result["kernel_cuts"] = cut.socket().uses_segments();
  result["received"] = sink.received;
  result["errors"] = cut.state().errors + one_by_one.state().errors + rtp.state().errors;
  std::printf("%s\n", result.dump().c_str());
  return 0;
}
