// SPDX-License-Identifier: Apache-2.0
// What must hold of whatever was read from a file of another system.
#pragma once

#include "host/airings/text.hpp"
#include "host/exchange/event.hpp"
#include "tests/fuzz/law.hpp"

namespace civicast::fuzz {

inline void must_be_told(const Faults &faults) {
  must_hold(faults.size() <= exchange::max_faults + 1, "faults are few");
  for (const Fault &fault : faults) {
    must_hold(fault.text().size() < 8000, "a sentence is short", fault.kind().name.data());
    must_hold(airings::is_utf8(fault.text()), "a sentence is UTF-8", fault.kind().name.data());
  }
}

inline void must_be_fit(const exchange::Reading &reading) {
  must_be_told(reading.faults);
  must_be_told(reading.remarks);
  for (const exchange::Event &event : reading.events) {
    must_hold(!event.at.empty(), "an event says where it stands");
    must_hold(event.length_ms >= 0 && event.length_ms <= exchange::ms_per_day,
              "a length is of a day");
    for (const auto &time : {event.start, event.actual.start})
      if (time)
        must_hold(time->date.ok() && time->ms >= 0 && time->ms <= exchange::ms_per_day,
                  "a time is of a day");
    for (const std::string &text :
         {event.spot, event.advertiser, event.title, event.id, event.note})
      must_hold(text.size() <= 2'000 && airings::is_utf8(text), "a text is short and UTF-8");
  }
}

}  // namespace civicast::fuzz
