// SPDX-License-Identifier: Apache-2.0
// Compliance 合规: legal minima held against what was really aired, per channel and day. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/zone.hpp"
#include "host/reports/reconcile.hpp"
#include "host/rules/judge.hpp"

namespace civicast::reports {

enum class Standing {
  met,
  not_met,
  unjudged,  ///< what is known does not say
  running,   ///< not met yet, and its hours are not over
};
std::string_view word(Standing standing);  ///< "met", "not_met", …
Words words(Standing standing);            ///< "达标", "met"

struct Judgement {
  rules::Verdict verdict;  ///< by complete airings on evidence alone
  Words says;              ///< the rule in words
  Standing standing = Standing::met;
  Words why;   ///< of all but `met`
  Words mend;  ///< what would mend it; empty where nothing must be
};

/// What is known of a channel's day.
struct AiredDay {
  std::string channel;
  rules::Medium medium = rules::Medium::tv;
  Date date{};
  /// Of commercials that others put into the channel, as the grid says; nothing: it does not say.
  std::optional<std::int64_t> commercial_ns;
  std::vector<const counts::Final *> facts;  ///< that started on that day
  std::vector<const Row *> rows;             ///< that were planned for it
};

/// One for each rule that is for the channel on that day, in the rules' order. A placement that was
/// seen at several places is one airing.
std::vector<Judgement> judge_aired(const std::vector<rules::Rule> &rules, const AiredDay &day,
                                   const Zone &zone, std::int64_t now_ns);

}  // namespace civicast::reports
