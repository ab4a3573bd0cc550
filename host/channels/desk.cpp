// SPDX-License-Identifier: Apache-2.0
#include "host/channels/desk.hpp"

#include <stdexcept>

#include "host/channels/book_of_items.hpp"
#include "host/channels/faults.hpp"
#include "host/channels/lane.hpp"

namespace civicast::channels {

struct Desk::Inside {
  const Clock &clock;
  ChannelStore store;
  DeskHooks hooks;
  MediaOf media_of;
  BookOfItems items;
  workers::Supervisor *supervisor = nullptr;
  std::map<std::string, Lane> lanes;

  Inside(store::Store &database, const Clock &house_clock, MediaOf media, DeskHooks all_hooks)
      : clock(house_clock),
        store(database),
        hooks(std::move(all_hooks)),
        media_of(std::move(media)),
        items(store, clock, hooks) {}

  Lane *lane(const std::string &channel) {
    const auto found = lanes.find(channel);
    return found == lanes.end() ? nullptr : &found->second;
  }
};

Desk::Desk(store::Store &store, const Clock &clock, std::vector<Channel> channels, MediaOf media_of,
           DeskHooks hooks)
    : inside_(new Inside(store, clock, std::move(media_of), std::move(hooks))) {
  for (Channel &channel : channels) {
    const std::string id = channel.id;
    inside_->lanes.emplace(std::piecewise_construct, std::forward_as_tuple(id),
                           std::forward_as_tuple(std::move(channel), inside_->clock, inside_->items,
                                                 inside_->media_of, inside_->hooks));
  }
}

Desk::~Desk() = default;

void Desk::work(workers::Supervisor &supervisor) {
  inside_->supervisor = &supervisor;
  for (auto &[id, lane] : inside_->lanes) lane.work(supervisor);
}

void Desk::hand(const std::string &channel, const std::vector<playlists::Item> &items) {
  if (!inside_->lane(channel)) throw std::logic_error("desk: no channel " + channel);
  inside_->items.add(channel, items);
}

Result<void> Desk::withdraw(const std::string &id) {
  Card *card = inside_->items.find(id);
  if (!card) return Fault(faults::item_unknown, {{"id", id}});
  if (is_final(card->at.state))
    return Fault(faults::item_over, {{"id", id}, {"state", std::string(word(card->at.state))}});
  Lane *lane = inside_->lane(card->at.channel);
  return lane->withdraw(*card);
}

Result<void> Desk::can_ask(const std::string &channel, const std::string &id) const {
  const Lane *lane = inside_->lane(channel);
  if (!lane)
    return Fault(faults::cannot_ask, {{"channel", channel}, {"plugin", by_files}, {"id", id}});
  return lane->can_ask(id);
}

Result<void> Desk::ask(const std::string &channel, const std::string &id) {
  if (auto able = can_ask(channel, id); !able) return able;
  inside_->lane(channel)->inquire(id);
  return {};
}

void Desk::settle(const std::string &id, const std::string &sentence) {
  Card *card = inside_->items.find(id);
  if (!card || card->at.state != State::held || card->ending) return;
  inside_->items.end(
      *card, State::missed,
      {wire::FactKind::missed, wire::Status::unknown, "placement.settled", sentence});
  inside_->items.flush();
}

void Desk::tick() {
  for (auto &[id, lane] : inside_->lanes) lane.tick();
  inside_->items.flush();
}

std::optional<State> Desk::state(const std::string &id) const {
  const std::optional<Standing> found = standing(id);
  return found ? std::optional(found->state) : std::nullopt;
}

std::optional<Standing> Desk::standing(const std::string &id) const {
  if (const Card *card = inside_->items.find(id)) return card->at;
  return inside_->store.find(id);
}

void Desk::on_ready(const std::string &channel, std::uint64_t epoch) {
  if (Lane *lane = inside_->lane(channel)) lane->on_ready(epoch);
}

bool Desk::on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
  // Durable first: a state without its fact would be a guess after a crash.
  const Heard heard = inside_->hooks.on_facts(origin, facts);
  if (heard.is_durable) inside_->items.apply(origin.channel, facts, heard.stands);
  return heard.is_durable;
}

void Desk::on_gone(const workers::Gone &gone) {
  if (Lane *lane = inside_->lane(gone.channel)) lane->on_gone(gone);
}

void Desk::on_log(const std::string &channel, int level, const std::string &line) {
  if (inside_->hooks.on_log) inside_->hooks.on_log(channel, level, line);
}

}  // namespace civicast::channels
