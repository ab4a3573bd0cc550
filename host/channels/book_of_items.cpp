// SPDX-License-Identifier: Apache-2.0
#include "host/channels/book_of_items.hpp"

#include <stdexcept>

#include "host/channels/life.hpp"

namespace civicast::channels {
namespace {

/// Ended items are kept in memory so long, so that handing them again costs nothing.
constexpr std::int64_t memory_ns = 2 * 3600 * ns_per_s;
constexpr std::size_t facts_at_once = 500;

/// A step that the table does not have is a mistake of ours, not of a plugin.
void must_be_step(const Standing &at, State to) {
  if (is_step(at.state, to)) return;
  throw std::logic_error("the item " + at.item.id + " cannot go from " +
                         std::string(word(at.state)) + " to " + std::string(word(to)));
}

}  // namespace

BookOfItems::BookOfItems(ChannelStore &store, const Clock &clock, const DeskHooks &hooks)
    : store_(store), clock_(clock), hooks_(hooks) {
  for (Standing &standing : store_.open_or_after(clock_.now_ns() - memory_ns))
    keep(std::move(standing));
}

Card &BookOfItems::keep(Standing standing) {
  const std::string id = standing.item.id;
  if (is_final(standing.state))
    ended_.emplace(standing.item.end_ns, id);
  else
    live_[standing.channel].emplace(standing.item.start_ns, id);
  Card &card = cards_[id];
  card.at = std::move(standing);
  return card;
}

void BookOfItems::add(const std::string &channel, const std::vector<playlists::Item> &items) {
  const std::int64_t now_ns = clock_.now_ns();
  std::vector<Standing> fresh;
  for (const playlists::Item &item : items) {
    if (cards_.count(item.id)) continue;
    // What is in memory is all that ended lately; what is older may be on disk only.
    if (item.end_ns < now_ns - memory_ns / 2 && store_.find(item.id)) continue;
    Standing standing;
    standing.channel = channel;
    standing.item = item;
    standing.changed_ns = now_ns;
    fresh.push_back(standing);
    keep(std::move(standing));
  }
  store_.put(fresh);
}

Card *BookOfItems::find(const std::string &id) {
  const auto found = cards_.find(id);
  return found == cards_.end() ? nullptr : &found->second;
}

std::vector<Card *> BookOfItems::live(const std::string &channel) {
  std::vector<Card *> out;
  for (const Key &key : live_[channel]) out.push_back(&cards_.at(key.second));
  return out;
}

void BookOfItems::leave_live(const Card &card) {
  live_[card.at.channel].erase({card.at.item.start_ns, card.at.item.id});
  ended_.emplace(card.at.item.end_ns, card.at.item.id);
}

void BookOfItems::save(Card &card, State state, std::string why) {
  must_be_step(card.at, state);
  card.at.state = state;
  card.at.why = std::move(why);
  card.at.changed_ns = clock_.now_ns();
  store_.put({card.at});
}

void BookOfItems::end(Card &card, State state, const HostWord &word) {
  must_be_step(card.at, state);
  card.at.why = word.message;
  card.is_to_recall = card.is_to_withdraw = false;
  card.ending = Card::Ending{state, host_fact(card.at, word)};
}

void BookOfItems::apply(const std::string &channel, const std::vector<wire::Fact> &facts,
                        const std::vector<bool> &stands) {
  std::vector<Standing> changed;
  std::map<std::string, Standing> late;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (i < stands.size() && !stands[i]) continue;
    const wire::Fact &fact = facts[i];
    Card *card = find(fact.placement);
    if (!card) apply_late(channel, fact, late);
    // Of another channel's placement, or of none: it moves nothing.
    if (!card || card->at.channel != channel) continue;
    const State after = after_fact(card->at.state, fact.fact);
    if (after == card->at.state) continue;
    const bool was_final = is_final(card->at.state);
    card->at.state = after;
    if (is_final(after)) {
      card->at.status = fact.status;
      card->at.why = reason_in(fact.proof);
    }
    card->at.changed_ns = clock_.now_ns();
    if (is_final(after)) {
      card->ending.reset();
      card->is_to_recall = card->is_to_withdraw = false;
      if (!was_final) leave_live(*card);
    }
    changed.push_back(card->at);
  }
  for (auto &[id, standing] : late) changed.push_back(std::move(standing));
  store_.put(changed);
}

/// Of an item that ended so long ago that it stands on disk only.
void BookOfItems::apply_late(const std::string &channel, const wire::Fact &fact,
                             std::map<std::string, Standing> &late) const {
  const auto known = late.find(fact.placement);
  auto standing = known == late.end() ? store_.find(fact.placement) : known->second;
  if (!standing || standing->channel != channel) return;
  const State after = after_fact(standing->state, fact.fact);
  if (after == standing->state) return;
  standing->state = after;
  standing->status = fact.status;
  standing->why = reason_in(fact.proof);
  standing->changed_ns = clock_.now_ns();
  late[fact.placement] = std::move(*standing);
}

void BookOfItems::flush() {
  for (const auto &[channel, keys] : live_) {
    std::vector<Card *> ending;
    for (const Key &key : keys) {
      Card &card = cards_.at(key.second);
      if (card.ending && ending.size() < facts_at_once) ending.push_back(&card);
    }
    if (!ending.empty() && !flush_channel(channel, ending)) return;
  }
  const std::int64_t forget_ns = clock_.now_ns() - memory_ns;
  while (!ended_.empty() && ended_.begin()->first < forget_ns) {
    cards_.erase(ended_.begin()->second);
    ended_.erase(ended_.begin());
  }
}

bool BookOfItems::flush_channel(const std::string &channel, const std::vector<Card *> &ending) {
  std::vector<wire::Fact> facts;
  for (const Card *card : ending) facts.push_back(card->ending->fact);
  workers::Origin origin;
  origin.channel = channel;
  origin.plugin = "civicast.host";
  origin.plugin_version = "1";
  origin.best = wire::Evidence::inferred;
  // Not durable: nothing has changed, and the next flush says it again.
  if (!hooks_.on_facts(origin, facts).is_durable) return false;
  std::vector<Standing> changed;
  for (Card *card : ending) {
    card->at.state = card->ending->state;
    card->at.status = card->ending->fact.status;
    card->at.changed_ns = clock_.now_ns();
    card->ending.reset();
    leave_live(*card);
    changed.push_back(card->at);
  }
  store_.put(changed);
  return true;
}

}  // namespace civicast::channels
