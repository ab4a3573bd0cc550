// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/cue.hpp"

#include <stdexcept>

#include "plugins/cable/ts/bits.hpp"
#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/packet.hpp"

namespace civicast::cable {
namespace {

constexpr int kSpliceNull = 0x00, kSpliceInsert = 0x05;
constexpr std::uint64_t kEveryTier = 0xFFF;

/// SCTE 35 §9.6, splice_info_section(), not encrypted, without descriptors.
std::vector<std::uint8_t> section(int command, const std::vector<std::uint8_t> &body) {
  constexpr std::size_t kAroundBody = 17;  // from the protocol version to the CRC
  BitWriter out;
  out.put(8, 0xFC).flag(false).flag(false).put(2, 3).put(12, kAroundBody + body.size());
  out.put(8, 0);                         // protocol version
  out.flag(false).put(6, 0).put(33, 0);  // not encrypted; times need no adjustment
  out.put(8, 0).put(12, kEveryTier);
  out.put(12, body.size()).put(8, static_cast<std::uint64_t>(command));
  for (const std::uint8_t byte : body) out.put(8, byte);
  out.put(16, 0);
  out.put(32, crc32_of(out.bytes()));
  return out.take();
}

std::uint64_t ticks33(std::int64_t ticks) {
  return static_cast<std::uint64_t>(wrapped(ticks, kClockWrap));
}

}  // namespace

std::vector<std::uint8_t> section_of(const Cue &cue) {
  const bool has_duration = cue.duration_ticks.has_value();
  if (has_duration && (*cue.duration_ticks < 0 || *cue.duration_ticks >= kClockWrap))
    throw std::invalid_argument("a break of that length cannot be told");
  BitWriter body;
  body.put(32, cue.event_id).flag(cue.is_cancel).reserved(7);
  if (!cue.is_cancel) {
    body.flag(cue.is_out).flag(true).flag(has_duration).flag(cue.is_immediate).reserved(4);
    if (!cue.is_immediate) body.flag(true).reserved(6).put(33, ticks33(cue.pts));
    if (has_duration) body.flag(cue.auto_return).reserved(6).put(33, ticks33(*cue.duration_ticks));
    body.put(16, cue.program_id).put(8, cue.avail).put(8, cue.avails);
  }
  return section(kSpliceInsert, body.bytes());
}

std::vector<std::uint8_t> heartbeat_section() {
  return section(kSpliceNull, {});
}

}  // namespace civicast::cable
