// SPDX-License-Identifier: Apache-2.0
// A far side that stands in for whatever a plugin posts to: HTTP on 127.0.0.1. A POST is answered
// 201, and is one post however often its Idempotency-Key comes; a GET of …/KEY is answered with
// when it was posted (Last-Modified), or 404. Both bring the post's address (Location).
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>

#include "sdk/base/disk.hpp"

namespace civicast::kit {

class FarSide {
 public:
  enum class Manner {
    obliging,      ///< as above
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
  /// Its clock is so much ahead of the machine's.
  void set_clock_ahead(std::int64_t seconds) { clock_ahead_s_ = seconds; }
  int requests() const { return requests_; }

 private:
  void run();
  void serve(int fd);
  std::string obliging(const std::string &request);

  Fd socket_, wake_;
  int port_ = 0;
  std::atomic<Manner> manner_{Manner::obliging};
  std::atomic<int> requests_{0};
  std::atomic<std::int64_t> clock_ahead_s_{0};
  std::map<std::string, std::string> posted_;  ///< key → when. Of the thread
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

}  // namespace civicast::kit
