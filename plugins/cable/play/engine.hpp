// SPDX-License-Identifier: Apache-2.0
// The engine: composes, muxes, paces and sends one channel's signal, and knows what it has sent.
// One thread calls tick(); clock, outputs and facts are handed in, so a simulated day takes
// seconds.
#pragma once

#include <civicast/channel.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "plugins/cable/book/fact_sink.hpp"
#include "plugins/cable/play/aftermath.hpp"
#include "plugins/cable/play/break_cues.hpp"
#include "plugins/cable/play/composer.hpp"
#include "plugins/cable/play/mux.hpp"
#include "plugins/cable/send/file.hpp"
#include "plugins/cable/send/pacer.hpp"
#include "plugins/cable/ts/handover.hpp"
#include "plugins/cable/ts/ring.hpp"
#include "plugins/cable/ts/selfcheck.hpp"
#include "plugins/cable/ts/splice.hpp"

namespace civicast::cable {

constexpr std::int64_t kTickNs = 18'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Pacer::Reading read() = 0;
};

/// Sees every frame as it is muxed; must return at once.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void picture(const AVPacket &packet, std::int64_t out_frame) = 0;
  virtual void sound(const AVPacket &packet, std::int64_t audio_frame) = 0;
};

struct EngineSettings {
  const formats::HouseFormat &house;
  std::optional<std::int64_t> first_dts = {};  ///< tests start near the wrap of the 33-bit clock
  std::optional<Handover> after = {};          ///< the signal of an earlier sender goes on
  std::optional<CueSettings> cues = {};        ///< breaks are announced (SCTE 35)
};

class Engine {
 public:
  /// What the engine is made of. All but `file` and `tap` must be there; they outlive the engine.
  struct Parts {
    Clock &clock;
    Schedule &schedule;
    const Slate &slate;
    Journal &journal;
    FactSink &facts;
    std::vector<Output *> outputs;  ///< in the order of sending
    FileOutput *file = nullptr;     ///< which of them is the file, if one is
    Tap *tap = nullptr;
  };
  Engine(const Parts &parts, const EngineSettings &settings);

  void resume(const Composer::Left &left) { composer_.resume(left); }

  /// Sends what is due. Returns when, on the monotonic clock, it wants to be called again.
  std::int64_t tick();
  /// The channel closes: says what became of the placements that are on air.
  void stop();

  /// A successor goes on with the signal: from now on nothing is composed beyond the next frame at
  /// which picture and sound begin together.
  void begin_handover() { is_leaving_ = true; }
  /// Everything in front of that frame has been sent; tick() has nothing more to do.
  bool has_left() const { return is_flushed_ && sent_ == ring_.written(); }
  /// After that: ends what is over, leaves open in the journal what is not, and says where the
  /// successor begins.
  Handover hand_over();

  struct Status {
    std::string placement, asset, title;  ///< empty: the slate
    Kind kind = Kind::filler;
    std::int64_t frame = 0, frames = 0;
    std::int64_t frames_sent = 0, packets = 0, send_errors = 0, standby_frames = 0,
                 slate_frames = 0, late_max_us = 0, stalls = 0;
    SelfCheck::Counters check;
    Composer::Shown shown = Composer::Shown::slate;  ///< of the last picture that left
    bool has_cues = false;                           ///< breaks are announced
    CueInserter::Counters cues;
    std::vector<BreakCues::Ahead> next_breaks;
    std::map<std::string, LiveInput::State> live;  ///< by URL
    SelfCheck::Worst worst;                        ///< of the last minute
  };
  Status status() const;  ///< [any]

 private:
  struct Mark {  ///< where one picture lies in the ring
    Mux::Place place;
    RunPtr run;
    Composer::Shown shown = Composer::Shown::slate;
  };
  struct Closing {
    std::int64_t position = 0;
    RunPtr run;
  };
  struct Batch {
    std::int64_t first = 0, end = 0;  ///< packets
    std::int64_t at_ns = 0;           ///< UTC
    std::int64_t late_us = 0;
  };
  void compose_ahead(std::int64_t due);
  void compose();
  bool may_compose() const;
  void announce_breaks(std::int64_t frame);
  SplicePoint splice_point(std::int64_t plan_frame) const;
  void flush();
  void collect_ended();
  void send(const Batch &batch);
  void begin_runs(const Batch &batch);
  void announce(const Batch &batch);
  std::int64_t deliver(const Batch &batch);
  void charge(const Batch &batch, std::int64_t errors);
  void account(const Batch &batch, std::int64_t errors);
  void hear_of_losses();
  void close_runs(const Batch &batch);
  void end(Run &run, std::int64_t now_ns);
  void tell(const Run &run);
  void end_all(std::int64_t now_ns);

  Parts parts_;
  EngineSettings settings_;
  std::int64_t rate_;  ///< bit/s
  PacketRing ring_;
  Composer composer_;
  Pacer pacer_;
  std::optional<CueInserter> inserter_;
  std::optional<BreakCues> cues_;
  Splice splice_;
  std::int64_t first_dts_;
  Mux mux_;
  SelfCheck check_;
  std::int64_t next_frame_ = 0, sent_ = 0;
  bool is_leaving_ = false, is_flushed_ = false;
  std::deque<Mark> marks_;
  std::deque<Closing> closings_;
  RunPtr on_air_;  ///< whose picture was the last to leave; until its time is over
  Aftermath aftermath_;
  std::vector<RunPtr> begun_;  ///< in the batch that is being sent
  std::vector<iovec> datagrams_;

  mutable std::mutex status_mutex_;
  Status status_;
};

}  // namespace civicast::cable
