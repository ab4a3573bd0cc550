// SPDX-License-Identifier: Apache-2.0
// The HTTP doors of the host: /api/v1, the previews, and the console's files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/api/sources.hpp"
#include "sdk/base/result.hpp"

namespace civicast::api {

class Server {
 public:
  /// Listens at once; every source must be set. `host` must be a loopback address, because there
  /// are no sessions and roles yet. `port` 0 takes a free one.
  static Result<std::unique_ptr<Server>> start(Sources sources, const std::string &host,
                                               std::uint16_t port);
  ~Server();  ///< stops

  std::uint16_t port() const;
  std::string url() const;  ///< "http://127.0.0.1:8090"
  /// Takes no further request and returns when the last one under way has been answered.
  void stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace civicast::api
