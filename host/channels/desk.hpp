// SPDX-License-Identifier: Apache-2.0
// The desk: every item of a playlist, from the moment it is due to be handed to its channel until
// it has ended in exactly one way.
//
//     planned ─► sent ─► accepted ─► started ─► aired
//                 │          └────────┴──► missed | withdrawn
//                 ├─ refused   the placement can never go out here
//                 ├─ later, unready   tried again
//                 └─ unknown ─recall─► accepted … | never heard of: planned | cannot tell: held
//                                      held ─a person settles it, or its time passes─► missed
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/channels/channel.hpp"
#include "host/channels/channel_store.hpp"
#include "host/playlists/playlist.hpp"
#include "host/workers/supervisor.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::channels {

/// What became of facts.
struct Heard {
  Heard(bool durable) : is_durable(durable) {}  // NOLINT: a lambda may just say true or false
  bool is_durable;
  /// Of each fact whether it can be true; a lie is kept and moves no item. Empty: all can.
  std::vector<bool> stands;
};

/// What a channel said when a person had it asked.
struct Told {
  std::string channel, id, plugin, plugin_version;
  wire::Verdict verdict = wire::Verdict::unknown;
  std::string note;  ///< its notes as one sentence; may be empty
};

/// What the desk asks of the rest of the house. [flow]
struct DeskHooks {
  /// Facts, of a worker or (plugin "civicast.host", epoch 0) of the desk itself.
  std::function<Heard(const workers::Origin &, const std::vector<wire::Fact> &)> on_facts;
  /// A line for the log. Levels: civ_level. May be empty.
  std::function<void(const std::string &channel, int level, const std::string &line)> on_log;
  /// The words that go with an item's asset, for posts. May be empty: no words.
  std::function<Words(const playlists::Item &)> text_of;
  /// What came of `ask`. Its facts came before. May be empty.
  std::function<void(const Told &)> on_told;
};

/// The house files of an item in its channel's format, or why there are none.
using MediaOf =
    std::function<Result<std::vector<wire::Media>>(const playlists::Item &, const Channel &)>;

/// [flow] A Listener of the supervisor: make the Desk, make the Supervisor with it, then `work`.
class Desk final : public workers::Listener {
 public:
  Desk(store::Store &store, const Clock &clock, std::vector<Channel> channels, MediaOf media_of,
       DeskHooks hooks);
  ~Desk() override;

  /// Must be called once before anything below. `supervisor` outlives the desk's last call.
  void work(workers::Supervisor &supervisor);

  /// Items that are due: all of the channel's horizon, and those whose time has passed since they
  /// were last handed (they are closed as missed). Items already known are left alone.
  void hand(const std::string &channel, const std::vector<playlists::Item> &items);
  /// Takes an item back if it has not aired. Its end is told as a fact like any other.
  Result<void> withdraw(const std::string &id);
  /// Whether the channel of an item can be asked what became of it; a fault says why not.
  Result<void> can_ask(const std::string &channel, const std::string &id) const;
  /// Asks once more what became of an item that is held or has ended: `on_told` hears the answer,
  /// once the channel's worker is there to give it. Facts that come with it move the item as ever.
  Result<void> ask(const std::string &channel, const std::string &id);
  /// Ends a held item, which is not sent again: nobody knows what became of it. `sentence` says who
  /// has settled that. Nothing is done with what is not held.
  void settle(const std::string &id, const std::string &sentence);
  /// Sends what can be sent, retries what is due, closes what is overdue. Every 50 ms or so.
  void tick();

  std::optional<State> state(const std::string &id) const;
  /// The same and more, of what is open or ended during the last hours.
  std::optional<Standing> standing(const std::string &id) const;

  void on_ready(const std::string &channel, std::uint64_t epoch) override;
  bool on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) override;
  void on_gone(const workers::Gone &gone) override;
  void on_log(const std::string &channel, int level, const std::string &line) override;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace civicast::channels
