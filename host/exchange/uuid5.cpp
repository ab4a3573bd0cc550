// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/uuid5.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "host/base/sha256.hpp"

namespace civicast::exchange {
namespace {

/// Ours. Another one would give every event another name: never change it.
constexpr std::string_view civicast_space = "5b0e4d4e-6f43-5c3a-9d5b-3f0f6a1f7c21";

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  throw std::logic_error("uuid5: not a UUID");
}

std::string bytes_of(std::string_view uuid) {
  std::string bytes;
  int high = -1;
  for (const char c : uuid) {
    if (c == '-') continue;
    const int value = value_of(c);
    if (high < 0) {
      high = value;
    } else {
      bytes += static_cast<char>(high * 16 + value);
      high = -1;
    }
  }
  return bytes;
}

}  // namespace

std::string uuid5(std::string_view name_space, std::string_view name) {
  const std::string text = bytes_of(name_space).append(name);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("uuid5: SHA-1 is not available");
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);
  std::string out = hex({reinterpret_cast<const char *>(digest.data()), 16});
  for (const std::size_t at : {8, 13, 18, 23}) out.insert(at, 1, '-');
  return out;
}

std::string urn_of(std::string_view kind, std::string_view name) {
  return "urn:uuid:" + uuid5(civicast_space, std::string(kind) + "/" + std::string(name));
}

}  // namespace civicast::exchange
