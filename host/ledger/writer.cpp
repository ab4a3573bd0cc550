// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/ledger/faults.hpp"

namespace civicast::ledger {

namespace fs = std::filesystem;

Result<Fd> create_segment(const Segment &segment, Disk &disk) {
  fs::path temporary = segment.path;
  temporary += ".new";
  Fd fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const bool made = fd && disk.reserve(fd.get(), segment.bytes) &&
                    disk.write(fd.get(), header_of(segment), 0) && disk.sync(fd.get()) &&
                    ::rename(temporary.c_str(), segment.path.c_str()) == 0;
  const int error = errno;
  if (!made) ::unlink(temporary.c_str());
  if (!made || !sync_directory(segment.path.parent_path()))
    return Fault(faults::disk_full,
                 {{"file", segment.path.string()}, {"reason", std::strerror(error)}});
  return fd;
}

Writer::Writer(Entries &entries, Disk &disk, Segment active, Fd fd, std::size_t offset,
               std::uint64_t next)
    : entries_(entries),
      disk_(disk),
      active_(std::move(active)),
      fd_(std::move(fd)),
      offset_(offset),
      next_(next) {}

std::vector<Writer::Piece> Writer::lay_out(
    const std::vector<const std::vector<std::string> *> &batches) const {
  std::vector<Piece> pieces;
  pieces.push_back({active_, offset_, {}, {}, {}});
  std::uint64_t index = next_;
  for (const auto *batch : batches) {
    for (const std::string &entry : *batch) {
      const std::size_t need = record_bytes(entry.size());
      const Piece &last = pieces.back();
      if (last.offset + last.bytes.size() + need > last.segment.bytes) {
        Segment segment = last.segment;
        segment.number += 1;
        segment.path = active_.path.parent_path() / fmt::format("{:08}", segment.number);
        segment.bytes =
            std::max(segment.usual_bytes, static_cast<std::uint32_t>(segment_header_bytes + need));
        segment.first = index;
        pieces.push_back({std::move(segment), segment_header_bytes, {}, {}, {}});
      }
      Piece &piece = pieces.back();
      if ((index - piece.segment.first) % 64 == 0)
        piece.marks.emplace_back(index, piece.offset + piece.bytes.size());
      add_record(piece.bytes, index++, next_, entry);
    }
  }
  return pieces;
}

Result<void> Writer::put(Piece &piece) {
  if (piece.fd) {
    fd_ = std::move(piece.fd);
    entries_.add(piece.segment);
    active_ = piece.segment;
    offset_ = piece.offset;
  }
  if (piece.bytes.empty()) return {};
  if (!disk_.write(fd_.get(), piece.bytes, piece.offset) || !disk_.sync(fd_.get()))
    return Fault(faults::ledger_stopped, {{"reason", std::strerror(errno)}});
  for (const auto &[index, offset] : piece.marks) entries_.mark(index, offset);
  offset_ += piece.bytes.size();
  return {};
}

Result<void> Writer::write(const std::vector<const std::vector<std::string> *> &batches) {
  std::vector<Piece> pieces = lay_out(batches);
  // All room is made before the first byte is written, so that a full disk is a clean refusal.
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    auto fd = create_segment(pieces[i].segment, disk_);
    if (!fd) {
      for (std::size_t made = 1; made < i; ++made) fs::remove(pieces[made].segment.path);
      return fd.fault();
    }
    pieces[i].fd = std::move(*fd);
  }
  for (Piece &piece : pieces)
    if (auto done = put(piece); !done) return done.fault();
  for (const auto *batch : batches) next_ += batch->size();
  return {};
}

}  // namespace civicast::ledger
