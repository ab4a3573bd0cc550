// SPDX-License-Identifier: Apache-2.0
// Who may talk to the doors: only pages and programs that ask for this service by its own name, so
// that a web page elsewhere cannot reach it through the operator's browser (DNS rebinding).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/base/result.hpp"

namespace civicast::api {

class Guard {
 public:
  Guard(const std::string &bound_host, std::uint16_t port);

  /// `origin` is empty where the request has none (a program, or a page's own GET).
  Result<void> admit(const std::string &host, const std::string &origin) const;

 private:
  std::vector<std::string> names_;  ///< "127.0.0.1:8090", "localhost:8090", …
};

/// The address to bind for `host`: itself if it is a loopback address, 127.0.0.1 for "localhost".
Result<std::string> loopback_address(const std::string &host);

}  // namespace civicast::api
