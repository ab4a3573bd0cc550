// SPDX-License-Identifier: Apache-2.0
// bench-cable: what one cable channel costs, each channel in a process of its own as in service,
// against `ffmpeg -re -c copy` of the same file in the same run; and how late packets leave, by
// the kernel's receive timestamps on the first channel.
#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>

#include "plugins/cable/channel.hpp"
#include "tests/unit/cable/fake_host.hpp"
#include "tests/unit/cable/rig.hpp"

namespace {

using namespace civicast;
using namespace civicast::cable;

constexpr int kWarmUpSeconds = 3;

/// A bound socket, so that the kernel delivers as it would to a receiver on this machine.
int receiver(int *port) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int on = 1, buffer = 4 << 20;
  ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (::bind(socket, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size) != 0)
    throw std::runtime_error("cannot bind a socket");
  *port = ntohs(address.sin_port);
  return socket;
}

double cpu_seconds(const rusage &usage) {
  const auto seconds = [](const timeval &t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// One channel with a filler that loops; writes its CPU seconds of the measured time into `report`.
[[noreturn]] void serve(const std::string &clip, int port, int seconds, int report) {
  const TempFolder folder;
  FakeHost host(folder.path.string());
  const FakeDoc settings(R"({"udp":"127.0.0.1:)" + std::to_string(port) + R"("})");
  CableChannel channel(host.get(), Doc(settings.get()));
  const FakeDoc body(R"({"kind":"filler","asset":"a"})");
  const std::string sha(64, 'a');
  const civ_media media{sizeof(civ_media), text(clip), text(sha), text("video/mp2t"), 0};
  const civ_media *list[] = {&media};
  const std::int64_t now_ns = host.get().now_ns();
  const civ_placement raw{sizeof(civ_placement),     1,          text("filler"), now_ns,
                          now_ns + frame_ns(90'000), body.get(), list,           1};
  channel.publish(Placement(raw));
  ::sleep(kWarmUpSeconds);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  ::sleep(static_cast<unsigned>(seconds));
  ::getrusage(RUSAGE_SELF, &after);
  const double used = cpu_seconds(after) - cpu_seconds(before);
  if (::write(report, &used, sizeof used) != sizeof used) std::abort();
  ::pause();
  std::abort();
}

pid_t start_ffmpeg(const std::string &clip, int port, int seconds) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const std::string to = "udp://127.0.0.1:" + std::to_string(port) + "?pkt_size=1316";
  const std::string time = std::to_string(seconds);
  ::execlp("ffmpeg", "ffmpeg", "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i",
           clip.c_str(), "-t", time.c_str(), "-c", "copy", "-muxrate", "4000000", "-f", "mpegts",
           to.c_str(), static_cast<char *>(nullptr));
  std::abort();
}

/// Proportional set size: what pages shared between the channels cost is divided among them.
double memory_mib(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string word; in >> word;)
    if (double kib = 0; word == "Pss:" && in >> kib) return kib / 1024;
  return 0;
}

/// Arrival instants of a socket's datagrams until it is shut down.
std::vector<std::int64_t> arrivals(int socket, std::int64_t until_ns) {
  std::vector<std::int64_t> found;
  std::array<char, 2048> bytes{};
  for (std::int64_t at = 0; at < until_ns;) {
    std::array<char, 256> control{};
    iovec part{bytes.data(), bytes.size()};
    msghdr message{nullptr, 0, &part, 1, control.data(), control.size(), 0};
    if (::recvmsg(socket, &message, 0) < 0) break;
    for (cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
      if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec time{};
      std::memcpy(&time, CMSG_DATA(c), sizeof time);
      at = time.tv_sec * 1'000'000'000 + time.tv_nsec;
      found.push_back(at);
    }
  }
  return found;
}

/// Against a steady row of datagrams laid so that none is early.
double lateness_p999_ms(const std::vector<std::int64_t> &times) {
  constexpr double kStepNs = 7 * 188 * 8 / 4e6 * 1e9;
  std::vector<double> late;
  for (std::size_t i = times.size() / 10; i < times.size(); ++i)
    late.push_back(static_cast<double>(times[i] - times[0]) - static_cast<double>(i) * kStepNs);
  if (late.empty()) return -1;
  std::sort(late.begin(), late.end());
  return (late[late.size() * 999 / 1000] - late.front()) / 1e6;
}

std::int64_t utc_ns() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app("有线频道的开销 · What a cable channel costs");
  int channels = 1, seconds = 20;
  app.add_option("--channels", channels, "频道数 · How many channels")->check(CLI::Range(1, 256));
  app.add_option("--seconds", seconds, "测量秒数 · For how many seconds")
      ->check(CLI::Range(1, 3600));
  CLI11_PARSE(app, argc, argv);

  const std::string clip = house_file({.frames = 750});
  std::printf("%d 个频道，%d 秒 · channels, seconds\n", channels, seconds);
  int pipe[2], port = 0, ignored_port = 0;
  if (::pipe(pipe) != 0) throw std::runtime_error("pipe");
  const int first = receiver(&port), others = receiver(&ignored_port);
  std::vector<pid_t> workers;
  for (int i = 0; i < channels; ++i) {
    const pid_t child = ::fork();
    if (child == 0) serve(clip, i == 0 ? port : ignored_port, seconds, pipe[1]);
    workers.push_back(child);
  }
  const std::vector<std::int64_t> times =
      arrivals(first, utc_ns() + (kWarmUpSeconds + seconds) * std::int64_t{1'000'000'000});
  double used = 0, memory = 0;
  for (const pid_t worker : workers) memory += memory_mib(worker);
  for (int i = 0; i < channels; ++i) {
    double one = 0;
    if (::read(pipe[0], &one, sizeof one) != sizeof one) throw std::runtime_error("a channel died");
    used += one;
  }
  for (const pid_t worker : workers) {
    ::kill(worker, SIGKILL);
    ::waitpid(worker, nullptr, 0);
  }
  const int rivals = channels;  // as many: what they cost each other, too, is alike
  for (int i = 0; i < rivals; ++i) start_ffmpeg(clip, ignored_port, seconds);
  double rival_used = 0;
  for (int i = 0; i < rivals; ++i) {
    rusage usage{};
    ::wait4(-1, nullptr, 0, &usage);
    rival_used += cpu_seconds(usage);
  }
  ::close(others);
  const nlohmann::ordered_json result{
      {"cpu_percent_per_channel", used * 100 / seconds / channels},
      {"ffmpeg_cpu_percent_per_channel", rival_used * 100 / seconds / rivals},
      {"rss_mib", memory},
      {"lateness_p999_ms", lateness_p999_ms(times)}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}
