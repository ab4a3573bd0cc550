// SPDX-License-Identifier: Apache-2.0
// cable-render: writes what the cable channel would send, as fast as this machine can, so that any
// analyser can judge it.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "plugins/cable/format/av.hpp"
#include "tools/cable/air.hpp"

namespace {

using namespace civicast::cable_render;

constexpr std::int64_t ns_per_ms = 1'000'000;

struct Options {
  std::string playlist, out = "-", station = "var/chenghua", format, airings;
  std::int64_t duration_ms = 0;
  bool has_no_cues = false;
};

void declare(CLI::App &app, Options &o) {
  app.add_option(
         "--playlist", o.playlist,
         "播出单（.xml，见 civicast playlist export），或一份清单：每行一个成品文件，循环播放\n"
         "A playlist (.xml, see civicast playlist export), or a list: one house file a line, "
         "again and again")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  app.add_option("--for", o.duration_ms, "信号的长度，例如 90s、10m、27h · How much of the signal")
      ->required()
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, std::int64_t>{
              {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}},
          CLI::AsNumberWithUnit::UNIT_REQUIRED, "DURATION"))
      ->check(CLI::PositiveNumber);
  app.add_option("--out", o.out,
                 "TS 文件；- 为标准输出 · The transport stream; - is standard output")
      ->type_name("FILE|-")
      ->capture_default_str();
  app.add_option("--station", o.station,
                 "播出单所属台站的目录 · The folder of the playlist's station")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option(
         "--format", o.format,
         "清单的成品格式，默认看第一个文件 · A list's house format; the first file's if left out")
      ->type_name("ID");
  app.add_option("--airings", o.airings,
                 "把每个条目的结局写成 JSON 行 · A line of JSON for how each item ended")
      ->type_name("FILE");
  app.add_flag("--no-cues", o.has_no_cues, "不插入 SCTE-35 · Without SCTE 35 cues");
}

/// Redrawn for each percent, on a terminal only.
class Bar {
 public:
  explicit Bar(std::int64_t whole_ns) : whole_ns_(whole_ns), is_shown_(::isatty(2) == 1) {}
  void at(std::int64_t done_ns) {
    const auto percent = static_cast<int>(done_ns * 100 / whole_ns_);
    if (!is_shown_ || percent == percent_) return;
    percent_ = percent;
    std::cerr << "\r" << percent << " %" << (percent >= 100 ? "\n" : "") << std::flush;
  }

 private:
  std::int64_t whole_ns_;
  bool is_shown_;
  int percent_ = -1;
};

int run(const Options &o) {
  const bool is_playlist =
      o.playlist.size() > 4 && o.playlist.substr(o.playlist.size() - 4) == ".xml";
  const Plan plan =
      is_playlist ? playlist_plan(o.playlist, o.station) : list_plan(o.playlist, o.format);
  Order order;
  order.duration_ns = o.duration_ms * ns_per_ms;
  order.has_cues = !o.has_no_cues;
  std::ofstream airings;
  if (!o.airings.empty()) {
    airings.open(o.airings, std::ios::trunc);
    if (!airings) throw Refusal{{o.airings + ": " + std::strerror(errno)}};
    order.airings = &airings;
  }
  if (o.out != "-") {
    order.to = ::open(o.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (order.to < 0) throw Refusal{{o.out + ": " + std::strerror(errno)}};
  }
  Bar bar(order.duration_ns);
  order.on_progress = [&](std::int64_t done_ns) { bar.at(done_ns); };
  const Summary summary = air(plan, order);
  if (order.airings && !airings.flush()) throw Refusal{{o.airings + ": " + std::strerror(errno)}};
  const nlohmann::ordered_json result{{"format", plan.house->id},
                                      {"packets", summary.packets},
                                      {"frames", summary.frames},
                                      {"standby_frames", summary.standby_frames},
                                      {"slate_frames", summary.slate_frames},
                                      {"aired", summary.aired},
                                      {"not_aired", summary.not_aired},
                                      {"violations", summary.violations}};
  std::cerr << result.dump() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app(
      "按模拟时钟生成有线频道会发出的信号 · What the cable channel would send, on a simulated "
      "clock");
  Options options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  av_log_set_level(AV_LOG_FATAL);
  try {
    return run(options);
  } catch (const Refusal &refusal) {
    for (const std::string &sentence : refusal.sentences) std::cerr << sentence << "\n";
  } catch (const HungUp &) {
    return 0;  // an analyser that has seen enough
  } catch (const std::exception &breakdown) {
    std::cerr << "信号写不出去。 · The signal cannot be written: " << breakdown.what() << "\n";
  }
  return 1;
}
