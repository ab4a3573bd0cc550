// SPDX-License-Identifier: Apache-2.0
// What a test came to.
#pragma once

#include <string>
#include <string_view>

#include "sdk/base/fault.hpp"
#include "tools/plugin/kit/subject.hpp"

namespace civicast::kit {

enum class Outcome {
  ok,
  warn,   ///< it would run, but somebody will regret it
  fail,   ///< a law is broken
  skip,   ///< the law does not apply to this plugin: never counted as ok
  crash,  ///< the plugin's process, or the one that tried it, ended by itself
};
std::string_view word(Outcome outcome);  ///< "ok", …

/// Thrown where a test finds a law broken, or not applicable; caught where the test was begun. An
/// exception, because what a test does after the first breach of its law proves nothing.
struct Verdict {
  Outcome outcome;
  Fault why;
};

/// A fault whose sentence knows the plugin, and up to four facts more.
Fault about(const Subject &subject, const FaultKind &kind, const Fault::Fact &first = {},
            const Fault::Fact &second = {}, const Fault::Fact &third = {},
            const Fault::Fact &fourth = {});

}  // namespace civicast::kit
