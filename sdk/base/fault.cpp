// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/fault.hpp"

namespace civicast {
namespace {

std::string fill(std::string_view pattern, const std::vector<Fault::Fact> &facts) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    out.append(pattern.substr(0, open));
    const auto name = pattern.substr(open + 1, close - open - 1);
    for (const auto &[key, value] : facts)
      if (key == name) out += value;
    pattern.remove_prefix(close + 1);
  }
  return out.append(pattern);
}

}  // namespace

Fault::Fault(const FaultKind &kind, std::initializer_list<Fact> facts)
    : kind_(&kind), facts_(facts) {}

Fault Fault::at(std::string where) && {
  where_ = std::move(where);
  return std::move(*this);
}

Fault Fault::with_detail(std::string detail) && {
  detail_ = std::move(detail);
  return std::move(*this);
}

std::string Fault::sentence(Lang lang) const {
  auto text = fill(lang == Lang::zh ? kind_->zh : kind_->en, facts_);
  return where_.empty() ? text : where_ + ": " + text;
}

std::string Fault::text() const {
  auto text = sentence(Lang::zh) + "\n" + sentence(Lang::en);
  return detail_.empty() ? text : text + " [" + detail_ + "]";
}

}  // namespace civicast
