// SPDX-License-Identifier: Apache-2.0
#include "host/base/zone.hpp"

#include <date/tz.h>

#include <charconv>
#include <cstdio>

#include "host/base/faults.hpp"

namespace civicast {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_days;

date::sys_time<nanoseconds> sys_of(std::int64_t utc_ns) {
  return date::sys_time<nanoseconds>{nanoseconds{utc_ns}};
}

}  // namespace

std::string date_text(Date date) {
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return out;
}

std::optional<Date> parse_date(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto whole = [](std::string_view part, auto &value) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() && part.front() != '-';
  };
  if (!whole(text.substr(0, 4), year) || !whole(text.substr(5, 2), month) ||
      !whole(text.substr(8, 2), day))
    return {};
  const Date date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) return {};
  return date;
}

Date next_day(Date date) {
  return sys_days{date} + days{1};
}

int days_between(Date from, Date to) {
  return static_cast<int>((sys_days{to} - sys_days{from}).count());
}

int iso_weekday(Date date) {
  return static_cast<int>(std::chrono::weekday{sys_days{date}}.iso_encoding());
}

Result<Zone> Zone::find(const std::string &name) {
  try {
    return Zone(name, date::locate_zone(name));
  } catch (const std::exception &error) {
    return Fault(faults::zone_unknown, {{"zone", name}}).with_detail(error.what());
  }
}

Date Zone::date_at(std::int64_t utc_ns) const {
  const auto local = zone_->to_local(sys_of(utc_ns));
  const auto day = date::floor<date::days>(local).time_since_epoch();
  return sys_days{days{day.count()}};
}

int Zone::second_of_day(std::int64_t utc_ns) const {
  const auto local = date::floor<seconds>(zone_->to_local(sys_of(utc_ns)));
  return static_cast<int>((local - date::floor<date::days>(local)).count());
}

std::int64_t Zone::instant(Date date, int second_of_day) const {
  const auto day = sys_days{date}.time_since_epoch();
  const date::local_seconds local{seconds{day} + seconds{second_of_day}};
  const auto info = zone_->get_info(local);
  if (info.result == date::local_info::nonexistent)
    return nanoseconds{info.second.begin.time_since_epoch()}.count();
  return nanoseconds{local.time_since_epoch() - info.first.offset}.count();
}

std::string Zone::local_text(std::int64_t utc_ns) const {
  return date::format("%FT%T%Ez", date::make_zoned(zone_, date::floor<seconds>(sys_of(utc_ns))));
}

}  // namespace civicast
