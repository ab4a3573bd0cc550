// SPDX-License-Identifier: Apache-2.0
// Says what is not so. Its journal, as that of all rogues, is the truth.
#include <string_view>

#include "honest.hpp"

namespace {

using civicast::Fact;
using civicast::Placement;
using rogue::second_ns;

constexpr std::string_view lie = ROGUE_LIE;

class Rogue final : public rogue::Honest {
 public:
  using Honest::Honest;

  void publish(const Placement &placement) override {
    if (lie == "malformed") return say_malformed(placement);
    if (lie == "unsent") say_unsent();
    if (lie == "withdrawn") return accept(placement);
    if (lie == "unsent" || lie == "twice") air(placement);
    if (lie == "twice") say_twice(placement);
    if (lie == "unsent" || lie == "twice") return;
    note("told", placement.id, placement.start_ns);
    say({lied(placement.id, placement.start_ns, placement.end_ns)});
  }

  void withdraw(std::string_view id) override {
    Honest::withdraw(id);
    if (lie == "withdrawn") say(id, CIV_AIRED, *find("accepted", id));
  }

  civicast::Recall recall(std::string_view id) override {
    const auto start_ns = find("told", id);
    // It sticks to its story.
    if (!start_ns || lie != "future") return Honest::recall(id);
    say({lied(id, *start_ns, *start_ns + 3600 * second_ns)});
    return civicast::Recall::emitted;
  }

 private:
  static Fact lied(std::string_view id, std::int64_t start_ns, std::int64_t end_ns) {
    Fact out = fact(id, CIV_AIRED, start_ns);
    if (lie == "early") out.start_ns = start_ns - 600 * second_ns;
    if (lie == "late") out.start_ns = end_ns + 60 * second_ns;
    if (lie == "early" || lie == "late") out.end_ns = out.start_ns + second_ns;
    if (lie == "future") out.end_ns = start_ns + 1800 * second_ns;
    if (lie == "backwards") out.end_ns = out.start_ns - second_ns;
    return out;
  }

  /// Of a placement that nobody planned, of another channel's, and of one that comes later.
  void say_unsent() {
    for (const char *id : {"never-planned", "good-0", ROGUE_LAST_PLACEMENT})
      if (is_first(id)) say(id, CIV_AIRED, second_ns);
  }

  /// Once more at another time, and as a second play at the same time.
  void say_twice(const Placement &placement) {
    say(placement.id, CIV_AIRED, placement.start_ns - second_ns);
    Fact second = fact(placement.id, CIV_AIRED, placement.start_ns);
    second.play = 2;
    say({second});
  }

  /// What the contract does not allow is refused by emit; a proof that is none is told as such.
  void say_malformed(const Placement &placement) {
    Fact out = fact("", CIV_AIRED, placement.start_ns);
    say_in_vain(out);
    out.placement = placement.id;
    out.status = static_cast<civ_status>(15);
    say_in_vain(out);
    out.status = CIV_AIRED_WITHOUT_DISCREPANCY;
    out.start_ns = out.end_ns = 0;
    out.proof = "{not json";
    say({out});
  }
  void say_in_vain(const Fact &malformed) {
    try {
      say({malformed});
    } catch (const civicast::Trouble &refused) {
      if (refused.verdict == CIV_BROKEN) return;
    }
    throw civicast::Trouble(CIV_BROKEN, "liar.believed", "It was believed.");
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");
