// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/seal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "host/ledger/faults.hpp"
#include "sdk/base/faults.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_key_bytes = 4096;
constexpr std::size_t slot_bytes = 4096;
/// So long may the end of a host that was killed take.
constexpr std::int64_t lock_patience_ms = 2'000;

Fault unusable(const fs::path &file, const char *zh, const char *en) {
  return Fault(faults::key_unusable,
               {{"file", file.string()}, {"reason_zh", zh}, {"reason_en", en}});
}

/// Both slots; empty if they cannot be read.
std::string read_slots(int fd) {
  std::string bytes(2 * slot_bytes, '\0');
  const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), 0);
  return got == static_cast<ssize_t>(bytes.size()) ? bytes : std::string();
}

}  // namespace

KeyFiles::KeyFiles(const fs::path &dir)
    : secret(dir / "ledger.key"),
      pub(dir / "ledger.pub"),
      seal(dir / "ledger.seal"),
      lock(dir / "ledger.lock"),
      next(dir / "next.key"),
      previous(dir / "previous.key"),
      old_pubs(dir / "ledger.old.pub") {}

Result<VerifierKey> read_verifier_key(const fs::path &file) {
  auto line = read_file(file, max_key_bytes);
  if (!line) return unusable(file, "读不出来", "it cannot be read");
  auto key = parse_verifier_key(*line);
  if (!key || key->type != KeyType::log)
    return unusable(file, "不是台账公钥行", "it is not the line of a log's public key");
  return *key;
}

Result<SignerKey> read_signer_key(const KeyFiles &files) {
  auto pub = read_verifier_key(files.pub);
  if (!pub) return pub.fault();
  struct stat facts {};
  if (::stat(files.secret.c_str(), &facts) != 0)
    return unusable(files.secret, "文件不存在", "it is not there");
  if ((facts.st_mode & 077) != 0)
    return unusable(files.secret, "权限必须是 0600", "its mode must be 0600");
  auto line = read_file(files.secret, max_key_bytes);
  if (!line) return unusable(files.secret, "读不出来", "it cannot be read");
  auto key = SignerKey::parse(*line);
  if (!key) return unusable(files.secret, "不是私钥行", "it is not the line of a private key");
  // A change of keys that was cut off between the two files: the old key says that it was one.
  const auto previous = read_previous_key(files);
  const bool is_changing = previous && previous->key.verifier().line() == pub->line();
  if (key->verifier().line() != pub->line() && !is_changing)
    return unusable(files.secret, "与公钥不成对", "it does not belong to the public key");
  return *key;
}

std::optional<PreviousKey> read_previous_key(const KeyFiles &files) {
  const auto bytes = read_file(files.previous, max_key_bytes);
  if (!bytes) return {};
  const auto end = bytes->find('\n');
  const auto key = SignerKey::parse(std::string_view(*bytes).substr(0, end));
  if (!key || end == bytes->npos) return {};
  return PreviousKey{*key, std::strtoll(bytes->c_str() + end + 1, nullptr, 10)};
}

Result<void> settle_keys(const KeyFiles &files, const SignerKey &key) {
  const std::string pub = key.verifier().line() + "\n";
  if (const auto there = read_file(files.pub, max_key_bytes); !there || *there != pub)
    if (auto done = write_file_atomically(files.pub, pub); !done) return done;
  const auto next = read_file(files.next, max_key_bytes);
  if (!next || next->substr(0, next->find('\n')) != key.line()) return {};
  std::error_code error;
  fs::remove(files.next, error);
  return sync_directory(files.next.parent_path());
}

Result<Fd> lock_file(const fs::path &file) {
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd)
    return Fault(civicast::faults::file_unwritable,
                 {{"file", file.string()}, {"reason", std::strerror(errno)}});
  if (!lock_alone(fd, lock_patience_ms))
    return Fault(faults::ledger_in_use, {{"file", file.string()}});
  return fd;
}

Result<void> Seal::create(const KeyFiles &files, const std::string &note, Disk &disk) {
  std::string bytes = note;
  bytes.resize(2 * slot_bytes, '\0');
  return disk.replace(files.seal, bytes);
}

Result<Seal> Seal::open(const KeyFiles &files, const VerifierKey &key, Disk &disk) {
  auto lock = lock_file(files.lock);
  if (!lock) return lock.fault();
  Seal seal(std::move(*lock), Fd(::open(files.seal.c_str(), O_RDWR | O_CLOEXEC)), files.seal, disk);
  seal.bytes_ = read_slots(seal.fd_.get());
  if (!seal.take_newest(key))
    return unusable(files.seal, "没有签名完好的检查点", "it holds no well-signed checkpoint");
  return seal;
}

bool Seal::take_newest(const VerifierKey &key) {
  bool is_found = false;
  for (std::size_t slot = 0; slot < 2 && bytes_.size() == 2 * slot_bytes; ++slot) {
    std::string note = bytes_.substr(slot * slot_bytes, slot_bytes);
    note.resize(std::min(note.find('\0'), note.size()));
    const auto checkpoint = open_checkpoint(note, key);
    if (!checkpoint || (is_found && checkpoint->size <= checkpoint_.size)) continue;
    is_found = true;
    note_ = note;
    checkpoint_ = *checkpoint;
    slot_ = slot;
  }
  return is_found;
}

Result<void> Seal::replace(const std::string &note, const VerifierKey &key) {
  std::string there = read_slots(fd_.get());
  const auto next = open_checkpoint(note, key);
  if (!next || note.size() > slot_bytes || next->size < checkpoint_.size ||
      (next->size == checkpoint_.size && !(*next == checkpoint_)))
    throw std::logic_error("a seal only ever grows");
  if (there != bytes_) {
    bytes_ = std::move(there);
    take_newest(key);
    return Fault(faults::fork_refused,
                 {{"signed", std::to_string(checkpoint_.size)}, {"file", file_.string()}});
  }
  std::string slot = note;
  slot.resize(slot_bytes, '\0');
  const std::size_t other = 1 - slot_;
  if (!disk_->write(fd_.get(), slot, other * slot_bytes) || !disk_->sync(fd_.get()))
    return Fault(faults::ledger_stopped, {{"reason", std::strerror(errno)}});
  bytes_.replace(other * slot_bytes, slot_bytes, slot);
  note_ = note;
  checkpoint_ = *next;
  slot_ = other;
  return {};
}

}  // namespace civicast::ledger
