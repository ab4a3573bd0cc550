// SPDX-License-Identifier: Apache-2.0
// The files of entries: fixed-size, reserved in advance, each record with its length and CRC32C.
// FORMAT.md has every byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/ledger/disk.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

inline constexpr std::size_t segment_header_bytes = 32;
inline constexpr std::size_t record_header_bytes = 16;

struct Segment {
  std::filesystem::path path;
  std::uint32_t number = 0;
  std::uint32_t bytes = 0;        ///< of the whole file
  std::uint32_t usual_bytes = 0;  ///< what the next file is given
  std::uint64_t first = 0;        ///< index of its first entry
};

std::string header_of(const Segment &segment);
/// Files of entries in `dir` in order: their headers good, numbered without a gap, each of the
/// size that its header says. There is at least one.
Result<std::vector<Segment>> list_segments(const std::filesystem::path &dir);

/// Bytes that a record of `entry_bytes` takes up.
constexpr std::size_t record_bytes(std::size_t entry_bytes) {
  return (record_header_bytes + entry_bytes + 3) / 4 * 4;
}
/// Appends the record of entry `index` to `out`; `group` is the first entry that shares its sync.
void add_record(std::string &out, std::uint64_t index, std::uint64_t group, std::string_view entry);

struct Record {
  enum class State { good, end, bad } state = State::end;
  std::string_view entry;
  std::uint64_t group = 0;
  std::size_t bytes = 0;       ///< of the whole record
  const char *reason_zh = "";  ///< of a bad one
  const char *reason_en = "";
};
/// The record at the front of `bytes`, which reach to the end of the file (or of what was read).
Record parse_record(std::string_view bytes, std::uint64_t index);

/// All of a segment's file.
Result<std::string> load_segment(const Segment &segment);

/// What stands in one loaded segment.
struct Scan {
  std::uint64_t next = 0;      ///< index after its last good entry
  std::size_t end_bytes = 0;   ///< offset after its last good record
  Record stop;                 ///< what stands there: an end or a bad record
  bool is_blank_after = true;  ///< only zeros from end_bytes on
};
using OnEntry = std::function<bool(std::uint64_t index, std::size_t offset, const Record &)>;
/// Tells each good record in order, until it answers false.
Scan scan_segment(const Segment &segment, std::string_view bytes, const OnEntry &on_entry);

/// Whether a good record of a group that began after `index` stands behind `offset`: then what
/// stands at `index` was synced once, and is no torn tail.
bool has_later_group(std::string_view bytes, std::size_t offset, std::uint64_t index);

}  // namespace civicast::ledger
