// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/verify.hpp"

#include <algorithm>
#include <set>

#include "host/affidavit/faults.hpp"
#include "host/ledger/merkle.hpp"
#include "host/ledger/note.hpp"

namespace civicast::affidavit {
namespace {

constexpr std::size_t max_faults = 20;

std::string base64_of(const Hash &hash) {
  return ledger::base64({reinterpret_cast<const char *>(hash.data()), hash.size()});
}

std::string first_line(const std::string &text) {
  return text.substr(0, text.find('\n'));
}

/// Collects what is wrong.
class Findings {
 public:
  void add(Fault fault) {
    if (faults_.size() < max_faults) faults_.push_back(std::move(fault));
  }
  bool is_full() const { return faults_.size() >= max_faults; }
  bool is_empty() const { return faults_.empty(); }
  const Faults &all() const { return faults_; }

  template <class T>
  void compare(const char *what, const T &stated, const T &found) {
    if (stated != found)
      add(Fault(faults::statement_differs,
                {{"what", what}, {"stated", shown(stated)}, {"found", shown(found)}}));
  }

 private:
  static std::string shown(const std::string &text) { return text; }
  template <class Number>
  static std::string shown(const Number &number) {
    return std::to_string(number);
  }
  Faults faults_;
};

void check_parts(const Parts &parts, Findings &findings) {
  const auto &names = part_names();
  for (const std::string &name : names)
    if (parts.count(name) == 0) findings.add(Fault(faults::part_missing, {{"part", name}}));
  for (const auto &[name, bytes] : parts)
    if (std::find(names.begin(), names.end(), name) == names.end())
      findings.add(Fault(faults::part_strange, {{"part", name}}));
}

std::optional<ledger::VerifierKey> key_of(const Parts &parts,
                                          const std::optional<std::string> &given,
                                          Findings &findings) {
  const std::string line = first_line(parts.at("ledger.pub"));
  const auto key = ledger::parse_verifier_key(line);
  if (!key || key->line() + "\n" != parts.at("ledger.pub")) {
    findings.add(Fault(faults::key_malformed, {{"part", "ledger.pub"}}));
    return {};
  }
  if (!given) return key;
  const auto trusted = ledger::parse_verifier_key(first_line(*given));
  if (!trusted) {
    findings.add(Fault(faults::key_malformed, {{"part", "--key"}}));
    return {};
  }
  if (trusted->line() != key->line()) {
    findings.add(
        Fault(faults::key_differs, {{"found", key->line()}, {"expected", trusted->line()}}));
    return {};
  }
  return key;
}

std::optional<ledger::Checkpoint> checkpoint_of(const Parts &parts, const ledger::VerifierKey &key,
                                                Findings &findings) {
  if (parts.at("policy") != policy_text(key.line()))
    findings.add(Fault(faults::policy_differs, {{"reason", "log, quorum none"}}));
  const auto checkpoint = ledger::open_checkpoint(parts.at("checkpoint"), key);
  if (!checkpoint) {
    findings.add(
        Fault(faults::checkpoint_bad, {{"key", key.line()}, {"reason", checkpoint.fault()}}));
    return {};
  }
  // Lines behind the signature are nobody's: what is in a bundle is signed, or is refused.
  if (std::count(parts.at("checkpoint").begin(), parts.at("checkpoint").end(), '\n') != 5)
    findings.add(Fault(faults::checkpoint_bad,
                       {{"key", key.line()}, {"reason", "more than one signature line"}}));
  return *checkpoint;
}

/// Which facts were counted: a play of a placement at a place, once.
using Name = std::tuple<std::string, std::string, std::string, std::uint32_t>;

class Recount {
 public:
  Recount(const Statement &stated, const ledger::Checkpoint &checkpoint, const Zone &zone,
          Findings &findings)
      : checkpoint_(checkpoint), zone_(zone), findings_(findings), again_(stated) {
    again_.sums.clear();
    again_.months.clear();
    again_.airings = again_.duration_ms = 0;
  }

  void take(const Proved &one, std::size_t line) {
    const Fault::Fact at{"line", std::to_string(line)}, entry{"entry", std::to_string(one.index)};
    const auto root = one.index < checkpoint_.size
                          ? ledger::root_by_inclusion(ledger::leaf_hash(one.entry), one.index,
                                                      checkpoint_.size, one.path)
                          : std::nullopt;
    if (root != checkpoint_.root) return findings_.add(Fault(faults::entry_unproved, {at, entry}));
    if (!indices_.insert(one.index).second)
      return findings_.add(Fault(faults::entry_twice, {at, entry}));
    const auto airing = airings::decode(one.entry);
    if (!airing)
      return findings_.add(Fault(faults::entry_malformed, {{"part", "entries.txt"}, at})
                               .with_detail(airing.fault().sentence(Lang::en)));
    if (const auto reason = objection(again_, *airing))
      return findings_.add(Fault(faults::entry_other, {at,
                                                       entry,
                                                       {"campaign", again_.campaign},
                                                       {"reason_zh", reason->zh},
                                                       {"reason_en", reason->en}}));
    if (!seen_.emplace(airing->channel, airing->placement, airing->place, airing->play).second)
      return findings_.add(Fault(faults::entry_twice, {at, entry}));
    add(again_, *airing, zone_);
  }

  const Statement &again() const { return again_; }

 private:
  const ledger::Checkpoint &checkpoint_;
  const Zone &zone_;
  Findings &findings_;
  Statement again_;
  std::set<std::uint64_t> indices_;
  std::set<Name> seen_;
};

void compare_sums(const Statement &stated, const Statement &found, Findings &findings) {
  findings.compare("播出次数 airings", stated.airings, found.airings);
  findings.compare("时长 duration_ms", stated.duration_ms, found.duration_ms);
  std::set<std::pair<std::string, std::string>> keys;
  for (const Statement *one : {&stated, &found})
    for (const auto &[channel, grades] : one->sums)
      for (const auto &[evidence, sum] : grades) keys.emplace(channel, evidence);
  const auto sum_of = [](const Statement &one, const auto &key) {
    const auto channel = one.sums.find(key.first);
    if (channel == one.sums.end()) return Sum{};
    const auto sum = channel->second.find(key.second);
    return sum == channel->second.end() ? Sum{} : sum->second;
  };
  for (const auto &key : keys) {
    const Sum a = sum_of(stated, key), b = sum_of(found, key);
    const std::string what = key.first + " " + key.second;
    findings.compare((what + " airings").c_str(), a.airings, b.airings);
    findings.compare((what + " duration_ms").c_str(), a.duration_ms, b.duration_ms);
  }
  if (stated.months != found.months) {
    Json a = Json::object(), b = Json::object();
    for (const auto &[month, sum] : stated.months) a[month] = {sum.airings, sum.duration_ms};
    for (const auto &[month, sum] : found.months) b[month] = {sum.airings, sum.duration_ms};
    findings.compare("by_month", a.dump(), b.dump());
  }
}

void check_statement(const Statement &stated, const ledger::Checkpoint &checkpoint,
                     const Zone &zone, Findings &findings) {
  findings.compare("origin", stated.origin, checkpoint.origin);
  findings.compare("tree_size", stated.tree_size, checkpoint.size);
  findings.compare("root", stated.root, base64_of(checkpoint.root));
  findings.compare("from", stated.from_ns, zone.instant(stated.first, 0));
  findings.compare("to", stated.to_ns, zone.instant(next_day(stated.last), 0));
}

void check_digests(const Parts &parts, const Statement &stated, Findings &findings) {
  for (const std::string &name : unproved_parts()) {
    const auto digest = stated.digests.find(name);
    if (digest == stated.digests.end() || hex(sha256(parts.at(name))) != digest->second)
      findings.add(Fault(faults::paper_differs, {{"part", name}}));
  }
}

}  // namespace

Result<Verified, Faults> verify(const Parts &parts, const std::optional<std::string> &given) {
  Findings findings;
  check_parts(parts, findings);
  if (!findings.is_empty()) return findings.all();
  const auto key = key_of(parts, given, findings);
  if (!key) return findings.all();
  const auto checkpoint = checkpoint_of(parts, *key, findings);
  if (!checkpoint) return findings.all();
  const auto stated = parse_statement(parts.at("affidavit.json"));
  if (!stated) {
    findings.add(Fault(faults::statement_malformed, {{"part", stated.fault()}}));
    return findings.all();
  }
  const auto zone = Zone::find(stated->zone);
  if (!zone) {
    findings.add(zone.fault());
    return findings.all();
  }
  check_statement(*stated, *checkpoint, *zone, findings);
  check_digests(parts, *stated, findings);
  const auto proved = parse_proved(parts.at("entries.txt"), parts.at("proofs.txt"));
  if (!proved) {
    findings.add(proved.fault());
    return findings.all();
  }
  Recount recount(*stated, *checkpoint, *zone, findings);
  for (std::size_t i = 0; i < proved->size() && !findings.is_full(); ++i)
    recount.take((*proved)[i], i + 1);
  if (!findings.is_full()) compare_sums(*stated, recount.again(), findings);
  if (!findings.is_empty()) return findings.all();
  return Verified{*stated, key->line()};
}

}  // namespace civicast::affidavit
