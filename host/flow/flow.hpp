// SPDX-License-Identifier: Apache-2.0
// The whole product on one page: what moves from room to room, and when.
//
//     grids + campaigns ─► plan ─► playlists ─► hand out ─► desk ─► workers
//     workers ─► facts ─► intake ─► ledger ─► index ─► acknowledged
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/channels/desk.hpp"
#include "host/exchange/exchange.hpp"
#include "host/flow/clerk.hpp"
#include "host/flow/flow_store.hpp"
#include "host/flow/planning.hpp"
#include "host/flow/renderer.hpp"
#include "host/flow/rooms.hpp"
#include "host/flow/watch.hpp"
#include "host/flow/witnessing.hpp"
#include "host/workers/supervisor.hpp"
#include "sdk/base/json.hpp"

namespace civicast::flow {

struct Options {
  std::filesystem::path station;
  std::filesystem::path plugins;  ///< holds one folder per plugin
  std::filesystem::path runner;   ///< civicast-runner
  /// A line for the log of the host. Levels: civ_level.
  std::function<void(const std::string &channel, int level, const std::string &line)> log;
};

class Flow {
 public:
  /// Opens the station, plans what is not planned, and starts a worker for each channel.
  static Result<std::unique_ptr<Flow>, Faults> open(Options options, const Clock &clock,
                                                    Progress &progress);
  ~Flow();

  /// [flow] One turn: at most `timeout_ms` of waiting for workers, then everything that is due.
  void turn(int timeout_ms);
  /// [flow] Ends the workers and signs what they said last.
  void stop();

  /// [any] What is on air and how everybody is, as of the last second.
  Json live() const;
  /// [any] What the watch saw last.
  Watched watched() const { return watch_->now(); }
  /// [any] Has the flow do `work` between two turns, and waits for what comes of it.
  Result<Json, Faults> run(std::function<Result<Json, Faults>()> work);
  /// [any] Plans `days` days anew from now on; waits until the flow has done it.
  Result<Json, Faults> replan(int days);
  /// [any] Takes a schedule or an as-run of another system; see host/exchange.
  Result<Json, Faults> import_schedule(const exchange::Upload &upload, const exchange::Wish &wish);
  Result<Json, Faults> import_as_run(const exchange::Upload &upload, const exchange::Wish &wish);
  /// [any] Enters what a person decided about a placement of which nobody could tell; see Held.
  Result<Json, Faults> decide(const Decision &decision);
  /// [any] What the exchange is to know of this station.
  exchange::House house();

  /// [any] The names of the counters in the status of a channel's plugin, as it was at the start.
  Json counter_names(const std::string &channel) const;

  Rooms &rooms() { return rooms_; }
  /// [any] Who cosigns whose ledger.
  Witnessing &witnessing() { return *witnessing_; }
  const Clock &clock() const { return clock_; }

 private:
  struct Request;
  Flow(Options options, Rooms rooms, const Clock &clock);
  Result<void, Faults> start_workers();
  channels::Heard take(const workers::Origin &origin, const std::vector<wire::Fact> &facts);
  void enter(const channels::Told &told);
  void plan_when_due();
  void do_what_is_asked();
  Result<Json, Faults> plan(int days, std::int64_t from_ns, Kept kept);
  void hand_out();
  void withdraw_what_fell_out(std::int64_t now_ns);
  void show();
  void log(const std::string &channel, int level, const std::string &line) const;

  Options options_;
  Rooms rooms_;
  const Clock &clock_;
  FlowStore store_;
  Clerk clerk_;
  channels::Desk desk_;
  workers::Supervisor supervisor_;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<Witnessing> witnessing_;
  std::unique_ptr<Renderer> renderer_;

  std::map<std::string, Json> counter_names_;      ///< per channel; never changed after open
  std::map<std::string, std::int64_t> handed_ns_;  ///< per channel: items up to then were handed
  std::int64_t revision_ = -1;                     ///< of the playlists that were handed
  std::int64_t next_hand_ns_ = 0, next_show_ns_ = 0, next_plan_ns_ = 0;

  mutable std::mutex mutex_;  ///< guards the three below
  std::condition_variable answered_;
  std::shared_ptr<const Json> live_;
  std::vector<std::shared_ptr<Request>> requests_;
  bool is_stopping_ = false;
};

}  // namespace civicast::flow
