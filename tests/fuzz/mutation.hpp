// SPDX-License-Identifier: Apache-2.0
// Small changes of an input, drawn from a seed: the same seed, the same changes.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace civicast::fuzz {

/// One of `corpus`, changed in one to five places. `corpus` is not empty.
std::string mutated(const std::vector<std::string> &corpus, std::mt19937_64 &random);

}  // namespace civicast::fuzz
