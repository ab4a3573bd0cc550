// SPDX-License-Identifier: Apache-2.0
// Writes entries into the ledger of a station whose host is not running: STATION COUNT WORD.
#include <cstdlib>
#include <iostream>

#include "host/ledger/ledger.hpp"

int main(int argc, char **argv) {
  using namespace civicast;
  if (argc != 4) return 2;
  const std::filesystem::path station = argv[1];
  const auto ledger = ledger::Ledger::open(station / "ledger", station / "keys");
  if (!ledger) {
    std::cerr << ledger.fault().text() << "\n";
    return 1;
  }
  std::vector<std::string> entries;
  const auto first = (*ledger)->size();
  for (std::uint64_t i = first; i < first + std::strtoull(argv[2], nullptr, 10); ++i)
    entries.push_back(R"({"kind":"note","n":)" + std::to_string(i) + R"(,"word":")" + argv[3] +
                      std::string(i % 37, '.') + "\"}");
  if (const auto added = (*ledger)->append(entries); !added) {
    std::cerr << added.fault().text() << "\n";
    return 1;
  }
  return 0;
}
