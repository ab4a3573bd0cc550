// SPDX-License-Identifier: Apache-2.0
// All outputs of a channel, as its settings name them.
#pragma once

#include <civicast/channel.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugins/cable/send/address.hpp"
#include "plugins/cable/send/file.hpp"

namespace civicast::cable {

/// One output, and the JSON pointer of the setting that asks for it.
struct Wanted {
  Address address;
  std::string at;
};

/// Of the settings `udp`, `ts_file` and `outputs`. Throws Trouble with the pointer of what is
/// wrong.
std::vector<Wanted> wanted_outputs(const Doc &settings);

/// What outputs need to know of their channel.
struct Site {
  std::string folder;                    ///< the channel's own; relative paths begin there
  std::string channel;                   ///< a name that stays the same for the channel's life
  std::int64_t rate = 0;                 ///< bit/s of the signal
  std::string passphrase;                ///< for SRT; empty: not encrypted
  std::function<std::int64_t()> now_ns;  ///< [any] the house clock
};

class Outputs {
 public:
  /// Throws Trouble when one can never work; what may come back, such as an interface or a
  /// receiver, is waited for while the signal goes out to the others.
  Outputs(const std::vector<Wanted> &wanted, const Site &site);

  /// In the order of sending. The evidence is the last: what the file has, the network had.
  const std::vector<Output *> &in_order() const { return in_order_; }
  /// The first file that only grows; null: there is none.
  FileOutput *evidence() const { return evidence_; }
  /// [any] In the order of the settings.
  std::vector<OutputState> states() const;

 private:
  std::vector<std::unique_ptr<Output>> all_;
  std::vector<Output *> in_order_;
  FileOutput *evidence_ = nullptr;
};

/// Where the evidence lies or will lie; empty: there is none.
std::string evidence_path(const std::vector<Wanted> &wanted, const std::string &folder);

}  // namespace civicast::cable
