// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/cues.hpp"

#include <cstddef>

#include "tests/tools/ts/sections.hpp"

namespace civicast::tests {
namespace {

/// Reads big-endian bit fields. Beyond the end there are zeros, and is_over() says so.
class Fields {
 public:
  explicit Fields(const std::vector<std::uint8_t> &bytes) : bytes_(bytes) {}
  std::int64_t next(int bits) {
    std::int64_t value = 0;
    for (; bits > 0; --bits, ++at_) {
      const std::size_t byte = at_ / 8;
      const int bit = byte < bytes_.size() ? bytes_[byte] >> (7 - at_ % 8) & 1 : 0;
      value = value << 1 | bit;
    }
    return value;
  }
  bool flag() { return next(1) != 0; }
  /// Reserved bits are ones.
  void reserved(int bits) {
    if (next(bits) != (std::int64_t{1} << bits) - 1) are_reserved_set_ = false;
  }
  std::size_t byte() const { return at_ / 8; }
  bool is_over() const { return at_ > bytes_.size() * 8; }
  bool are_reserved_set() const { return are_reserved_set_; }

 private:
  const std::vector<std::uint8_t> &bytes_;
  std::size_t at_ = 0;
  bool are_reserved_set_ = true;
};

std::optional<std::int64_t> splice_time(Fields &in) {
  if (!in.flag()) {
    in.reserved(7);
    return {};
  }
  in.reserved(6);
  return in.next(33);
}

void splice_insert(Fields &in, CueSection &out) {
  out.event_id = in.next(32);
  out.is_cancel = in.flag();
  in.reserved(7);
  if (out.is_cancel) return;
  out.is_out = in.flag();
  out.is_program = in.flag();
  const bool has_duration = in.flag();
  out.is_immediate = in.flag();
  in.reserved(4);  // of them one says, since 2023, that event ids follow the rules
  if (out.is_program) {
    if (!out.is_immediate) out.pts = splice_time(in);
  } else {
    for (std::int64_t left = in.next(8); left > 0; --left) {
      in.next(8);  // component tag
      if (!out.is_immediate) out.pts = splice_time(in);
    }
  }
  if (has_duration) {
    out.auto_return = in.flag();
    in.reserved(6);
    out.duration = in.next(33);
  }
  out.program_id = static_cast<int>(in.next(16));
  out.avail = static_cast<int>(in.next(8));
  out.avails = static_cast<int>(in.next(8));
}

/// The header's flaw, or none. Leaves `in` at the command.
std::string header(Fields &in, const std::vector<std::uint8_t> &section, CueSection &out,
                   std::int64_t &adjustment, std::int64_t &command_bytes) {
  if (in.next(8) != 0xFC) return "not a splice_info_section";
  if (in.flag()) return "section_syntax_indicator is set";
  if (in.flag()) return "private_indicator is set";
  in.next(2);
  if (in.next(12) + 3 != std::ssize(section)) return "wrong section length";
  if (in.next(8) != 0) return "unknown protocol version";
  if (in.flag()) return "encrypted";
  in.next(6);
  adjustment = in.next(33);
  in.next(8);
  out.tier = in.next(12);
  command_bytes = in.next(12);
  out.command = static_cast<int>(in.next(8));
  return {};
}

std::string body(Fields &in, const std::vector<std::uint8_t> &section, CueSection &out,
                 std::int64_t command_bytes) {
  const std::size_t begin = in.byte();
  if (out.command == 5) splice_insert(in, out);
  if (out.command == 6) out.pts = splice_time(in);
  const bool is_known = out.command == 0 || out.command == 5 || out.command == 6;
  if (is_known && command_bytes != 0xFFF &&
      in.byte() != begin + static_cast<std::size_t>(command_bytes))
    return "the command is not as long as it says";
  while (!is_known && in.byte() < begin + static_cast<std::size_t>(command_bytes) && !in.is_over())
    in.next(8);
  for (std::int64_t left = in.next(16); left > 0 && !in.is_over(); ++out.descriptors) {
    in.next(8);
    const std::int64_t size = in.next(8);
    for (std::int64_t i = 0; i < size && !in.is_over(); ++i) in.next(8);
    left -= 2 + size;
  }
  if (in.is_over()) return "cut";
  if (in.byte() + 4 != section.size()) return "something between the descriptors and the CRC";
  return in.are_reserved_set() ? "" : "a reserved bit is 0";
}

}  // namespace

CueSection read_cue(const std::vector<std::uint8_t> &section) {
  CueSection out;
  if (!has_right_crc(section)) {
    out.flaw = "wrong CRC";
    return out;
  }
  Fields in(section);
  std::int64_t adjustment = 0, command_bytes = 0;
  out.flaw = header(in, section, out, adjustment, command_bytes);
  if (out.flaw.empty()) out.flaw = body(in, section, out, command_bytes);
  if (out.pts) out.pts = (*out.pts + adjustment) % (std::int64_t{1} << 33);
  return out;
}

}  // namespace civicast::tests
