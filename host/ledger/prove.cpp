// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/prove.hpp"

#include "host/ledger/faults.hpp"
#include "host/ledger/reader.hpp"
#include "host/ledger/recover.hpp"
#include "host/ledger/tiles.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;

/// The note in `file`, if it is one; nobody checks here who signed it.
std::optional<std::pair<std::string, Checkpoint>> note_in(const fs::path &file) {
  auto text = read_file(file, max_note_bytes);
  if (!text) return {};
  const auto note = parse_note(*text);
  if (!note) return {};
  Checkpoint checkpoint = note->checkpoint;
  return std::pair{std::move(*text), std::move(checkpoint)};
}

Result<Proved> proved(const TlogProof &proof, const Checkpoint &checkpoint, std::string_view entry,
                      std::size_t cosigners) {
  if (!proves(proof, checkpoint, entry))
    return Fault(faults::proof_fails, {{"index", std::to_string(proof.index)}});
  return Proved{checkpoint, proof.index, cosigners};
}

Fault malformed(const std::string &shown, const std::string &reason) {
  return Fault(faults::proof_malformed, {{"file", shown}, {"reason", reason}});
}

}  // namespace

Result<Proven> prove(const fs::path &dir, std::uint64_t entry) {
  const Paths paths(dir);
  auto note = note_in(paths.cosigned);
  if (!note || note->second.size <= entry) note = note_in(paths.checkpoint);
  if (!note) return Fault(faults::ledger_absent, {{"dir", dir.string()}});
  const auto &[text, checkpoint] = *note;
  if (checkpoint.size <= entry)
    return Fault(faults::not_signed_yet,
                 {{"entry", std::to_string(entry)}, {"signed", std::to_string(checkpoint.size)}});
  const auto reader = Reader::open(dir);
  if (!reader) return reader.fault();
  auto entries = (*reader)->read(entry, 1);
  if (!entries) return entries.fault();
  if (entries->empty())
    return Fault(faults::ledger_rolled_back, {{"size", std::to_string((*reader)->size())},
                                              {"signed", std::to_string(checkpoint.size)}});
  const Tiles tiles(paths.tiles, false, Disk::real());
  try {
    Proven out{{{}, entry, inclusion_path(entry, checkpoint.size, tiles.nodes()), text},
               std::move(entries->front())};
    if (!proves(out.proof, checkpoint, out.entry))
      return Fault(faults::root_differs, {{"size", std::to_string(checkpoint.size)}});
    return out;
  } catch (const Unreadable &unreadable) {
    return unreadable.fault;
  }
}

Result<Proved> check_proof(std::string_view text, std::string_view entry, const VerifierKey &key,
                           const std::string &shown) {
  const auto proof = parse_proof(text);
  if (!proof) return malformed(shown, proof.fault());
  const auto note = parse_note(proof->checkpoint);
  if (!note) return malformed(shown, note.fault());
  if (note->checkpoint.origin != key.name || !is_signed(*note, key))
    return Fault(faults::log_unknown, {{"origin", note->checkpoint.origin}});
  return proved(*proof, note->checkpoint, entry, 0);
}

Result<Proved> check_proof(std::string_view text, std::string_view entry, const Policy &policy,
                           const std::string &shown) {
  const auto proof = parse_proof(text);
  if (!proof) return malformed(shown, proof.fault());
  const auto checkpoint = check_by(policy, proof->checkpoint);
  if (!checkpoint) return checkpoint.fault();
  const auto note = parse_note(proof->checkpoint);
  return proved(*proof, *checkpoint, entry, policy.cosigners(*note).size());
}

}  // namespace civicast::ledger
