// SPDX-License-Identifier: Apache-2.0
// A ledger in a folder of its own, gone when the test is.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/ledger/ledger.hpp"

namespace civicast::test {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "civicast-ledger-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path = name;
  }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;
  ~Folder() { std::filesystem::remove_all(path); }

  std::filesystem::path ledger() const { return path / "ledger"; }
  std::filesystem::path keys() const { return path / "keys"; }
};

inline constexpr const char *origin = "test.civicast.local/airings";

/// Entry i of every ledger of these tests.
inline std::string entry(std::uint64_t i) {
  return "entry " + std::to_string(i) + std::string(i % 7, '.');
}
inline std::vector<std::string> entries(std::uint64_t from, std::uint64_t count) {
  std::vector<std::string> out;
  for (std::uint64_t i = from; i < from + count; ++i) out.push_back(entry(i));
  return out;
}

/// A ledger of `count` entries, all of them signed, closed again.
inline void make_ledger(const Folder &folder, std::uint64_t count,
                        std::uint32_t segment_bytes = 4096) {
  if (!ledger::create(folder.ledger(), folder.keys(), origin, segment_bytes))
    throw std::runtime_error("no ledger");
  auto ledger = ledger::Ledger::open(folder.ledger(), folder.keys());
  if (!ledger || !(*ledger)->append(entries(0, count))) throw std::runtime_error("no entries");
}

}  // namespace civicast::test
