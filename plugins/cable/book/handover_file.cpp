// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/book/handover_file.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "plugins/cable/book/boot_id.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kFreshNs = 3'000'000'000;

/// When the successor's first picture has its turn, on the monotonic clock.
std::int64_t turn_mono_ns(const Handover &handover) {
  return frame_ns(handover.plan_frame) - handover.signal_offset_ns;
}

}  // namespace

void leave_handover(const std::string &path, const Handover &handover) {
  nlohmann::json counters = nlohmann::json::array();
  for (const auto &[pid, counter] : handover.counters) counters.push_back({pid, counter});
  const nlohmann::json json{{"handover", 1},
                            {"boot", boot_id()},
                            {"plan_frame", handover.plan_frame},
                            {"first_dts", handover.first_dts},
                            {"origin_bits", handover.origin_bits},
                            {"signal_offset_ns", handover.signal_offset_ns},
                            {"counters", counters},
                            {"shifts", handover.shifts}};
  // Not synced: after a power cut there is no signal to be continued.
  const std::string fresh = path + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << json.dump() << std::flush;
  if (!out || std::rename(fresh.c_str(), path.c_str()) != 0)
    throw std::runtime_error(path + " cannot be written");
}

std::optional<Handover> take_handover(const std::string &path, std::int64_t mono_ns) {
  std::ifstream in(path);
  if (!in) return std::nullopt;
  const nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
  if (std::remove(path.c_str()) != 0) return std::nullopt;
  try {
    if (json.at("handover") != 1 || json.at("boot") != boot_id()) return std::nullopt;
    Handover out{json.at("plan_frame"),
                 json.at("first_dts"),
                 json.at("origin_bits"),
                 json.at("signal_offset_ns"),
                 {},
                 {}};
    for (const auto &entry : json.at("counters"))
      out.counters[entry.at(0).get<int>()] = entry.at(1).get<int>();
    if (json.contains("shifts")) json.at("shifts").get_to(out.shifts);
    const std::int64_t age_ns = mono_ns - turn_mono_ns(out);
    return age_ns > -kFreshNs && age_ns < kFreshNs ? std::optional(out) : std::nullopt;
  } catch (const nlohmann::json::exception &) {
    return std::nullopt;  // of another version: the signal begins anew, as after a kill
  }
}

}  // namespace civicast::cable
