// SPDX-License-Identifier: Apache-2.0
// bench-cable: what one cable channel costs, each channel in a process of its own as in service,
// against `ffmpeg -re -c copy` of the same file, against processes that only wake up and send as
// many bytes, and against one process that does so for all, in the same run; and how late packets
// leave, by the kernel's receive timestamps on the first channel. CPU time is read over the
// measured seconds alone, so that nobody's start is in it.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <thread>

#include "plugins/cable/channel.hpp"
#include "plugins/cable/send/udp.hpp"
#include "tests/unit/cable/fake_host.hpp"
#include "tests/unit/cable/rig.hpp"

namespace {

using namespace civicast;
using namespace civicast::cable;

/// Starting 64 programs takes two cores some seconds.
constexpr int kWarmUpSeconds = 10;

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

/// What a process has used so far, all its threads together.
double cpu_seconds(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
    throw std::runtime_error("process " + std::to_string(pid) + " has ended");
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

/// Processes that are killed when the measuring is over.
class Crew {
 public:
  ~Crew() {
    for (const pid_t pid : pids_) ::kill(pid, SIGKILL);
    for (const pid_t pid : pids_) ::waitpid(pid, nullptr, 0);
  }
  void start(const std::function<void()> &body) {
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child == 0) {
      body();
      std::abort();  // it does not return
    }
    pids_.push_back(child);
  }
  double cpu_seconds() const {
    double sum = 0;
    for (const pid_t pid : pids_) sum += ::cpu_seconds(pid);
    return sum;
  }
  const std::vector<pid_t> &pids() const { return pids_; }

 private:
  std::vector<pid_t> pids_;
};

/// Per cent of a core for each of the crew, once it has warmed up, while `meanwhile` takes place.
double cpu_percent(const Crew &crew, const std::function<void()> &meanwhile) {
  ::sleep(kWarmUpSeconds);
  const double before = crew.cpu_seconds();
  const auto began = std::chrono::steady_clock::now();
  meanwhile();
  const double used = crew.cpu_seconds() - before;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
  return used * 100 / passed.count() / static_cast<double>(crew.pids().size());
}

/// One channel with a filler that loops; its files lie in `folder`.
void serve(const std::string &clip, const std::string &folder, int port) {
  FakeHost host(folder);
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
  for (;;) ::pause();
}

void copy_by_ffmpeg(const std::string &clip, int port) {
  const std::string to = "udp://127.0.0.1:" + std::to_string(port) + "?pkt_size=1316";
  ::execlp("ffmpeg", "ffmpeg", "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i",
           clip.c_str(), "-c", "copy", "-muxrate", "4000000", "-f", "mpegts", to.c_str(),
           static_cast<char *>(nullptr));
}

/// The least that sending can cost one process: as many wake-ups, as many bytes from memory.
void only_send(int port, int channels) {
  std::vector<std::uint8_t> bytes(PacketRing::kCapacity * kPacketBytes);
  std::vector<std::unique_ptr<UdpOutput>> outputs;
  for (int i = 0; i < channels; ++i)
    outputs.push_back(
        std::make_unique<UdpOutput>(parse_address("udp://127.0.0.1:" + std::to_string(port))));
  const std::size_t datagram = kDatagramPackets * kPacketBytes, rate_bytes_per_s = 500'000;
  timespec next{};
  ::clock_gettime(CLOCK_MONOTONIC, &next);
  next.tv_nsec = 0;  // all of them at the same instants, as the workers do
  std::size_t sent = 0;
  std::vector<iovec> datagrams;
  for (std::size_t tick = 1;; ++tick) {
    next.tv_nsec += kTickNs;
    if (next.tv_nsec >= 1'000'000'000) {
      ++next.tv_sec;
      next.tv_nsec -= 1'000'000'000;
    }
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
    datagrams.clear();
    for (; (sent + 1) * datagram <= tick * kTickNs / 1000 * rate_bytes_per_s / 1'000'000; ++sent)
      datagrams.push_back({&bytes[sent * datagram % bytes.size()], datagram});
    for (const auto &output : outputs) output->send(datagrams);
  }
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
  std::printf("%d 个频道，四次各 %d 秒 · channels, four times so many seconds\n", channels,
              kWarmUpSeconds + seconds);
  std::fflush(stdout);  // a fork would say it again
  int port = 0, others_port = 0;
  const int first = receiver(&port), others = receiver(&others_port);
  nlohmann::ordered_json result;
  {
    const TempFolder folder;
    Crew workers;
    for (int i = 0; i < channels; ++i) {
      const std::string own = folder / std::to_string(i);
      std::filesystem::create_directory(own);
      workers.start([&] { serve(clip, own, i == 0 ? port : others_port); });
    }
    std::vector<std::int64_t> times;
    result["cpu_percent_per_channel"] = cpu_percent(workers, [&] {
      arrivals(first, utc_ns());  // what lies there since the start
      times = arrivals(first, utc_ns() + seconds * std::int64_t{1'000'000'000});
    });
    double memory = 0;
    for (const pid_t worker : workers.pids()) memory += memory_mib(worker);
    result["rss_mib"] = memory;
    result["lateness_p999_ms"] = lateness_p999_ms(times);
  }
  const auto rivals = [&](const char *name, int processes, const std::function<void()> &body) {
    Crew crew;
    for (int i = 0; i < processes; ++i) crew.start(body);
    result[name] =
        cpu_percent(crew, [&] { ::sleep(static_cast<unsigned>(seconds)); }) * processes / channels;
  };
  rivals("ffmpeg_cpu_percent_per_channel", channels, [&] { copy_by_ffmpeg(clip, others_port); });
  rivals("floor_cpu_percent_per_channel", channels, [&] { only_send(others_port, 1); });
  rivals("common_floor_cpu_percent_per_channel", 1, [&] { only_send(others_port, channels); });
  ::close(first);
  ::close(others);
  std::printf("%s\n", result.dump().c_str());
  return 0;
}
