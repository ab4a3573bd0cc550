// SPDX-License-Identifier: Apache-2.0
// Says that placements aired which nobody gave to it, and facts that are none.

#include <civicast/channel.hpp>

namespace {

class Rogue final : public civicast::Channel {
 public:
  Rogue(civicast::Host host, civicast::Doc) : host_(host) {}
  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &placement) override {
    civicast::Fact fact;
    fact.evidence = CIV_MEASURED;
    fact.placement = "never-sent";
    say(fact);
    fact.placement.clear();
    say_malformed(fact);
    fact.placement = placement.id;
    fact.status = static_cast<civ_status>(15);
    say_malformed(fact);
    fact.status = CIV_AIRED_WITHOUT_DISCREPANCY;
    fact.proof = "{not json";
    say(fact);
  }

 private:
  void say(const civicast::Fact &fact) const {
    if (!host_.emit(fact)) throw civicast::Trouble(CIV_UNKNOWN, "liar.unheard", "Not taken.");
  }
  void say_malformed(const civicast::Fact &fact) const {
    try {
      say(fact);
    } catch (const civicast::Trouble &refused) {
      if (refused.verdict == CIV_BROKEN) return;
      throw;
    }
    throw civicast::Trouble(CIV_BROKEN, "liar.believed", "It was believed.");
  }
  civicast::Host host_;
};

}  // namespace

CIVICAST_CHANNEL(Rogue, "org.civicast.test.rogue_liar", "1.0.0");
