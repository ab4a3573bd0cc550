// SPDX-License-Identifier: Apache-2.0
// The engine on the machine's own clock, and far sides that send to it: the ffmpeg program, and a
// web server. On loopback, at free ports.
#pragma once

#include <map>
#include <string>

#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/send/net.hpp"

namespace civicast::cable {

struct MachineClock final : Clock {
  Pacer::Reading read() override;
};

/// The engine on real time.
struct LiveRig {
  LiveRig();

  struct Wish {
    std::string id = {};
    Kind kind = Kind::programme;
    std::string path = {}, live = {};
    std::int64_t after_ms = 0, frames = 0, clip_frames = 0;
  };
  void plan(const Wish &wish);
  /// Until `is_enough`, or the instant; true if it was enough.
  template <class Enough>
  bool run_until(std::int64_t after_ms, Enough &&is_enough) {
    while (clock.read().utc_ns < start_ns + after_ms * 1'000'000) {
      const std::int64_t next = engine.tick();
      if (is_enough()) return true;
      sleep_until(next);
    }
    return false;
  }
  void run_until(std::int64_t after_ms) {
    run_until(after_ms, [] { return false; });
  }
  /// Until `frames` of the item have left without a pause; true if they have, else it warns of what
  /// was seen.
  bool airs(const std::string &id, std::int64_t frames, std::int64_t limit_ms);
  /// Cuts a break of one spot, of 75 frames, into what is on air, and waits for its end; true if it
  /// is counted.
  bool airs_spot();
  std::int64_t elapsed_ms() { return (clock.read().utc_ns - start_ns) / 1'000'000; }
  /// No continuity error, no jump of the clock, and every picture a picture behind the last.
  void check_signal() const;

  TempFolder folder;
  MachineClock clock;
  Slate slate;
  std::int64_t start_ns;
  Schedule schedule;
  Journal journal;
  FactList facts;
  CheckedOutput output;
  Engine engine;

 private:
  static void sleep_until(std::int64_t mono_ns);
  std::string situation() const;
};

/// A minute of the house format, of a picture that nothing else has.
std::string far_file();

/// Sends far_file() to `url` at its own pace.
Program far_side(const std::string &url);

/// The same over SRT, calling or listening; once more when nobody answers, or the call has ended.
Program far_over_srt(const std::string &url);

/// A TCP port of the loopback that nobody has now.
int free_tcp_port();

}  // namespace civicast::cable
