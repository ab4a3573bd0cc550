// SPDX-License-Identifier: Apache-2.0
// Emits as many facts as it can, for measurements. A placement's English text is "T N B": T threads
// emit N batches of B facts each.
#include <atomic>
#include <civicast/channel.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace {

class Spout final : public civicast::Channel {
 public:
  Spout(civicast::Host host, civicast::Doc) : host_(host) {}
  void check(const civicast::Placement &) override {}

  void publish(const civicast::Placement &placement) override {
    std::istringstream text(placement.body.text("/text/en"));
    unsigned threads = 0, batches = 0, size = 0;
    text >> threads >> batches >> size;
    std::vector<std::thread> running;
    for (unsigned t = 0; t < threads; ++t)
      running.emplace_back([=, this, id = placement.id] { spout(id, t, batches, size); });
    for (std::thread &thread : running) thread.join();
  }

 private:
  void spout(const std::string &id, unsigned thread, unsigned batches, unsigned size) const {
    for (unsigned batch = 0; batch < batches; ++batch) {
      std::vector<civicast::Fact> facts(size);
      for (unsigned i = 0; i < size; ++i) {
        facts[i].evidence = CIV_MEASURED;
        facts[i].placement = id;
        facts[i].place = "screen-" + std::to_string(thread);
        facts[i].play = batch * size + i + 1;
        facts[i].status = CIV_AIRED_WITHOUT_DISCREPANCY;
        facts[i].start_ns = host_.now_ns();
        facts[i].end_ns = facts[i].start_ns + 15'000'000'000;
        facts[i].proof = R"({"frames":375})";
      }
      if (!host_.emit(facts)) throw std::runtime_error("the disk does not take the facts");
    }
  }
  civicast::Host host_;
};

}  // namespace

CIVICAST_CHANNEL(Spout, "org.civicast.test.spout", "1.0.0");
