// SPDX-License-Identifier: Apache-2.0
// The fixed columns of a CCMS record (ANSI/SCTE 118-3), for the reader and the writer alike.
#pragma once

#include <cstddef>

namespace civicast::exchange {

/// Bytes as the standard counts them: the first is 1, and `last` is part of it.
struct Column {
  std::size_t first, last;
  const char *zh, *en;
  constexpr std::size_t width() const { return last - first + 1; }
};

namespace column {
inline constexpr Column type{1, 3, "记录类型", "event type"};
inline constexpr Column date{5, 8, "计划日期", "scheduled date"};
inline constexpr Column time{10, 15, "计划时间", "scheduled time"};
inline constexpr Column window_start{17, 20, "窗口开始", "window start"};
inline constexpr Column window_length{22, 25, "窗口时长", "window duration"};
inline constexpr Column break_number{27, 29, "窗口内时段号", "break number"};
inline constexpr Column position{31, 33, "时段内位置", "position in the break"};
inline constexpr Column length{35, 40, "计划时长", "scheduled length"};
inline constexpr Column actual_time{42, 47, "实播时间", "actual time"};
inline constexpr Column actual_length{49, 56, "实播时长", "actual length"};
inline constexpr Column actual_position{58, 60, "实播位置", "actual position"};
inline constexpr Column spot{62, 72, "素材号", "spot id"};
inline constexpr Column status{74, 77, "状态码", "status"};
inline constexpr Column advertiser{79, 110, "广告主", "advertiser"};
inline constexpr Column title{112, 131, "素材名", "spot name"};
inline constexpr Column fill{133, 136, "排定/补位", "scheduled or fill"};
inline constexpr Column reserved{138, 143, "保留", "reserved"};
inline constexpr Column user{145, 400, "用户栏", "user field"};
}  // namespace column

/// Blanks between the columns that every record has.
inline constexpr std::size_t blanks[] = {4, 9, 16, 21, 26, 30, 34, 41, 48, 57, 61};
/// Those around the status. What people wrote stands behind it, and other systems count its
/// characters, not its bytes: blanks there prove nothing.
inline constexpr std::size_t later_blanks[] = {73, 78};

namespace ccms_code {
inline constexpr int not_run = 0;            ///< in a schedule
inline constexpr int aired = 1;              ///< without a stall from its first frame to its last
inline constexpr int failed = 2;             ///< and what every event is until it has run
inline constexpr int device_not_ready = 10;  ///< the inserter or its splicer
inline constexpr int no_cue = 23;            ///< none came in the window
}  // namespace ccms_code

}  // namespace civicast::exchange
