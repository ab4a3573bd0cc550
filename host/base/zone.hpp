// SPDX-License-Identifier: Apache-2.0
// The station's time zone: the only place where UTC nanoseconds become local days and hours.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/base/result.hpp"

namespace date {
class time_zone;
}

namespace civicast {

/// A day of the calendar, without a zone.
using Date = std::chrono::year_month_day;

std::string date_text(Date date);                       ///< "2026-11-23"
std::optional<Date> parse_date(std::string_view text);  ///< nothing on anything else
Date next_day(Date date);
int days_between(Date from, Date to);  ///< to − from
int iso_weekday(Date date);            ///< 1 is Monday, 7 is Sunday

class Zone {
 public:
  /// An IANA name such as "Asia/Shanghai".
  static Result<Zone> find(const std::string &name);

  const std::string &name() const { return name_; }
  Date date_at(std::int64_t utc_ns) const;
  /// Local seconds since local midnight, 0 to 86399 (as a wall clock shows them).
  int second_of_day(std::int64_t utc_ns) const;
  /// The instant at which a wall clock shows `second_of_day` (0 to 86400) on `date`. Where the
  /// clock is set forward over it, the instant of the jump; where it comes twice, the first.
  std::int64_t instant(Date date, int second_of_day) const;
  /// "2026-11-23T22:36:00+08:00"
  std::string local_text(std::int64_t utc_ns) const;

 private:
  Zone(std::string name, const date::time_zone *zone) : name_(std::move(name)), zone_(zone) {}
  std::string name_;
  const date::time_zone *zone_;
};

}  // namespace civicast
