// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli), as iSCSI and ext4 use it: tells a torn record from a whole one.
#pragma once

#include <cstdint>
#include <string_view>

namespace civicast::runner {

std::uint32_t crc32c(std::string_view bytes);

}  // namespace civicast::runner
