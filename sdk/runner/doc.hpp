// SPDX-License-Identifier: Apache-2.0
// A civ_doc over a JSON document.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "civicast/channel.h"
#include "sdk/base/json.hpp"

namespace civicast::runner {

/// Every text that it hands out lives as long as it does. [any]
class JsonDoc {
 public:
  /// `text` is a JSON object; anything else reads as an empty one.
  explicit JsonDoc(std::string_view text);
  JsonDoc(const JsonDoc &) = delete;
  JsonDoc &operator=(const JsonDoc &) = delete;

  const civ_doc *raw() const { return &raw_; }

 private:
  static const JsonDoc &self(const civ_doc *doc);
  const Json *find(const char *at) const noexcept;
  civ_text json(const char *at) const;

  Json root_;
  mutable std::mutex mutex_;
  mutable std::deque<std::string> written_;
  civ_doc raw_;
};

}  // namespace civicast::runner
