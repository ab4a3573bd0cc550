// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/clip.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

/// A house file interleaves within a second; one that does not would fill the memory.
constexpr std::size_t kMaxQueue = 1000;
constexpr off_t kReadAheadBytes = 4 << 20;

}  // namespace

Clip::File::File(const std::string &path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_ < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
  // The kernel is asked to have the beginning in memory before the frame comes.
  ::posix_fadvise(file_, 0, kReadAheadBytes, POSIX_FADV_WILLNEED);
  stamp_ = read_stamp();
}

Clip::File::~File() {
  ::close(file_);
}

Clip::File::Stamp Clip::File::read_stamp() const {
  struct stat info {};
  if (::fstat(file_, &info) != 0) return {-1, 0};
  return {info.st_size, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec};
}

bool Clip::File::is_named(const std::string &path) const {
  struct stat mine {};
  struct stat its {};
  return ::fstat(file_, &mine) == 0 && ::stat(path.c_str(), &its) == 0 &&
         mine.st_ino == its.st_ino && mine.st_dev == its.st_dev;
}

Clip::Clip(const std::string &path, const formats::HouseFormat &house, std::int64_t frame)
    : house_(house), file_(path), demux_(path, house), position_(frame) {
  if (!file_.is_named(path)) throw std::runtime_error("replaced while it was opened");
  if (!demux_.video() || !demux_.audio()) throw std::runtime_error("no picture or no sound");
  find_origin();
  if (frame > 0) {
    pictures_.clear();
    sounds_.clear();
    demux_.seek(origin_pts_ + frame * kVideoTicks);
  }
  const std::int64_t wanted = origin_pts_ + frame * kVideoTicks;
  const auto group = static_cast<std::size_t>(house_.video.gop_pictures);
  for (;;) {
    while (!pictures_.empty() && pictures_.front().pts < wanted) pictures_.pop_front();
    if (pictures_.size() >= group || !pull()) break;
  }
  if (pictures_.empty() || pictures_.front().pts != wanted)
    throw std::runtime_error("no picture at frame " + std::to_string(frame));
}

void Clip::skip_to(std::int64_t frame) {
  while (position_ < frame)
    if (!video()) throw std::runtime_error("no picture at frame " + std::to_string(frame));
}

void Clip::find_origin() {
  while (pictures_.empty())
    if (!pull()) throw std::runtime_error("no picture");
  origin_pts_ = pictures_.front().pts;
}

bool Clip::pull() {
  if (is_at_end_) return false;
  Unit unit = demux_.next();
  if (!unit) {
    is_at_end_ = true;
    return false;
  }
  std::deque<Unit> &queue = unit.is_video ? pictures_ : sounds_;
  queue.push_back(std::move(unit));
  if (queue.size() > kMaxQueue) throw std::runtime_error("sound and picture lie too far apart");
  return true;
}

const AVPacket *Clip::video() {
  while (pictures_.empty())
    if (!pull()) return nullptr;
  if (!file_.is_as_opened()) throw std::runtime_error("written while it is on air");
  shown_ = std::move(pictures_.front());
  pictures_.pop_front();
  if (shown_.pts != origin_pts_ + position_ * kVideoTicks)
    throw std::runtime_error("the pictures' times have a gap");
  ++position_;
  return shown_.packet.get();
}

const AVPacket *Clip::audio(std::int64_t index) {
  // The half frame is the tolerance of the house format.
  const std::int64_t ticks = house_.sound_ticks();
  const auto its_index = [&](const Unit &unit) {
    return floor_div(unit.pts - origin_pts_ + ticks / 2, ticks);
  };
  for (;;) {
    while (!sounds_.empty() && its_index(sounds_.front()) < index) sounds_.pop_front();
    if (!sounds_.empty()) break;
    if (!pull()) return nullptr;
  }
  if (its_index(sounds_.front()) != index) return nullptr;
  heard_ = std::move(sounds_.front());
  sounds_.pop_front();
  return heard_.packet.get();
}

}  // namespace civicast::cable
