// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/outbox.hpp"

#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace civicast::runner {
namespace {

/// So much may be with the host without an ack; more would only fill its memory.
constexpr std::uint64_t window_bytes = 4 * 1024 * 1024;
/// Acked records are dropped once they fill so much: rarely enough to cost nothing.
constexpr std::uint64_t drop_bytes = 1024 * 1024;
/// Well below wire::max_frame_bytes, with room for the frame's own members.
constexpr std::size_t batch_bytes = 768 * 1024;

/// Nothing half written stays. If even this fails, the next group is written over it.
void cut_to(int fd, std::uint64_t offset) {
  while (::ftruncate(fd, static_cast<off_t>(offset)) != 0 && errno == EINTR) {
  }
}

/// `facts` as texts, each short enough for one frame.
std::vector<std::string> split(const std::vector<wire::Fact> &facts) {
  std::vector<std::string> out(1);
  for (const wire::Fact &fact : facts) {
    std::string text = wire::write_fact(fact);
    if (!out.back().empty() && out.back().size() + text.size() > batch_bytes) out.emplace_back();
    if (!out.back().empty()) out.back() += ',';
    out.back() += text;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::filesystem::path &path) {
  Result<OutboxFile> file = OutboxFile::open(path);
  if (!file) return file.fault();
  return std::unique_ptr<Outbox>(new Outbox(std::move(*file)));
}

Outbox::Outbox(OutboxFile file)
    : file_(std::move(file)),
      next_seq_(file_.last_seq() + 1),
      acked_seq_(file_.acked()),
      cursor_(OutboxFile::header_bytes),
      acked_offset_(cursor_),
      taken_seq_(file_.acked()) {
  // What was acked before the last end, but not dropped yet.
  for (auto record = file_.read(cursor_); record && record->seq <= acked_seq_;
       record = file_.read(cursor_))
    cursor_ = acked_offset_ = record->end;
}

bool Outbox::put(const std::vector<wire::Fact> &facts) {
  if (facts.empty()) return true;
  const std::vector<std::string> payloads = split(facts);
  {
    std::unique_lock lock(mutex_);
    const std::shared_ptr<Group> mine = open_group_;
    for (const std::string &payload : payloads) {
      mine->last_seq = next_seq_++;
      mine->bytes += record_bytes(mine->last_seq, payload);
    }
    while (mine->state == Group::waiting) {
      if (is_writing_)
        written_.wait(lock);
      else
        write_group(lock);
    }
    if (mine->state == Group::bad) return false;
  }
  if (tell_) tell_();
  return true;
}

void Outbox::write_group(std::unique_lock<std::mutex> &lock) {
  is_writing_ = true;
  drop_acked();
  const std::shared_ptr<Group> group = std::exchange(open_group_, std::make_shared<Group>());
  const std::uint64_t offset = file_.end();
  const int fd = file_.fd();
  lock.unlock();
  const bool is_good = write_at(fd, group->bytes, offset) && ::fdatasync(fd) == 0;
  if (!is_good) cut_to(fd, offset);
  lock.lock();
  if (is_good) file_.grow(group->bytes.size(), group->last_seq);
  group->state = is_good ? Group::good : Group::bad;
  is_writing_ = false;
  written_.notify_all();
}

void Outbox::drop_acked() {
  const std::uint64_t dropped = acked_offset_ - OutboxFile::header_bytes;
  if (dropped < drop_bytes || !file_.drop_before(acked_offset_)) return;
  acked_offset_ -= dropped;
  cursor_ -= dropped;
  for (auto &[seq, end] : unacked_) end -= dropped;
}

std::uint64_t Outbox::last_seq() const {
  const std::lock_guard lock(mutex_);
  return file_.last_seq();
}

std::optional<std::string> Outbox::take() {
  const std::lock_guard lock(mutex_);
  if (cursor_ >= file_.end() || cursor_ - acked_offset_ > window_bytes) return std::nullopt;
  const std::optional<Record> record = file_.read(cursor_);
  // It was whole when it was written: the disk itself is broken.
  if (!record) throw std::runtime_error("outbox: a record cannot be read back");
  cursor_ = record->end;
  taken_seq_ = record->seq;
  unacked_.emplace_back(record->seq, record->end);
  return wire::write_batch(record->seq, record->payload);
}

void Outbox::acked(std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  bool any = false;
  while (!unacked_.empty() && unacked_.front().first <= seq) {
    acked_seq_ = unacked_.front().first;
    acked_offset_ = unacked_.front().second;
    unacked_.pop_front();
    any = true;
  }
  if (any) file_.set_acked(acked_seq_);
}

void Outbox::skip(std::uint64_t seq) {
  while (taken_seq_ < seq && take()) acked(taken_seq_);
}

bool Outbox::is_all_acked() const {
  const std::lock_guard lock(mutex_);
  return acked_offset_ == file_.end();
}

}  // namespace civicast::runner
