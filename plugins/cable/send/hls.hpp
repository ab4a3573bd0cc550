// SPDX-License-Identifier: Apache-2.0
// The signal as HLS: segments cut from the bytes that are sent, and a list of the newest of them.
//
// A segment is in the list once it is whole, under its final name, and stays on the disk for as
// long as the list is long after it has left it (RFC 8216 §6.2.2). Numbers go on over a restart.
#pragma once

#include "plugins/cable/send/hls_list.hpp"
#include "plugins/cable/send/recorder.hpp"
#include "plugins/cable/send/ts_file.hpp"

namespace civicast::cable {

class Hls final : public Tape {
 public:
  struct Plan {
    std::string folder;
    int segment_s = 6;
    int keep = 10;  ///< segments in the list
  };
  static constexpr const char *kListName = "live.m3u8";
  Hls(Plan plan, LossCount &loss);

  void now(std::int64_t) override {}
  void entry(std::int64_t pts, std::int64_t at_ns) override;
  void picture(std::int64_t pts) override;
  void bytes(const std::uint8_t *bytes, std::size_t size) override;
  void flush() override;
  void close() override;

 private:
  std::string path(const std::string &name) const { return plan_.folder + "/" + name; }
  void take_up();
  void begin(std::int64_t pts, std::int64_t at_ns);
  void finish(std::int64_t ticks);
  void publish(std::int64_t ticks);
  void give_up(const Cause &cause, int error);
  void delete_before(std::int64_t sequence);

  Plan plan_;
  LossCount &loss_;
  HlsList list_;
  TsFile file_;  ///< open: a segment is being written
  std::int64_t next_sequence_ = 0, oldest_ = 0;
  std::int64_t first_pts_ = 0, last_pts_ = 0, step_ticks_ = 0, at_ns_ = 0;
  std::size_t bytes_ = 0;       ///< of the open segment
  bool is_break_ = false;       ///< the next segment does not follow from the one before
  const Cause *why_ = nullptr;  ///< no segment is open; null: none has begun yet
  int error_ = 0;
};

}  // namespace civicast::cable
