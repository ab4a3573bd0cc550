// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/make.hpp"

#include <algorithm>

#include "host/affidavit/faults.hpp"
#include "host/affidavit/paper.hpp"
#include "host/affidavit/prover.hpp"
#include "host/affidavit/verify.hpp"
#include "host/ledger/recover.hpp"
#include "host/ledger/seal.hpp"

namespace civicast::affidavit {
namespace {

constexpr const char *step = "播出证明 · proving the airings";

struct Signed {
  ledger::VerifierKey key;
  std::string note;
  ledger::Checkpoint checkpoint;
};

/// The checkpoint with the log's own signature alone: the policy asks for no other.
std::string own_note(const std::string &note, const std::string &name) {
  const auto blank = note.find("\n\n");
  std::string out = note.substr(0, blank + 2);
  const std::string beginning = "\xE2\x80\x94 " + name + " ";
  for (std::size_t at = blank + 2; at < note.size();) {
    const auto end = std::min(note.find('\n', at), note.size() - 1);
    if (note.compare(at, beginning.size(), beginning) == 0) out += note.substr(at, end + 1 - at);
    at = end + 1;
  }
  return out;
}

Result<Signed> newest(const Sources &sources) {
  const auto key = ledger::read_verifier_key(sources.pub);
  if (!key) return key.fault();
  Signed out{*key, {}, {}};
  auto checkpoint =
      ledger::read_checkpoint(ledger::Paths(sources.ledger).checkpoint, *key, out.note);
  if (!checkpoint) return checkpoint.fault();
  out.checkpoint = *std::move(checkpoint);
  out.note = own_note(out.note, key->name);
  return out;
}

Result<Proved> prove(const Sources &sources, Prover &prover, std::uint64_t index,
                     std::uint64_t size) {
  auto entry = sources.book.read(index, 1);
  if (!entry) return entry.fault();
  auto path = prover.path(index, size);
  if (!path) return path.fault();
  return Proved{index, std::move(entry->front()), *std::move(path)};
}

Result<std::vector<Proved>> prove_all(const Sources &sources, const Signed &tree,
                                      Statement &statement, const Zone &zone, Progress &progress) {
  Prover prover(sources.ledger);
  std::vector<Proved> all;
  for (const std::uint64_t index : sources.entries) {
    if (index >= tree.checkpoint.size) continue;
    auto one = prove(sources, prover, index, tree.checkpoint.size);
    if (!one) return one.fault();
    const auto airing = airings::decode(one->entry);
    if (!airing || objection(statement, *airing))
      return Fault(faults::index_wrong, {{"entry", std::to_string(index)}});
    add(statement, *airing, zone);
    all.push_back(*std::move(one));
    progress.step(step, static_cast<double>(all.size()),
                  static_cast<double>(sources.entries.size()));
  }
  return all;
}

}  // namespace

Result<Made, Faults> make(const Sources &sources, Statement statement, const Zone &zone,
                          Progress &progress) {
  const auto tree = newest(sources);
  if (!tree) return Faults{tree.fault()};
  statement.origin = tree->checkpoint.origin;
  statement.tree_size = tree->checkpoint.size;
  statement.root = ledger::base64(
      {reinterpret_cast<const char *>(tree->checkpoint.root.data()), tree->checkpoint.root.size()});
  if (sources.entries.size() > max_airings)
    return Faults{Fault(faults::too_many, {{"airings", std::to_string(sources.entries.size())},
                                           {"limit", std::to_string(max_airings)}})};
  const auto proved = prove_all(sources, *tree, statement, zone, progress);
  if (!proved) return Faults{proved.fault()};
  if (proved->empty())
    return Faults{Fault(faults::nothing_to_prove, {{"campaign", statement.campaign},
                                                   {"from", date_text(statement.first)},
                                                   {"to", date_text(statement.last)}})};
  auto pdf = paper(statement, zone, tree->note, tree->key.line());
  if (!pdf) return Faults{pdf.fault()};
  Parts parts;
  for (const auto &[name, bytes] : fixed_parts()) parts[name] = std::string(bytes);
  parts["affidavit.pdf"] = *pdf;
  parts["entries.txt"] = entries_text(*proved);
  parts["proofs.txt"] = proofs_text(*proved);
  parts["checkpoint"] = tree->note;
  parts["ledger.pub"] = tree->key.line() + "\n";
  parts["policy"] = policy_text(tree->key.line());
  for (const std::string &name : unproved_parts())
    statement.digests[name] = hex(sha256(parts.at(name)));
  parts["affidavit.json"] = to_text(statement);
  if (const auto good = verify(parts, tree->key.line()); !good) return good.fault();
  auto zip = pack(parts);
  if (!zip) return Faults{zip.fault()};
  return Made{statement, *std::move(pdf), *std::move(zip), sources.entries.size() - proved->size()};
}

}  // namespace civicast::affidavit
