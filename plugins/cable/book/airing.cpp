// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/book/airing.hpp"

#include <nlohmann/json.hpp>

namespace civicast::cable {
namespace {

std::string proof_of(const Progress &p) {
  nlohmann::ordered_json proof{{"frames_sent", p.sent},    {"frames_expected", p.expected},
                               {"first_pts", p.first_pts}, {"last_pts", p.last_pts},
                               {"packets", p.packets},     {"send_errors", p.send_errors},
                               {"sha256", p.sha256},       {"late_max_us", p.late_max_us}};
  if (p.check) {
    proof["signal_violations"] = p.check->violations();
    for (const CheckCounterName &each : kViolations)
      if (const std::int64_t count = (*p.check).*each.count) proof[each.name] = count;
    proof["pcr_interval_max_us"] = p.worst.pcr_interval_max_us;
    proof["pcr_accuracy_max_ns"] = p.worst.pcr_accuracy_max_ns;
    proof["pat_interval_max_us"] = p.worst.pat_interval_max_us;
    proof["pmt_interval_max_us"] = p.worst.pmt_interval_max_us;
    proof["pts_interval_max_us"] = p.worst.pts_interval_max_us;
    if (p.worst.lead_min_ticks != WorstReadings::kNoLead)
      proof["lead_min_us"] = p.worst.lead_min_ticks * 100 / 9;  // of 90 kHz
  }
  if (p.about > p.sent) proof["frames_in_doubt"] = p.about - p.sent;
  return proof.dump();
}

civ_status status_of(const Progress &p) {
  const bool is_complete = p.sent == p.expected && p.send_errors == 0 && !p.is_stalled;
  if (is_complete) return CIV_AIRED_WITHOUT_DISCREPANCY;
  if (p.is_missing && p.sent == 0) return CIV_MISSING_CONTENT;
  if (p.is_preempted) return CIV_PREEMPTED;
  if (p.sent == 0 && p.about == 0) return CIV_DID_NOT_AIR;
  if (p.is_joined) return CIV_JOINED_IN_PROGRESS;
  return CIV_TECHNICAL_DIFFICULTY;
}

}  // namespace

Fact accepted(const Item &item) {
  return Fact::accepted(item.id, {item.start_ns, item.end_ns});
}

Fact started(const Progress &progress) {
  return Fact::started(progress.id, progress.start_ns, CIV_MEASURED);
}

Fact withdrawn(const std::string &id, std::int64_t now_ns) {
  return Fact::withdrawn(id, now_ns);
}

Fact never_aired(const Item &item, civ_status status) {
  Progress progress;
  progress.id = item.id;
  progress.sha256 = item.sha256;
  progress.expected = item.frames();
  Fact fact = Fact::missed(item.id, {item.start_ns, item.start_ns}, CIV_MEASURED, status);
  fact.proof = proof_of(progress);
  return fact;
}

Fact final_fact(const Progress &progress) {
  Fact fact;
  fact.evidence = CIV_MEASURED;
  fact.status = status_of(progress);
  fact.fact = fact.status == CIV_AIRED_WITHOUT_DISCREPANCY ? CIV_AIRED : CIV_MISSED;
  fact.placement = progress.id;
  fact.start_ns = progress.start_ns;
  fact.end_ns = std::max(progress.start_ns, progress.end_ns);
  fact.proof = proof_of(progress);
  return fact;
}

Progress concluded(Progress progress, std::int64_t file_bytes, std::int64_t file_size_bytes) {
  Progress &p = progress;
  // The file holds all that was about to be sent: then it was sent.
  const bool is_in_file = p.is_trusted && file_bytes > 0 && file_size_bytes >= file_bytes;
  if (p.about > p.sent && is_in_file) p.sent = p.about;
  if (p.end_ns == 0) p.end_ns = p.start_ns + frame_ns(p.sent);
  return progress;
}

Fact closed_after_death(Progress progress, std::int64_t file_bytes, std::int64_t file_size_bytes) {
  const Progress p = concluded(std::move(progress), file_bytes, file_size_bytes);
  const bool is_in_doubt = !p.is_trusted || (p.about > p.sent && p.about == p.expected);
  Fact fact = final_fact(p);
  if (is_in_doubt) {
    fact.fact = CIV_MISSED;
    fact.status = CIV_STATUS_UNKNOWN;
  }
  return fact;
}

}  // namespace civicast::cable
