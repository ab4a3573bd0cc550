// SPDX-License-Identifier: Apache-2.0
// An output that finds out later what it did not deliver: whose airing it takes away.
#include <catch2/catch.hpp>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

/// Three items of three seconds, one after the other from 1 s on, and an output that is certain of
/// nothing.
struct Late {
  Late() {
    for (int i = 0; i < 3; ++i) rig.plan(name(i), spot_file(), 1000 + i * 3000, 75);
    rig.output.later.certain = 0;
  }
  static std::string name(int i) { return std::string(1, static_cast<char>('a' + i)); }
  std::size_t told(const std::string &id) const {
    return rig.facts.count(id, CIV_AIRED) + rig.facts.count(id, CIV_MISSED);
  }
  /// All three are over; two datagrams of the second are known to be lost, and no fate is certain.
  void lose_two_of_b() {
    rig.run_for_ms(5000);
    const std::int64_t in_b = rig.output.handed;
    rig.run_for_ms(6000);
    rig.output.later = {{{in_b - 5, in_b, 2}}, 0};
  }
  Rig rig;
};

}  // namespace

TEST_CASE("A loss that comes out when the next item is on air is booked on the one it belongs to") {
  Late late;
  Rig &rig = late.rig;
  rig.run_for_ms(5000);  // b is on air
  const std::int64_t in_b = rig.output.handed;
  rig.run_for_ms(6000);
  for (const char *id : {"a", "b", "c"}) CHECK(late.told(id) == 0);
  rig.output.later = {{{in_b - 20, in_b, 3}}, rig.output.handed};
  rig.run_for_ms(100);
  CHECK(rig.facts.final_of("a").status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(rig.facts.final_of("b").status == CIV_TECHNICAL_DIFFICULTY);
  CHECK(rig.facts.final_of("c").status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(proof(rig.facts.final_of("b"))["send_errors"] == 3);
  CHECK(proof(rig.facts.final_of("c"))["send_errors"] == 0);
  CHECK(rig.engine->status().send_errors == 3);
}

TEST_CASE("A loss that may lie on either side of a border takes both airings away") {
  Late late;
  Rig &rig = late.rig;
  rig.run_for_ms(3900);
  const std::int64_t in_a = rig.output.handed;
  rig.run_for_ms(800);
  const std::int64_t in_b = rig.output.handed;
  rig.run_for_ms(7000);
  rig.output.later = {{{in_a, in_b, 1}}, rig.output.handed};
  rig.run_for_ms(100);
  CHECK(rig.facts.final_of("a").fact == CIV_MISSED);
  CHECK(rig.facts.final_of("b").fact == CIV_MISSED);
  CHECK(rig.facts.final_of("c").fact == CIV_AIRED);
}

TEST_CASE("Each item is told as soon as its own fate is certain, and its end is when it was over") {
  Late late;
  Rig &rig = late.rig;
  rig.run_for_ms(4500);
  const std::int64_t behind_a = rig.output.handed;
  rig.run_for_ms(5000);
  rig.output.later.certain = behind_a;
  rig.run_for_ms(100);
  CHECK(late.told("a") == 1);
  CHECK(late.told("b") == 0);
  const Fact a = rig.facts.final_of("a");
  CHECK(a.fact == CIV_AIRED);
  CHECK(std::abs(a.end_ns - a.start_ns - frame_ns(75)) <= 20'000'000);
}

TEST_CASE("What an output does not know within its time was not delivered") {
  Late late;
  Rig &rig = late.rig;
  rig.run_for_ms(60'000);
  CHECK(late.told("a") == 0);
  rig.run_for_ms(40'000);
  CHECK(rig.facts.final_of("a").status == CIV_TECHNICAL_DIFFICULTY);
  CHECK(proof(rig.facts.final_of("a"))["send_errors"] == 1);
}

TEST_CASE("A channel that closes tells what is over as far as it is known") {
  Late late;
  Rig &rig = late.rig;
  late.lose_two_of_b();
  rig.engine->stop();
  CHECK(rig.facts.final_of("a").fact == CIV_AIRED);
  CHECK(rig.facts.final_of("b").fact == CIV_MISSED);
  CHECK(rig.facts.final_of("c").fact == CIV_AIRED);
}

TEST_CASE("A loss found out late is in the journal before the item is told") {
  Late late;
  Rig &rig = late.rig;
  late.lose_two_of_b();
  rig.run_for_ms(100);
  CHECK(late.told("b") == 0);
  const Journal next(rig.folder / "airing.now");
  std::size_t found = 0;
  for (const Journal::Left &left : next.left()) {
    CHECK(left.progress.is_closed);
    CHECK(left.progress.send_errors == (left.progress.id == "b" ? 2 : 0));
    ++found;
  }
  CHECK(found == 3);
}

}  // namespace civicast::cable
