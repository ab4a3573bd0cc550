// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/reader.hpp"

#include <algorithm>

#include "host/ledger/faults.hpp"
#include "host/ledger/recover.hpp"

namespace civicast::ledger {

namespace fs = std::filesystem;

Reader::Reader(std::vector<Segment> segments, std::uint64_t size, fs::path dir)
    : entries_(std::move(segments)), size_(size), dir_(std::move(dir)) {}

Result<std::unique_ptr<Reader>> Reader::open(const fs::path &dir) {
  const Paths paths(dir);
  if (!fs::exists(paths.entries)) return Fault(faults::ledger_absent, {{"dir", dir.string()}});
  auto segments = list_segments(paths.entries);
  if (!segments) return segments.fault();
  const auto bytes = load_segment(segments->back());
  if (!bytes) return bytes.fault();
  const Scan scan = scan_segment(segments->back(), *bytes,
                                 [](std::uint64_t, std::size_t, const Record &) { return true; });
  return std::unique_ptr<Reader>(new Reader(std::move(*segments), scan.next, dir));
}

Result<std::vector<std::string>> Reader::read(std::uint64_t from, std::size_t count) const {
  if (from > size_)
    return Fault(faults::out_of_range,
                 {{"size", std::to_string(size_)}, {"asked", std::to_string(from)}});
  return entries_.read(from, std::min<std::uint64_t>(count, size_ - from));
}

Result<std::uint64_t> Reader::append(const std::vector<std::string> &) {
  return Fault(faults::ledger_in_use, {{"file", Paths(dir_).lock.string()}});
}

}  // namespace civicast::ledger
