// SPDX-License-Identifier: Apache-2.0
// A signal as the engine sends it, in memory: what outputs are fed with.
#pragma once

#include <cstdint>
#include <vector>

#include "plugins/cable/send/output.hpp"

namespace civicast::cable {

/// `seconds` of the slate, as sent; whole datagrams. Made once in a process for each length.
const std::vector<std::uint8_t> &slate_stream(int seconds);

/// Hands `bytes` on as the engine does: so many datagrams at a time.
class Feed {
 public:
  explicit Feed(const std::vector<std::uint8_t> &bytes, std::size_t at_once = 4)
      : bytes_(bytes), at_once_(at_once) {}
  bool is_over() const { return at_ >= bytes_.size(); }
  /// The next batch; empty when it is over.
  std::vector<iovec> next();
  std::size_t position() const { return at_; }

 private:
  const std::vector<std::uint8_t> &bytes_;
  std::size_t at_once_, at_ = 0;
};

/// All of it; returns how many datagrams were not delivered.
std::int64_t feed_all(Output &output, const std::vector<std::uint8_t> &bytes);

/// Holds that a file of these bytes can be played from its beginning: a PAT, then a PMT, then,
/// before anything else of picture or sound, a picture with a random access point. Reads packets
/// itself.
void check_entry(const std::vector<std::uint8_t> &bytes);

}  // namespace civicast::cable
