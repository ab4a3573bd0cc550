// SPDX-License-Identifier: Apache-2.0
// What a fake platform shows: its accounts and their posts. This list is the truth that counts are
// held against.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace far_side {

/// What an account does with a key that it knows, and whether it can be asked about one.
enum class Manner {
  idempotent,  ///< a second post with a known key is the first one
  once,        ///< a second post is a second airing; it can be asked by key
  blind,       ///< the same, and every question is answered with 501
};

struct Post {
  std::string key, text, address;
  std::int64_t created_ns = 0;
};

/// How far the newest request to post with a key has come.
enum class Reached { unheard, waiting, created, answered, expired };

/// [any] One account.
class Wall {
 public:
  explicit Wall(Manner manner) : manner_(manner) {}

  Manner manner() const { return manner_; }
  void begin(const std::string &key);
  /// The post that the request made, or under an idempotent manner the first one; nothing if it is
  /// later than `valid_until_ns`: then no post is made, now or ever, by this request.
  std::optional<Post> create(const std::string &key, const std::string &text,
                             std::int64_t valid_until_ns);
  void answered(const std::string &key);
  /// The answer to a request with this key never arrived.
  void lost(const std::string &key);

  std::vector<Post> posts() const;
  std::vector<Post> posts(const std::string &key) const;
  Reached reached(const std::string &key) const;
  bool has_lost(const std::string &key) const;

 private:
  const Manner manner_;
  mutable std::mutex mutex_;
  std::vector<Post> posts_;
  std::map<std::string, std::vector<std::size_t>> by_key_;
  std::map<std::string, Reached> reached_;
  std::set<std::string> lost_;
};

}  // namespace far_side
