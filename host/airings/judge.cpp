// SPDX-License-Identifier: Apache-2.0
#include "host/airings/judge.hpp"

#include <algorithm>

#include "host/airings/faults.hpp"
#include "host/airings/text.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::airings {
namespace {

constexpr std::size_t max_id_bytes = 256;
constexpr std::size_t max_remote_bytes = 2048;
constexpr std::size_t max_title_bytes = 1024;

std::string time_text(std::int64_t utc_ns) {
  return utc_ns == 0 ? "?" : rfc3339(utc_ns);
}

/// A fault whose sentence knows all of the airing, and up to three facts more.
Dispute dispute(const FaultKind &kind, const Airing &a, const Fault::Fact &first = {},
                const Fault::Fact &second = {}, const Fault::Fact &third = {}) {
  const Fault fault(kind, {{"plugin", a.plugin},
                           {"version", a.plugin_version},
                           {"channel", a.channel},
                           {"placement", a.placement},
                           {"fact", std::string(word(a.fact))},
                           {"start", time_text(a.start_ns)},
                           {"end", time_text(a.end_ns)},
                           {"planned_start", time_text(a.planned_start_ns)},
                           {"planned_end", time_text(a.planned_end_ns)},
                           {"recorded", time_text(a.recorded_ns)},
                           {"tolerance", std::to_string(Intake::tolerance_ns / ns_per_s)},
                           first,
                           second,
                           third});
  return {std::string(kind.name), {fault.sentence(Lang::zh), fault.sentence(Lang::en)}};
}

/// Copies what the plugin said, within bounds; the first thing that had to be mended is told.
class Copier {
 public:
  explicit Copier(Airing &airing) : airing_(airing) {}

  std::string text(const char *field, const std::string &from, std::size_t max_bytes) {
    std::string out = bounded(from, max_bytes);
    if (out != from) tell(field, "过长或不是 UTF-8", "it is too long or not UTF-8");
    return out;
  }
  void tell(const char *field, const char *zh, const char *en) {
    if (!field_) field_ = field, zh_ = zh, en_ = en;
  }
  void conclude() {
    if (field_)
      airing_.dispute = dispute(faults::fact_malformed, airing_, {"field", field_},
                                {"reason_zh", zh_}, {"reason_en", en_});
  }

 private:
  Airing &airing_;
  const char *field_ = nullptr;
  const char *zh_ = "";
  const char *en_ = "";
};

void copy_fact(const Source &source, const Fact &fact, Airing &a) {
  Copier copier(a);
  a.channel = source.channel;
  a.placement = copier.text("placement", fact.placement, max_id_bytes);
  a.place = fact.place.empty() ? source.place : copier.text("place", fact.place, max_id_bytes);
  a.remote = copier.text("remote", fact.remote, max_remote_bytes);
  a.play = fact.play;
  a.fact = fact.fact;
  a.evidence = fact.evidence;
  a.status = fact.status;
  a.start_ns = fact.start_ns;
  a.end_ns = fact.end_ns;
  a.plugin = bounded(source.plugin, max_id_bytes);
  a.plugin_version = bounded(source.plugin_version, max_id_bytes);
  a.epoch = source.epoch;
  if (word(a.fact).empty() || word(a.evidence).empty() || word(a.status).empty()) {
    copier.tell("fact", "不是已知的词", "it is not a known word");
    a.fact = word(a.fact).empty() ? FactKind::missed : a.fact;
    a.evidence = Evidence::inferred;
    a.status = Status::unknown;
  }
  if (a.placement.empty()) copier.tell("placement", "为空", "it is empty");
  if (a.fact == FactKind::aired && a.start_ns == 0)
    copier.tell("start_ns", "缺少开始时间", "the start is missing");
  if (const auto proof = canonical_proof(fact.proof))
    a.proof = *proof;
  else
    copier.tell("proof", "不是 8 KiB 以内的 JSON 对象，已略去",
                "it is not a JSON object of at most 8 KiB, and was left out");
  copier.conclude();
}

void copy_plan(const Planned &planned, Airing &a) {
  const playlists::Item &item = planned.item;
  a.planned_start_ns = item.start_ns;
  a.planned_end_ns = item.end_ns;
  a.item = playlists::word(item.kind);
  a.asset = bounded(item.asset, max_id_bytes);
  a.title = {bounded(item.title.zh, max_title_bytes), bounded(item.title.en, max_title_bytes)};
  a.house_sha256 = planned.house_sha256;
  if (item.kind != playlists::ItemKind::placement) return;
  a.campaign = bounded(item.campaign, max_id_bytes);
  a.ad_class = campaigns::word(item.ad_class);
  a.topic = bounded(item.topic, max_id_bytes);
}

bool is_final(FactKind fact) {
  return fact == FactKind::aired || fact == FactKind::missed || fact == FactKind::withdrawn;
}

/// A final fact that rules `a` out and rests on evidence as good.
const Known *contradiction(const Airing &a, const std::vector<Known> &known) {
  if (!is_final(a.fact)) return nullptr;
  const auto found = std::find_if(known.begin(), known.end(), [&](const Known &k) {
    if (k.belief != Belief::good || !is_final(k.fact) || k.fact == a.fact) return false;
    const bool is_same_play = k.place == a.place && k.play == a.play;
    return (is_same_play || k.fact == FactKind::withdrawn) && k.evidence <= a.evidence;
  });
  return found == known.end() ? nullptr : &*found;
}

bool is_outside_plan(const Airing &a, std::int64_t slack) {
  if (a.fact != FactKind::aired && a.fact != FactKind::started) return false;
  if (a.start_ns < a.planned_start_ns - slack) return true;
  const bool is_linear = a.planned_end_ns > a.planned_start_ns;
  const std::int64_t last_ns = a.fact == FactKind::aired ? a.end_ns : a.start_ns;
  return is_linear && last_ns > a.planned_end_ns + slack;
}

/// Another play of the same placement that was on the same place at the same time.
const Known *overlap(const Airing &a, const std::vector<Known> &known) {
  if (a.fact != FactKind::aired) return nullptr;
  const auto found = std::find_if(known.begin(), known.end(), [&](const Known &k) {
    return k.fact == FactKind::aired && k.belief == Belief::good && k.place == a.place &&
           k.play != a.play && k.start_ns < a.end_ns && a.start_ns < k.end_ns;
  });
  return found == known.end() ? nullptr : &*found;
}

std::optional<Dispute> objection(const Airing &a, const std::vector<Known> &known,
                                 std::int64_t tolerance_ns) {
  if (a.item.empty()) return dispute(faults::planned_by_nobody, a);
  const bool has_span = a.fact == FactKind::aired || (a.start_ns != 0 && a.end_ns != 0);
  if (has_span && a.end_ns < a.start_ns) return dispute(faults::ends_before_start, a);
  if (is_outside_plan(a, tolerance_ns)) return dispute(faults::outside_plan, a);
  if ((a.fact == FactKind::aired || a.fact == FactKind::started) &&
      std::max(a.start_ns, a.end_ns) > a.recorded_ns + Intake::tolerance_ns)
    return dispute(faults::in_the_future, a);
  if (const Known *earlier = contradiction(a, known))
    return dispute(faults::contradicts, a, {"earlier", std::string(word(earlier->fact))});
  if (const Known *other = overlap(a, known))
    return dispute(faults::overlaps, a, {"play", std::to_string(a.play)},
                   {"other", std::to_string(other->play)});
  return {};
}

}  // namespace

Airing stated(const Source &source, const Fact &fact, const std::optional<Planned> &planned,
              std::int64_t now_ns) {
  Airing airing;
  airing.recorded_ns = now_ns;
  copy_fact(source, fact, airing);
  if (planned) copy_plan(*planned, airing);
  if (airing.dispute || !planned) return airing;
  if (!planned->was_handed)
    airing.dispute = dispute(faults::never_handed, airing);
  else if (!is_own_word(airing.fact) && airing.evidence < source.best)
    airing.dispute =
        dispute(faults::evidence_too_good, airing, {"evidence", std::string(word(airing.evidence))},
                {"best", std::string(word(source.best))});
  return airing;
}

void judge(Airing &airing, const std::vector<Known> &known, std::int64_t tolerance_ns) {
  if (!airing.dispute) airing.dispute = objection(airing, known, tolerance_ns);
}

std::optional<Dispute> restatement(const Airing &airing, const Known &before) {
  const bool is_same = airing.start_ns == before.start_ns && airing.end_ns == before.end_ns;
  if (is_same || airing.fact != FactKind::aired || before.belief != Belief::good) return {};
  return dispute(faults::said_otherwise, airing, {"was_start", time_text(before.start_ns)},
                 {"was_end", time_text(before.end_ns)});
}

}  // namespace civicast::airings
