// SPDX-License-Identifier: Apache-2.0
// What an as-run file of another system says, as facts about our placements.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/exchange/event.hpp"
#include "host/exchange/spots.hpp"
#include "host/playlists/playlist.hpp"

namespace civicast::exchange {

struct ReportRules {
  const channels::Channel &channel;
  const Spots &spots;
  const Zone &zone;
  std::int64_t now_ns = 0;
  std::string file_sha256;  ///< kept in the proof of each fact
  /// Nobody will write into that file any more: what it leaves open has not aired.
  bool is_closed = false;
  std::function<std::vector<playlists::Item>(Date)> day;  ///< the current items of the channel
};

struct Report {
  std::vector<wire::Fact> in_window;   ///< as near to the plan as their break's window allows
  std::vector<wire::Fact> off_window;  ///< the ledger will keep them, and not count them
  std::size_t open = 0;                ///< events that may still air, as far as the file says
  std::size_t others = 0;              ///< programmes and fillers: not asked about
  Faults faults;                       ///< events that were left out
  Faults remarks;                      ///< events that were not planned here, or odd
};

/// An event is known by our own id where the file carries it; else by its spot and the time for
/// which it was planned (CCMS) or at which it ran (BXF), inside its break's window.
///
/// Only "aired without discrepancy" over the whole length is an airing; everything else is a miss
/// with its status, and its times if it was seen. A CCMS record that still says 0002 with no time
/// is a miss when its window was over as the file was last written into, or when `is_closed`.
Report report_of(const std::vector<Event> &events, const ReportRules &rules);

}  // namespace civicast::exchange
