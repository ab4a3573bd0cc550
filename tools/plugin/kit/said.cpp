// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/said.hpp"

#include <algorithm>
#include <stdexcept>

#include "host/airings/judge.hpp"

namespace civicast::kit {
namespace {

constexpr const char *place = "kit-place";

bool is_same(const wire::Fact &a, const wire::Fact &b) {
  return a.start_ns == b.start_ns && a.end_ns == b.end_ns && a.status == b.status &&
         a.evidence == b.evidence;
}

std::optional<airings::Planned> planned(const std::string &id,
                                        const std::vector<wire::Placement> &handed) {
  const auto found = std::find_if(handed.begin(), handed.end(),
                                  [&](const wire::Placement &p) { return p.id == id; });
  if (found == handed.end()) return std::nullopt;
  airings::Planned out;
  out.item.id = id;
  out.item.start_ns = found->start_ns;
  out.item.end_ns = found->end_ns;
  return out;
}

}  // namespace

std::string name_of(const wire::Fact &fact) {
  return fact.placement + "/" + fact.place + "/" + std::to_string(fact.play) + "/" +
         std::string(word(fact.fact));
}

bool is_final(wire::FactKind kind) {
  return kind == wire::FactKind::aired || kind == wire::FactKind::missed ||
         kind == wire::FactKind::withdrawn;
}

void Said::add(const wire::FactBatch &batch, std::uint64_t epoch, std::int64_t now_ns) {
  for (const wire::Fact &fact : batch.facts) {
    const Heard heard{fact, now_ns, epoch, batch.seq};
    all_.push_back(heard);
    const auto [known, is_new] = named_.emplace(name_of(fact), distinct_.size());
    if (is_new)
      distinct_.push_back(heard);
    else if (const Heard &first = distinct_[known->second]; !is_same(first.fact, fact))
      if (!restated_) restated_.emplace(first, heard);
  }
}

std::size_t Said::count(const std::string &placement, wire::FactKind kind) const {
  return static_cast<std::size_t>(
      std::count_if(distinct_.begin(), distinct_.end(), [&](const Heard &heard) {
        return heard.fact.placement == placement && heard.fact.fact == kind;
      }));
}

std::vector<wire::FactKind> Said::endings(const std::string &placement) const {
  std::vector<wire::FactKind> out;
  for (const Heard &heard : distinct_)
    if (heard.fact.placement == placement && is_final(heard.fact.fact))
      out.push_back(heard.fact.fact);
  return out;
}

std::optional<Objection> objection(const std::vector<Heard> &facts,
                                   const std::vector<wire::Placement> &handed,
                                   const std::string &plugin, const std::string &version) {
  std::map<std::string, std::vector<airings::Known>> known;
  for (const Heard &heard : facts) {
    airings::Source source;
    source.channel = "kit";
    source.place = place;
    source.epoch = heard.epoch;
    source.plugin = plugin;
    source.plugin_version = version;
    airings::Airing airing =
        airings::stated(source, heard.fact, planned(heard.fact.placement, handed), heard.at_ns);
    airings::judge(airing, known[heard.fact.placement]);
    if (airing.dispute) return Objection{heard, airing.dispute->sentence};
    airings::Known now;
    now.place = airing.place;
    now.play = airing.play;
    now.fact = airing.fact;
    now.evidence = airing.evidence;
    known[heard.fact.placement].push_back(now);
  }
  return std::nullopt;
}

Json to_json(const std::vector<Heard> &facts) {
  Json out = Json::array();
  for (const Heard &heard : facts)
    out.push_back({{"fact", Json::parse(wire::write_fact(heard.fact))},
                   {"at", heard.at_ns},
                   {"epoch", heard.epoch},
                   {"seq", heard.seq}});
  return out;
}

std::vector<Heard> heard_of(const Json &json) {
  std::vector<Heard> out;
  for (const Json &one : json) {
    const auto read = wire::read_to_host(wire::write_batch(1, to_text(one.at("fact"))));
    if (!read) throw std::logic_error("a fact that was heard cannot be read: " + to_text(one));
    out.push_back({std::get<wire::FactBatch>(*read).facts.front(), one.at("at"), one.at("epoch"),
                   one.at("seq")});
  }
  return out;
}

}  // namespace civicast::kit
