// SPDX-License-Identifier: Apache-2.0
// A live input on air: a transport stream of the channel's house format that comes from elsewhere.
//
// A thread reads it into a buffer of whole pictures, and begins again whenever it is lost. The
// sender runs some pictures behind, so that it does not starve between two datagrams, or two
// segments of a list; it enters at pictures that refer to nothing before them, and when the far
// clock is faster than ours it leaves out one group of pictures now and then.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "plugins/cable/format/live_reader.hpp"
#include "plugins/cable/format/rate_check.hpp"
#include "plugins/cable/format/source.hpp"

namespace civicast::cable {

class LiveInput final : public Source {
 public:
  LiveInput(std::string url, const formats::HouseFormat &house);
  ~LiveInput() override;  ///< waits for the reader
  LiveInput(const LiveInput &) = delete;
  LiveInput &operator=(const LiveInput &) = delete;

  /// [playout] Lets the reader end by itself; once it has, the destructor does not wait.
  void begin_to_close() { is_closing_ = true; }
  bool has_closed() const { return has_closed_; }

  /// [playout] Goes to the newest picture at which the sender may begin. False: there is none, and
  /// video() must not be called.
  bool enter();
  std::int64_t position() const override { return position_; }  ///< [playout]
  /// [playout] Null when the buffer has run dry or has a hole: enter() again.
  const AVPacket *video() override;
  const AVPacket *audio(std::int64_t index) override;  ///< [playout]

  struct State {
    bool is_coming = false;     ///< pictures came within the last second
    bool is_on_air = false;     ///< the last picture sent was its; the composer says so
    std::int64_t losses = 0;    ///< times the input was lost, or had a hole
    std::int64_t left_out = 0;  ///< pictures that the far clock had too many
    std::string trouble;        ///< what stands in the way now; Chinese and English
  };
  State state() const;  ///< [any]

 private:
  struct Picture {
    std::int64_t segment = 0, index = 0;
    bool is_entry = false;
    PacketPtr packet;
  };
  struct SoundFrame {
    std::int64_t segment = 0, index = 0;
    PacketPtr packet;
  };
  void run();
  void read();
  void take(Unit unit);
  void take_picture(Unit unit);
  void lost(const std::string &trouble);
  void trim();
  std::size_t best_entry() const;
  void go_to(std::size_t entry);

  const std::string url_;
  const formats::HouseFormat &house_;
  const std::int64_t behind_;  ///< pictures that the sender runs behind

  // The reader's.
  bool is_whole_ = false;  ///< since the last entry nothing was missing
  std::int64_t origin_pts_ = 0, next_index_ = 0, segment_ = 0;
  RateCheck rate_;

  mutable std::mutex mutex_;
  std::deque<Picture> pictures_;
  std::deque<SoundFrame> sounds_;
  State state_;
  std::int64_t arrived_ns_ = 0;

  // The sender's.
  std::int64_t playing_segment_ = -1, position_ = 0;
  PacketPtr shown_, heard_;

  std::atomic<bool> is_closing_{false}, has_closed_{false};
  std::thread thread_;
};

}  // namespace civicast::cable
