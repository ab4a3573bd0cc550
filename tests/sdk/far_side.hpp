// SPDX-License-Identifier: Apache-2.0
// An HTTP server that answers as a test says, also badly: it may cut a connection or say nothing.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sdk/base/disk.hpp"

namespace civicast::test {

struct FarRequest {
  std::string method, target, body;
  std::map<std::string, std::string> headers;  ///< names in lower case
};

struct FarAnswer {
  enum class End { whole, cut, silence };
  int status = 200;
  std::vector<std::string> headers;  ///< "Retry-After: 7"
  std::string body;
  /// cut: the request was read and the connection closed; silence: the connection stays open.
  End end = End::whole;
};

class FarSide {
 public:
  using Rule = std::function<FarAnswer(const FarRequest &)>;

  /// On a port of its own of 127.0.0.1. `rule` is called on the server's thread.
  explicit FarSide(Rule rule);
  ~FarSide();
  FarSide(const FarSide &) = delete;

  void answer_from_now_on(FarAnswer answer);
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/posts"; }
  std::vector<FarRequest> requests() const;

 private:
  void serve();
  void answer(Fd connection);

  Rule rule_;
  int port_ = 0;
  Fd listener_;
  mutable std::mutex mutex_;
  std::vector<FarRequest> requests_;
  std::vector<Fd> kept_open_;
  std::thread thread_;
};

}  // namespace civicast::test
