// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/selfcheck.hpp"

#include <algorithm>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {

void SelfCheck::look(const std::uint8_t *packet) {
  ++counters_.packets;
  if (packet[0] != 0x47) {
    ++counters_.sync_errors;
    return;
  }
  const auto pid = static_cast<std::size_t>((packet[1] & 0x1F) << 8 | packet[2]);
  if (pid == 0x1FFF) return;
  const bool has_adaptation = packet[3] & 0x20, has_payload = packet[3] & 0x10;
  const auto counter = static_cast<std::int8_t>(packet[3] & 0x0F);
  std::int8_t &last = last_counter_[pid];
  if (last >= 0 && counter != ((last + (has_payload ? 1 : 0)) & 0x0F))
    ++counters_.continuity_errors;
  last = counter;
  if (has_adaptation && packet[4] >= 7 && (packet[5] & 0x10)) look_at_clock(packet);
}

void SelfCheck::look_at_clock(const std::uint8_t *packet) {
  const std::int64_t base = std::int64_t{packet[6]} << 25 | packet[7] << 17 | packet[8] << 9 |
                            packet[9] << 1 | packet[10] >> 7;
  const std::int64_t pcr = base * 300 + ((packet[10] & 1) << 8 | packet[11]);
  if (last_pcr_ >= 0) {
    const std::int64_t wrap = kClockWrap * 300;
    const std::int64_t step = (pcr - last_pcr_ + wrap) % wrap;
    if (step > wrap / 2)
      ++counters_.pcr_backward;
    else
      counters_.pcr_interval_max_us = std::max(counters_.pcr_interval_max_us, step / 27);
  }
  last_pcr_ = pcr;
}

}  // namespace civicast::cable
