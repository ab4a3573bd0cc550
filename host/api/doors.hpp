// SPDX-License-Identifier: Apache-2.0
// Every address of the API and what answers it. No sockets here: a test calls `Doors::answer`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/api/answer.hpp"
#include "host/api/request.hpp"
#include "host/api/sources.hpp"

namespace civicast::api {

/// The decoded parts of an address that stood at {braces}, in order; at {name...}, the last, all
/// that is left of it.
using Parts = std::vector<std::string>;

struct Route {
  std::string method;
  std::string path;                ///< "/api/v1/playlists/{channel}"
  std::vector<std::string> query;  ///< the parameters it knows
  Answer (*answer)(const Sources &, const Request &, const Parts &, const Query &);
  bool takes_file = false;  ///< a body is the bytes of a file, not JSON
  bool takes_text = false;  ///< a body is text, of whatever type its sender calls it
};

const std::vector<Route> &routes();

class Doors {
 public:
  explicit Doors(Sources sources);
  /// [any] A HEAD is answered as a GET; whoever sends it leaves the body out.
  Answer answer(const Request &request) const;
  /// [any] So many bytes of a body are read.
  std::size_t body_limit(const std::string &method, const std::string &target) const;

 private:
  Sources sources_;
};

/// The contract of the API as OpenAPI 3.1, from openapi/.
std::string_view openapi_text();

}  // namespace civicast::api
