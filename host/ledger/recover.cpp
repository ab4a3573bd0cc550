// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/recover.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "host/ledger/faults.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;

std::string place(const Segment &segment, std::size_t offset) {
  return "entries/" + segment.path.filename().string() + " +" + std::to_string(offset);
}

Fault entry_fault(std::uint64_t index, const char *zh, const char *en) {
  return Fault(faults::entry_damaged,
               {{"entry", std::to_string(index)}, {"reason_zh", zh}, {"reason_en", en}});
}

Fault hash_fault(unsigned level, std::uint64_t index) {
  return Fault(faults::hash_damaged,
               {{"level", std::to_string(level)}, {"index", std::to_string(index)}})
      .at("tiles/" + std::to_string(level) + " +" + std::to_string(index * sizeof(Hash)));
}

/// Compares the hashes that entries give with those in the tiles, a tile at a time.
class TileCheck {
 public:
  TileCheck(const Tiles &tiles, std::uint64_t from, std::uint64_t size)
      : tiles_(tiles), size_(size), rows_(max_levels) {
    for (unsigned level = 0; level < max_levels; ++level)
      rows_[level].next =
          (from + (std::uint64_t{1} << (level * tile_height)) - 1) >> (level * tile_height);
  }

  /// The hash of the next entry; throws Unreadable where the tiles say otherwise.
  void add(const Hash &leaf) { add(0, leaf); }

 private:
  struct Row {
    std::uint64_t next = 0;
    std::vector<Hash> hashes;  ///< of the current tile, so far
    std::string expected;      ///< of the current tile, as it stands in the file
  };

  void add(unsigned level, const Hash &hash) {
    Row &row = rows_[level];
    if (row.hashes.empty()) {
      const std::uint64_t whole = size_ >> (level * tile_height);
      const std::uint64_t in_tile = tile_width - row.next % tile_width;
      row.expected = tiles_.read(level, row.next, std::min(in_tile, whole - row.next));
    }
    const std::size_t at = row.hashes.size() * sizeof(Hash);
    if (std::memcmp(row.expected.data() + at, hash.data(), sizeof(Hash)) != 0)
      throw Unreadable(hash_fault(level, row.next));
    row.hashes.push_back(hash);
    ++row.next;
    if (row.next % tile_width != 0) return;
    Edge tile;
    for (const Hash &one : row.hashes) tile.add(one, [](unsigned, const Hash &) {});
    row.hashes.clear();
    // A tile that was entered in its middle has no root to compare.
    if (tile.size() == tile_width) add(level + 1, tile.root());
  }

  const Tiles &tiles_;
  std::uint64_t size_;
  std::vector<Row> rows_;
};

/// Cuts a file's content after `offset`: zeros, where there is something else.
bool blank_after(const Segment &segment, std::size_t offset, Disk &disk) {
  const Fd fd(::open(segment.path.c_str(), O_RDWR | O_CLOEXEC));
  return fd && disk.write(fd.get(), std::string(segment.bytes - offset, '\0'), offset) &&
         disk.sync(fd.get());
}

bool write_again(const Segment &segment, std::string_view bytes, std::size_t offset, Disk &disk) {
  const Fd fd(::open(segment.path.c_str(), O_RDWR | O_CLOEXEC));
  return fd && disk.write(fd.get(), bytes, offset) && disk.sync(fd.get());
}

Fault stopped() {
  return Fault(faults::ledger_stopped, {{"reason", std::strerror(errno)}});
}

/// The last good record is followed by something that cannot be.
Fault stop_fault(const Segment &segment, const Scan &scan) {
  const bool is_end = scan.stop.state == Record::State::end;
  return entry_fault(scan.next, is_end ? "记录缺失" : scan.stop.reason_zh,
                     is_end ? "it is missing" : scan.stop.reason_en)
      .at(place(segment, scan.end_bytes));
}

/// A ledger that ends cleanly too early was cut or restored, which is said as such.
Result<void> must_reach(const Segment &last, std::uint64_t signed_size) {
  const auto bytes = load_segment(last);
  if (!bytes) return bytes.fault();
  const Scan scan =
      scan_segment(last, *bytes, [](std::uint64_t, std::size_t, const Record &) { return true; });
  if (scan.next >= signed_size) return {};
  if (scan.stop.state != Record::State::end || !scan.is_blank_after) return stop_fault(last, scan);
  return Fault(faults::ledger_rolled_back,
               {{"size", std::to_string(scan.next)}, {"signed", std::to_string(signed_size)}});
}

/// What stands in the files behind the last whole entry was written later than it in vain, or was
/// whole once: then it is damage to acknowledged entries.
Result<void> must_be_torn(const std::vector<Segment> &segments, std::size_t at,
                          std::string_view bytes, const Scan &scan) {
  bool was_whole = has_later_group(bytes, scan.end_bytes, scan.next);
  for (std::size_t later = at + 1; later < segments.size() && !was_whole; ++later) {
    const auto more = load_segment(segments[later]);
    if (!more) return more.fault();
    was_whole = has_later_group(*more, segment_header_bytes, scan.next);
  }
  if (!was_whole) return {};
  return stop_fault(segments[at], scan);
}

/// Removes the files behind segments[keep], last first, so that a crash between leaves no gap.
Result<void> drop_behind(std::vector<Segment> &segments, std::size_t keep) {
  while (segments.size() > keep + 1) {
    std::error_code error;
    fs::remove(segments.back().path, error);
    if (error) return Fault(faults::ledger_stopped, {{"reason", error.message()}});
    segments.pop_back();
  }
  return sync_directory(segments.back().path.parent_path());
}

}  // namespace

Paths::Paths(const fs::path &root)
    : dir(root),
      entries(root / "entries"),
      tiles(root / "tiles"),
      checkpoint(root / "checkpoint"),
      lock(root / "lock"),
      successions(root / "successions"),
      cosigned(root / "cosigned"),
      unfinished(root / "unfinished") {}

Result<Checkpoint> read_checkpoint(const fs::path &file, const VerifierKey &key,
                                   std::string &note) {
  auto bytes = read_file(file, 64 * 1024);
  const auto damaged = [&](const std::string &reason) {
    return Fault(faults::checkpoint_damaged, {{"file", file.string()}, {"reason", reason}});
  };
  if (!bytes) return damaged(bytes.fault().sentence(Lang::en));
  auto checkpoint = open_checkpoint(*bytes, key);
  if (!checkpoint) return damaged(checkpoint.fault());
  note = std::move(*bytes);
  return *checkpoint;
}

Result<void> check_signed(const std::vector<Segment> &segments, const Tiles &tiles,
                          std::uint64_t from, const Checkpoint &to,
                          const std::function<void(std::uint64_t)> &on_progress) {
  if (auto reached = must_reach(segments.back(), to.size); !reached) return reached;
  try {
    TileCheck check(tiles, from, to.size);
    for (std::size_t at = 0; at < segments.size() && segments[at].first < to.size; ++at) {
      const bool is_last = at + 1 == segments.size();
      if (!is_last && segments[at + 1].first <= from) continue;
      const auto bytes = load_segment(segments[at]);
      if (!bytes) return bytes.fault();
      const Scan scan = scan_segment(segments[at], *bytes,
                                     [&](std::uint64_t index, std::size_t, const Record &record) {
                                       if (index >= from && index < to.size)
                                         check.add(leaf_hash(record.entry));
                                       return index < to.size;
                                     });
      if (scan.next < to.size &&
          (is_last || segments[at + 1].first != scan.next || !scan.is_blank_after))
        return stop_fault(segments[at], scan);
      on_progress(std::min(scan.next, to.size));
    }
    if (root_of(to.size, tiles.nodes()) != to.root)
      return Fault(faults::root_differs, {{"size", std::to_string(to.size)}});
  } catch (const Unreadable &unreadable) {
    return unreadable.fault;
  }
  return {};
}

Result<Tail> recover_tail(std::vector<Segment> &segments, std::uint64_t signed_size, Disk &disk) {
  Tail tail;
  for (std::size_t at = 0; at < segments.size(); ++at) {
    const bool is_last = at + 1 == segments.size();
    if (!is_last && segments[at + 1].first < signed_size) continue;
    const auto bytes = load_segment(segments[at]);
    if (!bytes) return bytes.fault();
    std::size_t unsigned_from = 0;
    const Scan scan = scan_segment(
        segments[at], *bytes, [&](std::uint64_t index, std::size_t offset, const Record &record) {
          if (index < signed_size) return true;
          if (unsigned_from == 0) unsigned_from = offset;
          tail.entries.emplace_back(record.entry);
          return true;
        });
    if (scan.next < signed_size)
      return Fault(faults::ledger_rolled_back,
                   {{"size", std::to_string(scan.next)}, {"signed", std::to_string(signed_size)}});
    if (unsigned_from != 0 &&
        !write_again(segments[at],
                     std::string_view(*bytes).substr(unsigned_from, scan.end_bytes - unsigned_from),
                     unsigned_from, disk))
      return stopped();
    const bool goes_on = !is_last && segments[at + 1].first == scan.next && scan.is_blank_after;
    if (goes_on) continue;
    if (auto torn = must_be_torn(segments, at, *bytes, scan); !torn) return torn.fault();
    if (!scan.is_blank_after && !blank_after(segments[at], scan.end_bytes, disk)) return stopped();
    if (auto dropped = drop_behind(segments, at); !dropped) return dropped.fault();
    tail.segment = segments[at];
    tail.offset = scan.end_bytes;
    tail.next = scan.next;
    return tail;
  }
  throw std::logic_error("the last file of entries always ends the search");
}

}  // namespace civicast::ledger
