// SPDX-License-Identifier: Apache-2.0
// The gate: a house file that would break the signal is refused before air, with the reason.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "plugins/cable/format/demux.hpp"

namespace civicast::cable {

/// What is wrong with a file: a stable code, a sentence in Chinese and English, and the detail.
struct Flaw : std::runtime_error {
  Flaw(std::string flaw_code, const std::string &sentence, std::string flaw_detail = {})
      : std::runtime_error(sentence), code(std::move(flaw_code)), detail(std::move(flaw_detail)) {}
  std::string code, detail;
};

class Gate {
 public:
  /// What every clip must be, and the rate of the whole signal into which it must fit.
  explicit Gate(const formats::HouseFormat &house) : house_(house) {}

  /// Reads the whole file once and remembers the answer for as long as the file stays as it is.
  /// Returns its length in frames; throws Flaw.
  std::int64_t inspect(const std::string &path, const std::string &sha256);

 private:
  struct Known {
    std::string sha256;
    std::int64_t size_bytes = 0, changed_ns = 0, frames = 0;
  };
  const formats::HouseFormat &house_;
  std::map<std::string, Known> known_;  ///< by path
};

}  // namespace civicast::cable
