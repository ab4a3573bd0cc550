// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/entries.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "host/ledger/faults.hpp"

namespace civicast::ledger {
namespace {

constexpr std::uint64_t mark_every = 64;
/// More than the largest record, so that one chunk always holds a whole one.
constexpr std::size_t chunk_bytes = 256 * 1024;

Fault entry_damaged(std::uint64_t index, const Record &record, const Segment &segment,
                    std::size_t offset) {
  const bool is_end = record.state == Record::State::end;
  return Fault(faults::entry_damaged, {{"entry", std::to_string(index)},
                                       {"reason_zh", is_end ? "记录缺失" : record.reason_zh},
                                       {"reason_en", is_end ? "it is missing" : record.reason_en}})
      .at("entries/" + segment.path.filename().string() + " +" + std::to_string(offset));
}

}  // namespace

Entries::Entries(std::vector<Segment> segments) {
  for (Segment &segment : segments) segments_.push_back({std::move(segment), {}});
}

std::vector<Segment> Entries::segments() const {
  const std::shared_lock lock(mutex_);
  std::vector<Segment> out;
  for (const Marked &marked : segments_) out.push_back(marked.segment);
  return out;
}

void Entries::add(Segment segment) {
  const std::unique_lock lock(mutex_);
  segments_.push_back({std::move(segment), {}});
}

void Entries::mark(std::uint64_t index, std::size_t offset) {
  const std::unique_lock lock(mutex_);
  Marked &last = segments_.back();
  if (last.marks.empty() || index >= last.marks.back().index + mark_every)
    last.marks.push_back({index, offset});
}

Result<std::size_t> Entries::segment_of(std::uint64_t index) const {
  std::size_t at = 0;
  Segment unseen;
  {
    const std::shared_lock lock(mutex_);
    const auto after = std::upper_bound(
        segments_.begin(), segments_.end(), index,
        [](std::uint64_t wanted, const Marked &marked) { return wanted < marked.segment.first; });
    if (after == segments_.begin())
      return Fault(faults::out_of_range, {{"size", "?"}, {"asked", std::to_string(index)}});
    at = static_cast<std::size_t>(after - segments_.begin()) - 1;
    if (!segments_[at].marks.empty()) return at;
    unseen = segments_[at].segment;
  }
  const auto bytes = load_segment(unseen);
  if (!bytes) return bytes.fault();
  std::vector<Mark> marks;
  scan_segment(unseen, *bytes, [&](std::uint64_t entry, std::size_t offset, const Record &) {
    if (marks.empty() || entry >= marks.back().index + mark_every) marks.push_back({entry, offset});
    return true;
  });
  const std::unique_lock lock(mutex_);
  if (segments_[at].marks.empty()) segments_[at].marks = std::move(marks);
  return at;
}

Result<void> Entries::read_in(const Segment &segment, Mark from, std::uint64_t first,
                              std::uint64_t end, std::vector<std::string> &out) const {
  const Fd fd(::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string chunk(chunk_bytes, '\0');
  std::uint64_t index = from.index;
  std::size_t offset = from.offset;
  while (index < end) {
    const ssize_t got =
        fd ? ::pread(fd.get(), chunk.data(), chunk.size(), static_cast<off_t>(offset)) : -1;
    const std::string_view bytes(chunk.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    std::size_t used = 0;
    Record record;
    while (index < end) {
      record = parse_record(bytes.substr(used), index);
      if (record.state != Record::State::good) break;
      if (index >= first) out.emplace_back(record.entry);
      used += record.bytes;
      ++index;
    }
    if (used == 0 && index < end) return entry_damaged(index, record, segment, offset);
    offset += used;
  }
  return {};
}

Result<std::vector<std::string>> Entries::read(std::uint64_t from, std::size_t count) const {
  std::vector<std::string> out;
  const std::uint64_t end = from + count;
  for (std::uint64_t index = from; index < end;) {
    const auto at = segment_of(index);
    if (!at) return at.fault();
    Segment segment;
    Mark mark{};
    std::uint64_t last = end;
    {
      const std::shared_lock lock(mutex_);
      const Marked &marked = segments_[*at];
      segment = marked.segment;
      if (*at + 1 < segments_.size()) last = std::min(end, segments_[*at + 1].segment.first);
      const auto after = std::upper_bound(
          marked.marks.begin(), marked.marks.end(), index,
          [](std::uint64_t wanted, const Mark &one) { return wanted < one.index; });
      mark =
          after == marked.marks.begin() ? Mark{segment.first, segment_header_bytes} : *(after - 1);
    }
    if (auto done = read_in(segment, mark, index, last, out); !done) return done.fault();
    index = last;
  }
  return out;
}

}  // namespace civicast::ledger
