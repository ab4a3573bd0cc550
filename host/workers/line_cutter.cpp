// SPDX-License-Identifier: Apache-2.0
#include "host/workers/line_cutter.hpp"

#include <algorithm>

#include "host/workers/printable.hpp"

namespace civicast::workers {
void LineCutter::feed(std::string_view bytes, std::int64_t now_ms) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (!is_skipping_) rest_ += bytes.substr(0, std::min(end, max_line_bytes - rest_.size()));
    const bool is_full = !is_skipping_ && rest_.size() >= max_line_bytes;
    if (is_full) line(rest_ + " …", now_ms);
    if (end != std::string_view::npos && !is_full && !is_skipping_) line(rest_, now_ms);
    is_skipping_ = end == std::string_view::npos && (is_full || is_skipping_);
    if (is_full || end != std::string_view::npos) rest_.clear();
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
}

void LineCutter::finish(std::int64_t now_ms) {
  if (!rest_.empty() && !is_skipping_) line(rest_, now_ms);
  rest_.clear();
  is_skipping_ = false;
  tell_dropped();
}

void LineCutter::forget() {
  rest_.clear();
  is_skipping_ = false;
  last_.clear();
}

void LineCutter::line(std::string_view bytes, std::int64_t now_ms) {
  int level = 1;
  const bool has_level =
      bytes.size() > 3 && bytes[0] == '<' && bytes[2] == '>' && bytes[1] >= '0' && bytes[1] <= '3';
  if (has_level) {
    level = bytes[1] - '0';
    bytes.remove_prefix(3);
  }
  if (bytes.empty()) return;
  last_.push_back(printable(bytes));
  if (last_.size() > kept_lines) last_.pop_front();
  if (!budget_.take(now_ms)) return;
  tell_dropped();
  tell_(level, last_.back());
}

void LineCutter::tell_dropped() {
  if (const std::int64_t dropped = budget_.forget_dropped(); dropped > 0)
    tell_(2, std::to_string(dropped) + " lines of output were dropped");
}

std::string LineCutter::last_lines() const {
  std::string out;
  for (const std::string &line : last_) out += (out.empty() ? "" : "\n") + line;
  return out;
}

}  // namespace civicast::workers
