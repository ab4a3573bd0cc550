// SPDX-License-Identifier: Apache-2.0
// What comes out after an item's time on air: some outputs find out later what they did not deliver
// (a disk that is full, a receiver that does not acknowledge). It is booked on what was on air
// then, and nothing is said of an item before that is certain. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "plugins/cable/play/composer.hpp"
#include "plugins/cable/send/output.hpp"

namespace civicast::cable {

class Aftermath {
 public:
  /// From ring position `first` on a picture of `run` is on air; null: of no item.
  void on_air(std::int64_t first, const RunPtr &run);

  /// Asks the outputs. Returns how many datagrams are known to be lost that were not before; their
  /// runs are charged, and are among `charged`.
  std::int64_t ask(const std::vector<Output *> &outputs, std::vector<RunPtr> &charged);

  /// Its time on air is over, at `position`; it is kept until its fate is certain.
  void over(std::int64_t position, RunPtr run) { waiting_.push_back({position, std::move(run)}); }
  /// Those whose fate is certain, or has not become so until `sent` has gone `patience` packets
  /// beyond their end: what may not have been delivered is charged, then.
  std::vector<RunPtr> settled(std::int64_t sent, std::int64_t patience);
  /// All of them; nobody will be asked again.
  std::vector<RunPtr> all();

 private:
  struct Span {
    std::int64_t first = 0;  ///< position; it ends where the next begins
    RunPtr run;
  };
  struct Waiting {
    std::int64_t position = 0;
    RunPtr run;
  };
  void charge(const LateLoss &loss, std::vector<RunPtr> &charged);

  std::deque<Span> spans_;
  std::deque<Waiting> waiting_;
  std::int64_t certain_ = 0;  ///< position
};

}  // namespace civicast::cable
