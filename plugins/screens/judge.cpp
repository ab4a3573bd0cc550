// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/judge.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "plugins/screens/time_text.hpp"

namespace civicast::screens {
namespace {

constexpr std::int64_t tolerance_ms = 1000;
constexpr std::int64_t least_percent = 95;
/// House files have 25 pictures a second; a page that drew fewer than two showed a still.
constexpr std::int64_t least_frames_per_s = 2;

struct Verdict {
  civ_status status;
  std::string reason;
};

std::int64_t nominal_ms(const Item &item) {
  const std::int64_t slot_ns = item.end_ns - item.start_ns;
  return (item.is_looped() ? slot_ns : std::min(slot_ns, item.media.duration_ns)) / ns_per_ms;
}

civ_status status_of_partial(const PlayRecord &record) {
  if (record.reason == "joined") return CIV_JOINED_IN_PROGRESS;
  if (record.reason == "media") return CIV_MISSING_CONTENT;
  if (record.reason == "preempted") return CIV_PREEMPTED;
  return record.outcome == Outcome::partial ? CIV_AIRED_WITH_DURATION_DISCREPANCY
                                            : CIV_TECHNICAL_DIFFICULTY;
}

Verdict verdict_on(const Item &item, const PlayRecord &record) {
  const std::int64_t nominal = nominal_ms(item);
  const std::int64_t start_ms = item.start_ns / ns_per_ms;
  if (record.outcome != Outcome::complete)
    return {status_of_partial(record), record.reason.empty() ? "unexplained" : record.reason};
  if (record.sha256 != item.media.sha256)
    return {CIV_AIRED_WITH_CONTENT_DISCREPANCY, "other content"};
  if (std::abs(record.start_ms - start_ms) > tolerance_ms)
    return {CIV_AIRED_WITH_DURATION_DISCREPANCY, "started off the plan"};
  if (record.end_ms > item.end_ns / ns_per_ms + tolerance_ms)
    return {CIV_AIRED_WITH_DURATION_DISCREPANCY, "ended after the plan"};
  if ((record.end_ms - record.start_ms) * 100 < nominal * least_percent)
    return {CIV_AIRED_WITH_DURATION_DISCREPANCY, "too short"};
  if (record.visible_ms * 100 < nominal * least_percent)
    return {CIV_AIRED_WITH_DURATION_DISCREPANCY, "not visible throughout"};
  if (record.frames * 1000 < nominal * least_frames_per_s)
    return {CIV_TECHNICAL_DIFFICULTY, "the picture stood still"};
  return {CIV_AIRED_WITHOUT_DISCREPANCY, ""};
}

}  // namespace

Fact judge(const Item &item, const std::string &place, const PlayRecord &record) {
  const Verdict verdict = verdict_on(item, record);
  Fact fact;
  fact.fact = verdict.status == CIV_AIRED_WITHOUT_DISCREPANCY ? CIV_AIRED : CIV_MISSED;
  fact.evidence = CIV_REPORTED;
  fact.status = verdict.status;
  fact.placement = item.id;
  fact.place = place;
  fact.start_ns = record.start_ms * ns_per_ms;
  fact.end_ns = record.end_ms * ns_per_ms;
  nlohmann::json proof{{"seq", record.seq},       {"session", record.session},
                       {"frames", record.frames}, {"visible_ms", record.visible_ms},
                       {"sha256", record.sha256}, {"screen", place}};
  if (!verdict.reason.empty()) proof["reason"] = verdict.reason;
  fact.proof = proof.dump();
  return fact;
}

Fact silence(const Item &item, const std::string &place, bool was_seen, bool was_covered) {
  Fact fact;
  fact.fact = CIV_MISSED;
  fact.evidence = CIV_INFERRED;
  fact.status = was_seen && was_covered ? CIV_PREEMPTED : CIV_DID_NOT_AIR;
  fact.placement = item.id;
  fact.place = place;
  fact.start_ns = item.start_ns;
  fact.end_ns = item.end_ns;
  fact.proof = nlohmann::json{
      {"reason", !was_seen     ? "screen offline"
                 : was_covered ? "a bulletin was shown instead"
                               : "no report"},
      {"screen",
       place}}.dump();
  return fact;
}

}  // namespace civicast::screens
