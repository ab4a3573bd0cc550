// SPDX-License-Identifier: Apache-2.0
// LIFE.md is written from the code that moves placements. CIVICAST_APPROVE=1 writes it anew.
#include "host/channels/life.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "host/channels/rules.hpp"

using namespace civicast;
using namespace civicast::channels;

namespace {

const std::vector<State> all_states = {State::planned,   State::sent,    State::accepted,
                                       State::started,   State::aired,   State::missed,
                                       State::withdrawn, State::refused, State::unready,
                                       State::later,     State::unknown, State::held};
const std::vector<wire::FactKind> all_facts = {wire::FactKind::accepted, wire::FactKind::started,
                                               wire::FactKind::aired, wire::FactKind::missed,
                                               wire::FactKind::withdrawn};

std::string name(State state) {
  return std::string(word(state));
}

std::string names(const std::vector<State> &states) {
  std::string out;
  for (const State state : states) out += (out.empty() ? "" : ", ") + name(state);
  return out;
}

/// Every arrow once, with all that it happens on.
std::string diagram() {
  std::vector<std::pair<std::string, std::string>> arrows;
  const auto arrow = [&](State from, State to, const std::string &on) {
    const std::string ends = "    " + name(from) + " --> " + name(to);
    for (auto &[known, label] : arrows)
      if (known == ends) return void(label += " / " + on);
    arrows.emplace_back(ends, on);
  };
  for (const Step &step : steps())
    for (const State from : step.from) {
      const auto colon = step.when.find(':');
      const bool is_answer =
          step.when.rfind("publish", 0) == 0 || step.when.rfind("recall", 0) == 0;
      const std::string verb = std::string(step.when.substr(0, is_answer ? colon : 0));
      const std::string host = step.to == State::sent                ? "handed over"
                               : step.when.rfind("a person", 0) == 0 ? "person"
                                                                     : "host";
      arrow(from, step.to, is_answer ? verb : host);
    }
  for (const State from : {State::sent, State::accepted, State::started})
    for (const wire::FactKind fact : all_facts)
      if (const State to = after_fact(from, fact); to != from)
        arrow(from, to, "fact " + std::string(wire::word(fact)));
  std::string out = "```mermaid\nstateDiagram-v2\n    [*] --> planned\n";
  for (const auto &[ends, label] : arrows) out += ends + ": " + label + "\n";
  for (const State state : all_states)
    if (is_final(state)) out += "    " + name(state) + " --> [*]\n";
  return out + "```\n";
}

std::string page() {
  std::ostringstream out;
  out << "# The life of a placement\n\n"
         "排期的一生：从计划到唯一的结局。本页由代码生成，与代码不符时测试失败。\n\n"
         "This page is written from the code that moves placements (`life.cpp`, `rules.cpp`); a "
         "test "
         "fails when they differ.\nA placement ends in exactly one of aired, missed, withdrawn and "
         "refused. Only aired is counted.\n\n"
      << diagram() << "\n## What the host does\n\n| from | to | when |\n|---|---|---|\n";
  for (const Step &step : steps())
    out << "| " << names(step.from) << " | " << name(step.to) << " | " << step.when << " |\n";
  out << "\n## What a plugin's fact does\n\n"
         "A fact is in the ledger before it moves anything. What was aired stays aired, and what "
         "truly "
         "aired is aired even\nif it was given up before. A disputed fact moves nothing.\n\n| "
         "state |";
  for (const wire::FactKind fact : all_facts) out << " " << wire::word(fact) << " |";
  out << "\n|---|---|---|---|---|---|\n";
  for (const State state : all_states) {
    out << "| " << name(state) << " |";
    for (const wire::FactKind fact : all_facts) {
      const State to = after_fact(state, fact);
      out << " " << (to == state ? "–" : name(to)) << " |";
    }
    out << "\n";
  }
  out << "\n## How often\n\n"
      << "* A placement is sent at most " << sends_allowed << " times, the first " << sends_at_once
      << " without a pause.\n* After " << deaths_allowed + 1
      << " workers that ended with it in hand it is not sent again.\n"
      << "* It is asked about after up to " << deaths_of_asking_allowed
      << " deaths, with growing pauses.\n";
  return out.str();
}

}  // namespace

TEST_CASE("the page of a placement's life is what the code does") {
  if (std::getenv("CIVICAST_APPROVE")) std::ofstream(CIVICAST_LIFE_PAGE) << page();
  std::ifstream in(CIVICAST_LIFE_PAGE);
  const std::string written((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  CHECK(written == page());
}

TEST_CASE("no step leads out of an end, and every state is reached and can end") {
  std::set<State> reached = {State::planned};
  for (const Step &step : steps()) {
    for (const State from : step.from) CHECK_FALSE(is_final(from));
    reached.insert(step.to);
  }
  for (const State state : all_states)
    for (const wire::FactKind fact : all_facts) reached.insert(after_fact(state, fact));
  CHECK(reached.size() == all_states.size());
  for (const State state : all_states) CHECK((is_final(state) || is_step(state, State::missed)));
}

TEST_CASE("what was aired stays aired, whatever is said") {
  for (const wire::FactKind fact : all_facts) CHECK(after_fact(State::aired, fact) == State::aired);
  for (const State state : all_states)
    CHECK((state == State::aired || !is_step(state, State::aired)));
}
