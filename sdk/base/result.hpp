// SPDX-License-Identifier: Apache-2.0
// A value, or the reason why there is none. What people and the outside world can cause is a
// Result; what must not happen is an exception.
#pragma once

#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "sdk/base/fault.hpp"

namespace civicast {

template <class T, class E = Fault>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<T, E>, "a Result must be able to tell its value from its fault");

 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E fault) : state_(std::in_place_index<1>, std::move(fault)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Asking a failed Result for its value is a programming error and throws std::logic_error.
  T &value() & { return must_hold<0>(), *std::get_if<0>(&state_); }
  const T &value() const & { return must_hold<0>(), *std::get_if<0>(&state_); }
  T &&value() && { return must_hold<0>(), std::move(*std::get_if<0>(&state_)); }

  T &operator*() & { return value(); }
  const T &operator*() const & { return value(); }
  T &&operator*() && { return std::move(*this).value(); }
  T *operator->() { return &value(); }
  const T *operator->() const { return &value(); }

  E &fault() & { return must_hold<1>(), *std::get_if<1>(&state_); }
  const E &fault() const & { return must_hold<1>(), *std::get_if<1>(&state_); }
  E &&fault() && { return must_hold<1>(), std::move(*std::get_if<1>(&state_)); }

 private:
  template <std::size_t I>
  void must_hold() const {
    if (state_.index() != I) throw std::logic_error("Result: asked for what it does not hold");
  }
  std::variant<T, E> state_;
};

/// The Result of something that only succeeds or fails: `return {};` is success.
template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E fault) : fault_(std::in_place_index<1>, std::move(fault)) {}

  bool ok() const { return fault_.index() == 0; }
  explicit operator bool() const { return ok(); }
  E &fault() & { return must_fail(), *std::get_if<1>(&fault_); }
  const E &fault() const & { return must_fail(), *std::get_if<1>(&fault_); }
  E &&fault() && { return must_fail(), std::move(*std::get_if<1>(&fault_)); }

 private:
  void must_fail() const {
    if (ok()) throw std::logic_error("Result: asked a success for its fault");
  }
  std::variant<std::monostate, E> fault_;
};

}  // namespace civicast
