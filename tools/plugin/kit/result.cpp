// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/result.hpp"

#include <array>

namespace civicast::kit {

std::string_view word(Outcome outcome) {
  static constexpr std::array<std::string_view, 5> words = {"ok", "warn", "fail", "skip", "crash"};
  return words[static_cast<std::size_t>(outcome)];
}

Fault about(const Subject &subject, const FaultKind &kind, const Fault::Fact &first,
            const Fault::Fact &second, const Fault::Fact &third, const Fault::Fact &fourth) {
  return Fault(
      kind,
      {{"plugin", subject.id()}, {"version", subject.version()}, first, second, third, fourth});
}

}  // namespace civicast::kit
