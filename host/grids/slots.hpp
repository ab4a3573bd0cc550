// SPDX-License-Identifier: Apache-2.0
// Reads what stands inside a `<day>` or an `<exception>` into slots, repeats unrolled.
#pragma once

#include "host/base/xml.hpp"
#include "host/grids/pattern.hpp"

namespace civicast::grids {

inline constexpr std::size_t max_slots_a_day = 50'000;

/// The `<commercials>` of a day, in order; mistakes are told to its document.
std::vector<Commercials> read_commercials(const xml::Element &day);

/// Fills `pattern.slots` and `pattern.fillers`; mistakes are told to the element's document.
void read_slots(xml::Element day, Pattern &pattern);

}  // namespace civicast::grids
