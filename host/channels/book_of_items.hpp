// SPDX-License-Identifier: Apache-2.0
// Every item that has not ended, or ended lately: in memory, and on disk as it changes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "host/channels/channel_store.hpp"
#include "host/channels/desk.hpp"
#include "host/channels/rules.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::channels {

struct Card {
  Standing at;
  bool is_to_recall = false;
  bool is_to_withdraw = false;
  bool is_overdue_asked = false;
  std::string told;                                  ///< of it to the operator last
  wire::CallKind died_in = wire::CallKind::publish;  ///< what its last worker had in hand
  /// How the host itself will end it at the next flush.
  struct Ending {
    State state;
    wire::Fact fact;
  };
  std::optional<Ending> ending;
};

class BookOfItems {
 public:
  BookOfItems(ChannelStore &store, const Clock &clock, const DeskHooks &hooks);

  void add(const std::string &channel, const std::vector<playlists::Item> &items);
  Card *find(const std::string &id);
  /// Those of the channel that have not ended, by start. Valid until the next apply or flush.
  std::vector<Card *> live(const std::string &channel);

  /// Writes the card's standing down; on disk when it returns.
  void save(Card &card, State state, std::string why);
  /// Ends it by the host's own word at the next flush; its state stands until then.
  void end(Card &card, State state, const HostWord &word);
  /// What a worker said, durable already. `stands` as in Heard.
  void apply(const std::string &channel, const std::vector<wire::Fact> &facts,
             const std::vector<bool> &stands);
  /// Tells the endings as facts, many at once, and forgets what ended long ago.
  void flush();

 private:
  using Key = std::pair<std::int64_t, std::string>;
  Card &keep(Standing standing);
  void leave_live(const Card &card);
  void apply_late(const std::string &channel, const wire::Fact &fact,
                  std::map<std::string, Standing> &late) const;
  bool flush_channel(const std::string &channel, const std::vector<Card *> &ending);

  ChannelStore &store_;
  const Clock &clock_;
  const DeskHooks &hooks_;
  std::map<std::string, Card> cards_;
  std::map<std::string, std::set<Key>> live_;  ///< channel → (start, id)
  std::set<Key> ended_;                        ///< (end, id)
};

}  // namespace civicast::channels
