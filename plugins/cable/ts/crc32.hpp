// SPDX-License-Identifier: Apache-2.0
// The CRC of sections: CRC-32/MPEG-2 (ISO/IEC 13818-1 annex A), polynomial 0x04C11DB7, from all
// ones, nothing reflected, nothing inverted.
#pragma once

#include <cstdint>
#include <span>

namespace civicast::cable {

/// Of a section together with its own CRC it is 0.
std::uint32_t crc32_of(std::span<const std::uint8_t> bytes);

}  // namespace civicast::cable
