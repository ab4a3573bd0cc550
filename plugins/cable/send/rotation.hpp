// SPDX-License-Identifier: Apache-2.0
// The signal in a row of files, a new one whenever a period of UTC begins: air.ts becomes
// air-20261127T090000Z.ts and so on, each named after the instant of its first byte.
//
// A new file begins at a picture that stands alone; if none comes for seconds, with any packet. One
// after the other they are the signal as sent, but for what a death of this process took along:
// these files are recordings, not evidence (that is the file that only grows).
#pragma once

#include "plugins/cable/send/recorder.hpp"
#include "plugins/cable/send/ts_file.hpp"

namespace civicast::cable {

class Rotation final : public Tape {
 public:
  struct Plan {
    std::string path;  ///< "…/air.ts"
    std::int64_t every_s = 3600;
    int keep = 0;  ///< files, the newest among them; 0: all
  };
  Rotation(Plan plan, LossCount &loss);

  void now(std::int64_t at_ns) override { now_ns_ = at_ns; }
  void entry(std::int64_t pts, std::int64_t at_ns) override;
  void picture(std::int64_t) override {}
  void bytes(const std::uint8_t *bytes, std::size_t size) override;
  void flush() override;
  void close() override;

 private:
  std::int64_t period_of(std::int64_t at_ns) const;
  std::string name_of(std::int64_t at_ns) const;
  std::vector<std::string> files() const;  ///< the oldest first
  void begin(std::int64_t at_ns);
  void take_up();
  void delete_oldest() const;
  void count(const TsFile::Loss &loss);

  Plan plan_;
  LossCount &loss_;
  TsFile file_;
  std::int64_t now_ns_ = 0, tried_ns_ = 0;
  std::int64_t period_ = -1;  ///< of the open file
  int open_error_ = 0;
  std::size_t handed_bytes_ = 0;  ///< since the last flush
};

}  // namespace civicast::cable
