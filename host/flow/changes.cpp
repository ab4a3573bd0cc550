// SPDX-License-Identifier: Apache-2.0
#include "host/flow/changes.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "host/base/time_text.hpp"
#include "host/planner/faults.hpp"

namespace civicast::flow {
namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

struct Split {
  std::string_view before, after;
};

/// At the last of these; all before it if there is none.
Split split(std::string_view text, char at) {
  const auto found = text.rfind(at);
  if (found == std::string_view::npos) return {text, {}};
  return {text.substr(0, found), text.substr(found + 1)};
}

class Reading {
 public:
  void read(const std::string &text) {
    const auto equals = text.find('=');
    const std::string_view all(text);
    const auto kind = all.substr(0, equals);
    const auto what = equals == std::string::npos ? std::string_view() : all.substr(equals + 1);
    const bool is_read = !what.empty() && (kind == "campaign"  ? read_campaign(what)
                                           : kind == "channel" ? read_channel(what)
                                           : kind == "break"   ? read_break(what)
                                                               : false);
    if (!is_read) faults_.push_back(Fault(faults::what_if_malformed, {{"text", text}}));
  }

  Result<std::vector<planner::Change>, Faults> take() && {
    if (!faults_.empty()) return std::move(faults_);
    return std::move(changes_);
  }

 private:
  bool read_campaign(std::string_view what) {
    auto [file, length] = split(what, ':');
    std::optional<std::int64_t> assumed_ms;
    if (!length.empty()) assumed_ms = parse_length_ms(length);
    if (!assumed_ms) file = what;  // the colon is part of the name
    auto campaigns = campaigns::read_campaigns(std::string(file));
    if (!campaigns) {
      for (Fault &fault : campaigns.fault()) faults_.push_back(std::move(fault));
      return true;
    }
    for (auto &campaign : *campaigns)
      changes_.push_back(
          planner::CampaignComes{std::move(campaign), assumed_ms ? *assumed_ms * ns_per_ms : -1});
    return true;
  }

  bool read_channel(std::string_view what) {
    changes_.push_back(planner::ChannelLost{std::string(what)});
    return true;
  }

  bool read_break(std::string_view what) {
    const auto [id, how] = split(what, ':');
    if (id.empty() || how.size() < 2) return false;
    if (how == "lost") {
      changes_.push_back(planner::BreakLost{std::string(id)});
      return true;
    }
    const auto length_ms = parse_length_ms(how.substr(1));
    const char sign = how.front();
    if (!length_ms || *length_ms == 0 || (sign != '+' && sign != '-')) return false;
    changes_.push_back(planner::BreakResized{std::string(id),
                                             (sign == '+' ? *length_ms : -*length_ms) * ns_per_ms});
    return true;
  }

  std::vector<planner::Change> changes_;
  Faults faults_;
};

}  // namespace

Result<std::vector<planner::Change>, Faults> read_changes(const std::vector<std::string> &texts) {
  Reading reading;
  for (const std::string &text : texts) reading.read(text);
  return std::move(reading).take();
}

}  // namespace civicast::flow
