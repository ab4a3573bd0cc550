// SPDX-License-Identifier: Apache-2.0
// Talks without end: on its log, its stdout and in facts.
#include <civicast/channel.hpp>
#include <cstdio>

namespace {

class Rogue final : public civicast::Channel {
 public:
  Rogue(civicast::Host host, civicast::Doc) : host_(host) {}
  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &placement) override {
    const std::string line(5000, 'x');
    for (int i = 0; i < 2000; ++i) {
      host_.log(CIV_INFO, line);
      std::puts(line.c_str());
    }
    std::vector<civicast::Fact> facts(5000);
    for (std::size_t i = 0; i < facts.size(); ++i) {
      facts[i].evidence = CIV_MEASURED;
      facts[i].placement = placement.id;
      facts[i].play = static_cast<std::uint32_t>(i + 1);
      facts[i].proof = "{\"x\":\"" + std::string(300, 'y') + "\"}";
    }
    if (!host_.emit(facts)) throw civicast::Trouble(CIV_UNKNOWN, "flood.unheard", "Not taken.");
  }

 private:
  civicast::Host host_;
};

}  // namespace

CIVICAST_CHANNEL(Rogue, "org.civicast.test.rogue_flood", "1.0.0");
