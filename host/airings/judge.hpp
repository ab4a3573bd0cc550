// SPDX-License-Identifier: Apache-2.0
// Says of a fact whether it can be true. Pure: no disk, no clock.
#pragma once

#include <optional>
#include <vector>

#include "host/airings/airing.hpp"
#include "host/airings/intake.hpp"
#include "host/airings/known_store.hpp"

namespace civicast::airings {

/// The airing that `fact` becomes: bounded, with everything that was planned beside it. Disputed
/// if it is malformed.
Airing stated(const Source &source, const Fact &fact, const std::optional<Planned> &planned,
              std::int64_t now_ns);

/// Disputes `airing` if the plan does not know it, or if what it says cannot be, given what is
/// `known` of its placement. It may be `tolerance_ns` off the plan.
void judge(Airing &airing, const std::vector<Known> &known,
           std::int64_t tolerance_ns = usual_tolerance_ns);

/// What is wrong with a fact that was said before with other times; nothing if it says the same.
std::optional<Dispute> restatement(const Airing &airing, const Known &before);

}  // namespace civicast::airings
