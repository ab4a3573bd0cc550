// SPDX-License-Identifier: Apache-2.0
// Goes wrong in the call that ROGUE_CALL names, and is honest in all others.
#pragma once

#include <string_view>

#include "honest.hpp"

namespace rogue {

/// What is wrong with it; each source that includes this says.
void go_wrong();

inline constexpr std::string_view wrong_call = ROGUE_CALL;

class AtCall final : public Honest {
 public:
  AtCall(civicast::Host host, civicast::Doc settings) : Honest(host, settings) { in("open"); }
  ~AtCall() override { in("close"); }

  void check(const civicast::Placement &) override { in("check"); }
  void publish(const civicast::Placement &placement) override {
    in("publish");
    // What is to be withdrawn must not have aired; what is to be recalled must be unknown.
    if (wrong_call == "withdraw") return accept(placement);
    if (wrong_call == "recall")
      throw civicast::Trouble(CIV_UNKNOWN, "rogue.unknown", "It cannot be told.");
    air(placement);
  }
  void withdraw(std::string_view id) override {
    in("withdraw");
    Honest::withdraw(id);
  }
  civicast::Recall recall(std::string_view id) override {
    in("recall");
    // Of a publish that never came back nobody can tell what became of it.
    if (ROGUE_CANNOT_TELL) return civicast::Recall::cannot_tell;
    return Honest::recall(id);
  }
  std::string status() override {
    in("status");
    return "{}";
  }

 private:
  static void in(std::string_view call) {
    if (call == wrong_call) go_wrong();
  }
};

}  // namespace rogue

CIVICAST_CHANNEL(rogue::AtCall, ROGUE_ID, "1.0.0");
