// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/json.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::wire {
namespace {

/// A JSON object that came as text. What is not one is a mistake of ours: read_* lets none in.
Json object(const std::string &text) {
  return text.empty() ? Json::object() : Json::parse(text);
}

Json notes_json(const std::vector<Note> &notes) {
  Json out = Json::array();
  for (const Note &note : notes) {
    Json one = {{"level", note.level}, {"code", note.code}, {"message", note.message}};
    if (note.retry_after_ms != 0) one["retry_after_ms"] = note.retry_after_ms;
    if (!note.at.empty()) one["at"] = note.at;
    if (!note.detail.empty()) one["detail"] = note.detail;
    out.push_back(std::move(one));
  }
  return out;
}

Json placement_json(const Placement &placement) {
  Json media = Json::array();
  for (const Media &m : placement.media)
    media.push_back(
        {{"path", m.path}, {"sha256", m.sha256}, {"mime", m.mime}, {"duration", m.duration_ns}});
  return {
      {"id", placement.id},      {"attempt", placement.attempt},   {"start", placement.start_ns},
      {"end", placement.end_ns}, {"body", object(placement.body)}, {"media", std::move(media)}};
}

Json fact_json(const Fact &fact) {
  Json out = {{"fact", word(fact.fact)},     {"evidence", word(fact.evidence)},
              {"status", word(fact.status)}, {"placement", fact.placement},
              {"play", fact.play},           {"start", fact.start_ns},
              {"end", fact.end_ns}};
  if (!fact.place.empty()) out["place"] = fact.place;
  if (!fact.remote.empty()) out["remote"] = fact.remote;
  if (!fact.proof.empty()) out["proof"] = object(fact.proof);
  return out;
}

struct ToJson {
  Json operator()(const Welcome &m) const {
    return {{"welcome", version},
            {"epoch", m.epoch},
            {"acked", m.acked},
            {"clock_offset_ns", m.clock_offset_ns},
            {"open",
             {{"settings", object(m.settings)}, {"state_dir", m.state_dir}, {"locale", m.locale}}}};
  }
  Json operator()(const Call &m) const {
    Json out = {{"id", m.id}, {"call", word(m.kind)}, {"within_ms", m.within_ms}};
    if (m.kind == CallKind::check || m.kind == CallKind::publish)
      out["placement"] = placement_json(m.placement);
    else if (has_placement(m.kind))
      out["placement"] = {{"id", m.placement.id}};
    return out;
  }
  Json operator()(const Acked &m) const { return {{"acked", m.seq}}; }
  Json operator()(const Bye &m) const {
    Json out = {{"bye", 1}};
    if (!m.notes.empty()) out["notes"] = notes_json(m.notes);
    return out;
  }
  Json operator()(const Hello &m) const {
    return {{"hello", m.plugin}, {"version", m.plugin_version}, {"abi", m.abi}, {"wire", m.wire},
            {"epoch", m.epoch},  {"outbox", m.outbox_seq}};
  }
  Json operator()(const Answer &m) const {
    Json out = {{"re", m.re}, {"verdict", static_cast<int>(m.verdict)}};
    if (!m.notes.empty()) out["notes"] = notes_json(m.notes);
    if (!m.status.empty()) out["status"] = object(m.status);
    return out;
  }
  Json operator()(const FactBatch &m) const {
    Json facts = Json::array();
    for (const Fact &fact : m.facts) facts.push_back(fact_json(fact));
    return {{"seq", m.seq}, {"facts", std::move(facts)}};
  }
  Json operator()(const Alive &m) const {
    return {{"alive", 1}, {"call", m.call}, {"busy_ms", m.busy_ms}};
  }
};

}  // namespace

std::string write(const ToWorker &message) {
  return to_text(std::visit(ToJson(), message));
}
std::string write(const ToHost &message) {
  return to_text(std::visit(ToJson(), message));
}

std::string write_fact(const Fact &fact) {
  return to_text(fact_json(fact));
}

std::string write_batch(std::uint64_t seq, std::string_view facts) {
  return R"({"seq":)" + std::to_string(seq) + R"(,"facts":[)" + std::string(facts) + "]}";
}

}  // namespace civicast::wire
