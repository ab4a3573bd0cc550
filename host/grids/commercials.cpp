// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "host/base/time_text.hpp"
#include "host/grids/faults.hpp"
#include "host/grids/slots.hpp"

namespace civicast::grids {
namespace {

struct Read {
  Commercials commercials;
  xml::Element element;
};

void read_one(xml::Element element, std::vector<Read> &read) {
  element.allow({"length", "from", "to"}, {});
  const auto from_ms = element.clock_ms("from", 0);
  const auto to_ms = element.clock_ms("to", std::int64_t{86'400'000});
  const auto length_ms = element.length_ms("length");
  const auto is_clock = [&](const char *name) {
    return !element.has(name) || parse_clock_ms(element.optional_text(name));
  };
  if (!is_clock("from") || !is_clock("to")) return;  // told by clock_ms
  if (from_ms % 1000 || to_ms % 1000) return element.tell(Fault(faults::commercials_fraction));
  const Fault::Fact from{"from", clock_text(from_ms)}, to{"to", clock_text(to_ms)};
  if (from_ms >= to_ms) return element.tell(Fault(faults::hours_reversed, {from, to}));
  if (length_ms > to_ms - from_ms)
    return element.tell(
        Fault(faults::commercials_too_long, {{"length", length_text(length_ms)}, from, to}));
  read.push_back(
      {{static_cast<int>(from_ms / 1000), static_cast<int>(to_ms / 1000), length_ms * 1'000'000},
       element});
}

}  // namespace

std::vector<Commercials> read_commercials(const xml::Element &day) {
  std::vector<Read> read;
  for (const xml::Element &element : day.children("commercials")) read_one(element, read);
  std::stable_sort(read.begin(), read.end(), [](const Read &a, const Read &b) {
    return a.commercials.from_s < b.commercials.from_s;
  });
  std::vector<Commercials> out;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (i > 0 && read[i].commercials.from_s < read[i - 1].commercials.to_s)
      read[i].element.tell(Fault(faults::commercials_overlap,
                                 {{"line", std::to_string(read[i - 1].element.line())}}));
    out.push_back(read[i].commercials);
  }
  return out;
}

}  // namespace civicast::grids
