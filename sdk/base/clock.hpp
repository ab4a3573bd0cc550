// SPDX-License-Identifier: Apache-2.0
// The time, handed in, so that a test owns it. UTC nanoseconds since 1970 everywhere inside.
#pragma once

#include <atomic>
#include <cstdint>

namespace civicast {

inline constexpr std::int64_t ns_per_ms = 1'000'000;
inline constexpr std::int64_t ns_per_s = 1'000'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  /// [any] UTC nanoseconds since 1970.
  virtual std::int64_t now_ns() const = 0;
};

class SystemClock final : public Clock {
 public:
  std::int64_t now_ns() const override;
};

/// A clock that stands still until told.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t now_ns) : now_ns_(now_ns) {}
  std::int64_t now_ns() const override { return now_ns_; }
  void set(std::int64_t now_ns) { now_ns_ = now_ns; }
  void advance(std::int64_t by_ns) { now_ns_ += by_ns; }

 private:
  std::atomic<std::int64_t> now_ns_;
};

}  // namespace civicast
