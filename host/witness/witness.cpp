// SPDX-License-Identifier: Apache-2.0
#include "host/witness/witness.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "host/ledger/merkle.hpp"
#include "host/witness/faults.hpp"
#include "host/witness/request.hpp"
#include "sdk/base/text.hpp"

namespace civicast::witness {
namespace {

namespace fs = std::filesystem;
using ledger::Checkpoint;

constexpr std::uint64_t max_key_bytes = 4096;

Fault unusable(const fs::path &file, const char *zh, const char *en) {
  return Fault(faults::key_unusable,
               {{"file", file.string()}, {"reason_zh", zh}, {"reason_en", en}});
}

Reply plain(int status, const std::string &sentence) {
  return {status, "text/plain; charset=utf-8", sentence + "\n"};
}

/// A log's file: origins may hold anything, names of files may not.
std::string file_name(const std::string &origin) {
  return hex(sha256(origin)).substr(0, 32);
}

}  // namespace

Result<ledger::SignerKey> ensure_key(const fs::path &keys_dir, const std::string &name) {
  const fs::path secret = keys_dir / "witness.key";
  if (!fs::exists(secret)) {
    std::error_code error;
    fs::create_directories(keys_dir, error);
    const auto made = ledger::SignerKey::make(name, ledger::KeyType::cosigner);
    if (auto done = write_file_atomically(secret, made.line() + "\n", 0600); !done)
      return done.fault();
  }
  struct stat facts {};
  if (::stat(secret.c_str(), &facts) != 0) return unusable(secret, "文件不存在", "it is not there");
  if ((facts.st_mode & 077) != 0)
    return unusable(secret, "权限必须是 0600", "its mode must be 0600");
  const auto line = read_file(secret, max_key_bytes);
  if (!line) return unusable(secret, "读不出来", "it cannot be read");
  const auto key = ledger::SignerKey::parse(*line);
  if (!key || key->verifier().type != ledger::KeyType::cosigner)
    return unusable(secret, "不是见证私钥行", "it is not the line of a witness's private key");
  const std::string pub = key->verifier().line() + "\n";
  const auto there = read_file(keys_dir / "witness.pub", max_key_bytes);
  if (!there || *there != pub)
    if (auto done = write_file_atomically(keys_dir / "witness.pub", pub); !done)
      return done.fault();
  return *key;
}

Witness::Witness(ledger::SignerKey key, ledger::Policy logs, fs::path state)
    : key_(std::move(key)), state_(std::move(state)) {
  std::error_code error;
  fs::create_directories(state_, error);
  for (const ledger::KnownLog &known : logs.logs()) logs_[known.key.name].keys.push_back(known.key);
  for (auto &[origin, log] : logs_) {
    log.file = state_ / file_name(origin);
    log.last = {origin, 0, ledger::empty_root()};
    read_state(log);
  }
}

/// What was cosigned last. A record that cannot be read is not the same as none.
void Witness::read_state(Log &log) const {
  std::error_code error;
  if (!fs::exists(log.file, error) && !error) return;
  const auto text = read_file(log.file, ledger::max_note_bytes);
  const auto note = text ? ledger::parse_note(*text) : Result<ledger::Note, std::string>("");
  const auto at = note ? cosigned_at(*note, key_.verifier()) : std::nullopt;
  log.is_damaged = !at || note->checkpoint.origin != log.last.origin;
  if (log.is_damaged) {
    log.refusal =
        Fault(faults::state_damaged, {{"file", log.file.string()}, {"origin", log.last.origin}});
    return;
  }
  log.last = note->checkpoint;
  log.at_s = *at;
}

std::vector<Watched> Witness::watched() const {
  const std::lock_guard guard(mutex_);
  std::vector<Watched> out;
  for (const auto &[origin, log] : logs_)
    out.push_back({origin, log.last.size, log.at_s, log.refusal, log.refused_at_s});
  return out;
}

Reply Witness::add_checkpoint(const std::string &body, std::int64_t unix_s) {
  const auto request = parse_request(body);
  if (!request) return plain(400, request.fault());
  const auto note = ledger::parse_note(request->checkpoint);
  if (!note) return plain(400, note.fault());
  const Checkpoint &next = note->checkpoint;

  const std::lock_guard guard(mutex_);
  const auto found = logs_.find(next.origin);
  if (found == logs_.end()) return plain(404, "this witness does not know that log");
  Log &log = found->second;
  if (std::none_of(log.keys.begin(), log.keys.end(),
                   [&](const auto &key) { return is_signed(*note, key); }))
    return plain(403, "no good signature by a key that this witness knows for that log");
  if (request->old_size > next.size)
    return plain(400, "the old size is larger than the checkpoint's");
  if (log.is_damaged) return plain(503, log.refusal->sentence(Lang::en));
  const auto said = [&](const FaultKind &kind) {
    return Fault(kind, {{"origin", shortened(next.origin, 200)},
                        {"size", std::to_string(next.size)},
                        {"cosigned", std::to_string(log.last.size)}});
  };
  if (request->old_size != log.last.size) {
    if (next.size < log.last.size)
      static_cast<void>(refuse(log, 409, said(faults::log_not_continued), unix_s));
    return {409, "text/x.tlog.size", std::to_string(log.last.size) + "\n"};
  }
  if (next.size == log.last.size && next.root != log.last.root)
    return refuse(log, 409, said(faults::log_rewritten), unix_s);
  const bool holds =
      next.size == log.last.size || log.last.size == 0
          ? request->proof.empty()
          : ledger::is_prefix(log.last.size, log.last.root, next.size, next.root, request->proof);
  if (!holds) return refuse(log, 422, said(faults::log_not_continued), unix_s);
  return cosign(log, *note, unix_s);
}

Reply Witness::refuse(Log &log, int status, Fault why, std::int64_t unix_s) const {
  log.refusal = why;
  log.refused_at_s = unix_s;
  return plain(status, why.sentence(Lang::en));
}

Reply Witness::cosign(Log &log, const ledger::Note &note, std::int64_t unix_s) const {
  const std::string line = cosignature_line(note.text, key_, unix_s);
  // Our own line first: a foreign one that only looks like it is never read in its place.
  std::string record = std::string(note.text) + "\n" + line;
  if (record.size() + note.signatures.size() <= ledger::max_note_bytes) record += note.signatures;
  if (auto done = write_file_atomically(log.file, record); !done)
    return plain(503, done.fault().sentence(Lang::en));
  log.last = note.checkpoint;
  log.at_s = unix_s;
  log.refusal.reset();
  log.refused_at_s = 0;
  return {200, "text/plain; charset=utf-8", line};
}

}  // namespace civicast::witness
