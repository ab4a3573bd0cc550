// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/host_side.hpp"

#include <catch2/catch.hpp>

using namespace civicast;

namespace {

struct Border {
  ManualClock clock{0};
  std::vector<wire::Fact> taken;
  runner::HostSide host{wire::Welcome{}, clock, [this](const std::vector<wire::Fact> &facts) {
                          taken.insert(taken.end(), facts.begin(), facts.end());
                          return true;
                        }};

  std::int32_t emit(civ_text placement, const std::string &proof) const {
    civ_fact fact{};
    fact.size = sizeof fact;
    fact.fact = CIV_AIRED;
    fact.evidence = CIV_MEASURED;
    fact.status = CIV_AIRED_WITHOUT_DISCREPANCY;
    fact.play = 1;
    fact.placement = placement;
    fact.proof = {proof.data(), proof.size()};
    const civ_fact *facts[] = {&fact};
    return host.raw()->emit(host.raw(), facts, 1);
  }
};

std::string nested(int depth) {
  std::string out = "1";
  for (int i = 0; i < depth; ++i) out = R"({"in":)" + out + "}";
  return out;
}

}  // namespace

TEST_CASE("every fact that is taken is one that the host can read, whatever its proof") {
  const int depth = GENERATE(1, 28, 29, 30, 31, 32, 33, 100);
  const Border border;
  REQUIRE(border.emit({"p", 1}, nested(depth)) == CIV_DONE);
  const auto read =
      wire::read_to_host(wire::write_batch(1, wire::write_fact(border.taken.front())));
  REQUIRE(read);
  const std::string &proof = std::get<wire::FactBatch>(*read).facts.front().proof;
  CHECK((proof == nested(depth)) == (depth <= wire::max_proof_depth));
}

TEST_CASE("a fact of no placement is not taken: the host would refuse it after every start") {
  const Border border;
  CHECK(border.emit({nullptr, 0}, "") == CIV_BROKEN);
  CHECK(border.emit({nullptr, 5}, "") == CIV_BROKEN);
  CHECK(border.emit({"p", 0}, "") == CIV_BROKEN);
  CHECK(border.taken.empty());
}
