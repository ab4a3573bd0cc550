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
    fact.placement = "never-sent";
    host_.emit(fact);
    fact.placement.clear();
    if (host_.emit(fact)) throw civicast::Trouble(CIV_BROKEN, "liar.believed", "It was believed.");
    fact.placement = placement.id;
    fact.status = static_cast<civ_status>(15);
    if (host_.emit(fact)) throw civicast::Trouble(CIV_BROKEN, "liar.believed", "It was believed.");
    fact.status = CIV_AIRED_WITHOUT_DISCREPANCY;
    fact.proof = "{not json";
    host_.emit(fact);
  }

 private:
  civicast::Host host_;
};

}  // namespace

CIVICAST_CHANNEL(Rogue, "org.civicast.test.rogue_liar", "1.0.0");
