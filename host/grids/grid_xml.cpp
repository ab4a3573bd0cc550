// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "host/base/xml.hpp"
#include "host/grids/faults.hpp"
#include "host/grids/grid.hpp"
#include "host/grids/pattern.hpp"
#include "host/grids/slots.hpp"

namespace civicast::grids {
namespace {

constexpr int max_exception_days = 366;
constexpr std::array<std::string_view, 7> weekday_names = {"mon", "tue", "wed", "thu",
                                                           "fri", "sat", "sun"};
constexpr std::array<std::string_view, 7> weekday_names_zh = {"周一", "周二", "周三", "周四",
                                                              "周五", "周六", "周日"};

std::vector<int> read_weekdays(xml::Element day) {
  std::vector<int> weekdays;
  for (const std::string &name : day.parts("weekdays")) {
    if (name == "daily" || name == "每天") {
      weekdays.insert(weekdays.end(), {1, 2, 3, 4, 5, 6, 7});
      continue;
    }
    const auto en = std::find(weekday_names.begin(), weekday_names.end(), name);
    const auto zh = std::find(weekday_names_zh.begin(), weekday_names_zh.end(), name);
    const auto index =
        en != weekday_names.end() ? en - weekday_names.begin() : zh - weekday_names_zh.begin();
    if (index < 7) {
      weekdays.push_back(static_cast<int>(index) + 1);
    } else {
      day.tell_bad_value("weekdays", {"可写 mon tue wed thu fri sat sun，或 周一 … 周日，或 daily",
                                      "Use mon tue wed thu fri sat sun, or daily"});
    }
  }
  return weekdays;
}

Pattern read_day(xml::Element day, std::array<int, 8> &taken) {
  day.allow({"weekdays"}, {"hours", "fillers", "commercials"});
  Pattern pattern;
  pattern.line = day.line();
  for (const int weekday : read_weekdays(day)) {
    const auto index = static_cast<std::size_t>(weekday);
    if (taken[index]) {
      day.tell(Fault(faults::weekday_twice, {{"weekday", std::string(weekday_names[index - 1])},
                                             {"line", std::to_string(taken[index])}}));
      continue;
    }
    taken[index] = pattern.line;
    pattern.weekdays.push_back(weekday);
  }
  if (day.children("hours").empty()) day.child("hours");  // tells that it is missing
  read_slots(day, pattern);
  pattern.commercials = read_commercials(day);
  return pattern;
}

/// May be empty: a day off the air.
Pattern read_exception(xml::Element element, const std::vector<Pattern> &others) {
  element.allow({"date", "last"}, {"hours", "fillers", "commercials"});
  Pattern pattern;
  pattern.line = element.line();
  pattern.first = element.date("date");
  pattern.last = element.has("last") ? element.date("last") : pattern.first;
  read_slots(element, pattern);
  pattern.commercials = read_commercials(element);
  if (!parse_date(element.optional_text("date"))) return pattern;  // told by date
  if (pattern.last < pattern.first) {
    element.tell(Fault(faults::dates_reversed,
                       {{"first", date_text(pattern.first)}, {"last", date_text(pattern.last)}}));
  } else if (days_between(pattern.first, pattern.last) >= max_exception_days) {
    element.tell(Fault(faults::dates_too_many, {{"limit", std::to_string(max_exception_days)}}));
  }
  for (const Pattern &other : others) {
    if (!other.weekdays.empty()) continue;
    const Date first = std::max(pattern.first, other.first);
    if (first > pattern.last || first > other.last) continue;
    element.tell(Fault(faults::date_twice,
                       {{"date", date_text(first)}, {"line", std::to_string(other.line)}}));
  }
  return pattern;
}

}  // namespace

Result<Grid, Faults> read_grid(const std::filesystem::path &file) {
  const auto shown = file.parent_path().filename() / file.filename();
  auto document = xml::Document::read(file, shown.string(), "grid");
  if (!document) return std::move(document).fault();
  xml::Element root = document->root();
  root.allow({"channel"}, {"day", "exception"});
  const std::string channel = root.slug("channel");
  std::vector<Pattern> patterns;
  std::array<int, 8> taken{};
  for (xml::Element day : root.children("day")) patterns.push_back(read_day(day, taken));
  if (patterns.empty()) root.child("day");  // tells that one is missing
  for (xml::Element element : root.children("exception"))
    patterns.push_back(read_exception(element, patterns));
  if (!document->faults().empty()) return document->faults();
  return Grid(channel, std::move(patterns));
}

}  // namespace civicast::grids
