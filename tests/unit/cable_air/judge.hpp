// SPDX-License-Identifier: Apache-2.0
// Holds what was captured against the plan, and the books against what was captured.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "host/airings/airing.hpp"
#include "tests/unit/cable_air/programme.hpp"
#include "tests/unit/cable_air/recount.hpp"

namespace civicast::air {

/// One destination: its packets and its pictures.
struct Destination {
  std::string name;
  Captured captured;
  std::vector<Seen> pictures = {};
  std::vector<Gap> silences = {};  ///< longer than two of a sender's ticks
};
/// With the pictures of the capture.
Destination destination_of(std::string name, Captured captured, const tests::KnownFrames &known);

/// A spot on the screen, found by its pictures alone: frames of one file that follow each other
/// from its first one on, shown by one sender.
struct Shown {
  std::string asset;
  std::int64_t life = 0;
  std::int64_t plan_frame = 0;  ///< of its first picture
  std::int64_t frames = 0;
  std::int64_t first_pts = 0, last_pts = 0;
  std::int64_t first_ns = 0;  ///< arrival of its first packet
  std::int64_t last_ns = 0;   ///< and of its last
  std::int64_t shown_ns = 0;  ///< its start, as grid.hpp defines it
  std::int64_t after = 0;     ///< pictures, whole or not, that this sender sent after it
};
std::vector<Shown> spots_of(const std::vector<Seen> &pictures);

/// Each placement of which something was seen.
std::map<std::string, Shown> by_placement(const std::vector<Shown> &spots, const Plan &plan);

/// Every picture is the one that the rules demand at its plan frame, stands on the grid, and
/// follows the one before it. A sentence for each that does not. Where a sender was kept from its
/// work for longer than it catches up with, its plan has moved on by no more than the silence that
/// was heard: the pictures after it are given the plan frames that they were shown for.
std::vector<std::string> follow(Destination &destination, const Plan &plan, const Clips &clips);

/// The ledger's entries and the counts against the spots that were seen. A sentence for each
/// difference.
struct Books {
  std::vector<airings::Airing> entries;
  std::map<std::string, int> counted;
  std::map<std::string, std::int64_t> counted_by_asset;
};
struct Agreement {
  std::vector<std::string> wrong;
  std::int64_t planned = 0, counted = 0, whole = 0, cut = 0, never = 0;
  std::int64_t in_doubt = 0;  ///< ended as unknown: killed while the last picture was being sent
};
/// A spot that was seen whole, but with a silence in it, need not be counted.
Agreement compare(const Books &books, const Plan &plan, const std::vector<Destination> &all);

/// How the items that were seen from their first frame on started.
struct Start {
  std::string id;
  std::int64_t frames = 0;     ///< on the grid, against plan
  std::int64_t clock_ns = 0;   ///< by the clock as received
  std::int64_t packet_ns = 0;  ///< arrival of its first packet
  std::int64_t fact_ns = 0;    ///< what the channel says of it
};
std::vector<Start> starts_of(const std::map<std::string, Shown> &seen, const Plan &plan,
                             const std::vector<airings::Airing> &entries);

/// "min 1.2, median 3.4, max 5.6"
std::string spread_ms(std::vector<std::int64_t> ns);

}  // namespace civicast::air
