// SPDX-License-Identifier: Apache-2.0
#include "host/base/xml_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace civicast::xml {
namespace {

bool is_xml_char(std::uint32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/// The bytes of a character that begins with `lead`; 0 if none does.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

bool is_entity(std::string_view name) {
  static constexpr std::array<std::string_view, 5> known = {"amp", "lt", "gt", "quot", "apos"};
  if (std::find(known.begin(), known.end(), name) != known.end()) return true;
  if (name.size() < 2 || name[0] != '#') return false;
  const bool is_hex = name[1] == 'x';
  const auto digits = name.substr(is_hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto *end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, code, is_hex ? 16 : 10);
  return read.ec == std::errc{} && read.ptr == end && is_xml_char(code);
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<Mistake> run() {
    while (!mistake_ && offset_ < text_.size()) {
      if (text_[offset_] == '&') {
        entity();
      } else if (text_[offset_] == '<') {
        markup();
      } else {
        ++offset_;
      }
    }
    return mistake_;
  }

 private:
  bool here(std::string_view prefix) const {
    return text_.substr(offset_, prefix.size()) == prefix;
  }
  void mistake(std::string zh, std::string en) {
    mistake_ = Mistake{offset_, false, {std::move(zh), std::move(en)}};
  }
  /// Past the next `end`; an end that is missing is left for the parser to tell.
  void skip_past(std::string_view end) {
    const auto found = text_.find(end, offset_);
    offset_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void entity() {
    const auto end = text_.find(';', offset_);
    if (end == std::string_view::npos || end - offset_ > 12 ||
        !is_entity(text_.substr(offset_ + 1, end - offset_ - 1)))
      return mistake("单独的 & 应写作 &amp;（也不能使用自定义实体）",
                     "a lone & must be written &amp; (and there are no entities of one's own)");
    offset_ = end + 1;
  }

  void markup() {
    if (here("<!--")) return skip_past("-->");
    if (here("<![CDATA[")) return skip_past("]]>");
    if (here("<?")) return instruction();
    if (here("<!")) {
      mistake_ = Mistake{offset_, true, {}};
      return;
    }
    ++offset_;
    tag();
  }

  void instruction() {
    const auto start = offset_;
    skip_past("?>");
    const auto inside = text_.substr(start, offset_ - start);
    const auto encoding = inside.find("encoding");
    if (inside.substr(0, 6) != "<?xml " || encoding == std::string_view::npos) return;
    std::string given(inside.substr(encoding));
    std::transform(given.begin(), given.end(), given.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (given.find("utf-8") == std::string::npos) {
      offset_ = start;
      mistake("声明的编码不是 UTF-8", "the declared encoding is not UTF-8");
    }
  }

  void tag() {
    char quote = 0;
    while (!mistake_ && offset_ < text_.size()) {
      const char c = text_[offset_];
      if (c == '<')
        return mistake(quote ? "属性值里的 < 应写作 &lt;，或者少了引号" : "标签没有用 > 结束",
                       quote ? "a < in a value must be written &lt;, or a quote is missing"
                             : "a tag does not end with >");
      if (c == '&') {
        entity();
        continue;
      }
      ++offset_;
      if (quote) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::optional<Mistake> mistake_;
};

}  // namespace

std::optional<std::size_t> bad_utf8(std::string_view text) {
  static constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto lead = static_cast<unsigned char>(text[offset]);
    const auto length = sequence_length(lead);
    if (length == 0 || offset + length > text.size()) return offset;
    std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[offset + i]);
      if ((next & 0xC0) != 0x80) return offset;
      code = code << 6 | (next & 0x3FU);
    }
    if (code < smallest[length] || !is_xml_char(code)) return offset;
    offset += length;
  }
  return {};
}

std::optional<Mistake> scan(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace civicast::xml
