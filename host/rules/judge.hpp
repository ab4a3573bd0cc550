// SPDX-License-Identifier: Apache-2.0
// Judges a channel's day by the legal minima. Pure, and the same whether the day is planned or was
// aired: whoever asks says what there is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/rules/rules.hpp"
#include "sdk/base/fault.hpp"

namespace civicast::rules {

/// One airing, planned or real.
struct Spot {
  campaigns::AdClass ad_class = campaigns::AdClass::psa;
  int second_of_day = 0;  ///< of its start, as a wall clock shows it
  std::int64_t length_ns = 0;
};

/// What one channel airs on one local day: every spot that starts then.
struct ChannelDay {
  std::string channel;
  Medium medium = Medium::tv;
  Date date{};
  std::int64_t commercial_ns = 0;  ///< of commercials that are not among the spots
  std::vector<Spot> spots;
};

/// What one rule asks of one day, and what there is: airings, or nanoseconds of a share.
struct Verdict {
  std::string rule, channel;
  Date date{};
  Words cited;  ///< the law
  std::vector<campaigns::AdClass> counts;
  int from_s = 0, to_s = 0;
  bool is_time = false;
  std::int64_t asked = 0, had = 0;

  std::int64_t missing() const { return asked > had ? asked - had : 0; }
  bool is_met() const { return missing() == 0; }
};

/// One for each rule that is for the channel's medium on that day, in the rules' order.
std::vector<Verdict> judge(const std::vector<Rule> &rules, const ChannelDay &day);

/// Of a verdict that is not met: what is missing, by which law, and what would mend it.
Fault shortfall(const Verdict &verdict);

}  // namespace civicast::rules
