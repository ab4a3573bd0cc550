// SPDX-License-Identifier: Apache-2.0
// A far side that stands in for whatever a plugin posts to: HTTP on 127.0.0.1, answering as told.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "sdk/base/disk.hpp"

namespace civicast::kit {

class FarSide {
 public:
  enum class Manner {
    obliging,      ///< 200 and {}
    unauthorized,  ///< 401
    forbidden,     ///< 403
    busy,          ///< 429, Retry-After: 1
    broken,        ///< 500
    cut,           ///< half an answer, and the connection ends
    gone,          ///< the connection ends before a word
  };
  FarSide();
  ~FarSide();
  FarSide(const FarSide &) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void behave(Manner manner) { manner_ = manner; }
  int requests() const { return requests_; }

 private:
  void run();
  void serve(int fd);

  Fd socket_, wake_;
  int port_ = 0;
  std::atomic<Manner> manner_{Manner::obliging};
  std::atomic<int> requests_{0};
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

}  // namespace civicast::kit
