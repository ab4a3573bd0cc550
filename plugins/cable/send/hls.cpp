// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/hls.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kTicks = 90'000;
constexpr char kOpenName[] = "segment.open";
/// A signal in which no picture stands alone for so long cannot be cut.
constexpr std::int64_t kMostSegments = 5;

std::int64_t ticks_between(std::int64_t from_pts, std::int64_t to_pts) {
  return (to_pts - from_pts + kClockWrap) % kClockWrap;
}

}  // namespace

Hls::Hls(Plan plan, LossCount &loss)
    : plan_(std::move(plan)),
      loss_(loss),
      list_(plan_.segment_s + 1, static_cast<std::size_t>(plan_.keep)) {
  take_up();
}

void Hls::take_up() {
  std::error_code error;  // a folder that cannot be read is found out by writing
  std::filesystem::create_directories(plan_.folder, error);
  std::ifstream in(path(kListName), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const bool is_known = list_.take_up(text);
  if (is_known) next_sequence_ = list_.segments().back().sequence + 1;
  is_break_ = is_known;
  oldest_ = next_sequence_;
  for (std::filesystem::directory_iterator one(plan_.folder, error), end; !error && one != end;
       one.increment(error)) {
    const auto sequence = HlsList::sequence_in(one->path().filename().string());
    if (!sequence) continue;
    oldest_ = std::min(oldest_, *sequence);
    // Beyond the list nobody has seen it: this process died before it could name it there.
    if (is_known && *sequence >= next_sequence_) ::unlink(one->path().c_str());
    if (!is_known) next_sequence_ = std::max(next_sequence_, *sequence + 1);
  }
}

void Hls::entry(std::int64_t pts, std::int64_t at_ns) {
  if (pts < 0) return picture(pts);
  if (file_.is_open()) {
    const std::int64_t ticks = ticks_between(first_pts_, pts);
    if (ticks < plan_.segment_s * kTicks) return picture(pts);
    finish(ticks);
  }
  begin(pts, at_ns);
}

void Hls::picture(std::int64_t pts) {
  if (pts < 0 || !file_.is_open()) return;
  // Pictures that are sent before those they follow on screen do not count.
  const std::int64_t step = ticks_between(last_pts_, pts);
  if (step > 0 && step < kClockWrap / 2) {
    step_ticks_ = step;
    last_pts_ = pts;
  }
  if (ticks_between(first_pts_, last_pts_) > kMostSegments * plan_.segment_s * kTicks)
    give_up(causes::no_entry, 0);
}

void Hls::begin(std::int64_t pts, std::int64_t at_ns) {
  ::unlink(path(kOpenName).c_str());
  bytes_ = 0;
  first_pts_ = last_pts_ = pts;
  at_ns_ = at_ns;
  error_ = file_.open(path(kOpenName));
  why_ = &cause_of(error_);
}

void Hls::bytes(const std::uint8_t *bytes, std::size_t size) {
  if (!file_.is_open()) {
    // Before the first picture that stands alone there is nothing to lose.
    if (!why_) return loss_.left_out(size);
    return loss_.lost(size, *why_, error_);
  }
  bytes_ += size;
  const TsFile::Loss loss = file_.append(bytes, size);
  if (loss.bytes > 0) give_up(cause_of(loss.error), loss.error);
}

void Hls::flush() {
  if (!file_.is_open()) return;
  const TsFile::Loss loss = file_.flush();
  if (loss.bytes > 0) give_up(cause_of(loss.error), loss.error);
}

/// A segment with a hole is none.
void Hls::give_up(const Cause &cause, int error) {
  loss_.lost(bytes_, cause, error);
  bytes_ = 0;
  file_.close();
  ::unlink(path(kOpenName).c_str());
  is_break_ = true;
  why_ = &cause;
  error_ = error;
}

void Hls::finish(std::int64_t ticks) {
  flush();
  if (!file_.is_open()) return;
  file_.close();
  publish(ticks);
}

void Hls::publish(std::int64_t ticks) {
  const std::string name = HlsList::name(next_sequence_);
  if (std::rename(path(kOpenName).c_str(), path(name).c_str()) != 0)
    return give_up(cause_of(errno), errno);
  list_.add({next_sequence_++, ticks, at_ns_ / 1'000'000, is_break_});
  is_break_ = false;
  // The segment is there, and the next list will name it, too.
  if (const int error = replace_file(path(kListName), list_.text()))
    loss_.lost(bytes_, error);
  else
    loss_.written(bytes_);
  bytes_ = 0;
  delete_before(list_.segments().front().sequence - plan_.keep);
}

void Hls::delete_before(std::int64_t sequence) {
  for (; oldest_ < sequence; ++oldest_) ::unlink(path(HlsList::name(oldest_)).c_str());
}

void Hls::close() {
  if (!file_.is_open()) return;
  const std::int64_t ticks = ticks_between(first_pts_, last_pts_) + step_ticks_;
  if (step_ticks_ > 0) finish(ticks);
  file_.close();
  ::unlink(path(kOpenName).c_str());
}

}  // namespace civicast::cable
