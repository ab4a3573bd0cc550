// SPDX-License-Identifier: Apache-2.0
#include "plugins/feed/text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>

namespace civicast::feed {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string formatted(std::int64_t second, const char *format) {
  const std::time_t time = second;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[40];
  return std::string(text, std::strftime(text, sizeof text, format, &parts));
}

constexpr char digits[] = "0123456789abcdef";

}  // namespace

std::string time_text(std::int64_t utc_ns) {
  const std::string ms = std::to_string(1000 + utc_ns / 1'000'000 % 1000);
  return formatted(utc_ns / ns_per_s, "%Y-%m-%dT%H:%M:%S") + "." + ms.substr(1) + "Z";
}

std::string date_text(std::int64_t utc_ns) {
  return formatted(utc_ns / ns_per_s, "%Y-%m-%d");
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not to be had");
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

std::string uri_part(std::string_view text) {
  std::string part;
  for (const char c : text) {
    if (is_unreserved(c)) {
      part += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      part += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return part;
}

std::string slug(std::string_view id) {
  const bool is_plain = id.size() <= 100 && id.front() != '.' &&
                        std::all_of(id.begin(), id.end(), is_unreserved) && id.find('~') == id.npos;
  return is_plain ? std::string(id) : "id~" + sha256_hex(id).substr(0, 32);
}

bool is_xml_text(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') return false;
  }
  // U+FFFE and U+FFFF
  return text.find("\xef\xbf\xbe") == text.npos && text.find("\xef\xbf\xbf") == text.npos;
}

}  // namespace civicast::feed
