// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/book/journal.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "plugins/cable/book/boot_id.hpp"

namespace civicast::cable {
namespace {

constexpr std::uint64_t kMagic = 0x4349'5643'4A52'4E31;  // "CIVCJRN1"
constexpr std::uint32_t kFree = 0, kOpen = 1, kClosed = 2;
constexpr std::uint32_t kStalled = 1, kJoined = 2, kMissing = 4, kPreempted = 8;

using Counter = std::atomic<std::int64_t>;
static_assert(Counter::is_always_lock_free);

void put(char *to, std::size_t size, const std::string &text) {
  std::memset(to, 0, size);
  std::memcpy(to, text.data(), std::min(text.size(), size - 1));
}

std::uint32_t flags_of(const Progress &p) {
  return (p.is_stalled ? kStalled : 0) | (p.is_joined ? kJoined : 0) |
         (p.is_missing ? kMissing : 0) | (p.is_preempted ? kPreempted : 0);
}

}  // namespace

struct Journal::Slot {
  std::atomic<std::uint32_t> state;
  std::atomic<std::uint32_t> flags;
  char id[kMaxId + 8];
  char sha256[72];
  char boot[40];
  std::int64_t kind, expected;
  Counter start_ns, end_ns;
  Counter about, sent, file_bytes;
  Counter first_pts, last_pts, packets, send_errors, late_max_us;
};

struct Journal::File {
  std::uint64_t magic, version;
  Slot slots[kSlots];
  /// When the first and the last item began that found no slot; 0: there was none. Never taken
  /// back: what is in the history by then is believed before this is asked.
  Counter untold_from_ns, untold_until_ns;
};

Journal::Journal(const std::string &path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(File)) != 0) {
    const std::string why = std::strerror(errno);
    if (file >= 0) ::close(file);
    throw std::runtime_error(path + ": " + why);
  }
  // Blocks are claimed now: a page that finds the disk full later would end the process.
  const int claimed = ::posix_fallocate(file, 0, sizeof(File));
  void *memory = ::mmap(nullptr, sizeof(File), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (claimed != 0 || memory == MAP_FAILED) {
    if (memory != MAP_FAILED) ::munmap(memory, sizeof(File));
    throw std::runtime_error(path + ": " + std::strerror(claimed ? claimed : errno));
  }
  file_ = static_cast<File *>(memory);
  if (file_->magic != kMagic || file_->version != 1) {
    std::memset(memory, 0, sizeof(File));
    file_->version = 1;
    file_->magic = kMagic;
  }
  const std::string boot = boot_id();
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot &slot = file_->slots[i];
    if (slot.state == kFree) continue;
    const std::uint32_t flags = slot.flags;
    Progress p;
    p.id = slot.id;
    p.sha256 = slot.sha256;
    p.kind = static_cast<Kind>(slot.kind);
    p.expected = slot.expected;
    p.start_ns = slot.start_ns;
    p.end_ns = slot.end_ns;
    p.about = slot.about;
    p.sent = slot.sent;
    p.first_pts = slot.first_pts;
    p.last_pts = slot.last_pts;
    p.packets = slot.packets;
    p.send_errors = slot.send_errors;
    p.late_max_us = slot.late_max_us;
    p.is_stalled = flags & kStalled;
    p.is_joined = flags & kJoined;
    p.is_missing = flags & kMissing;
    p.is_preempted = flags & kPreempted;
    p.is_closed = slot.state == kClosed;
    p.is_trusted = boot == slot.boot;
    left_.push_back({static_cast<int>(i), std::move(p), slot.file_bytes});
  }
}

Journal::~Journal() {
  ::munmap(file_, sizeof(File));
}

int Journal::open(const Progress &progress) {
  static const std::string boot = boot_id();
  for (std::size_t i = 0; i < kSlots; ++i) {
    Slot &slot = file_->slots[i];
    if (slot.state.load(std::memory_order_acquire) != kFree) continue;
    put(slot.id, sizeof slot.id, progress.id);
    put(slot.sha256, sizeof slot.sha256, progress.sha256);
    put(slot.boot, sizeof slot.boot, boot);
    slot.kind = static_cast<std::int64_t>(progress.kind);
    slot.expected = progress.expected;
    slot.about = slot.sent = progress.sent;
    slot.file_bytes = 0;
    slot.end_ns = 0;
    sent(static_cast<int>(i), progress);
    slot.state.store(kOpen, std::memory_order_release);
    return static_cast<int>(i);
  }
  if (file_->untold_from_ns == 0) file_->untold_from_ns = progress.start_ns;
  file_->untold_until_ns = std::max<std::int64_t>(file_->untold_until_ns, progress.start_ns);
  return -1;
}

bool Journal::may_have_missed(std::int64_t from_ns, std::int64_t until_ns) const {
  const std::int64_t first = file_->untold_from_ns, last = file_->untold_until_ns;
  return first != 0 && first <= until_ns && from_ns <= last;
}

void Journal::about(int slot, std::int64_t frames, std::int64_t file_bytes) {
  Slot &s = file_->slots[slot];
  s.file_bytes.store(file_bytes, std::memory_order_release);
  s.about.store(frames, std::memory_order_release);
}

void Journal::sent(int slot, const Progress &progress) {
  Slot &s = file_->slots[slot];
  s.start_ns = progress.start_ns;
  s.first_pts = progress.first_pts;
  s.last_pts = progress.last_pts;
  s.packets = progress.packets;
  s.late_max_us = progress.late_max_us;
  // Errors and flags before the count: a count that says "complete" must never be ahead of them.
  s.send_errors = progress.send_errors;
  s.flags = flags_of(progress);
  s.sent.store(progress.sent, std::memory_order_release);
}

void Journal::close(int slot, const Progress &progress) {
  sent(slot, progress);
  Slot &s = file_->slots[slot];
  s.end_ns = progress.end_ns;
  s.state.store(kClosed, std::memory_order_release);
}

void Journal::conclude(int slot, const Progress &progress) {
  // First: a process that ends in between must not ask a file that is longer by then.
  file_->slots[slot].file_bytes.store(0, std::memory_order_release);
  close(slot, progress);
}

void Journal::free(int slot) {
  file_->slots[slot].state.store(kFree, std::memory_order_release);
}

}  // namespace civicast::cable
