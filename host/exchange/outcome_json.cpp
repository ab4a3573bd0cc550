// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/outcome_json.hpp"

#include "sdk/base/rfc3339.hpp"

namespace civicast::exchange {
namespace {

using playlists::Change;

/// So many changes are listed one by one; their number is always told.
constexpr std::size_t most_changes = 2'000;

Json words_json(const Words &words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

Json item_json(const playlists::Item &item) {
  return {{"kind", playlists::word(item.kind)}, {"start", rfc3339(item.start_ns)},
          {"end", rfc3339(item.end_ns)},        {"asset", item.asset},
          {"title", words_json(item.title)},    {"campaign", item.campaign}};
}

const char *word(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added:
      return "added";
    case Change::Kind::removed:
      return "removed";
    case Change::Kind::changed:
      return "changed";
  }
  return "";
}

Json change_json(const Change &change) {
  return {{"kind", word(change.kind)},
          {"before", change.kind == Change::Kind::added ? Json() : item_json(change.before)},
          {"after", change.kind == Change::Kind::removed ? Json() : item_json(change.after)}};
}

Json faults_json(const Faults &faults) {
  Json out = Json::array();
  for (const Fault &fault : faults) out.push_back(civicast::to_json(fault));
  return out;
}

}  // namespace

Json to_json(const Imported &imported) {
  Json changes = Json::array();
  Json numbers = {{"added", 0}, {"removed", 0}, {"changed", 0}};
  for (const Change &change : imported.changes) {
    numbers[word(change.kind)] = numbers[word(change.kind)].get<int>() + 1;
    if (changes.size() < most_changes) changes.push_back(change_json(change));
  }
  Json out = {{"channel", imported.channel},
              {"date", date_text(imported.date)},
              {"format", word(imported.format)},
              {"events", imported.events},
              {"over", imported.over},
              {"changes", std::move(changes)},
              {"faults", faults_json(imported.faults)},
              {"remarks", faults_json(imported.remarks)},
              {"done", imported.is_done}};
  out.update(numbers);
  return out;
}

Json to_json(const Reported &reported) {
  Json disputes = Json::array();
  for (const auto &dispute : reported.disputes) disputes.push_back(words_json(dispute.sentence));
  return {{"channel", reported.channel},
          {"format", word(reported.format)},
          {"events", reported.events},
          {"aired", reported.aired},
          {"missed", reported.missed},
          {"open", reported.open},
          {"others", reported.others},
          {"entered", reported.entered},
          {"known", reported.known},
          {"disputes", std::move(disputes)},
          {"faults", faults_json(reported.faults)},
          {"remarks", faults_json(reported.remarks)},
          {"done", reported.is_done}};
}

}  // namespace civicast::exchange
