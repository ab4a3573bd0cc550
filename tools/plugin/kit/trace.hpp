// SPDX-License-Identifier: Apache-2.0
// Frames for people to read, as they go over the socket.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/base/json.hpp"

namespace civicast::kit {

class Trace {
 public:
  /// `schema` of the settings says which are secret; `settings` what they are.
  Trace(std::ostream &out, const Json &schema, const Json &settings);

  void frame(bool is_to_worker, std::string_view text);
  /// A line of the worker's log.
  void line(const std::string &line);

 private:
  std::string since_start() const;
  std::string masked(std::string text) const;

  std::ostream &out_;
  std::vector<std::string> secrets_;
  std::int64_t began_ms_;
};

}  // namespace civicast::kit
