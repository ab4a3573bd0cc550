// SPDX-License-Identifier: Apache-2.0
// What the desk does for one channel: one call at a time, what matters most first.
#pragma once

#include <set>
#include <string>

#include "host/channels/book_of_items.hpp"
#include "host/channels/channel.hpp"
#include "host/workers/supervisor.hpp"

namespace civicast::channels {

class Lane {
 public:
  Lane(Channel channel, const Clock &clock, BookOfItems &items, const MediaOf &media_of,
       const DeskHooks &hooks);
  void work(workers::Supervisor &supervisor) { supervisor_ = &supervisor; }

  void tick();
  Result<void> withdraw(Card &card);
  Result<void> can_ask(const std::string &id) const;
  /// Asks as soon as the worker is there what became of an item that is held or has ended.
  void inquire(const std::string &id);
  void on_ready(std::uint64_t epoch);
  void on_gone(const workers::Gone &gone);

 private:
  void renew_when_quiet(std::int64_t now_ns);
  void close_overdue(Card &card, std::int64_t now_ns);
  void serve();
  bool serve_bulletin(Card &card, std::int64_t now_ns);
  bool serve_card(Card &card, std::int64_t now_ns);
  bool send(Card &card, std::int64_t now_ns);
  void recall(Card &card);
  void ask_about(const std::string &id);
  void tell_of(const std::string &id, const wire::Answer &answer);
  void take_back(Card &card);
  void ask(Card &card, wire::CallKind kind, wire::Placement placement,
           void (Lane::*then)(Card &, const wire::Answer &));

  void on_published(Card &card, const wire::Answer &answer);
  void on_recalled(Card &card, const wire::Answer &answer);
  void on_taken_back(Card &card, const wire::Answer &answer);
  void cannot_tell(Card &card, const Words &why);
  void hold(Card &card, const Words &why);
  std::string no_word(const Card &card) const;
  void give_up(Card &card, const wire::Answer &answer);
  Fault about(const FaultKind &kind, const Card &card, wire::CallKind call,
              const Words &reason) const;
  /// A sentence for the log, which knows channel, plugin, version, call and placement.
  void tell(int level, const FaultKind &kind, const Card &card, wire::CallKind call,
            const std::string &reason = {}, const std::string &detail = {}) const;
  void tell_broken(Card &card, wire::CallKind call, const wire::Answer &answer) const;

  const workers::Manifest &manifest() const;

  Channel channel_;
  const Clock &clock_;
  BookOfItems &items_;
  const MediaOf &media_of_;
  const DeskHooks &hooks_;
  workers::Supervisor *supervisor_ = nullptr;
  std::uint64_t epoch_ = 0;
  bool is_busy_ = false;
  std::set<std::string> inquiries_;   ///< what a person has asked about and nobody has answered
  std::int64_t paused_until_ns_ = 0;  ///< the settings are wrong: nothing is sent until then
};

}  // namespace civicast::channels
