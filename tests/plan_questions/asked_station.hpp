// SPDX-License-Identifier: Apache-2.0
// A station with one feed, whose assets are words and so need no house files; and its command line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sdk/base/json.hpp"

namespace civicast::test {

struct Ran {
  int status = 0;
  std::string output;  ///< with what went to standard error
};

class AskedStation {
 public:
  AskedStation();
  ~AskedStation();

  /// `civicast --station … WORDS`
  Ran run(const std::vector<std::string> &words) const;
  Ran plan(std::vector<std::string> words) const;
  /// The same with --format json and without standard error.
  Json json(std::vector<std::string> words) const;
  std::string write(const std::string &file, const std::string &text) const;
  const std::string &tomorrow() const { return tomorrow_; }

 private:
  Ran shell(const std::vector<std::string> &words, const char *redirection) const;

  std::filesystem::path folder_;
  std::string tomorrow_;
};

}  // namespace civicast::test
