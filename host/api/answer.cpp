// SPDX-License-Identifier: Apache-2.0
#include "host/api/answer.hpp"

#include <map>

#include "host/api/faults.hpp"
#include "host/base/sha256.hpp"

namespace civicast::api {
namespace {

std::string etag_of(const std::string &text) {
  return "\"" + hex(sha256(text)).substr(0, 24) + "\"";
}

const std::map<int, int> &statuses() {
  static const std::map<int, int> by_number = {
      {faults::breakdown.number, 500},         {faults::host_foreign.number, 403},
      {faults::origin_foreign.number, 403},    {faults::route_unknown.number, 404},
      {faults::method_wrong.number, 405},      {faults::body_too_large.number, 413},
      {faults::body_type_wrong.number, 415},   {faults::channel_unknown.number, 404},
      {faults::campaign_unknown.number, 404},  {faults::place_unknown.number, 404},
      {faults::thumbnail_unknown.number, 404}, {faults::preview_missing.number, 404},
      {faults::picture_missing.number, 404},   {faults::file_missing.number, 404},
      {faults::airing_unknown.number, 404},    {faults::report_unknown.number, 404},
  };
  return by_number;
}

}  // namespace

int status_of(const Fault &fault) {
  if (const auto known = statuses().find(fault.kind().number); known != statuses().end())
    return known->second;
  const auto name = fault.kind().name;  // of later rooms
  for (const auto *absent :
       {"bulletin.unknown", "ledger.tile_absent", "ledger.tile_malformed", "held.unknown"})
    if (name == absent) return 404;
  if (name == "held.not_held" || name == "held.settled_already") return 409;
  switch (fault.kind().actor) {
    case Actor::person:
      return 400;
    case Actor::operator_:
      return 503;
    case Actor::engineer:
      break;
  }
  return 500;
}

Answer json_answer(const Json &json, const std::string &but) {
  Answer answer;
  answer.body = to_text(json);
  answer.cache = "no-cache";
  if (but.empty()) {
    answer.etag = etag_of(answer.body);
  } else {
    Json still = json;
    still.erase(but);
    answer.etag = "W/" + etag_of(to_text(still));
  }
  return answer;
}

Answer fault_answer(const Faults &faults) {
  if (faults.empty()) throw std::logic_error("api: a refusal without a fault");
  Json body = to_json(faults.front());
  for (std::size_t i = 1; i < faults.size(); ++i) body["more"].push_back(to_json(faults[i]));
  Answer answer;
  answer.status = status_of(faults.front());
  answer.body = to_text(body);
  for (const auto &[name, value] : faults.front().facts())
    if (name == "allowed") answer.allow = value;
  return answer;
}

Answer fault_answer(const Fault &fault) {
  return fault_answer(Faults{fault});
}

}  // namespace civicast::api
