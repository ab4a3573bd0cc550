// SPDX-License-Identifier: Apache-2.0
// A worker's output, cut into lines: too long ones are shortened, too many are counted, and what
// is no text is made one.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "host/workers/line_budget.hpp"

namespace civicast::workers {

class LineCutter {
 public:
  static constexpr std::size_t max_line_bytes = 2048;
  static constexpr std::size_t kept_lines = 24;

  /// Is told the civ_level and the line: UTF-8 without control characters.
  using Tell = std::function<void(int level, const std::string &line)>;

  explicit LineCutter(Tell tell) : tell_(std::move(tell)) {}

  /// `now_ms` of any clock that only goes forward. A line may begin with "<N>", its civ_level.
  void feed(std::string_view bytes, std::int64_t now_ms);
  /// The stream ended: what is left is a line too.
  void finish(std::int64_t now_ms);
  /// A new stream begins; the last one's words are not its.
  void forget();
  /// The newest lines, told or not, joined by line breaks: a worker's last words.
  std::string last_lines() const;

 private:
  void line(std::string_view bytes, std::int64_t now_ms);
  void tell_dropped();
  Tell tell_;
  std::string rest_;
  bool is_skipping_ = false;
  std::deque<std::string> last_;
  LineBudget budget_;
};

}  // namespace civicast::workers
