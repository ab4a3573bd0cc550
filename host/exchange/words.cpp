// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/exchange.hpp"
#include "host/exchange/faults.hpp"

namespace civicast::exchange {

std::string_view word(Format format) {
  return format == Format::bxf ? "bxf" : "ccms";
}

Result<Format> format_named(const std::string &given) {
  std::string word = given;
  for (char &c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (word == "bxf") return Format::bxf;
  if (word == "ccms" || word == "sch" || word == "ver") return Format::ccms;
  return Fault(faults::format_word_unknown, {{"text", given}, {"known", "sch, ver, ccms, bxf"}});
}

}  // namespace civicast::exchange
