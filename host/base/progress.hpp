// SPDX-License-Identifier: Apache-2.0
// How far a long piece of work has come, told to whoever watches.
#pragma once

#include <string>

namespace civicast {

class Progress {
 public:
  virtual ~Progress() = default;
  /// `done` of `total` (0: unknown) of the step named `what`. Called often; must be cheap.
  virtual void step(const std::string &what, double done, double total) = 0;
};

/// Watches nothing.
class NoProgress final : public Progress {
 public:
  void step(const std::string &, double, double) override {}
};

}  // namespace civicast
