// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/verify.hpp"

#include "host/ledger/faults.hpp"
#include "host/ledger/recover.hpp"
#include "host/ledger/seal.hpp"
#include "host/ledger/succession.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::ledger {

namespace fs = std::filesystem;

Result<Verdict, Faults> verify(const fs::path &dir, const fs::path &pub, Progress &progress) {
  const Paths paths(dir);
  if (!fs::exists(paths.entries))
    return Faults{Fault(faults::ledger_absent, {{"dir", dir.string()}})};
  const auto key = read_verifier_key(pub);
  if (!key) return Faults{key.fault()};

  Faults found;
  std::string note;
  // A key that was the ledger's once vouches for the one that it passed to.
  const auto published = read_file(paths.checkpoint, max_note_bytes);
  const auto heir = heir_of(*key, read_successions(paths.successions), published ? *published : "");
  const auto checkpoint = read_checkpoint(paths.checkpoint, heir, note);
  if (!checkpoint) found.push_back(checkpoint.fault());
  const auto segments = list_segments(paths.entries);
  if (!segments) found.push_back(segments.fault());
  if (!found.empty()) return found;

  const Tiles tiles(paths.tiles, false, Disk::real());
  const auto total = static_cast<double>(checkpoint->size);
  const auto on_progress = [&](std::uint64_t checked) {
    progress.step("校验台账 · verifying the ledger", static_cast<double>(checked), total);
  };
  if (const auto good = check_signed(*segments, tiles, 0, *checkpoint, on_progress); !good)
    return Faults{good.fault()};

  Verdict verdict{checkpoint->origin, 0, checkpoint->size, checkpoint->root};
  const auto bytes = load_segment(segments->back());
  if (!bytes) return Faults{bytes.fault()};
  verdict.size =
      scan_segment(segments->back(), *bytes, [](std::uint64_t, std::size_t, const Record &) {
        return true;
      }).next;
  return verdict;
}

}  // namespace civicast::ledger
