// SPDX-License-Identifier: Apache-2.0
// The outbox's file: a header that says what is acked, then records, each with its checksum.
//
//     header  "CIVOUT01"  acked u64  crc32c(acked) u32  0 u32
//     record  length u32  crc32c(seq, payload) u32  seq u64  payload     (little end first)
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::runner {

struct Record {
  std::uint64_t seq = 0;
  std::string payload;
  std::uint64_t end = 0;  ///< offset behind it
};

std::string record_bytes(std::uint64_t seq, std::string_view payload);

/// Not safe for several threads at once.
class OutboxFile {
 public:
  /// Opens or makes it; a torn tail is cut off.
  static Result<OutboxFile> open(const std::filesystem::path &path);

  static constexpr std::uint64_t header_bytes = 24;

  std::uint64_t acked() const { return acked_; }
  std::uint64_t last_seq() const { return last_seq_; }
  std::uint64_t end() const { return end_; }
  /// What was no record at the end of the file when it was opened: a write cut short by a crash,
  /// which no emit had returned from; more than one record's worth is a damaged disk.
  std::uint64_t cut_bytes() const { return cut_bytes_; }

  /// The whole record at `offset`; nothing at the end or where the bytes are not one.
  std::optional<Record> read(std::uint64_t offset) const;
  int fd() const { return fd_.get(); }

  /// `bytes` are whole records, the newest `last_seq`, already written and synced at end().
  void grow(std::size_t bytes, std::uint64_t last_seq);
  /// Remembers it in the header, unsynced: lost with the power, facts are only told again.
  void set_acked(std::uint64_t seq);
  /// Drops everything before `offset` by writing the rest anew; false, and unchanged, if it cannot.
  bool drop_before(std::uint64_t offset);

 private:
  OutboxFile(std::filesystem::path path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  Result<void> recover();

  std::filesystem::path path_;
  Fd fd_;
  std::uint64_t acked_ = 0, last_seq_ = 0, end_ = header_bytes, cut_bytes_ = 0;
};

/// Writes all of `bytes` at `offset`; false with errno set.
bool write_at(int fd, std::string_view bytes, std::uint64_t offset);

}  // namespace civicast::runner
