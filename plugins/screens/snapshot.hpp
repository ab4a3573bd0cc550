// SPDX-License-Identifier: Apache-2.0
// How the journal writes down facts that were said, so that it can be rewritten shorter.
#pragma once

#include <civicast/channel.hpp>
#include <nlohmann/json.hpp>

namespace civicast::screens {

inline nlohmann::json json_of(const Fact &fact) {
  return {{"fact", fact.fact},  {"evidence", fact.evidence}, {"status", fact.status},
          {"play", fact.play},  {"place", fact.place},       {"start", fact.start_ns},
          {"end", fact.end_ns}, {"proof", fact.proof}};
}

inline Fact fact_of(const nlohmann::json &json, const std::string &placement) {
  Fact fact;
  fact.fact = static_cast<civ_fact_kind>(json.at("fact").get<int>());
  fact.evidence = static_cast<civ_evidence>(json.at("evidence").get<int>());
  fact.status = static_cast<civ_status>(json.at("status").get<int>());
  fact.play = json.at("play");
  fact.placement = placement;
  fact.place = json.at("place");
  fact.start_ns = json.at("start");
  fact.end_ns = json.at("end");
  fact.proof = json.at("proof");
  return fact;
}

}  // namespace civicast::screens
