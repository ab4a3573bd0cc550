// SPDX-License-Identifier: Apache-2.0
// One channel's worker through all its lives: started, opened, called, killed, started again.
#pragma once

#include <poll.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "host/workers/backoff.hpp"
#include "host/workers/line_cutter.hpp"
#include "host/workers/process.hpp"
#include "host/workers/renewal.hpp"
#include "host/workers/supervisor.hpp"
#include "sdk/wire/frame.hpp"

namespace civicast::workers {

/// Milliseconds of a clock that only goes forward.
std::int64_t steady_ms();

class Worker {
 public:
  Worker(WorkerSpec spec, Manifest manifest, Listener &listener, const Pace &pace);

  /// What poll(2) shall watch; always 4 entries, unused ones have fd −1.
  static constexpr std::size_t poll_entries = 4;
  void watch(pollfd *entries) const;
  /// Handles what poll(2) found. True if anything was there.
  bool handle(const pollfd *entries);
  /// Handles what is due.
  void on_time(std::int64_t now_ms);
  /// The next instant at which on_time has something to do.
  std::int64_t next_time_ms() const;

  void call(wire::CallKind kind, wire::Placement placement, Supervisor::Done done);
  /// Says bye; on_time does the rest.
  void stop(std::int64_t now_ms);
  bool is_stopped() const { return state_ == State::stopped; }

  bool is_ready() const { return state_ == State::ready; }
  /// See Supervisor::is_renewable.
  bool is_renewable() const;
  void renew();
  /// Another at each start: while it is the same, a descriptor is the same one or closed.
  std::uint64_t epoch() const { return epoch_; }
  const Manifest &manifest() const { return manifest_; }
  const std::string &channel() const { return spec_.channel; }
  const std::filesystem::path &state_dir() const { return spec_.state_dir; }
  Json snapshot() const;

 private:
  enum class State { waiting, starting, opening, ready, ending, stopped };
  struct Asked {
    wire::Call call;
    Supervisor::Done done;
    std::int64_t deadline_ms = 0;
  };

  Result<void, Faults> take_version();
  std::optional<Process> take_successor();
  void look_for_renewal(std::int64_t now_ms);
  std::int64_t next_look_ms(std::int64_t now_ms) const;
  void refuse_renewal(const Fault &cause);
  void hand_over(wire::Verdict verdict);

  Result<void> take_epoch();
  void clean_up();
  void start(std::int64_t now_ms);
  void read_socket();
  void read_frames();
  void read_pipe(int fd, LineCutter &cutter, bool is_err);
  /// False: the worker has ended, and never gets the whole of the message.
  bool send(const wire::ToWorker &message);
  bool flush();
  void pump();
  void ask_status(std::int64_t now_ms);

  void on(const wire::Hello &hello);
  void on(const wire::Answer &answer);
  void on(wire::FactBatch batch);
  void on(const wire::Alive &alive);
  void on(const wire::Bye &bye);
  void on_opened(const wire::Answer &answer);
  void take_batch();

  std::int64_t due_ms() const;
  std::int64_t deadline_ms() const;
  std::int64_t limit_of_state_ms() const;
  Fault late(std::int64_t limit_ms) const;
  void press(std::int64_t now_ms);

  void kill(Fault reason);
  void end(std::int64_t now_ms);
  void on_death(const Ending &ending);
  void tell(const Fault &fault);
  Fault death_fault(const Ending &ending) const;
  void fail_calls();
  std::int64_t limit_ms(wire::CallKind kind) const;
  void break_off(const Fault &reason);
  /// Its sentence knows channel, plugin, version, what was in hand, and what happens next.
  Fault about(const FaultKind &kind, const Fault::Fact &first = {}, const Fault::Fact &second = {},
              const Fault::Fact &third = {}) const;
  /// "publish of placement p", "open", "close"; empty: nothing.
  std::string in_hand(Lang lang) const;
  std::string doing(Lang lang) const;

  WorkerSpec spec_;
  Manifest manifest_;
  Json settings_;  ///< typed
  LockWatch lock_;
  std::optional<Trusted> running_;  ///< nothing: there is no lock
  Renewal renewal_;
  std::int64_t next_look_ms_ = 0, renewal_again_ms_ = 0;
  bool is_renewal_asked_ = false, is_renewing_ = false;
  Listener &listener_;
  const Pace &pace_;
  Backoff backoff_;

  State state_ = State::waiting;
  std::optional<Process> process_;
  std::uint64_t epoch_ = 0;
  std::uint64_t acked_ = 0;
  wire::FrameReader frames_;
  std::string to_send_;
  LineCutter out_lines_, err_lines_;

  std::deque<Asked> waiting_;
  std::optional<Asked> in_hand_;
  std::uint64_t next_call_ = 1;
  /// Facts that the host could not take yet: nothing more is read until it can.
  std::optional<wire::FactBatch> stuck_;
  std::int64_t stuck_until_ms_ = 0;

  bool is_stop_wanted_ = false;
  std::optional<Fault> reason_;  ///< why we end it ourselves
  std::int64_t wait_until_ms_ = 0, state_since_ms_ = 0, heard_ms_ = 0, ready_ms_ = 0;
  std::int64_t term_at_ms_ = 0, kill_at_ms_ = 0, next_status_ms_ = 0;
  bool has_status_ = true;
  bool is_unclean_ = false;  ///< its last life ended unasked: it may have left something behind

  int restarts_ = 0;
  std::int64_t busy_ms_ = -1;
  Json last_fault_;
  Json status_;
};

}  // namespace civicast::workers
