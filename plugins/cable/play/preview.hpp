// SPDX-License-Identifier: Apache-2.0
// The preview: the channel's picture as HLS for browsers. Progressive H.264 is copied, other
// pictures become small H.264 ones, and sound becomes AAC, because browsers play nothing else (what
// is interlaced only some of them). A thread of its own behind a bounded queue: when it is slow or
// fails, frames are dropped from the preview and never from the signal.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "plugins/cable/play/engine.hpp"

namespace civicast::cable {

class Preview final : public Tap {
 public:
  /// Writes `folder`/live.m3u8 and its segments; what an earlier process left there goes.
  Preview(std::string folder, const formats::HouseFormat &house);
  ~Preview() override;

  void picture(const AVPacket &packet, std::int64_t out_frame) override;
  void sound(const AVPacket &packet, std::int64_t audio_frame) override;

  std::int64_t drops() const { return drops_; }  ///< [any]

 private:
  struct Entry {
    PacketPtr packet;
    bool is_video = false, is_entry = false;
    std::int64_t ticks = 0;
  };
  class Writer;
  void push(const AVPacket &packet, bool is_video, std::int64_t ticks);
  void run();

  std::string folder_;
  const formats::HouseFormat &house_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Entry> queue_;
  bool is_closing_ = false;
  std::atomic<std::int64_t> drops_{0};
  std::thread thread_;
};

}  // namespace civicast::cable
