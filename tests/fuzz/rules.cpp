// SPDX-License-Identifier: Apache-2.0
// Law: any bytes are read as rules of a jurisdiction, or refused with short sentences that say
// where; what was read is within its limits, and a day can be judged by it.
//
// Input: a file.
#include "host/rules/rules.hpp"

#include "host/base/xml.hpp"
#include "host/rules/judge.hpp"
#include "tests/fuzz/readings.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

void must_be_told(const Faults &faults) {
  must_hold(!faults.empty() && faults.size() <= xml::max_faults + 1, "faults are few, not none");
  for (const Fault &fault : faults) {
    must_hold(fault.where().rfind("rules/xx.xml", 0) == 0, "a sentence says where",
              fault.kind().name.data());
    must_hold(fault.text().size() < 20'000, "a sentence is short", fault.kind().name.data());
    must_hold(airings::is_utf8(fault.text()), "a sentence is UTF-8", fault.kind().name.data());
  }
}

void must_be_fit(const rules::Rule &rule) {
  must_hold(!rule.media.empty() && !rule.counts.empty(), "a rule is for something");
  must_hold(rule.from_s >= 0 && rule.from_s < rule.to_s && rule.to_s <= 86'400,
            "hours are of a day");
  must_hold((rule.least_airings > 0) != (rule.least_share > 0), "a rule asks for one thing");
  must_hold(rule.least_airings <= 10'000 && rule.least_share <= 10'000, "and not for too much");
  must_hold(rule.first.ok() && rule.last.ok() && rule.first <= rule.last, "dates are in order");
  must_hold(!rule.cited.zh.empty() && !rule.cited.en.empty(), "a rule has a source");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  const auto read = rules::parse_rules(text, "rules/xx.xml", "xx");
  if (!read) {
    must_be_told(read.fault());
    return 0;
  }
  must_hold(!read->rules.empty(), "there is a rule");
  for (const rules::Rule &rule : read->rules) must_be_fit(rule);
  for (const auto &[name, medium] : rules::medium_words()) {
    rules::ChannelDay day{"channel", medium, read->rules.front().first, 3'600'000'000'000, {}};
    day.spots.push_back({campaigns::AdClass::psa, 70'000, 15'000'000'000});
    for (const rules::Verdict &verdict : rules::judge(read->rules, day)) {
      must_hold(verdict.asked > 0 && verdict.had >= 0, "a day is judged");
      if (!verdict.is_met())
        must_hold(airings::is_utf8(rules::shortfall(verdict).text()), "what is missing is said");
    }
  }
  return 0;
}
