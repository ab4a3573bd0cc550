// SPDX-License-Identifier: Apache-2.0
// A station of one channel for the browser tests: the real plugin, a stand-in host, the real time.
//   player_station PLUGIN.so STATE_DIR LISTEN
// Reads commands from standard input, a JSON object a line: {"publish":{…}} {"status":true}; ends
// with it. Writes {"ready":…}, {"fact":…}, {"status":…}, {"verdict":…}, a line each.
#include <chrono>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/stand_in/host.hpp"

using nlohmann::json;

namespace {

std::mutex printing;

void print(const json &line) {
  const std::lock_guard lock(printing);
  std::cout << line.dump() << std::endl;
}

std::int64_t wall_ns() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

stand_in::Handed handed(const json &item) {
  stand_in::Handed placement;
  placement.id = item.at("id");
  placement.start_ns = item.at("start_ms").get<std::int64_t>() * stand_in::ns_per_ms;
  placement.end_ns = item.at("end_ms").get<std::int64_t>() * stand_in::ns_per_ms;
  placement.body = item.at("body");
  const json &file = item.at("file");
  placement.media = {{file.at("path"), file.at("sha256"), "video/mp4",
                      file.at("duration_ms").get<std::int64_t>() * stand_in::ns_per_ms}};
  return placement;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4) return std::cerr << "player_station PLUGIN.so STATE_DIR LISTEN\n", 2;
  stand_in::Host host(argv[2]);
  host.clock = wall_ns;
  host.on_fact = [](const stand_in::Said &s) {
    print({{"fact", s.fact},
           {"status", s.status},
           {"placement", s.placement},
           {"place", s.place},
           {"start_ms", s.start_ns / stand_in::ns_per_ms},
           {"end_ms", s.end_ns / stand_in::ns_per_ms},
           {"proof", s.proof}});
  };
  const int opened =
      host.open(argv[1], {{"listen", argv[3]}, {"station_zh", "和美社区新时代文明实践站"}});
  if (opened != CIV_DONE) {
    for (const auto &note : host.notes) std::cerr << note.code << ": " << note.message << "\n";
    return 1;
  }
  print({{"ready", host.status()["links"][0]["href"]}});
  for (std::string line; std::getline(std::cin, line);) {
    const json command = json::parse(line);
    if (command.contains("publish")) print({{"verdict", host.publish(handed(command["publish"]))}});
    if (command.contains("status")) print({{"state", host.status()}});
  }
  return 0;
}
