// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/kills.hpp"

#include <algorithm>

#include "host/channels/rules.hpp"
#include "host/workers/worker.hpp"
#include "sdk/base/clock.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/first_run.hpp"

namespace civicast::kit {
namespace {

using channels::AfterRecall;
using wire::CallKind;
using wire::FactKind;
using workers::steady_ms;

constexpr int most_kills = 60;
constexpr int fewest_kills = 6;
constexpr std::int64_t budget_ms = 14'000;
/// A linear channel is never planned further ahead than this.
constexpr std::int64_t ahead_ns = 4 * ns_per_s;

/// One placement in the kit's book.
struct Entry {
  wire::Placement placement;
  channels::Standing standing;
  enum class Fate { open, given_up, for_a_person } fate = Fate::open;
};

/// The life of many placements, over many deaths of their worker.
class Book {
 public:
  explicit Book(Trial &trial) : trial_(trial), channel_(trial.channel()) {}

  void run() {
    const auto until_ms = steady_ms() + static_cast<std::int64_t>(static_cast<double>(budget_ms) *
                                                                  trial_.subject.busy);
    for (; kills_ < most_kills && (kills_ < fewest_kills || steady_ms() < until_ms); ++kills_) {
      come_back();
      live_a_little();
      channel_.kill();
    }
    come_back();
    for (Entry &entry : entries_)
      if (entry.fate == Entry::Fate::open) trial_.must_end(channel_, entry.placement);
    channel_.bye();
    judge();
  }

 private:
  /// Starts it, and asks after everything that is out, as the host does.
  void come_back() {
    channel_.open();
    for (Entry &entry : entries_)
      if (entry.fate == Entry::Fate::open && !channel_.said().has_ended(entry.placement.id))
        ask_after(entry);
  }

  void ask_after(Entry &entry) {
    const wire::Answer answer = channel_.ask(CallKind::recall, entry.placement);
    const bool was_taken = channel_.said().count(entry.placement.id, FactKind::accepted) > 0;
    if (answer.verdict == wire::Verdict::refused && was_taken)
      trial_.fail(faults::forgot, Fault::Fact("placement", entry.placement.id),
                  Fault::Fact("kills", std::to_string(kills_)));
    // The host gives up what its worker died of twice; here it is we who kill.
    entry.standing.deaths = 0;
    entry.standing.attempt = entry.placement.attempt;
    switch (channels::after_recall(entry.standing, answer.verdict, trial_.manifest().limits,
                                   channel_.now_ns())) {
      case AfterRecall::send_again:
        ++entry.placement.attempt;
        if (channel_.publish(entry.placement).verdict != wire::Verdict::done)
          entry.fate = Entry::Fate::given_up;
        break;
      case AfterRecall::give_up:
        if (answer.verdict == wire::Verdict::refused) entry.fate = Entry::Fate::given_up;
        break;
      case AfterRecall::hold:
        entry.fate = Entry::Fate::for_a_person;
        break;
      default:
        break;
    }
  }

  /// Hands over one placement more, if there is room, and lets a random time pass: mostly so short
  /// that the call is still in hand.
  void live_a_little() {
    const bool is_moment = trial_.subject.samples.front().for_s <= 0;
    if (!is_moment && last_end_ns_ > channel_.now_ns() + ahead_ns)
      return pass(trial_.random() % 1'200, 0);
    const std::uint64_t call = channel_.send(CallKind::publish, add(is_moment));
    const std::uint64_t draw = trial_.random() % 3;
    if (draw == 0) return pass(0, call);
    if (draw == 1) return pass(trial_.random() % 8, call);
    pass(trial_.random() % (is_moment ? 250 : 1'500), 0);
  }

  /// Listens so long, or until `call` is answered if it is one.
  void pass(std::uint64_t ms, std::uint64_t call) {
    channel_.listen(static_cast<std::int64_t>(ms),
                    [&] { return call != 0 && channel_.answer_to(call).has_value(); });
  }

  const wire::Placement &add(bool is_moment) {
    Entry entry;
    const double in_s = is_moment ? 0.02 * static_cast<double>(trial_.random() % 8) : -1;
    // One sample for all: they must not stand in each other's way.
    entry.placement = trial_.placement(channel_.now_ns(), 0, in_s);
    if (!is_moment && entry.placement.start_ns < last_end_ns_) {
      entry.placement.end_ns += last_end_ns_ - entry.placement.start_ns;
      entry.placement.start_ns = last_end_ns_;
    }
    last_end_ns_ = entry.placement.end_ns;
    entry.standing.item.id = entry.placement.id;
    entry.standing.item.start_ns = entry.placement.start_ns;
    entry.standing.item.end_ns = entry.placement.end_ns;
    entries_.push_back(std::move(entry));
    return entries_.back().placement;
  }

  void judge() const {
    std::vector<wire::Placement> handed;
    for (const Entry &entry : entries_) handed.push_back(entry.placement);
    trial_.must_be_legal(channel_, handed);
    if (const auto &both = channel_.said().restated())
      trial_.fail(faults::restated, Fault::Fact("fact", name_of(both->first.fact)),
                  Fault::Fact("first", wire::write_fact(both->first.fact)),
                  Fault::Fact("second", wire::write_fact(both->second.fact)));
    for (const Entry &entry : entries_) hold_against_undisturbed(entry);
  }

  /// A post is aired or it is not; what has a length may be cut short by the kill itself.
  void hold_against_undisturbed(const Entry &entry) const {
    const std::string &id = entry.placement.id;
    const std::size_t aired = channel_.said().count(id, FactKind::aired);
    if (aired > undisturbed_)
      trial_.fail(faults::aired_twice, Fault::Fact("placement", id),
                  Fault::Fact("many", std::to_string(aired)));
    const bool must_air = trial_.subject.samples.front().for_s <= 0 && undisturbed_ > 0;
    if (must_air && entry.fate == Entry::Fate::open && aired < undisturbed_)
      trial_.fail(faults::lost, Fault::Fact("placement", id),
                  Fault::Fact("kills", std::to_string(kills_)));
  }

  /// How often the undisturbed run's first placement was aired.
  std::size_t aired_undisturbed() const {
    const FirstRun run = seen(trial_);
    if (!run.is_whole) trial_.skip(faults::no_first_run);
    return static_cast<std::size_t>(
        std::count_if(run.facts.begin(), run.facts.end(), [&](const Heard &heard) {
          return heard.fact.placement == run.handed.front().id &&
                 heard.fact.fact == FactKind::aired;
        }));
  }

  Trial &trial_;
  Channel channel_;
  std::vector<Entry> entries_;
  int kills_ = 0;
  std::int64_t last_end_ns_ = 0;
  std::size_t undisturbed_ = aired_undisturbed();
};

}  // namespace

void after_kill(Trial &trial) {
  if (!trial.manifest().can_recall) trial.skip(faults::cannot_recall);
  Book(trial).run();
}

}  // namespace civicast::kit
