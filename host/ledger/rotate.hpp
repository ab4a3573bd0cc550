// SPDX-License-Identifier: Apache-2.0
// Gives a ledger a new key, in steps that may be cut off anywhere and are then taken up again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "host/ledger/succession.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

inline constexpr int rotation_steps = 7;

/// Both keys sign every checkpoint from now on until `overlap_s` seconds after `now_ns`. The host
/// must not be running. `after(step)` is told each of the steps, 1 to `rotation_steps`.
Result<Succession> rotate_key(
    const std::filesystem::path &dir, const std::filesystem::path &keys_dir, std::int64_t now_ns,
    std::int64_t overlap_s, const std::function<void(int)> &after = [](int) {});

}  // namespace civicast::ledger
