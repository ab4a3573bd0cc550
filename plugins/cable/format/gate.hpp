// SPDX-License-Identifier: Apache-2.0
// The gate: a house file that would break the signal is refused before air, with the reason.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "plugins/cable/format/flaw.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

class Gate {
 public:
  /// What every clip must be, and the rate of the whole signal into which it must fit.
  explicit Gate(const formats::HouseFormat &house) : house_(house) {}

  struct Answer {
    std::int64_t frames = 0;
    std::int64_t size_bytes = 0, changed_ns = 0;  ///< of the file that was read
  };
  /// Reads the whole file once and remembers the answer for as long as the file stays as it is.
  /// Throws Flaw.
  Answer inspect(const std::string &path, const std::string &sha256);

 private:
  struct Known {
    std::string sha256;
    Answer answer;
  };
  const formats::HouseFormat &house_;
  std::map<std::string, Known> known_;  ///< by path
};

}  // namespace civicast::cable
