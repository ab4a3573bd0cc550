// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/airings/intake.hpp"
#include "host/exchange/ccms_columns.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/planned.hpp"
#include "host/exchange/uuid5.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/json.hpp"

namespace civicast::exchange {
namespace {

using airings::FactKind;
using airings::Status;
using playlists::Item;
using playlists::ItemKind;

/// Less is a matter of how a system rounds.
constexpr std::int64_t length_slack_ns = ns_per_s / 2;
constexpr std::int64_t time_slack_ns = airings::usual_tolerance_ns;

std::string length_text(std::int64_t ns) {
  return fmt::format("{:.2f} s", static_cast<double>(ns) / static_cast<double>(ns_per_s));
}

struct Span {
  std::int64_t from_ns = 0, to_ns = 0;
  bool holds(std::int64_t ns) const { return from_ns <= ns && ns <= to_ns; }
};

/// A placement of ours, and the record that has spoken of it.
struct Candidate {
  Item item;
  Span window;
  std::string told_at;
};

class Reporting {
 public:
  explicit Reporting(const ReportRules &rules) : rules_(rules), zone_(rules.zone) {}

  Report run(const std::vector<Event> &events) && {
    load(events);
    const std::int64_t written_ns = last_run(events);
    for (const Event &event : events) add(event, written_ns);
    conclude(report_.faults, faults_left_out_);
    conclude(report_.remarks, remarks_left_out_);
    return std::move(report_);
  }

 private:
  // What was planned.

  void load(const std::vector<Event> &events) {
    std::set<Date> dates;
    for (const Event &event : events) {
      const auto &time = event.start ? event.start : event.actual.start;
      if (time && dates.size() < most_days) dates.insert(time->date);
    }
    // What ran after midnight may stand in the playlist of the day before.
    for (const Date date : std::set<Date>(dates))
      dates.insert(std::chrono::sys_days(date) - std::chrono::days(1));
    for (const Date date : dates) load_day(rules_.day(date));
  }

  void load_day(const std::vector<Item> &items) {
    const auto planned = planned_events(items, zone_);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Item &item = items[i];
      if (item.kind != ItemKind::placement) {
        surroundings_.insert(item.asset);
        by_id_.emplace(item.id, candidates_.size());
        by_id_.emplace(urn_of("event", item.id), candidates_.size());
        candidates_.push_back({item, {}, {}});
        continue;
      }
      by_id_.emplace(item.id, candidates_.size());
      by_id_.emplace(urn_of("event", item.id), candidates_.size());
      by_asset_[item.asset].push_back(candidates_.size());
      candidates_.push_back({item, span_of(planned[i].start->date, planned[i].window), {}});
    }
  }

  Span span_of(Date date, const Window &window) const {
    const std::int64_t from_ns = zone_.instant(date, window.start_min * 60);
    return {from_ns, from_ns + window.length_min * ms_per_min * ns_per_ms};
  }

  Span window_of(const Event &event, const Candidate &candidate) const {
    if (!event.start || event.window.length_min == 0) return candidate.window;
    return span_of(event.start->date, event.window);
  }

  // Which of them an event is.

  Candidate *find(const Event &event, const std::string &asset) {
    if (const auto known = by_id_.find(lower(event.id)); known != by_id_.end())
      return &candidates_[known->second];
    const auto &time = event.start ? event.start : event.actual.start;
    const auto same = by_asset_.find(asset);
    if (!time || same == by_asset_.end()) return nullptr;
    const std::int64_t at_ns = instant_ns(*time, zone_);
    Candidate *best = nullptr;
    for (const std::size_t i : same->second) {
      Candidate &one = candidates_[i];
      if (!one.told_at.empty() || !may_be(event, one, at_ns)) continue;
      if (!best || std::abs(one.item.start_ns - at_ns) < std::abs(best->item.start_ns - at_ns))
        best = &one;
    }
    return best;
  }

  bool may_be(const Event &event, const Candidate &one, std::int64_t at_ns) const {
    if (std::abs(one.item.start_ns - at_ns) <= time_slack_ns) return true;
    if (!event.start) return one.window.holds(at_ns);  // BXF: it ran in the window of its break
    return event.window.length_min > 0 && window_of(event, one).holds(one.item.start_ns);
  }

  static std::string lower(std::string text) {
    for (char &c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
  }

  // What it says.

  /// When the file was last written into, as far as it tells: the last start in it.
  std::int64_t last_run(const std::vector<Event> &events) const {
    std::int64_t last_ns = 0;
    for (const Event &event : events)
      if (event.actual.start) last_ns = std::max(last_ns, instant_ns(*event.actual.start, zone_));
    return last_ns;
  }

  void leave_out(const Event &event, Fault fault) {
    tell(report_.faults, std::move(fault).at(event.at), faults_left_out_);
  }

  void remark(const Event &event, Fault fault) {
    tell(report_.remarks, std::move(fault).at(event.at), remarks_left_out_);
  }

  std::string time_text(const Event &event) const {
    const auto &time = event.actual.start ? event.actual.start : event.start;
    return time ? zone_.local_text(instant_ns(*time, zone_)) : "–";
  }

  void add(const Event &event, std::int64_t written_ns) {
    const auto asset = rules_.spots.asset_of(event.spot);
    Candidate *found = find(event, asset.value_or(""));
    const bool is_surrounding =
        found ? found->item.kind != ItemKind::placement
              : event.kind == EventKind::programme ||
                    (asset && surroundings_.count(*asset) > 0 && by_asset_.count(*asset) == 0);
    if (is_surrounding) {
      ++report_.others;
      return;
    }
    if (!found)
      return remark(event, Fault(faults::run_unplanned, {{"channel", rules_.channel.id},
                                                         {"spot", event.spot},
                                                         {"time", time_text(event)}}));
    if (!found->told_at.empty())
      return leave_out(event, Fault(faults::run_twice, {{"other", found->told_at}}));
    found->told_at = event.at.empty() ? "–" : event.at;
    judge(event, *found, written_ns);
  }

  void judge(const Event &event, const Candidate &planned, std::int64_t written_ns) {
    wire::Fact fact;
    fact.placement = planned.item.id;
    fact.evidence = airings::Evidence::reported;
    fact.remote = event.spot;
    fact.proof = proof_of(event);
    if (event.actual.start) {
      fact.start_ns = instant_ns(*event.actual.start, zone_);
      fact.end_ns = fact.start_ns + event.actual.length_ms * ns_per_ms;
      if (fact.start_ns > rules_.now_ns + time_slack_ns)
        return leave_out(event, Fault(faults::run_ahead, {{"time", time_text(event)}}));
    }
    if (!event.status) {
      const bool is_over =
          rules_.is_closed || (event.code != ccms_code::not_run && written_ns > 0 &&
                               window_of(event, planned).to_ns <= written_ns);
      if (!is_over || planned.item.end_ns > rules_.now_ns) {
        ++report_.open;
        return;
      }
    }
    fact.status = event.status.value_or(Status::did_not_air);
    if (fact.status == Status::aired_without_discrepancy) {
      if (!event.actual.start || event.actual.length_ms == 0)
        return leave_out(event, Fault(faults::run_without_time));
      hold_to_length(event, planned, fact);
    }
    const bool has_aired = fact.status == Status::aired_without_discrepancy;
    fact.fact = has_aired ? FactKind::aired : FactKind::missed;
    const Span window = window_of(event, planned);
    const bool is_near = std::abs(fact.start_ns - planned.item.start_ns) <= time_slack_ns;
    const bool is_in_window = !has_aired || is_near || window.holds(fact.start_ns);
    (is_in_window ? report_.in_window : report_.off_window).push_back(std::move(fact));
  }

  /// An airing is whole or it is none, whatever the file calls it.
  void hold_to_length(const Event &event, const Candidate &planned, wire::Fact &fact) {
    const std::int64_t wanted_ns = planned.item.end_ns - planned.item.start_ns;
    const std::int64_t aired_ns = fact.end_ns - fact.start_ns;
    if (wanted_ns == 0 || std::abs(aired_ns - wanted_ns) <= length_slack_ns) return;
    fact.status = Status::aired_with_duration_discrepancy;
    remark(event, Fault(faults::run_short,
                        {{"length", length_text(aired_ns)}, {"expected", length_text(wanted_ns)}}));
  }

  std::string proof_of(const Event &event) const {
    Json proof = {{"record", event.at}, {"file_sha256", rules_.file_sha256}};
    if (event.code != 0) proof["code"] = event.code;
    if (!event.note.empty()) proof["note"] = event.note;
    return to_text(proof);
  }

  static constexpr std::size_t most_days = 31;
  const ReportRules &rules_;
  const Zone &zone_;
  std::vector<Candidate> candidates_;
  std::map<std::string, std::size_t> by_id_;
  std::map<std::string, std::vector<std::size_t>> by_asset_;
  std::set<std::string> surroundings_;  ///< assets of programmes and fillers
  std::size_t faults_left_out_ = 0, remarks_left_out_ = 0;
  Report report_;
};

}  // namespace

Report report_of(const std::vector<Event> &events, const ReportRules &rules) {
  return Reporting(rules).run(events);
}

}  // namespace civicast::exchange
