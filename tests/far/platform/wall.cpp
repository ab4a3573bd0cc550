// SPDX-License-Identifier: Apache-2.0
#include "tests/far/platform/wall.hpp"

#include <chrono>

namespace far_side {
namespace {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Wall::begin(const std::string &key) {
  const std::lock_guard lock(mutex_);
  reached_[key] = Reached::waiting;
}

std::optional<Post> Wall::create(const std::string &key, const std::string &text,
                                 std::int64_t valid_until_ns) {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> &known = by_key_[key];
  if (manner_ == Manner::idempotent && !known.empty()) {
    reached_[key] = Reached::created;
    return posts_[known.front()];
  }
  // Asked under the lock that guards the list: whoever looks after that instant and finds nothing
  // may be sure that nothing will come.
  const std::int64_t at_ns = now_ns();
  if (at_ns > valid_until_ns) {
    reached_[key] = Reached::expired;
    return std::nullopt;
  }
  known.push_back(posts_.size());
  posts_.push_back(
      {key, text, "https://far.example/p/" + std::to_string(posts_.size() + 1), at_ns});
  reached_[key] = Reached::created;
  return posts_.back();
}

void Wall::answered(const std::string &key) {
  const std::lock_guard lock(mutex_);
  if (reached_[key] == Reached::created) reached_[key] = Reached::answered;
}

void Wall::lost(const std::string &key) {
  const std::lock_guard lock(mutex_);
  lost_.insert(key);
}

bool Wall::has_lost(const std::string &key) const {
  const std::lock_guard lock(mutex_);
  return lost_.count(key) == 1;
}

std::vector<Post> Wall::posts() const {
  const std::lock_guard lock(mutex_);
  return posts_;
}

std::vector<Post> Wall::posts(const std::string &key) const {
  const std::lock_guard lock(mutex_);
  std::vector<Post> out;
  if (const auto known = by_key_.find(key); known != by_key_.end())
    for (const std::size_t index : known->second) out.push_back(posts_[index]);
  return out;
}

Reached Wall::reached(const std::string &key) const {
  const std::lock_guard lock(mutex_);
  const auto found = reached_.find(key);
  return found == reached_.end() ? Reached::unheard : found->second;
}

}  // namespace far_side
