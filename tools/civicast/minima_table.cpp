// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/minima_table.hpp"

#include "host/base/time_text.hpp"

namespace civicast::cli {

void print_minima(const std::vector<rules::Verdict> &verdicts, const Context &context) {
  Table table({{"channel", "频道 channel"},
               {"date", "日期 date"},
               {"rule", "规定 rule"},
               {"from", "起 from"},
               {"to", "止 to"},
               {"unit", "单位 unit"},
               {"asked", "要求 asked"},
               {"planned", "已编排 planned"},
               {"missing", "缺 missing"}});
  const bool is_for_people = context.format == "table";
  for (const rules::Verdict &one : verdicts) {
    const auto amount = [&](std::int64_t of) {
      return one.is_time ? Json(static_cast<double>(of) / 1e9) : Json(of);
    };
    const char *unit =
        is_for_people ? (one.is_time ? "秒 s" : "次 airings") : (one.is_time ? "s" : "airings");
    table.add({one.channel, date_text(one.date), one.rule, clock_text(one.from_s * 1000LL),
               clock_text(one.to_s * 1000LL), unit, amount(one.asked), amount(one.had),
               amount(one.missing())});
  }
  table.print(context);
}

}  // namespace civicast::cli
