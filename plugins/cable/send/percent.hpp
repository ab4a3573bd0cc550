// SPDX-License-Identifier: Apache-2.0
// The characters of a URL (RFC 3986): which stand for themselves, and %41 for the others.
#pragma once

#include <string>
#include <string_view>

namespace civicast::cable {

inline bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Of a host's name or address, or an interface's.
inline bool is_host_character(char c) {
  return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

/// Stands for itself in a path and in an option's value.
inline bool is_plain(char c) {
  return is_letter_or_digit(c) || std::string_view("-._~/:,=!@").find(c) != std::string_view::npos;
}

inline std::string to_percent(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c))
      out += c;
    else
      ((out += '%') += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return out;
}

inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// False for a "%" without two digits, and for a control character however it is written.
inline bool from_percent(std::string_view text, std::string &out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    int byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return false;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return false;
      byte = high << 4 | low;
      i += 2;
    }
    if (byte < 0x20 || byte == 0x7F) return false;
    out += static_cast<char>(byte);
  }
  return true;
}

}  // namespace civicast::cable
