// SPDX-License-Identifier: Apache-2.0
#include "host/channels/lane.hpp"

#include <algorithm>

#include "host/channels/faults.hpp"
#include "host/channels/placement_text.hpp"
#include "host/workers/printable.hpp"

namespace civicast::channels {
namespace {

using wire::Status;
using wire::Verdict;

/// A new version opens within this, on a slow machine.
constexpr std::int64_t quiet_before_ns = 3 * ns_per_s;
constexpr std::int64_t pause_ns = 30 * ns_per_s;
constexpr std::int64_t bulletin_retry_ns = 2 * ns_per_s;
/// Missing media may still be made until so long before the start.
constexpr std::int64_t media_margin_ns = 5 * ns_per_s;
constexpr std::int64_t media_retry_ns = 2 * ns_per_s;
/// A worker that cannot be asked for so long after an item's time is asked no more.
constexpr std::int64_t wait_for_worker_ns = 3600 * ns_per_s;

/// The supervisor's own answer: the worker ended before it gave one.
bool is_of_its_end(const wire::Answer &answer) {
  return !answer.notes.empty() && answer.notes.front().code == "worker.ended";
}

bool is_bulletin(const Card &card) {
  return card.at.item.kind == playlists::ItemKind::bulletin;
}

Words reason_of(const wire::Answer &answer) {
  const std::string reason = why(answer);
  if (reason.empty()) return {"被查询时，插件没有说明原因。", "Asked, the plugin gave no reason."};
  return {reason, reason};
}

}  // namespace

Lane::Lane(Channel channel, const Clock &clock, BookOfItems &items, const MediaOf &media_of,
           const DeskHooks &hooks)
    : channel_(std::move(channel)),
      clock_(clock),
      items_(items),
      media_of_(media_of),
      hooks_(hooks) {}

const workers::Manifest &Lane::manifest() const {
  return supervisor_->manifest(channel_.id);
}

Fault Lane::about(const FaultKind &kind, const Card &card, wire::CallKind call,
                  const Words &reason) const {
  return Fault(kind, {{"channel", channel_.id},
                      {"plugin", manifest().id},
                      {"version", manifest().version},
                      {"call", std::string(word(call))},
                      {"id", card.at.item.id},
                      {"deaths", std::to_string(card.at.deaths)},
                      {"reason", workers::printable(reason.en)},
                      {"reason_zh", workers::printable(reason.zh)}});
}

void Lane::tell(int level, const FaultKind &kind, const Card &card, wire::CallKind call,
                const std::string &reason, const std::string &detail) const {
  if (!hooks_.on_log) return;
  hooks_.on_log(
      channel_.id, level,
      about(kind, card, call, {reason, reason}).with_detail(workers::printable(detail)).text());
}

void Lane::tell_broken(Card &card, wire::CallKind call, const wire::Answer &answer) const {
  const std::string reason = why(answer);
  if (reason == card.told) return;  // the same again is no news
  card.told = reason;
  std::string detail;
  for (const wire::Note &note : answer.notes) detail += (detail.empty() ? "" : " ") + note.detail;
  tell(3, faults::call_broken, card, call, reason, detail);
}

void Lane::tick() {
  const std::int64_t now_ns = clock_.now_ns();
  for (Card *card : items_.live(channel_.id))
    if (!card->ending) close_overdue(*card, now_ns);
  renew_when_quiet(now_ns);
  serve();
}

/// A new version of the plugin waits: it is taken up at once by a channel that can hand over, and
/// else when nothing is on air or about to be.
void Lane::renew_when_quiet(std::int64_t now_ns) {
  if (is_busy_ || !supervisor_->is_renewable(channel_.id)) return;
  const auto is_at_stake = [&](const Card *card) {
    return is_out(card->at.state) && card->at.item.start_ns - quiet_before_ns <= now_ns;
  };
  const std::vector<Card *> live = items_.live(channel_.id);
  if (manifest().can_hand_over || std::none_of(live.begin(), live.end(), is_at_stake))
    supervisor_->renew(channel_.id);
}

void Lane::close_overdue(Card &card, std::int64_t now_ns) {
  const workers::Limits &limits = manifest().limits;
  if (!is_out(card.at.state)) {
    if (can_still_air(card.at.item, limits, now_ns)) return;
    const std::string reason = card.at.why.empty() ? "It was never handed over." : card.at.why;
    return items_.end(card, State::missed,
                      {wire::FactKind::missed, Status::did_not_air, "placement.too_late", reason});
  }
  if (!is_overdue(card.at.item, limits, now_ns)) return;
  if (!manifest().can_recall || now_ns > card.at.item.end_ns + wait_for_worker_ns)
    return items_.end(
        card, State::missed,
        {wire::FactKind::missed, Status::unknown, "placement.no_word", no_word(card)});
  if (!card.is_overdue_asked) card.is_to_recall = card.is_overdue_asked = true;
}

// ---- what is asked of the worker

void Lane::serve() {
  if (is_busy_ || !supervisor_->is_ready(channel_.id)) return;
  const std::int64_t now_ns = clock_.now_ns();
  const std::vector<Card *> live = items_.live(channel_.id);
  // An emergency message goes before everything else that waits; then what may be out already, then
  // what is to be taken back, then what is next on air.
  for (Card *card : live)
    if (is_bulletin(*card) && serve_bulletin(*card, now_ns)) return;
  for (Card *card : live)
    if (card->is_to_recall && card->at.next_try_ns <= now_ns) return recall(*card);
  for (Card *card : live)
    if (card->is_to_withdraw && is_out(card->at.state) && !is_bulletin(*card))
      return take_back(*card);
  if (!inquiries_.empty()) return ask_about(*inquiries_.begin());
  if (now_ns < paused_until_ns_) return;
  for (Card *card : live)
    if (serve_card(*card, now_ns)) return;
}

/// Taken back or handed over. Not even a channel whose settings are wrong lets it wait: they may
/// have been mended.
bool Lane::serve_bulletin(Card &card, std::int64_t now_ns) {
  if (card.is_to_withdraw && is_out(card.at.state) && card.at.next_try_ns <= now_ns) {
    take_back(card);
    return true;
  }
  return serve_card(card, now_ns);
}

bool Lane::serve_card(Card &card, std::int64_t now_ns) {
  if (card.ending || is_out(card.at.state) || card.at.next_try_ns > now_ns ||
      !can_still_air(card.at.item, manifest().limits, now_ns))
    return false;
  return send(card, now_ns);
}

bool Lane::send(Card &card, std::int64_t now_ns) {
  Result<std::vector<wire::Media>> media = media_of_(card.at.item, channel_);
  if (!media) {
    const std::string sentence = media.fault().sentence(Lang::en);
    if (now_ns < card.at.item.start_ns - media_margin_ns) {
      card.at.next_try_ns = now_ns + media_retry_ns;
      if (card.at.state != State::later) items_.save(card, State::later, sentence);
    } else {
      items_.end(card, State::missed,
                 {wire::FactKind::missed, Status::missing_content,
                  std::string(media.fault().kind().name), sentence});
    }
    return false;
  }
  ++card.at.attempt;
  card.at.epoch = epoch_;
  card.at.next_try_ns = 0;
  card.at.handed_ns = now_ns;
  card.at.house_sha256 = media->empty() ? std::string() : media->front().sha256;
  // On disk before the frame goes out: after a crash we know that it may be out.
  items_.save(card, State::sent, {});
  const Words text = hooks_.text_of ? hooks_.text_of(card.at.item) : Words{};
  ask(card, wire::CallKind::publish, placement_of(card.at, channel_, text, std::move(*media)),
      &Lane::on_published);
  return true;
}

void Lane::recall(Card &card) {
  card.is_to_recall = false;
  if (!manifest().can_recall)
    return cannot_tell(card, {"该频道不支持查询。", "This channel cannot be asked."});
  wire::Placement placement;
  placement.id = card.at.item.id;
  ask(card, wire::CallKind::recall, std::move(placement), &Lane::on_recalled);
}

/// Held or ended: either way it is only asked about. What moves it are facts, and, of a held one,
/// the answer as any other recall's.
void Lane::ask_about(const std::string &id) {
  wire::Placement placement;
  placement.id = id;
  is_busy_ = true;
  supervisor_->call(channel_.id, wire::CallKind::recall, std::move(placement),
                    [this, id = std::string(id)](const wire::Answer &answer) {
                      is_busy_ = false;
                      // A worker that never got it is asked again; one that ended over it is not.
                      if (is_of_its_end(answer) && answer.verdict == Verdict::later) return;
                      inquiries_.erase(id);
                      tell_of(id, answer);
                      Card *card = items_.find(id);
                      if (card && card->at.state == State::held && !card->ending)
                        on_recalled(*card, answer);
                      serve();
                    });
}

void Lane::tell_of(const std::string &id, const wire::Answer &answer) {
  if (!hooks_.on_told) return;
  hooks_.on_told({channel_.id, id, manifest().id, manifest().version, answer.verdict,
                  workers::printable(why(answer))});
}

void Lane::take_back(Card &card) {
  card.is_to_withdraw = false;
  wire::Placement placement;
  placement.id = card.at.item.id;
  ask(card, wire::CallKind::withdraw, std::move(placement), &Lane::on_taken_back);
}

void Lane::ask(Card &card, wire::CallKind kind, wire::Placement placement,
               void (Lane::*then)(Card &, const wire::Answer &)) {
  is_busy_ = true;
  supervisor_->call(channel_.id, kind, std::move(placement),
                    [this, id = card.at.item.id, then](const wire::Answer &answer) {
                      is_busy_ = false;
                      // A fact may have ended it before the answer came: then the fact stands.
                      Card *asked = items_.find(id);
                      if (asked && !is_final(asked->at.state)) (this->*then)(*asked, answer);
                      serve();
                    });
}

// ---- what it answers

void Lane::on_published(Card &card, const wire::Answer &answer) {
  const std::int64_t now_ns = clock_.now_ns();
  const std::string reason = why(answer);
  switch (answer.verdict) {
    case Verdict::done:
      if (card.at.state == State::sent) items_.save(card, State::accepted, {});
      return;
    case Verdict::refused:
      tell(3, faults::placement_refused, card, wire::CallKind::publish, reason);
      return items_.end(
          card, State::refused,
          {wire::FactKind::missed, Status::did_not_air,
           answer.notes.empty() ? "placement.refused" : answer.notes.front().code, reason});
    case Verdict::unready:
      tell(3, faults::channel_unready, card, wire::CallKind::publish, reason);
      paused_until_ns_ = now_ns + pause_ns;
      card.at.next_try_ns = now_ns + (is_bulletin(card) ? bulletin_retry_ns : pause_ns);
      return items_.save(card, State::unready, reason);
    case Verdict::later:
      card.at.next_try_ns = retry_at_ns(answer, card.at.attempt, now_ns);
      if (is_bulletin(card))
        card.at.next_try_ns = std::min(card.at.next_try_ns, now_ns + bulletin_retry_ns);
      return items_.save(card, State::later, reason);
    case Verdict::broken:
      tell_broken(card, wire::CallKind::publish, answer);
      break;
    case Verdict::unknown:
      break;
  }
  // It may be out. Never sent again blindly: the worker, or the next one, is asked.
  card.is_to_recall = true;
  items_.save(card, State::unknown, reason);
}

void Lane::on_recalled(Card &card, const wire::Answer &answer) {
  const std::int64_t now_ns = clock_.now_ns();
  // The worker ended while it was asked: nobody has answered yet.
  if (is_of_its_end(answer)) {
    card.is_to_recall = true;
    return;
  }
  if (answer.verdict == Verdict::broken) tell_broken(card, wire::CallKind::recall, answer);
  switch (after_recall(card.at, answer.verdict, manifest().limits, now_ns)) {
    case AfterRecall::keep:
      if (card.at.state != State::started) items_.save(card, State::accepted, {});
      return;
    case AfterRecall::send_again:
      card.at.next_try_ns =
          card.at.attempt < sends_at_once ? 0 : retry_at_ns({}, card.at.attempt, now_ns);
      return items_.save(card, State::planned, "The channel had never heard of it.");
    case AfterRecall::hold:
      return cannot_tell(card, reason_of(answer));
    case AfterRecall::ask_again:
      card.is_to_recall = true;
      card.at.next_try_ns = retry_at_ns(answer, card.at.attempt, now_ns);
      return;
    case AfterRecall::give_up:
      return give_up(card, answer);
  }
}

void Lane::cannot_tell(Card &card, const Words &reason) {
  const std::int64_t now_ns = clock_.now_ns();
  const bool may_repeat = manifest().publish == workers::Publish::idempotent &&
                          card.at.deaths <= deaths_allowed && card.at.attempt < sends_allowed;
  // The far side knows our id: a second sending is the first one.
  if (may_repeat && can_still_air(card.at.item, manifest().limits, now_ns)) {
    card.at.next_try_ns = now_ns;
    return items_.save(card, State::planned, reason.en);
  }
  if (card.at.state != State::held) hold(card, reason);
}

/// What the person reads says what was asked, and, in its detail, how it came to that.
void Lane::hold(Card &card, const Words &reason) {
  const std::string sentence = about(faults::placement_held, card, wire::CallKind::publish, reason)
                                   .with_detail(workers::printable(card.at.why))
                                   .text();
  if (hooks_.on_log) hooks_.on_log(channel_.id, 3, sentence);
  items_.save(card, State::held, sentence);
}

std::string Lane::no_word(const Card &card) const {
  if (card.at.state == State::held) return card.at.why;
  return Fault(faults::never_said, {{"channel", channel_.id}, {"id", card.at.item.id}}).text();
}

void Lane::give_up(Card &card, const wire::Answer &answer) {
  HostWord word;
  if (card.at.deaths > deaths_allowed) {
    word.code = "placement.poison";
    word.status = Status::technical_difficulty;
    word.message = "Two workers ended with it in hand.";
    tell(3, faults::placement_set_aside, card, card.died_in);
  } else if (answer.verdict == Verdict::refused) {
    word.code = "placement.never_heard";
    word.message = can_still_air(card.at.item, manifest().limits, clock_.now_ns())
                       ? "The channel never heard of it, however often it was sent."
                       : "The channel never heard of it, and its time has passed.";
  } else {
    word.code = "placement.no_word";
    word.message =
        card.at.state == State::held
            ? no_word(card)
            : about(faults::asked_in_vain, card, wire::CallKind::recall, reason_of(answer)).text();
  }
  if (answer.verdict != Verdict::refused) word.status = Status::unknown;
  items_.end(card, State::missed, word);
}

void Lane::on_taken_back(Card &card, const wire::Answer &answer) {
  // DONE: the fact came before the answer, and ended it. Everything else leaves it where it is.
  if (answer.verdict == Verdict::done) return;
  if (answer.verdict == Verdict::later || is_of_its_end(answer)) {
    card.is_to_withdraw = true;
    // It goes before everything else, so it must not be asked on and on.
    if (is_bulletin(card)) card.at.next_try_ns = clock_.now_ns() + bulletin_retry_ns;
  }
  // Its worker's end has a sentence of its own.
  if (is_of_its_end(answer)) return;
  tell(2, faults::not_taken_back, card, wire::CallKind::withdraw, why(answer));
  // Whoever recalled an emergency message reads there that it goes on.
  if (is_bulletin(card)) items_.save(card, card.at.state, why(answer));
}

Result<void> Lane::can_ask(const std::string &id) const {
  if (manifest().can_recall) return {};
  return Fault(faults::cannot_ask,
               {{"channel", channel_.id}, {"plugin", manifest().id}, {"id", id}});
}

void Lane::inquire(const std::string &id) {
  inquiries_.insert(id);
  serve();
}

Result<void> Lane::withdraw(Card &card) {
  if (!is_out(card.at.state)) {
    items_.end(card, State::withdrawn,
               {wire::FactKind::withdrawn, Status::did_not_air, "placement.withdrawn",
                "Taken back before it was handed over."});
  } else if (manifest().withdraw == workers::Withdraw::never) {
    return Fault(faults::withdraw_unsupported, {{"channel", channel_.id}, {"id", card.at.item.id}});
  } else {
    card.is_to_withdraw = true;
  }
  return {};
}

// ---- lives and deaths of the worker

void Lane::on_ready(std::uint64_t epoch) {
  epoch_ = epoch;
  paused_until_ns_ = 0;
  for (Card *card : items_.live(channel_.id)) {
    if (is_out(card->at.state) && !card->ending) card->is_to_recall = true;
    if (card->at.deaths <= deaths_allowed) card->at.next_try_ns = 0;
  }
  serve();
}

void Lane::on_gone(const workers::Gone &gone) {
  is_busy_ = false;
  Card *card = gone.placement.empty() ? nullptr : items_.find(gone.placement);
  if (!card || is_final(card->at.state) || card->ending || gone.is_wanted) return;
  ++card->at.deaths;
  card->died_in = gone.call;
  // What a person was told of a held one says more than that asking again has failed.
  const bool is_held = card->at.state == State::held;
  items_.save(*card, card->at.state, is_held ? card->at.why : gone.reason.sentence(Lang::en));
  if (card->at.deaths <= deaths_allowed) return;
  if (gone.call == wire::CallKind::withdraw) {
    card->is_to_withdraw = false;
    tell(3, faults::not_taken_back, *card, gone.call, gone.reason.sentence(Lang::en));
  }
  if (gone.call != wire::CallKind::recall) return;
  // Asking is what the worker died of. It may have been chance: asked again later, never sent.
  card->at.next_try_ns = clock_.now_ns() + (pause_ns << (card->at.deaths - deaths_allowed - 1));
  if (card->at.deaths <= deaths_of_asking_allowed) return;
  tell(3, faults::placement_set_aside, *card, gone.call);
  items_.end(*card, State::missed,
             {wire::FactKind::missed, Status::unknown, "placement.poison",
              "Too many workers ended while they were asked what became of it."});
}

}  // namespace civicast::channels
