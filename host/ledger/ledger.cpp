// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <limits>
#include <mutex>
#include <shared_mutex>

#include "host/airings/airing.hpp"
#include "host/ledger/faults.hpp"
#include "host/ledger/reader.hpp"
#include "host/ledger/recover.hpp"
#include "host/ledger/seal.hpp"
#include "host/ledger/writer.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;

/// One caller of append, waiting for its group to be on disk.
struct Waiting {
  const std::vector<std::string> *entries;
  std::vector<Hash> leaves;
  std::optional<Result<std::uint64_t>> answer;
  bool is_leader = false;
  std::condition_variable woken;
};

Result<void> make_directory(const fs::path &dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return Fault(faults::disk_full, {{"file", dir.string()}, {"reason", error.message()}});
  return sync_directory(dir.has_parent_path() ? dir.parent_path() : fs::path("."));
}

void remove_unfinished(const fs::path &dir) {
  for (const auto &file : fs::directory_iterator(dir))
    if (file.path().extension() == ".new") fs::remove(file.path());
}

/// Removes what a creation left that was cut off: never anything that holds an entry, or the keys
/// of another ledger.
void remove_half_made(const Paths &paths, const KeyFiles &keys) {
  const auto mark = read_file(paths.unfinished, 64 * 1024);
  const auto reader = Reader::open(paths.dir);
  if (!mark || *mark != keys.secret.string() || (reader && (*reader)->size() > 0)) return;
  for (const fs::path &file : {paths.checkpoint, keys.seal, keys.pub, keys.secret})
    fs::remove(file);
  fs::remove_all(paths.entries);
  fs::remove_all(paths.tiles);
}

}  // namespace

Result<void> create(const fs::path &dir, const fs::path &keys_dir, const std::string &origin,
                    std::uint32_t segment_bytes) {
  if (!is_note_name(origin)) return Fault(faults::origin_malformed, {{"origin", origin}});
  const Paths paths(dir);
  const KeyFiles keys(keys_dir);
  if (fs::exists(paths.unfinished)) remove_half_made(paths, keys);
  for (const fs::path &file : {paths.entries, paths.checkpoint, keys.secret, keys.pub, keys.seal})
    if (fs::exists(file))
      return Fault(faults::ledger_exists, {{"dir", file.parent_path().string()}});
  if (auto made = make_directory(dir); !made) return made;
  if (auto done = write_file_atomically(paths.unfinished, keys.secret.string()); !done) return done;
  for (const fs::path &made : {keys_dir, paths.entries, paths.tiles})
    if (auto done = make_directory(made); !done) return done;

  const SignerKey key = SignerKey::make(origin);
  const std::string note = sign_checkpoint({origin, 0, empty_root()}, key);
  const Segment segment{paths.entries / "00000000", 0, segment_bytes, segment_bytes, 0};
  if (auto made = create_segment(segment, Disk::real()); !made) return made.fault();
  if (auto done = write_file_atomically(keys.secret, key.line() + "\n", 0600); !done) return done;
  if (auto done = write_file_atomically(keys.pub, key.verifier().line() + "\n"); !done) return done;
  if (auto done = Seal::create(keys, note, Disk::real()); !done) return done;
  if (auto done = write_file_atomically(paths.checkpoint, note); !done) return done;
  fs::remove(paths.unfinished);
  return sync_directory(dir);
}

struct Ledger::Parts {
  Parts(const Paths &where, Fd held, SignerKey signer, Seal guard, Disk &writes)
      : paths(where),
        lock(std::move(held)),
        key(std::move(signer)),
        seal(std::move(guard)),
        disk(writes),
        tiles(where.tiles, true, writes) {}

  Paths paths;
  fs::path previous_file;
  Fd lock;
  SignerKey key;
  std::optional<PreviousKey> second;  ///< signs too, until its time is over
  Seal seal;
  Disk &disk;
  Entries entries;

  mutable std::shared_mutex tiles_mutex;  ///< tiles
  Tiles tiles;

  std::mutex queue_mutex;  ///< queue, has_leader
  std::vector<Waiting *> queue;
  bool has_leader = false;

  std::mutex commit_mutex;  ///< writer, edge: whoever appends or looks at what was appended
  std::unique_ptr<Writer> writer;
  Edge edge;
  std::atomic<std::uint64_t> size{0};

  std::mutex sign_mutex;  ///< seal, signed_ns, is_published
  std::int64_t signed_ns = 0;
  bool is_published = true;
  mutable std::mutex signed_mutex;  ///< last
  Signed last;

  mutable std::mutex stop_mutex;  ///< stop_reason
  std::string stop_reason;

  std::optional<Fault> stopped() const {
    const std::lock_guard guard(stop_mutex);
    if (stop_reason.empty()) return {};
    return Fault(faults::ledger_stopped, {{"reason", stop_reason}});
  }
  Fault stop(const std::string &reason) {
    const std::lock_guard guard(stop_mutex);
    if (stop_reason.empty()) stop_reason = reason.empty() ? "?" : reason;
    return Fault(faults::ledger_stopped, {{"reason", stop_reason}});
  }

  Result<void> recover(std::vector<Segment> segments);
  void commit(const std::vector<Waiting *> &group);
  Result<void> write(const std::vector<Waiting *> &group);
  Result<void> grow(const std::vector<Waiting *> &group);
  Result<void> sign();
  Result<void> publish();
};

Result<void> Ledger::Parts::recover(std::vector<Segment> segments) {
  const Checkpoint &sealed = seal.checkpoint();
  const std::uint64_t skipped = sealed.size > check_at_open ? sealed.size - check_at_open : 0;
  const std::uint64_t from = skipped / check_at_open * check_at_open;
  if (auto good = check_signed(segments, tiles, from, sealed, [](std::uint64_t) {}); !good)
    return good;
  auto tail = recover_tail(segments, sealed.size, disk);
  if (!tail) return tail.fault();
  Fd fd(::open(tail->segment.path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd || !tiles.cut(sealed.size)) return stop(std::strerror(errno));
  for (const Segment &segment : segments) entries.add(segment);
  edge = Edge(sealed.size, tiles.nodes());
  for (const std::string &entry : tail->entries)
    edge.add(leaf_hash(entry),
             [this](unsigned height, const Hash &hash) { tiles.add(height, hash); });
  if (!tiles.flush()) return stop(std::strerror(errno));
  writer = std::make_unique<Writer>(entries, disk, tail->segment, std::move(fd), tail->offset,
                                    tail->next);
  size = tail->next;
  last = {sealed.size, sealed.root, seal.note()};
  return {};
}

Result<std::unique_ptr<Ledger>> Ledger::open(const fs::path &dir, const fs::path &keys_dir,
                                             Disk &disk) {
  const Paths paths(dir);
  const KeyFiles keys(keys_dir);
  if (!fs::exists(paths.entries) || fs::exists(paths.unfinished))
    return Fault(faults::ledger_absent, {{"dir", dir.string()}});
  auto lock = lock_file(paths.lock);
  if (!lock) return lock.fault();
  auto key = read_signer_key(keys);
  if (!key) return key.fault();
  auto seal = Seal::open(keys, key->verifier(), disk);
  if (!seal) return seal.fault();
  std::string note;
  const auto published = read_checkpoint(paths.checkpoint, key->verifier(), note);
  if (!published) return published.fault();
  const Checkpoint sealed = seal->checkpoint();
  if (published->size > sealed.size ||
      (published->size == sealed.size && published->root != sealed.root))
    return Fault(faults::seal_behind, {{"file", keys.seal.string()},
                                       {"sealed", std::to_string(sealed.size)},
                                       {"signed", std::to_string(published->size)}});
  remove_unfinished(paths.entries);
  auto segments = list_segments(paths.entries);
  if (!segments) return segments.fault();
  auto parts =
      std::make_unique<Parts>(paths, std::move(*lock), std::move(*key), std::move(*seal), disk);
  if (auto whole = parts->recover(std::move(*segments)); !whole) return whole.fault();
  if (auto settled = settle_keys(keys, parts->key); !settled) return settled.fault();
  if (auto previous = read_previous_key(keys);
      previous && previous->key.verifier().line() != parts->key.verifier().line())
    parts->second = std::move(previous);
  parts->previous_file = keys.previous;
  parts->is_published = note == parts->seal.note();
  if (auto done = parts->publish(); !done) return done.fault();
  return std::unique_ptr<Ledger>(new Ledger(std::move(parts)));
}

Ledger::Ledger(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Ledger::~Ledger() {
  // What cannot be signed now is signed after the next start: it is on disk already.
  static_cast<void>(checkpoint(parts_->signed_ns, true).ok());
}

std::uint64_t Ledger::size() const {
  return parts_->size;
}

Result<std::uint64_t> Ledger::append(const std::vector<std::string> &entries) {
  Parts &parts = *parts_;
  for (const std::string &entry : entries)
    if (entry.empty() || entry.size() > airings::max_entry_bytes)
      return Fault(faults::entry_malformed, {{"bytes", std::to_string(entry.size())}});
  if (entries.empty()) return size();
  Waiting self{&entries, {}, {}, false, {}};
  self.leaves.reserve(entries.size());
  for (const std::string &entry : entries) self.leaves.push_back(leaf_hash(entry));

  std::unique_lock lock(parts.queue_mutex);
  parts.queue.push_back(&self);
  if (parts.has_leader) self.woken.wait(lock, [&] { return self.answer || self.is_leader; });
  if (self.answer) return *self.answer;
  parts.has_leader = true;
  const std::vector<Waiting *> group = std::exchange(parts.queue, {});
  lock.unlock();
  parts.commit(group);
  lock.lock();
  for (Waiting *other : group)
    if (other != &self) other->woken.notify_one();
  parts.has_leader = !parts.queue.empty();
  if (parts.has_leader) {
    parts.queue.front()->is_leader = true;
    parts.queue.front()->woken.notify_one();
  }
  return *self.answer;
}

void Ledger::Parts::commit(const std::vector<Waiting *> &group) {
  const std::lock_guard guard(commit_mutex);
  std::uint64_t next = size;
  const auto done = write(group);
  // Answers are read by their owners only after the leader took the queue's lock again.
  const std::lock_guard answers(queue_mutex);
  for (Waiting *one : group) {
    one->answer = done ? Result<std::uint64_t>(next) : Result<std::uint64_t>(done.fault());
    next += one->entries->size();
  }
}

Result<void> Ledger::Parts::write(const std::vector<Waiting *> &group) {
  if (auto reason = stopped()) return *reason;
  std::vector<const std::vector<std::string> *> batches;
  for (const Waiting *one : group) batches.push_back(one->entries);
  if (auto written = writer->write(batches); !written) {
    if (written.fault().is(faults::disk_full)) return written;
    return stop(written.fault().facts().front().second);
  }
  return grow(group);
}

Result<void> Ledger::Parts::grow(const std::vector<Waiting *> &group) {
  const std::unique_lock guard(tiles_mutex);
  for (const Waiting *one : group)
    for (const Hash &leaf : one->leaves)
      edge.add(leaf, [this](unsigned height, const Hash &hash) { tiles.add(height, hash); });
  if (!tiles.flush()) return stop(std::strerror(errno));
  size = edge.size();
  return {};
}

Result<std::vector<std::string>> Ledger::read(std::uint64_t from, std::size_t count) const {
  const std::uint64_t end = size();
  if (from > end)
    return Fault(faults::out_of_range,
                 {{"size", std::to_string(end)}, {"asked", std::to_string(from)}});
  return parts_->entries.read(from, std::min<std::uint64_t>(count, end - from));
}

Result<void> Ledger::checkpoint(std::int64_t now_ns, bool at_once) {
  const std::lock_guard guard(parts_->sign_mutex);
  if (auto done = parts_->publish(); !done) return done;
  if (parts_->size == parts_->seal.checkpoint().size) return {};
  if (parts_->second && now_ns / ns_per_s >= parts_->second->until_s) {
    std::error_code gone;  // what cannot be removed now is not used any more all the same
    fs::remove(parts_->previous_file, gone);
    parts_->second.reset();
  }
  const std::int64_t since_ns = now_ns - parts_->signed_ns;
  if (!at_once && since_ns >= 0 && since_ns < ns_per_s) return {};
  parts_->signed_ns = now_ns;
  return parts_->sign();
}

Result<void> Ledger::Parts::sign() {
  Checkpoint next{key.verifier().name, 0, {}};
  std::vector<int> files;
  {
    const std::lock_guard guard(commit_mutex);
    if (auto reason = stopped()) return *reason;
    next.size = edge.size();
    next.root = edge.root();
    files = tiles.files();
  }
  // Appending goes on while these hashes go to disk.
  for (const int file : files)
    if (!disk.sync(file)) return stop(std::strerror(errno));
  std::string note = sign_checkpoint(next, key);
  if (second) note += signature_line(text_of(next), second->key);
  if (auto sealed = seal.replace(note, key.verifier()); !sealed) {
    stop(sealed.fault().sentence(Lang::en));
    return sealed;
  }
  {
    const std::lock_guard guard(signed_mutex);
    last = {next.size, next.root, note};
  }
  is_published = false;
  return publish();
}

Result<void> Ledger::sign_also_by(const SignerKey &second) {
  const std::lock_guard guard(parts_->sign_mutex);
  parts_->second = PreviousKey{second, std::numeric_limits<std::int64_t>::max()};
  return parts_->sign();
}

Result<void> Ledger::Parts::publish() {
  if (is_published) return {};
  if (auto done = disk.replace(paths.checkpoint, seal.note()); !done) return done;
  is_published = true;
  return {};
}

Signed Ledger::last_signed() const {
  const std::lock_guard guard(parts_->signed_mutex);
  return parts_->last;
}

/// Asks the tiles; `most` is the largest size that the question is about.
template <class What>
auto Ledger::ask(std::uint64_t most, const What &what) const -> Result<decltype(what())> {
  if (most > size())
    return Fault(faults::out_of_range,
                 {{"size", std::to_string(size())}, {"asked", std::to_string(most)}});
  const std::shared_lock guard(parts_->tiles_mutex);
  try {
    return what();
  } catch (const Unreadable &unreadable) {
    return unreadable.fault;
  }
}

Result<Hash> Ledger::root(std::uint64_t size) const {
  return ask(size, [&] { return root_of(size, parts_->tiles.nodes()); });
}

Result<std::string> Ledger::hashes(unsigned level, std::uint64_t index, std::uint64_t count) const {
  return ask(0, [&] { return parts_->tiles.read(level, index, count); });
}

Result<std::vector<Hash>> Ledger::inclusion_proof(std::uint64_t index, std::uint64_t size) const {
  if (index >= size)
    return Fault(faults::out_of_range,
                 {{"size", std::to_string(size)}, {"asked", std::to_string(index)}});
  return ask(size, [&] { return inclusion_path(index, size, parts_->tiles.nodes()); });
}

Result<std::vector<Hash>> Ledger::consistency_proof(std::uint64_t from, std::uint64_t to) const {
  if (from > to)
    return Fault(faults::out_of_range,
                 {{"size", std::to_string(to)}, {"asked", std::to_string(from)}});
  return ask(to, [&] { return consistency_path(from, to, parts_->tiles.nodes()); });
}

}  // namespace civicast::ledger
