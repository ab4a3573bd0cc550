// SPDX-License-Identifier: Apache-2.0
// civicastd: arguments, signals, start, stop.
#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <mutex>

#include "host/api/server.hpp"
#include "host/base/progress.hpp"
#include "host/flow/doors.hpp"
#include "host/flow/flow.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/rfc3339.hpp"

namespace {

using namespace civicast;
namespace fs = std::filesystem;

constexpr int turn_ms = 50;

std::atomic<bool> is_asked_to_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch these");

void ask_to_stop(int) {
  is_asked_to_stop = true;
}

void catch_signals() {
  struct sigaction stop {};
  stop.sa_handler = ask_to_stop;
  ::sigaction(SIGINT, &stop, nullptr);
  ::sigaction(SIGTERM, &stop, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

/// One line per happening on standard error: time, channel, level, what.
void log_line(const std::string &channel, int level, const std::string &line) {
  static constexpr const char *words[] = {"debug", "info", "warning", "error"};
  static std::mutex mutex;
  if (level < 1) return;
  const std::lock_guard lock(mutex);
  std::cerr << rfc3339(SystemClock().now_ns()) << " " << words[level > 3 ? 3 : level] << " "
            << (channel.empty() ? "host" : channel) << ": " << line << "\n";
}

class LogProgress final : public Progress {
 public:
  void step(const std::string &what, double, double) override {
    if (what != what_) log_line("", 1, what);
    what_ = what;
  }

 private:
  std::string what_;
};

struct Arguments {
  flow::Options flow;
  fs::path console;
  std::int64_t for_ns = 0;
};

/// "120s", "2m", "1h", "90"
std::string read_duration(const std::string &text, std::int64_t &ns) {
  std::size_t digits = 0;
  const auto unit = text.find_first_not_of("0123456789");
  const auto number = text.substr(0, unit);
  const auto word = unit == std::string::npos ? "s" : text.substr(unit);
  const std::int64_t factor = word == "s" ? 1 : word == "m" ? 60 : word == "h" ? 3600 : 0;
  if (number.empty() || number.size() > 6 || factor == 0)
    return "时长应写作 120s、2m 或 1h · A duration is written 120s, 2m or 1h";
  ns = std::stoll(number, &digits) * factor * ns_per_s;
  return "";
}

int announce(const flow::Flow &flow, const fs::path &station, const api::Server &server) {
  const Json facts = {{"pid", ::getpid()}, {"api", server.url()}};
  if (auto written = write_file_atomically(station / "host.json", to_text(facts)); !written) {
    std::cerr << written.fault().text() << "\n";
    return 1;
  }
  const Json live = flow.live();
  std::cout << "\n"
            << live["station"]["name"]["zh"].get<std::string>() << " 已开播 · is on the air\n"
            << "  控制台 · console   " << server.url() << "/\n";
  return 0;
}

/// What each plugin says a person may open, once it has said so.
void print_links(const Json &live) {
  for (const auto &channel : live["channels"]) {
    if (!channel["status"].is_object()) continue;
    for (const auto &link : channel["status"].value("links", Json::array())) {
      const auto address = link.value("href", "");
      if (address.find("://") == std::string::npos) continue;  // for the console only
      std::cout << "  " << channel["name"]["zh"].get<std::string>() << " · "
                << link.value("rel", "") << "   " << address << "\n";
    }
  }
  std::cout << "  Ctrl-C 停止 · stops it" << std::endl;
}

bool is_every_worker_ready(const Json &live) {
  for (const auto &channel : live["channels"])
    if (channel["worker"].value("state", "") != "ready" || !channel["status"].is_object())
      return false;
  return true;
}

int run(const Arguments &arguments) {
  const SystemClock clock;
  LogProgress progress;
  auto flow = flow::Flow::open(arguments.flow, clock, progress);
  if (!flow) {
    for (const Fault &fault : flow.fault()) std::cerr << fault.text() << "\n";
    return 1;
  }
  const auto &station = (*flow)->rooms().station;
  auto server = api::Server::start(flow::sources_of(**flow, arguments.console), station.api_host,
                                   station.api_port);
  if (!server) {
    std::cerr << server.fault().text() << "\n";
    return 1;
  }
  if (const int failed = announce(**flow, station.folder, **server)) return failed;

  const auto end_ns = arguments.for_ns ? clock.now_ns() + arguments.for_ns : INT64_MAX;
  bool have_links = false;
  while (!is_asked_to_stop && clock.now_ns() < end_ns) {
    (*flow)->turn(turn_ms);
    if (!have_links && is_every_worker_ready((*flow)->live())) {
      print_links((*flow)->live());
      have_links = true;
    }
  }
  log_line("", 1, "stopping");
  (*flow)->stop();
  (*server)->stop();
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  const auto here = fs::read_symlink("/proc/self/exe").parent_path();
  Arguments arguments;
  arguments.flow.station = "var/chenghua";
  arguments.flow.plugins = here.parent_path() / "plugins";
  arguments.flow.runner = here / "civicast-runner";
  arguments.flow.log = log_line;
  arguments.console = here.parent_path() / "share" / "console";

  CLI::App app{"civicastd · Civicast 播出服务 · plans, airs and proves public-service ads",
               "civicastd"};
  std::string duration;
  app.add_option("--station", arguments.flow.station, "站点目录 · The station's folder")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option(
         "--for", duration,
         "运行多久后正常停止，例如 120s、2m · Stop cleanly after so long, such as 120s or 2m")
      ->type_name("DURATION");
  app.add_option("--plugins", arguments.flow.plugins,
                 "插件目录，每个插件一个文件夹 · Where the plugins are, a folder each")
      ->type_name("DIR");
  app.add_option("--console", arguments.console, "控制台网页目录 · The built console's files")
      ->type_name("DIR");
  app.get_option("--for")->check(
      [&arguments](const std::string &text) { return read_duration(text, arguments.for_ns); });
  CLI11_PARSE(app, argc, argv);

  catch_signals();
  try {
    return run(arguments);
  } catch (const std::exception &breakdown) {
    std::cerr << "内部错误，服务停止：" << breakdown.what() << "\n"
              << "Internal error, the host stops: " << breakdown.what() << "\n";
    return 70;
  }
}
