// SPDX-License-Identifier: Apache-2.0
// A fake social platform on the loopback: what a channel posts to when no real one may be used. It
// lives in the test's process, so it outlives every worker and host that is killed.
//
//     POST /ACCOUNT/posts          {"text": …}, with the headers Idempotency-Key and Valid-Until
//                                  (UTC ns: not made after it) → 201, 200 (known) or 412 (too late)
//     GET  /ACCOUNT/posts?key=KEY  → 200 and the post, 404, or 501 where it answers no question
//
// It dawdles before and after it makes a post, and loses some answers, so that whoever dies
// meanwhile dies in every phase.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tests/far/platform/wall.hpp"

namespace far_side {

struct Temper {
  /// Before it makes a post, and again before it answers; one pause in ten is ten times as long, so
  /// that a request is carried out when whoever sent it is dead and the next one asks already.
  int longest_pause_ms = 0;
  int lost_of_1000 = 0;  ///< answers to a POST that never arrive: the connection is closed
  std::uint32_t seed = 1;
};

class Platform {
 public:
  /// Serves from now on, on a port of its own.
  Platform(const std::map<std::string, Manner> &accounts, Temper temper);
  /// Requests in hand are carried out first.
  ~Platform();
  Platform(const Platform &) = delete;
  Platform &operator=(const Platform &) = delete;

  /// "http://127.0.0.1:PORT"; an account's posts are at /ACCOUNT/posts.
  std::string url() const;
  /// [any] std::out_of_range for an account that was not named at the beginning.
  const Wall &wall(const std::string &account) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace far_side
