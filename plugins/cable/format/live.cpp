// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/live.hpp"

#include <algorithm>
#include <chrono>

#include "plugins/cable/format/flaw.hpp"
#include "plugins/cable/format/picture_check.hpp"
#include "plugins/cable/format/units.hpp"

namespace civicast::cable {
namespace {

using namespace std::chrono_literals;

/// Half a second of a stream, and a good segment of a list.
constexpr std::int64_t kBehindStream = 12, kBehindList = 200;
/// So much more may lie in the buffer before something is left out.
constexpr std::int64_t kSlack = 60;
constexpr auto kFirstPause = 200ms, kLongestPause = 3000ms;

std::int64_t behind_of(const std::string &url) {
  return url.rfind("http", 0) == 0 ? kBehindList : kBehindStream;
}

std::int64_t steady_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / 1ns;
}

}  // namespace

LiveInput::LiveInput(std::string url, const formats::HouseFormat &house)
    : url_(std::move(url)), house_(house), behind_(behind_of(url_)), rate_(house) {
  thread_ = std::thread([this] { run(); });
}

LiveInput::~LiveInput() {
  is_closing_ = true;
  thread_.join();
}

// ---- the reader

void LiveInput::run() {
  auto pause = kFirstPause;
  while (!is_closing_) {
    const std::int64_t began_ns = steady_ns();
    try {
      read();
    } catch (const Flaw &flaw) {
      lost(flaw.what());
    } catch (const std::exception &trouble) {
      lost(std::string("直播输入中断。 · The live input is lost. (") + trouble.what() + ")");
    }
    if (steady_ns() - began_ns > 10'000'000'000) pause = kFirstPause;
    for (auto waited = 0ms; waited < pause && !is_closing_; waited += 50ms)
      std::this_thread::sleep_for(50ms);
    pause = std::min(pause * 2, std::chrono::milliseconds(kLongestPause));
  }
  has_closed_ = true;
}

void LiveInput::read() {
  LiveReader reader(url_, house_, is_closing_);
  while (!is_closing_) take(reader.next());
}

void LiveInput::lost(const std::string &trouble) {
  is_whole_ = false;
  const std::scoped_lock lock(mutex_);
  ++state_.losses;
  state_.trouble = trouble;
}

void LiveInput::take(Unit unit) {
  if (unit.is_video) return take_picture(std::move(unit));
  if (!is_whole_) return;
  const std::int64_t ticks = house_.sound_ticks();
  const std::int64_t index = floor_div(unit.pts - origin_pts_ + ticks / 2, ticks);
  const std::scoped_lock lock(mutex_);
  sounds_.push_back({segment_, index, std::move(unit.packet)});
}

void LiveInput::take_picture(Unit unit) {
  const Opening opening = opening_of(house_.video.codec, unit.packet->data,
                                     static_cast<std::size_t>(unit.packet->size));
  if (is_whole_ && unit.pts != origin_pts_ + next_index_ * kVideoTicks)
    lost("直播输入缺画面。 · The live input has a hole in its pictures.");
  if (unit.pts != unit.dts)
    throw Flaw("live.reordered",
               "直播画面有重排（B 帧）。 · The live pictures are reordered (B frames).");
  if (!is_whole_) {
    if (!opening.is_entry || !opening.has_parameters) return;
    check_picture(house_.video, *unit.packet);
    is_whole_ = true;
    origin_pts_ = unit.pts;
    next_index_ = 0;
    rate_ = RateCheck(house_);
    ++segment_;
  }
  if (!rate_.add(unit.packet->size))
    throw Flaw("live.rate_too_high",
               "直播码率超出频道容量。 · The live input's bit rate does not fit into the signal.");
  const std::scoped_lock lock(mutex_);
  pictures_.push_back({segment_, next_index_++, opening.is_entry, std::move(unit.packet)});
  arrived_ns_ = steady_ns();
  state_.trouble.clear();
  trim();
}

/// While a break is on air nobody takes pictures out.
void LiveInput::trim() {
  while (static_cast<std::int64_t>(pictures_.size()) > behind_ + 4 * kSlack) pictures_.pop_front();
  while (!sounds_.empty() && !pictures_.empty()) {
    const Picture &oldest = pictures_.front();
    const SoundFrame &sound = sounds_.front();
    const bool is_older = sound.segment < oldest.segment ||
                          (sound.segment == oldest.segment &&
                           (sound.index + 1) * house_.sound_ticks() < oldest.index * kVideoTicks);
    if (!is_older) break;
    sounds_.pop_front();
  }
}

// ---- the sender

/// The newest entry of the newest segment that has enough behind it; pictures_.size(): none.
std::size_t LiveInput::best_entry() const {
  if (pictures_.empty()) return 0;
  const Picture &newest = pictures_.back();
  for (std::size_t i = pictures_.size(); i-- > 0;) {
    const Picture &picture = pictures_[i];
    if (picture.segment != newest.segment) break;
    if (picture.is_entry && newest.index - picture.index >= behind_) return i;
  }
  return pictures_.size();
}

void LiveInput::go_to(std::size_t entry) {
  pictures_.erase(pictures_.begin(), pictures_.begin() + static_cast<std::ptrdiff_t>(entry));
  playing_segment_ = pictures_.front().segment;
  position_ = pictures_.front().index;
}

bool LiveInput::enter() {
  const std::scoped_lock lock(mutex_);
  const std::size_t entry = best_entry();
  if (entry == pictures_.size()) return false;
  go_to(entry);
  return true;
}

const AVPacket *LiveInput::video() {
  const std::scoped_lock lock(mutex_);
  if (pictures_.empty()) return nullptr;
  const bool is_far_behind =
      static_cast<std::int64_t>(pictures_.size()) > behind_ + kSlack && pictures_.front().is_entry;
  if (is_far_behind) {
    const std::size_t entry = best_entry();
    if (entry < pictures_.size() && pictures_[entry].segment == playing_segment_) {
      state_.left_out += static_cast<std::int64_t>(entry);
      go_to(entry);
    }
  }
  Picture &next = pictures_.front();
  if (next.segment != playing_segment_ || next.index != position_) return nullptr;
  shown_ = std::move(next.packet);
  pictures_.pop_front();
  ++position_;
  return shown_.get();
}

const AVPacket *LiveInput::audio(std::int64_t index) {
  const std::scoped_lock lock(mutex_);
  while (!sounds_.empty() &&
         (sounds_.front().segment < playing_segment_ ||
          (sounds_.front().segment == playing_segment_ && sounds_.front().index < index)))
    sounds_.pop_front();
  if (sounds_.empty() || sounds_.front().segment != playing_segment_ ||
      sounds_.front().index != index)
    return nullptr;
  heard_ = std::move(sounds_.front().packet);
  sounds_.pop_front();
  return heard_.get();
}

LiveInput::State LiveInput::state() const {
  const std::scoped_lock lock(mutex_);
  State out = state_;
  out.is_coming = arrived_ns_ > 0 && steady_ns() - arrived_ns_ < 1'000'000'000;
  return out;
}

}  // namespace civicast::cable
