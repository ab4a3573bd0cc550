// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/rotate.hpp"

#include "host/ledger/faults.hpp"
#include "host/ledger/ledger.hpp"
#include "host/ledger/recover.hpp"
#include "host/ledger/seal.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_key_bytes = 4096;
constexpr std::size_t entries_at_once = 1000;

/// The key that is to come, and from where on the ledger may name it already.
struct Next {
  SignerKey key;
  std::uint64_t from = 0;
};

Result<Next> read_next(const fs::path &file) {
  const Fault unusable(faults::key_unusable,
                       {{"file", file.string()},
                        {"reason_zh", "不是私钥行"},
                        {"reason_en", "it is not the line of a private key"}});
  const auto bytes = read_file(file, max_key_bytes);
  if (!bytes) return bytes.fault();
  const auto end = bytes->find('\n');
  const auto key = SignerKey::parse(std::string_view(*bytes).substr(0, end));
  if (!key || end == bytes->npos) return unusable;
  return Next{*key, std::strtoull(bytes->c_str() + end + 1, nullptr, 10)};
}

/// The entry that names `key`, if the ledger has it.
Result<std::optional<std::string>> find_entry(const Ledger &ledger, const Next &next) {
  for (std::uint64_t at = next.from; at < ledger.size(); at += entries_at_once) {
    const auto entries = ledger.read(at, entries_at_once);
    if (!entries) return entries.fault();
    for (const std::string &entry : *entries)
      if (const auto one = parse_succession(entry);
          one && one->new_key.line() == next.key.verifier().line())
        return std::optional(entry);
  }
  return std::optional<std::string>();
}

/// Adds a line to a file unless it is there.
Result<void> add_line(const fs::path &file, const std::string &line) {
  const auto there = read_file(file, 1 << 20);
  const std::string before = there ? *there : std::string();
  if (("\n" + before).find("\n" + line + "\n") != std::string::npos) return {};
  return write_file_atomically(file, before + line + "\n");
}

/// From here on the new key is the ledger's.
Result<void> change_over(const KeyFiles &keys, const SignerKey &next,
                         const std::function<void(int)> &after) {
  if (auto done = write_file_atomically(keys.secret, next.line() + "\n", 0600); !done) return done;
  after(5);
  if (auto done = write_file_atomically(keys.pub, next.verifier().line() + "\n"); !done)
    return done;
  after(6);
  if (auto done = settle_keys(keys, next); !done) return done;
  after(7);
  return {};
}

Result<void> keep_old(const Paths &paths, const KeyFiles &keys, const SignerKey &old_key,
                      const std::string &entry, std::int64_t until_s) {
  if (auto done = add_line(paths.successions, entry); !done) return done;
  if (auto done = add_line(keys.old_pubs, old_key.verifier().line()); !done) return done;
  return write_file_atomically(keys.previous,
                               old_key.line() + "\n" + std::to_string(until_s) + "\n", 0600);
}

}  // namespace

Result<Succession> rotate_key(const fs::path &dir, const fs::path &keys_dir, std::int64_t now_ns,
                              std::int64_t overlap_s, const std::function<void(int)> &after) {
  const Paths paths(dir);
  const KeyFiles keys(keys_dir);
  // Held open to the end: nobody else signs meanwhile.
  const auto ledger = Ledger::open(dir, keys_dir);
  if (!ledger) return ledger.fault();
  const auto old_key = read_signer_key(keys);
  if (!old_key) return old_key.fault();
  if (!fs::exists(keys.next)) {
    if (const auto previous = read_previous_key(keys);
        previous && previous->until_s > now_ns / ns_per_s)
      return Fault(faults::rotation_running, {{"file", keys.previous.string()}});
    const auto made = SignerKey::make(old_key->verifier().name);
    const std::string text = made.line() + "\n" + std::to_string((*ledger)->size()) + "\n";
    if (auto done = write_file_atomically(keys.next, text, 0600); !done) return done.fault();
  }
  after(1);
  const auto next = read_next(keys.next);
  if (!next) return next.fault();
  auto entry = find_entry(**ledger, *next);
  if (!entry) return entry.fault();
  if (!*entry) {
    *entry = succession_entry(*old_key, next->key, now_ns / ns_per_s + overlap_s);
    if (auto added = (*ledger)->append({**entry}); !added) return added.fault();
  }
  after(2);
  if (auto done = (*ledger)->sign_also_by(next->key); !done) return done.fault();
  after(3);
  const auto succession = *parse_succession(**entry);
  if (auto done = keep_old(paths, keys, *old_key, **entry, succession.until_s); !done)
    return done.fault();
  after(4);
  if (auto done = change_over(keys, next->key, after); !done) return done.fault();
  return succession;
}

}  // namespace civicast::ledger
