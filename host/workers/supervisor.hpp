// SPDX-License-Identifier: Apache-2.0
// Keeps one worker process per channel alive, passes calls to it and facts from it, and kills it
// when it is late. Knows frames and deadlines, not placements.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/workers/manifest.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::workers {

struct WorkerSpec {
  std::string channel;
  std::filesystem::path plugin_dir;  ///< holds plugin.json and the binary
  std::filesystem::path state_dir;   ///< the channel's own; made if absent
  Json settings = Json::object();    ///< as channels.xml has them, or typed
  std::string house_format = {};     ///< the id of the channel's; empty: it has none
  std::filesystem::path runner;      ///< civicast-runner
  std::filesystem::path lock = {};   ///< plugins.lock; empty: whatever lies there is started
  std::string locale = "zh-CN";
  std::int64_t clock_offset_ns = 0;  ///< house clock minus system clock; 0 but in simulations
};

/// Who says a fact.
struct Origin {
  std::string channel;
  std::uint64_t epoch = 0;  ///< of the start of the worker that sent it
  std::uint64_t seq = 0;    ///< of its batch in the worker's outbox
  std::string plugin, plugin_version;
  wire::Evidence best = wire::Evidence::measured;  ///< what its plugin.json claims at best
};

/// How a worker ended.
struct Gone {
  std::string channel;
  std::uint64_t epoch = 0;
  bool was_ready = false;
  bool is_wanted = false;                        ///< stop() or renew() asked for it
  Fault reason;                                  ///< its detail holds the last words
  wire::CallKind call = wire::CallKind::status;  ///< in hand when it died, if `placement` is set
  std::string placement;                         ///< in hand when it died; empty: none
};

/// Called inside Supervisor::poll and ::stop, on their thread. May call Supervisor::call.
class Listener {
 public:
  virtual ~Listener() = default;
  /// The plugin is open. Everything left in its outbox was given to on_facts before.
  virtual void on_ready(const std::string &channel, std::uint64_t epoch) = 0;
  /// True: durable, and acked to the worker at once. False: it stays in the worker's outbox and
  /// comes again, as does everything after it.
  virtual bool on_facts(const Origin &origin, const std::vector<wire::Fact> &facts) = 0;
  /// Answers to calls in hand or waiting have been given before.
  virtual void on_gone(const Gone &gone) = 0;
  /// A line from the plugin (host->log, its stdout or stderr) or about it. Levels: civ_level.
  virtual void on_log(const std::string &channel, int level, const std::string &line) = 0;
};

/// Numbers that only tests change.
struct Pace {
  std::int64_t heartbeat_lost_ms = 5'000;
  std::int64_t hello_ms = 10'000;
  std::int64_t status_every_ms = 1'000;
  std::int64_t healthy_ms = 10'000;    ///< after so long a life the next start is at once
  std::int64_t quick_starts = 10;      ///< after a shorter one, too, while it can pay: see Backoff
  std::int64_t forgiven_ms = 600'000;  ///< after so long a life earlier deaths are forgotten
  std::int64_t first_wait_ms = 1'000;  ///< doubled at each further death …
  std::int64_t longest_wait_ms = 60'000;  ///< … up to this; never given up
  std::int64_t bye_ms = 2'000, term_ms = 1'000;
  std::int64_t resend_ms = 1'000;  ///< after on_facts said false
};

/// [flow] All of it on one thread, and one that lives as long as the workers shall: the kernel
/// kills a worker when the thread that started it ends.
class Supervisor {
 public:
  using Done = std::function<void(const wire::Answer &)>;

  explicit Supervisor(Listener &listener, Pace pace = {});
  /// Kills what stop() did not stop.
  ~Supervisor();
  Supervisor(const Supervisor &) = delete;
  Supervisor &operator=(const Supervisor &) = delete;

  /// Reads the manifest, checks the settings against it, and starts the worker at the next poll.
  Result<void, Faults> add(WorkerSpec spec);

  bool is_ready(const std::string &channel) const;
  /// Of a channel that was added.
  const Manifest &manifest(const std::string &channel) const;

  /// The lock trusts another version than the one that runs, and that version was tried.
  bool is_renewable(const std::string &channel) const;
  /// Puts it in the place of the running one: handover if the plugin can, bye, start. Calls wait
  /// meanwhile. A plugin that answers that the moment is not good is renewable again a second
  /// later.
  void renew(const std::string &channel);

  /// Asks the worker; calls wait their turn, one is in hand at a time. `done` is called exactly
  /// once, inside poll or stop: with the plugin's answer; with UNKNOWN when the worker ended or was
  /// killed for its deadline while it had the call; with LATER when it never got it.
  void call(const std::string &channel, wire::CallKind kind, wire::Placement placement, Done done);

  /// Waits up to `timeout_ms` for something to happen and handles it; false: nothing did.
  bool step(int timeout_ms);
  /// Handles everything that happens during the next `timeout_ms`.
  void poll(int timeout_ms);

  /// Ends all workers: bye, after 2 s SIGTERM, after 1 s more SIGKILL to their process groups.
  /// Returns when all are reaped, at most some 5 s later. Nothing is restarted afterwards.
  void stop();

  /// Of each channel: {"<channel>": {"state":
  /// "starting"|"opening"|"ready"|"ending"|"waiting"|"stopped", "pid", "epoch", "plugin",
  /// "version", "restarts", "deaths_in_a_row", "last_fault": {…}|null, "busy_ms",
  /// "new_version": of one that waits to be taken up, or null; "status": the plugin's newest, or
  /// null}}.
  Json snapshot() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace civicast::workers
