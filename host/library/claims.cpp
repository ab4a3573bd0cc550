// SPDX-License-Identifier: Apache-2.0
#include "host/library/claims.hpp"

#include <fstream>
#include <string>

namespace civicast::library {
namespace {

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

int big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | byte_at(bytes, at + i);
  return static_cast<int>(value & 0x7FFFFFFF);
}

std::optional<Size> png_size(std::string_view bytes) {
  constexpr std::size_t width_at = 16, height_at = 20;
  if (bytes.size() < height_at + 4) return std::nullopt;
  return Size{big_endian(bytes, width_at, 4), big_endian(bytes, height_at, 4)};
}

/// Walks the segments to the frame header: FFC0 to FFCF but for C4, C8 and CC.
std::optional<Size> jpeg_size(std::string_view bytes) {
  for (std::size_t at = 2; at + 9 < bytes.size() && byte_at(bytes, at) == 0xFF;) {
    const std::uint32_t marker = byte_at(bytes, at + 1);
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) return Size{big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
    at += marker == 0xFF ? 1 : 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Size> claimed_size(std::string_view picture) {
  if (picture.substr(0, 4) == "\x89PNG") return png_size(picture);
  if (picture.substr(0, 3) == "\xFF\xD8\xFF") return jpeg_size(picture);
  return std::nullopt;
}

std::optional<std::uint64_t> claimed_bytes(const std::filesystem::path &file) {
  std::string head(8, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (in.gcount() != static_cast<std::streamsize>(head.size()) || head.compare(0, 4, "RIFF") != 0)
    return std::nullopt;
  std::uint64_t bytes = 0;
  for (std::size_t i = 7; i >= 4; --i) bytes = bytes << 8 | byte_at(head, i);
  // A recorder that could not go back to its beginning leaves nothing there, or the most it could.
  constexpr std::uint64_t unknown = 0x7FFFF000;
  if (bytes == 0 || bytes >= unknown) return std::nullopt;
  return bytes + head.size();
}

}  // namespace civicast::library
