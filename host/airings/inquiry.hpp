// SPDX-License-Identifier: Apache-2.0
// An inquiry 核实: what people did, and what a channel answered, about a placement of which nobody
// could tell whether it aired. Each step is an entry of the ledger beside the airings.
//
// No step says that something aired: that is for the evidence of airings alone. An entry is
// canonical JSON as an airing is: keys sorted, no spaces, instants with nine decimals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/base/result.hpp"

namespace civicast::airings {

struct Inquiry {
  enum class Step {
    ask,     ///< a person has the channel asked once more
    answer,  ///< what it said then
    again,   ///< settled: not known, counted for nothing, to be planned again
    leave,   ///< settled: not known, counted for nothing, and that is all
  };
  Step step = Step::ask;
  std::string channel, placement;
  std::string by;       ///< the person's name as given; of an answer the plugin and its version
  std::string through;  ///< "http" or "cli:<user>"; empty for an answer
  std::string note;     ///< the person's, or the plugin's
  std::string verdict;  ///< of an answer: "done", "refused", "unknown", …
  std::string known;    ///< what was known of the placement when a person decided
  std::int64_t at_ns = 0;
  bool operator==(const Inquiry &) const = default;

  bool settles() const { return step == Step::again || step == Step::leave; }
};

std::string_view word(Inquiry::Step step);  ///< "ask", "answer", "again", "leave"
std::optional<Inquiry::Step> inquiry_step(std::string_view word);

/// The entry; texts are cut to what a person or a plugin may say.
std::string encode(const Inquiry &inquiry);

/// Reads an entry of kind "inquiry": exactly the canonical form, or a fault.
Result<Inquiry> decode_inquiry(std::string_view entry);

/// Whether the entry says that it is one.
bool is_inquiry(std::string_view entry);

}  // namespace civicast::airings
