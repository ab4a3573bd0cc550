// SPDX-License-Identifier: Apache-2.0
#include "host/flow/witnessing.hpp"

#include "host/witness/faults.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::flow {
namespace {

namespace fs = std::filesystem;

constexpr const char *ours = "witnesses.policy";
constexpr const char *theirs = "witnessed.policy";
/// So long may witnesses be behind before /checkpoint goes on without them.
constexpr std::int64_t patience_s = 60;

Json fault_json(const std::optional<Fault> &fault) {
  return fault ? to_json(*fault) : Json();
}
Json moment(std::int64_t unix_s) {
  return unix_s > 0 ? Json(rfc3339(unix_s * ns_per_s)) : Json();
}

}  // namespace

Witnessing::Witnessing(Rooms &rooms, const Clock &clock, const Say &say)
    : rooms_(rooms), clock_(clock) {
  read_policies(say);
  if (asker_) asker_->start();
}

void Witnessing::read_policies(const Say &say) {
  const fs::path &station = rooms_.station.folder;
  // None, if there is none or it cannot be read.
  const auto policy_in = [&](const char *name) -> std::optional<ledger::Policy> {
    if (!fs::exists(station / name)) return {};
    auto read = ledger::read_policy(station / name);
    if (read) return *read;
    for (const Fault &fault : read.fault()) say(3, fault.sentence(Lang::en));
    policy_fault_ = read.fault().front();
    return {};
  };
  if (auto policy = policy_in(theirs)) {
    auto key = witness::ensure_key(station / "keys", rooms_.station.id + ".civicast.local/witness");
    if (!key) {
      policy_fault_ = key.fault();
      say(3, key.fault().sentence(Lang::en));
    } else {
      witness_ = std::make_unique<witness::Witness>(std::move(*key), std::move(*policy),
                                                    station / "witness");
    }
  }
  if (auto policy = policy_in(ours); policy && !policy->witnesses().empty()) {
    auto &ledger = *rooms_.ledger;
    asker_ = std::make_unique<witness::Asker>(
        std::move(*policy),
        witness::Asker::Log{
            [&ledger] { return ledger.last_signed(); },
            [&ledger](auto from, auto to) { return ledger.consistency_proof(from, to); },
            station / "ledger" / "cosigned"},
        clock_, say);
  }
}

std::string Witnessing::checkpoint() {
  const auto newest = rooms_.ledger->last_signed();
  if (!asker_) return newest.note;
  const auto standing = asker_->now();
  const std::lock_guard guard(mutex_);
  const bool keeps_up =
      standing.size == newest.size || clock_.now_ns() / ns_per_s - standing.at_s <= patience_s;
  // What was served once is never followed by a smaller one.
  const bool is_fit = !standing.note.empty() && standing.size <= newest.size &&
                      standing.size >= served_size_ && keeps_up;
  served_size_ = is_fit ? standing.size : newest.size;
  return is_fit ? standing.note : newest.note;
}

witness::Reply Witnessing::add_checkpoint(const std::string &body) {
  if (!witness_) return {404, "text/plain; charset=utf-8", "this host witnesses no other log\n"};
  const auto reply = witness_->add_checkpoint(body, clock_.now_ns() / ns_per_s);
  return reply;
}

std::optional<bool> Witnessing::quorum() const {
  return asker_ ? asker_->now().is_met : std::nullopt;
}

Json Witnessing::standing() const {
  Json out = {{"key", nullptr},
              {"fault", fault_json(policy_fault_)},
              {"quorum", nullptr},
              {"size", nullptr},
              {"at", nullptr},
              {"witnesses", Json::array()},
              {"witnessed", Json::array()}};
  if (witness_) {
    out["key"] = witness_->key().line();
    for (const auto &log : witness_->watched())
      out["witnessed"].push_back({{"origin", log.origin},
                                  {"size", log.size},
                                  {"at", moment(log.at_s)},
                                  {"fault", fault_json(log.refusal)},
                                  {"refused_at", moment(log.refused_at_s)}});
  }
  if (!asker_) return out;
  const auto standing = asker_->now();
  if (standing.is_met) out["quorum"] = *standing.is_met;
  out["size"] = standing.size;
  out["at"] = moment(standing.at_s);
  if (standing.quorum_fault) out["fault"] = to_json(*standing.quorum_fault);
  for (const auto &one : standing.witnesses)
    out["witnesses"].push_back({{"name", one.name},
                                {"size", one.size},
                                {"at", moment(one.at_s)},
                                {"fault", fault_json(one.fault)}});
  return out;
}

}  // namespace civicast::flow
