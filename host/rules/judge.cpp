// SPDX-License-Identifier: Apache-2.0
#include "host/rules/judge.hpp"

#include <fmt/format.h>

#include "host/base/time_text.hpp"
#include "host/rules/faults.hpp"

namespace civicast::rules {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
/// For an example of what would mend a shortfall.
constexpr std::int64_t usual_spot_ns = 15 * ns_per_s;

Words words_of(const std::vector<campaigns::AdClass> &counts) {
  Words all;
  for (const auto ad_class : counts) {
    const Words each = campaigns::words(ad_class);
    all.zh += (all.zh.empty() ? "" : "、") + each.zh;
    all.en += (all.en.empty() ? "" : ", ") + each.en;
  }
  return all;
}

/// "19:00", "24:00", with seconds only where there are some.
std::string hour(int second_of_day) {
  const std::string text = clock_text(std::int64_t{second_of_day} * 1000);
  return second_of_day % 60 == 0 ? text.substr(0, 5) : text;
}

/// "12", "12.5": rounded so that what is asked is not told as less, nor what there is as more.
std::string seconds(std::int64_t ns, bool is_up) {
  const std::int64_t tenth_ns = ns_per_s / 10;
  const std::int64_t tenths = (ns + (is_up ? tenth_ns - 1 : 0)) / tenth_ns;
  return tenths % 10 == 0 ? fmt::format("{}", tenths / 10)
                          : fmt::format("{}.{}", tenths / 10, tenths % 10);
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Rule> &rules, const ChannelDay &day) {
  std::int64_t commercial_ns = day.commercial_ns;
  for (const Spot &spot : day.spots)
    if (spot.ad_class == campaigns::AdClass::commercial) commercial_ns += spot.length_ns;
  std::vector<Verdict> verdicts;
  for (const Rule &rule : rules) {
    if (!rule.is_for(day.medium, day.date)) continue;
    Verdict verdict{rule.id,     day.channel, day.date,  rule.cited,
                    rule.counts, rule.from_s, rule.to_s, rule.least_airings == 0};
    verdict.asked = verdict.is_time ? least_ns(rule, commercial_ns) : rule.least_airings;
    for (const Spot &spot : day.spots)
      if (rule.does_count(spot.ad_class) && spot.second_of_day >= rule.from_s &&
          spot.second_of_day < rule.to_s)
        verdict.had += verdict.is_time ? spot.length_ns : 1;
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

Fault shortfall(const Verdict &verdict) {
  const Words what = words_of(verdict.counts);
  const auto text = [&](std::int64_t amount, bool is_up) {
    return verdict.is_time ? seconds(amount, is_up) : std::to_string(amount);
  };
  const std::int64_t spots = (verdict.missing() + usual_spot_ns - 1) / usual_spot_ns;
  return Fault(verdict.is_time ? faults::minimum_seconds_short : faults::minimum_airings_short,
               {{"channel", verdict.channel},
                {"date", date_text(verdict.date)},
                {"from", hour(verdict.from_s)},
                {"to", hour(verdict.to_s)},
                {"what_zh", what.zh},
                {"what_en", what.en},
                {"cited_zh", verdict.cited.zh},
                {"cited_en", verdict.cited.en},
                {"had", text(verdict.had, false)},
                {"asked", text(verdict.asked, true)},
                {"missing", text(verdict.missing(), true)},
                {"spots", std::to_string(spots)}});
}

}  // namespace civicast::rules
