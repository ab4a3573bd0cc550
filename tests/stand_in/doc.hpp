// SPDX-License-Identifier: Apache-2.0
// A JSON document as the contract hands it to a plugin.
#pragma once

#include <civicast/channel.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <string>

namespace stand_in {

class Doc {
 public:
  explicit Doc(nlohmann::json json);
  Doc(const Doc &) = delete;
  const civ_doc *raw() const { return &raw_; }

 private:
  static const nlohmann::json *find(const civ_doc *doc, const char *at);
  static civ_text text(const civ_doc *, const char *at);
  static double number(const civ_doc *, const char *at);
  static int64_t integer(const civ_doc *, const char *at);
  static civ_text name(const civ_doc *, const char *at, size_t index);
  static int32_t flag(const civ_doc *, const char *at);
  static size_t count(const civ_doc *, const char *at);
  static civ_text json_text(const civ_doc *, const char *at);

  nlohmann::json json_;
  std::deque<std::string> texts_;  ///< what json() handed out
  civ_doc raw_;
};

}  // namespace stand_in
