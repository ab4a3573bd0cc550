// SPDX-License-Identifier: Apache-2.0
#include "host/workers/backtrace.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace civicast::workers {
namespace {

constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$";

std::string demangled_name(const std::string &name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void *)> out(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && out ? out.get() : name;
}

}  // namespace

std::string demangled(std::string_view lines) {
  std::string out;
  for (;;) {
    const std::size_t begin = lines.find("(_Z");
    if (begin == std::string_view::npos) return out.append(lines);
    out.append(lines.substr(0, begin + 1));
    lines.remove_prefix(begin + 1);
    const std::string_view name = lines.substr(0, lines.find_first_not_of(name_characters));
    out += demangled_name(std::string(name));
    lines.remove_prefix(name.size());
  }
}

}  // namespace civicast::workers
