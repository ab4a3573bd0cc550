// SPDX-License-Identifier: Apache-2.0
// The same channel as channel.c, in C++17: it must say the same.
#include <civicast/channel.hpp>
#include <cstdio>

namespace {

using civicast::Fact;
using civicast::Trouble;

Trouble trouble(civ_verdict verdict, const char *code) {
  return {verdict,
          code,
          civicast::both("中文。", "English."),
          "/text/en",
          verdict == CIV_LATER ? 1500 : 0,
          "for the engineer"};
}

class Old final : public civicast::Channel {
 public:
  Old(civicast::Host host, civicast::Doc settings) : host_(host) {
    if (settings.flag("/refuse")) throw trouble(CIV_UNREADY, "abi.unready");
    const bool is_plain = host_.extension("org.civicast.nothing/1") == nullptr;
    if (host_.now_ns() > 0 && is_plain)
      host_.log(CIV_INFO, "open in " + host_.locale() + ", minor known, plain");
  }
  ~Old() override { host_.log(CIV_INFO, "closed"); }

  void check(const civicast::Placement &placement) override {
    if (placement.text("en-GB") == "refuse") throw trouble(CIV_REFUSED, "abi.refused");
  }

  void publish(const civicast::Placement &placement) override {
    check(placement);
    if (placement.text("en-GB") == "later") throw trouble(CIV_LATER, "abi.later");
    if (placement.media.empty()) throw trouble(CIV_REFUSED, "abi.no_media");
    Fact aired = Fact::aired(placement.id, placement.planned(), CIV_MEASURED);
    aired.place = "screen-1";
    aired.remote = "https://example.org/1";
    aired.proof = proof_of(placement);
    tell({Fact::started(placement.id, placement.start_ns, CIV_MEASURED), aired}, CIV_UNKNOWN);
    ++published_;
  }

  void withdraw(std::string_view id) override { tell({Fact::withdrawn(id, 5)}, CIV_LATER); }

  civicast::Recall recall(std::string_view id) override {
    if (id == "never") return civicast::Recall::never_heard_of_it;
    Fact missed = Fact::missed(id, {6, 7}, CIV_INFERRED, CIV_TECHNICAL_DIFFICULTY);
    missed.play = 3;
    tell({missed}, CIV_UNKNOWN);
    return civicast::Recall::emitted;
  }

  std::string status() override { return "{\"published\":" + std::to_string(published_) + "}"; }
  bool hand_over() override { throw trouble(CIV_LATER, "abi.busy"); }

 private:
  void tell(const std::vector<Fact> &facts, civ_verdict otherwise) const {
    if (!host_.emit(facts)) throw trouble(otherwise, "abi.unheard");
  }

  static std::string proof_of(const civicast::Placement &placement) {
    const civicast::Media &last = placement.media.back();
    char half[16];
    std::snprintf(half, sizeof half, "%.2f", placement.body.number("/half"));
    const std::string name = placement.body.has("/title/zh") ? "zh" : "";
    return "{\"attempt\":" + std::to_string(placement.attempt) +
           ",\"count\":" + std::to_string(placement.media.size()) +
           ",\"duration\":" + std::to_string(last.duration_ns) +
           ",\"integer\":" + std::to_string(placement.body.integer("/exact")) + ",\"mime\":\"" +
           last.mime + "\",\"name\":\"" + name + "\",\"number\":" + half + ",\"path\":\"" +
           last.path + "\",\"places\":" + placement.body.json("/places") + ",\"sha256\":\"" +
           last.sha256 + "\"}";
  }

  civicast::Host host_;
  int published_ = 0;
};

}  // namespace

CIVICAST_CHANNEL(Old, "org.civicast.test.abi", "1.0.0");
