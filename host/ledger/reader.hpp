// SPDX-License-Identifier: Apache-2.0
// Reads a ledger that another process may be appending to. Takes no lock and never writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "host/airings/book.hpp"
#include "host/ledger/entries.hpp"

namespace civicast::ledger {

class Reader final : public airings::Book {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path &dir);

  /// Whole entries on disk when it was opened.
  std::uint64_t size() const override { return size_; }
  Result<std::vector<std::string>> read(std::uint64_t from, std::size_t count) const override;
  /// Refused: a reader reads.
  Result<std::uint64_t> append(const std::vector<std::string> &entries) override;

 private:
  Reader(std::vector<Segment> segments, std::uint64_t size, std::filesystem::path dir);
  Entries entries_;
  std::uint64_t size_;
  std::filesystem::path dir_;
};

}  // namespace civicast::ledger
