// SPDX-License-Identifier: Apache-2.0
#include "host/flow/held.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "host/flow/faults.hpp"
#include "host/flow/item_json.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::flow {
namespace {

using airings::Inquiry;
using channels::ChannelStore;
using channels::State;
using playlists::ItemKind;

constexpr std::size_t max_by_bytes = 100, max_note_bytes = 1000;
constexpr std::size_t most_counted = 100'000;

Words choice_words(Inquiry::Step step) {
  if (step == Inquiry::Step::again) return {"重新排期", "to be planned again"};
  return {"不再重排", "not to be planned again"};
}

/// A sentence for people as it is kept: the Chinese one, a line break, the English one.
Words both(const std::string &text) {
  const auto line = text.find('\n');
  if (line == std::string::npos) return {text, text};
  return {text.substr(0, line), text.substr(line + 1)};
}

bool is_told(const playlists::Item &item) {
  return item.kind == ItemKind::placement || item.kind == ItemKind::bulletin;
}

Json step_json(const counts::Step &step) {
  const Inquiry &i = step.inquiry;
  Json out = {{"entry", step.entry},
              {"step", airings::word(i.step)},
              {"at", rfc3339(i.at_ns)},
              {"by", i.by},
              {"note", i.note}};
  if (!i.through.empty()) out["through"] = i.through;
  if (!i.verdict.empty()) out["verdict"] = i.verdict;
  if (!i.known.empty()) out["known"] = words_json(both(i.known));
  return out;
}

const counts::Step *settlement(const std::vector<counts::Step> &steps) {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [](const auto &one) { return one.inquiry.settles(); });
  return found == steps.end() ? nullptr : &*found;
}

/// The sentence that goes with the end of a held one.
std::string ending(const Inquiry &inquiry) {
  const Words choice = choice_words(inquiry.step);
  return Fault(faults::held_ended, {{"by", inquiry.by},
                                    {"choice_zh", choice.zh},
                                    {"choice_en", choice.en},
                                    {"note", inquiry.note}})
      .text();
}

/// The entry that says that it was aired after all, and counts; null if there is none.
Json aired_json(store::Store &store, const std::string &placement) {
  counts::Filter filter;
  filter.placement = placement;
  for (const auto &entry : counts::list(store, filter))
    if (entry.airing.fact == airings::FactKind::aired && !entry.airing.dispute)
      return {{"entry", entry.entry},
              {"start", instant_json(entry.airing.start_ns)},
              {"end", instant_json(entry.airing.end_ns)},
              {"recorded", instant_json(entry.airing.recorded_ns)},
              {"evidence", airings::word(entry.airing.evidence)}};
  return nullptr;
}

}  // namespace

Json Held::steps(const std::string &placement) const {
  Json out = Json::array();
  for (const auto &step : counts::inquiries(store_, placement)) out.push_back(step_json(step));
  return out;
}

Json Held::row(const std::string &placement) const {
  const auto found = playlists_.find(placement);
  const auto standing = ChannelStore(store_).find(placement);
  const auto steps = counts::inquiries(store_, placement);
  Json out = {{"placement", placement}};
  out["channel"] = found ? found->channel : standing ? standing->channel : "";
  out["item"] = found      ? item_json(found->item, standing ? &*standing : nullptr)
                : standing ? item_json(standing->item, &*standing)
                           : Json();
  out["handed"] = instant_json(standing ? standing->handed_ns : 0);
  out["attempts"] = standing ? standing->attempt : 0;
  out["deaths"] = standing ? standing->deaths : 0;
  const counts::Step *settled = settlement(steps);
  // Once it is settled its standing speaks of that; what was known before is in the entry.
  out["known"] = words_json(both(settled    ? settled->inquiry.known
                                 : standing ? standing->why
                                            : std::string()));
  out["steps"] = Json::array();
  for (const auto &step : steps) out["steps"].push_back(step_json(step));
  out["settled"] = settled ? step_json(*settled) : Json();
  out["aired"] = aired_json(store_, placement);
  return out;
}

Json Held::list(const std::string &channel, std::size_t limit) const {
  std::vector<std::pair<std::int64_t, std::string>> open;
  std::set<std::string> seen;
  for (const auto &standing : ChannelStore(store_).held(channel))
    if (is_told(standing.item) && seen.insert(standing.item.id).second)
      open.emplace_back(standing.item.start_ns, standing.item.id);
  for (const auto &entry : counts::in_doubt(store_, channel, limit))
    if (seen.insert(entry.airing.placement).second)
      open.emplace_back(entry.airing.planned_start_ns, entry.airing.placement);
  std::sort(open.rbegin(), open.rend());
  if (open.size() > limit) open.resize(limit);
  Json held = Json::array(), settled = Json::array();
  for (const auto &[start_ns, id] : open)
    // What was settled and has not ended yet: the host was killed in between, or has not run since.
    if (Json one = row(id); one["settled"].is_null()) held.push_back(std::move(one));
  for (const auto &step : counts::settled(store_, channel, limit))
    settled.push_back(row(step.inquiry.placement));
  return {{"held", std::move(held)}, {"settled", std::move(settled)}};
}

std::map<std::string, int> Held::counts() const {
  std::map<std::string, std::set<std::string>> ids;
  for (const auto &standing : ChannelStore(store_).held(""))
    if (is_told(standing.item)) ids[standing.channel].insert(standing.item.id);
  for (const auto &entry : counts::in_doubt(store_, "", most_counted))
    ids[entry.airing.channel].insert(entry.airing.placement);
  std::map<std::string, int> out;
  for (const auto &[channel, some] : ids) out[channel] = static_cast<int>(some.size());
  return out;
}

Result<void> Held::may(const Decision &decision, const playlists::Found &found,
                       channels::Desk *desk) const {
  const std::string &id = decision.placement;
  const auto standing = ChannelStore(store_).find(id);
  const bool is_held = standing && standing->state == State::held;
  if (!is_held && !counts::is_in_doubt(store_, id))
    return Fault(
        faults::held_not,
        {{"id", id}, {"state", std::string(word(standing ? standing->state : State::planned))}});
  if (decision.step == Inquiry::Step::again && found.item.kind != ItemKind::placement)
    return Fault(faults::held_no_plan, {{"id", id}});
  if (decision.step == Inquiry::Step::ask && desk) return desk->can_ask(found.channel, id);
  return {};
}

Result<Json, Faults> Held::decide(const Decision &decision, channels::Desk *desk) {
  const auto is_fit = [](const std::string &text, std::size_t limit) {
    return !text.empty() && text.size() <= limit;
  };
  if (!is_fit(decision.by, max_by_bytes) || !is_fit(decision.note, max_note_bytes))
    return Faults{Fault(faults::held_unsigned)};
  const std::string &id = decision.placement;
  const auto found = playlists_.find(id);
  if (!found) return Faults{Fault(faults::held_unknown, {{"id", id}})};
  const auto before = counts::inquiries(store_, id);
  if (const counts::Step *settled = settlement(before)) {
    const Inquiry &i = settled->inquiry;
    if (i.step == decision.step && i.by == decision.by && i.note == decision.note) return row(id);
    const Words choice = choice_words(i.step);
    return Faults{Fault(faults::held_settled, {{"id", id},
                                               {"by", i.by},
                                               {"at", rfc3339(i.at_ns)},
                                               {"choice_zh", choice.zh},
                                               {"choice_en", choice.en}})};
  }
  if (auto good = may(decision, *found, desk); !good) return Faults{good.fault()};
  Inquiry inquiry;
  inquiry.step = decision.step;
  inquiry.channel = found->channel;
  inquiry.placement = id;
  inquiry.by = decision.by;
  inquiry.through = decision.through;
  inquiry.note = decision.note;
  if (const auto standing = ChannelStore(store_).find(id)) inquiry.known = standing->why;
  inquiry.at_ns = clock_.now_ns();
  if (auto entered = enter(inquiry); !entered) return Faults{entered.fault()};
  if (desk && decision.step == Inquiry::Step::ask) {
    if (auto asked = desk->ask(found->channel, id); !asked) return Faults{asked.fault()};
  } else if (desk) {
    desk->settle(id, ending(inquiry));
  }
  return row(id);
}

Result<void> Held::enter(const channels::Told &told) {
  Inquiry inquiry;
  inquiry.step = Inquiry::Step::answer;
  inquiry.channel = told.channel;
  inquiry.placement = told.id;
  inquiry.by = told.plugin + " " + told.plugin_version;
  inquiry.note = told.note;
  inquiry.verdict = std::string(wire::word(told.verdict));
  inquiry.at_ns = clock_.now_ns();
  return enter(inquiry);
}

Result<void> Held::enter(const Inquiry &inquiry) {
  if (const auto entered = book_.append({airings::encode(inquiry)}); !entered)
    return entered.fault();
  NoProgress nobody;
  return index_.catch_up(nobody);
}

void Held::resume(channels::Desk &desk) {
  for (const auto &standing : ChannelStore(store_).held("")) {
    const auto steps = counts::inquiries(store_, standing.item.id);
    if (const counts::Step *settled = settlement(steps))
      desk.settle(standing.item.id, ending(settled->inquiry));
  }
  // One that cannot be asked any more stays unanswered, and can be settled.
  for (const auto &step : counts::unanswered(store_))
    if (auto asked = desk.ask(step.inquiry.channel, step.inquiry.placement); !asked) continue;
}

}  // namespace civicast::flow
