// SPDX-License-Identifier: Apache-2.0
// BXF files (SMPTE ST 2021): a day's schedule, and what became of it (as-run).
//
// Written: the 2017 namespace, time codes at 25 frames a second in the station's local time, UTF-8.
// Read: any year's namespace and any prefix, names in any case, UTF-8 or UTF-16, BasicAsRun and
// CompleteAsRun, time codes or UTC. An event that cannot be read is left out and told with its
// line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/exchange/event.hpp"

namespace civicast::exchange {

/// `shown` is what faults call the file; `zone` turns its UTC times into local ones.
Reading read_bxf(std::string_view text, const std::string &shown, const Zone &zone);

/// What stands around the events.
struct BxfHead {
  std::string channel;       ///< the id
  std::string channel_name;  ///< for people
  std::string station;       ///< who sends it
  Date date{};
  std::int64_t now_ns = 0;
};

std::string write_bxf_schedule(const std::vector<Event> &events, const BxfHead &head,
                               const Zone &zone);
/// An event without a status is left out: it has not run. A start that is not known is the planned
/// one with a duration of 0, because the format knows no "never".
std::string write_bxf_as_run(const std::vector<Event> &events, const BxfHead &head,
                             const Zone &zone);

/// "BXF[20261123][Traffic][Automation][…uuid…].xml": from, to; an as-run goes the other way.
std::string bxf_file_name(const BxfHead &head, bool is_as_run);

/// The ten words of an as-run: "Aired Without Discrepancy", …
std::string_view bxf_word(airings::Status status);
/// In any case; nothing on anything else.
std::optional<airings::Status> bxf_status(std::string_view word);

/// Whether `text` begins like an XML file.
bool looks_like_xml(std::string_view text);

}  // namespace civicast::exchange
