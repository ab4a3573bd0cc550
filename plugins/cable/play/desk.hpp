// SPDX-License-Identifier: Apache-2.0
// The desk: where the host hands placements over, asks after them and takes them back. What it
// says is on disk before it is said. [plugin] thread.
#pragma once

#include <civicast/channel.hpp>

#include <string_view>

#include "plugins/cable/book/fact_sink.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/format/gate.hpp"
#include "plugins/cable/play/schedule.hpp"

namespace civicast::cable {

class Desk {
 public:
  struct Parts {
    Schedule &schedule;
    History &history;
    FactSink &facts;
  };
  Desk(Host host, const formats::HouseFormat &house, const Parts &parts)
      : host_(host), gate_(house), parts_(parts) {}

  /// All throw Trouble; what they mean is in the contract.
  void check(const Placement &placement);
  void publish(const Placement &placement);
  void withdraw(std::string_view id);
  Recall recall(std::string_view id);

 private:
  Item item_of(const Placement &placement);

  Host host_;
  Gate gate_;
  Parts parts_;
};

}  // namespace civicast::cable
