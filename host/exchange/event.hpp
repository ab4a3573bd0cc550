// SPDX-License-Identifier: Apache-2.0
// What traffic files say, whatever their format: events, planned and as they ran.
//
// Times are those of a wall clock in the station's zone, because that is what the files hold; the
// zone turns them into instants later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/airings/airing.hpp"
#include "host/base/zone.hpp"
#include "sdk/base/result.hpp"

namespace civicast::exchange {

inline constexpr std::int64_t ms_per_s = 1'000;
inline constexpr std::int64_t ms_per_min = 60'000;
inline constexpr std::int64_t ms_per_day = 86'400'000;

enum class EventKind { spot, programme };

/// A local day and the milliseconds since its midnight.
struct LocalTime {
  Date date{};
  std::int64_t ms = 0;
  bool operator==(const LocalTime &) const = default;
};

/// The time in which a cue may call for a break.
struct Window {
  int start_min = 0;   ///< since local midnight
  int length_min = 0;  ///< 0: none was given
  bool operator==(const Window &) const = default;
};

/// What happened to an event.
struct Actual {
  std::optional<LocalTime> start;  ///< none if it was never on air
  std::int64_t length_ms = 0;
  int position = 0;
  bool operator==(const Actual &) const = default;
};

struct Event {
  EventKind kind = EventKind::spot;
  std::optional<LocalTime> start;  ///< as planned; none in an as-run that does not say it
  std::int64_t length_ms = 0;      ///< as planned; 0 where not said
  Window window;
  int break_number = 0;    ///< in its window, from 1; 0: not said
  int position = 0;        ///< in its break, from 1; 0: not said
  std::string spot;        ///< spot id or house number
  std::string advertiser;  ///< its code or its name; we write the campaign's id
  std::string title;
  std::string ad_type;  ///< of BXF: "PSA"; empty: not said
  bool is_fill = false;
  /// Ours where the file was made here: the placement's id (CCMS), or a UUID made from it (BXF).
  std::string id;
  Actual actual;
  std::optional<airings::Status> status;  ///< none: not said, or not run yet
  int code = 0;                           ///< CCMS: the status as the file has it
  std::string note;                       ///< BXF: what an operator wrote, or we about the evidence
  std::string at = {};                    ///< "B24001.SCH:12", for sentences
  bool operator==(const Event &) const = default;
};

/// What a file held. A mistake costs its own record, not the rest of the file.
struct Reading {
  std::vector<Event> events;
  Faults faults;        ///< what was left out, and where it stands
  Faults remarks;       ///< what was taken although it is odd
  std::string channel;  ///< as the file names it; may be empty
  bool is_as_run = false;
};

/// Further ones are counted, in one last sentence.
inline constexpr std::size_t max_faults = 200;

/// Adds `fault` unless there are too many; `left_out` is how many were not added.
void tell(Faults &faults, Fault fault, std::size_t &left_out);
/// Says how many were left out, if any.
void conclude(Faults &faults, std::size_t left_out);

/// Every file that is read is at most so long.
inline constexpr std::uint64_t max_file_bytes = 32 << 20;

}  // namespace civicast::exchange
