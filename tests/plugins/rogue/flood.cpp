// SPDX-License-Identifier: Apache-2.0
// Talks without end in each publish: on its log, its stdout and in facts, or in lies.
#include <cstdio>

#include "honest.hpp"

namespace {

class Rogue final : public rogue::Honest {
 public:
  using Honest::Honest;

  void publish(const civicast::Placement &placement) override {
    if (ROGUE_LIES) {
      lie();
    } else {
      talk();
      say_started(placement);
    }
    air(placement);
  }

 private:
  void talk() {
    const std::string line(5000, 'x');
    for (int i = 0; i < 2000; ++i) {
      host_.log(CIV_INFO, line);
      std::puts(line.c_str());
    }
  }
  void say_started(const civicast::Placement &placement) {
    std::vector<civicast::Fact> facts;
    for (std::uint32_t play = 1; play <= 2000; ++play) {
      facts.push_back(fact(placement.id, CIV_STARTED, placement.start_ns));
      facts.back().play = play;
      facts.back().proof = "{\"x\":\"" + std::string(300, 'y') + "\"}";
    }
    say(facts);
  }
  void lie() {
    std::vector<civicast::Fact> facts;
    for (int i = 0; i < 1000; ++i)
      facts.push_back(fact("never-" + std::to_string(i), CIV_AIRED, rogue::second_ns));
    say(facts);
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");
