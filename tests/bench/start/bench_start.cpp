// SPDX-License-Identifier: Apache-2.0
// How long a station takes from the start of civicastd to the first packet of its cable signal,
// and to the first packet after the host and its workers were killed.
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using SteadyTime = std::chrono::steady_clock;

/// A UDP socket on a free port of the loopback.
class Receiver {
 public:
  Receiver() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const timeval patience{60, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::bind(fd_, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        ::getsockname(fd_, reinterpret_cast<sockaddr *>(&address), &size) != 0)
      throw std::runtime_error("no UDP port");
    port_ = ntohs(address.sin_port);
  }
  ~Receiver() { ::close(fd_); }
  Receiver(const Receiver &) = delete;
  Receiver &operator=(const Receiver &) = delete;

  int port() const { return port_; }

  void forget_what_came() const {
    char datagram[2048];
    while (::recv(fd_, datagram, sizeof datagram, MSG_DONTWAIT) > 0) {
    }
  }

  void wait_for_packet() const {
    char datagram[2048];
    if (::recv(fd_, datagram, sizeof datagram, 0) <= 0)
      throw std::runtime_error("no packet within a minute");
  }

 private:
  int fd_;
  int port_ = 0;
};

void send_cable_to(const fs::path &station, int port) {
  const auto file = station / "channels.xml";
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const auto changed = std::regex_replace(text.str(), std::regex("(<setting name=\"udp\">)[^<]*"),
                                          "$01" + std::string("127.0.0.1:") + std::to_string(port));
  if (changed == text.str()) throw std::runtime_error("channels.xml has no udp setting");
  std::ofstream(file) << std::regex_replace(changed, std::regex("127\\.0\\.0\\.1:809[0-9]"),
                                            "127.0.0.1:0");
  const auto main_file = station / "station.xml";
  std::stringstream main_text;
  main_text << std::ifstream(main_file).rdbuf();
  std::ofstream(main_file) << std::regex_replace(main_text.str(), std::regex("port=\"[0-9]+\""),
                                                 "port=\"0\"");
}

pid_t start(const fs::path &host, const fs::path &station) {
  const std::string program = host.string();
  const std::string folder = station.string();
  const char *arguments[] = {program.c_str(), "--station", folder.c_str(), nullptr};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, program.c_str(), &files, nullptr,
                                   const_cast<char **>(arguments), environ);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed) throw std::runtime_error("cannot start " + program);
  return pid;
}

double ms_since(SteadyTime::time_point from) {
  return std::chrono::duration<double, std::milli>(SteadyTime::now() - from).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

nlohmann::json measure(const fs::path &host, const fs::path &station, int runs) {
  std::string folder = (fs::temp_directory_path() / "civicast-bench-XXXXXX").string();
  if (!::mkdtemp(folder.data())) throw std::runtime_error("no temporary folder");
  const Receiver receiver;
  const auto copy = fs::path(folder) / "station";
  fs::copy(station, copy, fs::copy_options::recursive);
  fs::remove_all(copy / "channels");
  send_cable_to(copy, receiver.port());

  std::vector<double> first;
  for (int run = 0; run < runs; ++run) {
    receiver.forget_what_came();
    const auto started = SteadyTime::now();
    const pid_t pid = start(host, copy);
    receiver.wait_for_packet();
    first.push_back(ms_since(started));
    std::cout << "run " << run + 1 << ": first packet after " << first.back() << " ms\n";
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    ::usleep(500'000);  // its workers end when it does, but not at the same instant
  }
  fs::remove_all(folder);
  return {{"runs", runs},
          {"first_packet_ms_median", median(first)},
          {"first_packet_ms_max", *std::max_element(first.begin(), first.end())},
          {"first_start_ms", first.front()}};
}

}  // namespace

int main(int argc, char **argv) {
  const auto here = fs::read_symlink("/proc/self/exe").parent_path();
  fs::path station = "var/chenghua";
  int runs = 5;
  CLI::App app{"Time from the start of civicastd to the first cable packet", "bench-start"};
  app.add_option("--station", station, "a station made by `civicast station create`; it is copied")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--runs", runs, "how often")->check(CLI::Range(1, 100))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << measure(here / "civicastd", station, runs).dump() << "\n";
  } catch (const std::exception &error) {
    std::cerr << "bench-start: " << error.what() << "\n";
    return 1;
  }
}
