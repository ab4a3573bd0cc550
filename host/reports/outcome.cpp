// SPDX-License-Identifier: Apache-2.0
#include "host/reports/reconcile.hpp"

namespace civicast::reports {
namespace {

struct Named {
  std::string_view code;
  const char *zh, *en;
};

constexpr std::array<Named, outcomes> named = {{
    {"aired", "完整播出", "aired"},
    {"technical_difficulty", "技术故障", "technical difficulty"},
    {"did_not_air", "没有播出", "did not air"},
    {"duration_discrepancy", "时长不符", "another length"},
    {"content_discrepancy", "内容不符", "other content"},
    {"preempted", "被替换", "pre-empted"},
    {"joined_in_progress", "中途切入", "joined in progress"},
    {"inserted_by_operator", "人工插播", "inserted by an operator"},
    {"unknown", "不明", "unknown"},
    {"missing_content", "缺少素材", "content missing"},
    {"withdrawn", "已撤回", "withdrawn"},
    {"inferred", "仅按计划推断", "only inferred"},
    {"off_window", "播出时间与排期不符", "off its window"},
    {"duplicate", "同时重复上报", "reported twice at once"},
    {"clock_untrusted", "时钟不可信", "clock not to be trusted"},
    {"not_handed", "未下发却上报播出", "never handed out"},
    {"disputed", "上报存疑", "disputed"},
    {"no_word", "没有回报", "no word"},
    {"to_come", "尚未播出", "still to come"},
}};

}  // namespace

std::string_view code(Outcome outcome) {
  return named[static_cast<std::size_t>(outcome)].code;
}

std::optional<Outcome> outcome_named(std::string_view code) {
  for (std::size_t i = 0; i < named.size(); ++i)
    if (named[i].code == code) return static_cast<Outcome>(i);
  return {};
}

Words words(Outcome outcome) {
  const Named &one = named[static_cast<std::size_t>(outcome)];
  return {one.zh, one.en};
}

bool is_open(Outcome outcome) {
  return outcome != Outcome::aired && outcome != Outcome::to_come && outcome != Outcome::withdrawn;
}

}  // namespace civicast::reports
