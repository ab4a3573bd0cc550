// SPDX-License-Identifier: Apache-2.0
#include "host/workers/pattern.hpp"

#include <re2/re2.h>

namespace civicast::workers {
namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

std::unique_ptr<re2::RE2> compiled(const std::string &expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(256 * 1024);
  return std::make_unique<re2::RE2>(piece(expression), options);
}

}  // namespace

bool is_pattern(const std::string &expression) {
  return compiled(expression)->ok();
}

Patterns::Patterns() = default;
Patterns::~Patterns() = default;

const re2::RE2 &Patterns::at(const std::string &expression) {
  std::unique_ptr<re2::RE2> &slot = compiled_[expression];
  if (!slot) slot = compiled(expression);
  return *slot;
}

bool Patterns::occurs_in(std::string_view text, const std::string &expression) {
  return re2::RE2::PartialMatch(piece(text), at(expression));
}

bool Patterns::is_all_of(std::string_view text, const std::string &expression) {
  return re2::RE2::FullMatch(piece(text), at(expression));
}

}  // namespace civicast::workers
