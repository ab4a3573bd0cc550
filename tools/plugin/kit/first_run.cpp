// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/first_run.hpp"

#include <time.h>

#include <algorithm>

#include "host/workers/worker.hpp"
#include "tools/plugin/kit/faults.hpp"

namespace civicast::kit {
namespace {

constexpr double most_busy = 8;
constexpr std::int64_t spin_ns = 60'000'000;

std::int64_t clock_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

Json placements_json(const std::vector<wire::Placement> &placements) {
  Json out = Json::array();
  for (const wire::Placement &p : placements) out.push_back({p.id, p.start_ns, p.end_ns});
  return out;
}

}  // namespace

double busy_factor() {
  const std::int64_t wall_ns = clock_ns(CLOCK_MONOTONIC);
  const std::int64_t cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
  std::int64_t used_ns = 0;
  while (used_ns < spin_ns) used_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
  const double wall = static_cast<double>(clock_ns(CLOCK_MONOTONIC) - wall_ns);
  return std::clamp(wall / static_cast<double>(used_ns), 1.0, most_busy);
}

Json first_run(Trial &trial) {
  Json out = {{"is_whole", false}, {"open_ms", 0}, {"handed", Json::array()}};
  Channel channel = trial.channel();
  std::vector<wire::Placement> handed;
  try {
    const std::int64_t began_ms = workers::steady_ms();
    channel.open();
    out["open_ms"] = workers::steady_ms() - began_ms;
    handed = trial.placements(channel.now_ns());
    for (const wire::Placement &placement : handed) trial.publish(channel, placement);
    for (const wire::Placement &placement : handed) trial.must_end(channel, placement);
    channel.bye();
    out["is_whole"] = true;
  } catch (const Verdict &verdict) {
    out["outcome"] = static_cast<int>(verdict.outcome);
    out["zh"] = verdict.why.sentence(Lang::zh);
    out["en"] = verdict.why.sentence(Lang::en);
  }
  out["handed"] = placements_json(handed);
  out["facts"] = to_json(channel.said().all());
  out["stdout_bytes"] = channel.stdout_bytes();
  return out;
}

FirstRun seen(const Trial &trial) {
  const Json &json = trial.subject.first_run;
  if (!json.is_object()) trial.skip(faults::no_first_run);
  FirstRun out;
  out.open_ms = json.at("open_ms");
  for (const Json &p : json.at("handed")) {
    wire::Placement placement;
    placement.id = p.at(0);
    placement.start_ns = p.at(1);
    placement.end_ns = p.at(2);
    out.handed.push_back(placement);
  }
  out.facts = heard_of(json.at("facts"));
  out.stdout_bytes = json.at("stdout_bytes");
  out.is_whole = json.at("is_whole");
  out.outcome = static_cast<Outcome>(json.value("outcome", 0));
  out.sentence_zh = json.value("zh", "");
  out.sentence_en = json.value("en", "");
  return out;
}

}  // namespace civicast::kit
