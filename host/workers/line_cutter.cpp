// SPDX-License-Identifier: Apache-2.0
#include "host/workers/line_cutter.hpp"

namespace civicast::workers {

void LineCutter::feed(std::string_view bytes, std::int64_t now_ms) {
  for (const char c : bytes) {
    if (c == '\n') {
      if (!is_skipping_) line(std::move(rest_), now_ms);
      rest_.clear();
      is_skipping_ = false;
    } else if (!is_skipping_) {
      rest_.push_back(c);
      if (rest_.size() < max_line_bytes) continue;
      line(rest_ + " …", now_ms);
      is_skipping_ = true;
    }
  }
}

void LineCutter::finish(std::int64_t now_ms) {
  if (!rest_.empty() && !is_skipping_) line(std::move(rest_), now_ms);
  rest_.clear();
}

void LineCutter::line(std::string text, std::int64_t now_ms) {
  int level = 1;
  if (text.size() > 3 && text[0] == '<' && text[2] == '>' && text[1] >= '0' && text[1] <= '3') {
    level = text[1] - '0';
    text.erase(0, 3);
  }
  if (text.empty()) return;
  last_.push_back(text);
  if (last_.size() > kept_lines) last_.pop_front();

  if (now_ms / 1000 != second_) {
    if (dropped_ > 0) tell_(2, std::to_string(dropped_) + " lines of output were dropped");
    second_ = now_ms / 1000;
    told_ = 0;
    dropped_ = 0;
  }
  if (told_ < lines_per_second) {
    ++told_;
    tell_(level, text);
  } else {
    ++dropped_;
  }
}

std::string LineCutter::last_lines() const {
  std::string out;
  for (const std::string &line : last_) out += (out.empty() ? "" : "\n") + line;
  return out;
}

}  // namespace civicast::workers
