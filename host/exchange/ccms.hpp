// SPDX-License-Identifier: Apache-2.0
// CCMS files (ANSI/SCTE 118-3): a schedule (.SCH) and, in the same shape, what became of it (.VER).
//
// A file is a local day of one channel, midnight to midnight. Written: every column that a record
// can have, CRLF after each. Read: any line end, blank or missing columns at the end, lower case.
// A record that cannot be read is left out and told with its line and bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/exchange/event.hpp"

namespace civicast::exchange {

/// A record has no year: it is of the year in which its day is nearest to `near`. `shown` is what
/// faults call the file.
Reading read_ccms(std::string_view text, const std::string &shown, Date near);

/// Faults say which event does not fit its columns; texts of people are cut, never refused.
/// A .SCH is written if `with_actual` is false.
Result<std::string, Faults> write_ccms(const std::vector<Event> &events, bool with_actual);

/// "B24CCHHH.VER": the month as a hexadecimal digit, the day, the channel and the head-end.
std::string ccms_file_name(Date date, std::string_view channel_and_headend, bool with_actual);

/// The CCHHH of a file that is named so; empty for any other name.
std::string ccms_channel_of(std::string_view file_name);

/// Whether `text` begins like a CCMS file.
bool looks_like_ccms(std::string_view text);

}  // namespace civicast::exchange
