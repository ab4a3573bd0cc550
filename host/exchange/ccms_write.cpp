// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "host/airings/text.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/ccms_columns.hpp"
#include "host/exchange/faults.hpp"

namespace civicast::exchange {
namespace {

std::string hhmmss(std::int64_t ms) {
  const std::int64_t s = ms / ms_per_s;
  return fmt::format("{:02}{:02}{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string hhmm(int min) {
  return fmt::format("{:02}{:02}", min / 60, min % 60);
}

std::string hhmmsscc(std::int64_t ms) {
  const std::int64_t cs = (ms + 5) / 10;
  return hhmmss(cs * 10) + fmt::format("{:02}", cs % 100);
}

std::string month_and_day(Date date) {
  return fmt::format("{:02}{:02}", static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Numbers stand right, behind zeros: inserters look at the last eight bytes. Words stand left.
std::string spot_text(const std::string &spot) {
  return is_digits(spot) ? fmt::format("{:0>11}", spot) : fmt::format("{:<11}", spot);
}

/// What people wrote, without what would break the line, cut between characters.
std::string cut(const std::string &text, const Column &column) {
  std::string plain = airings::bounded(text, text.size() * 3);
  std::replace_if(
      plain.begin(), plain.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return airings::bounded(plain, column.width());
}

class Writing {
 public:
  explicit Writing(bool with_actual) : with_actual_(with_actual) {}

  void add(const Event &event) {
    line_.assign(column::reserved.last, ' ');
    const LocalTime start = event.start.value_or(LocalTime{});
    put(column::type, "LOI");
    put(column::date, month_and_day(start.date));
    put(column::time, event.start ? within_day(column::time, start.ms) : "");
    put(column::window_start, minutes(column::window_start, event.window.start_min));
    put(column::window_length, minutes(column::window_length, event.window.length_min));
    put(column::break_number, number(column::break_number, event.break_number));
    put(column::position, number(column::position, event.position));
    put(column::length, within_day(column::length, rounded(event.length_ms)));
    put(column::spot, spot(event.spot));
    put_actual(event);
    if (has_words(event)) {
      put(column::advertiser, cut(event.advertiser, column::advertiser));
      put(column::title, cut(event.title, column::title));
      put(column::fill, event.is_fill ? "Fill" : "Sch");
      line_ += ' ' + cut(event.id, column::user);
      line_.resize(line_.find_last_not_of(' ') + 1);
    } else {
      line_.resize(column::status.last);
    }
    out_ += line_ + "\r\n";
  }

  Result<std::string, Faults> conclude() && {
    exchange::conclude(faults_, left_out_);
    if (!faults_.empty()) return std::move(faults_);
    return std::move(out_);
  }

 private:
  static bool has_words(const Event &event) {
    return event.is_fill || !event.advertiser.empty() || !event.title.empty() || !event.id.empty();
  }

  static std::int64_t rounded(std::int64_t ms) {
    return ms > 0 ? std::max<std::int64_t>(1, (ms + ms_per_s / 2) / ms_per_s) * ms_per_s : ms;
  }

  void put(const Column &column, const std::string &text) {
    std::copy_n(text.begin(), std::min(text.size(), column.width()),
                line_.begin() + static_cast<std::ptrdiff_t>(column.first - 1));
  }

  void put_actual(const Event &event) {
    const bool was_on = with_actual_ && event.actual.start;
    put(column::actual_time,
        was_on ? within_day(column::actual_time, event.actual.start->ms) : "000000");
    const std::int64_t length_ms = with_actual_ ? event.actual.length_ms : 0;
    put(column::actual_length,
        within(column::actual_length, length_ms, ms_per_day - 10) ? hhmmsscc(length_ms) : "");
    put(column::actual_position,
        number(column::actual_position, with_actual_ ? event.actual.position : 0));
    put(column::status, fmt::format("{:04}", std::clamp(with_actual_ ? event.code : 0, 0, 9999)));
  }

  bool within(const Column &column, std::int64_t value, std::int64_t most) {
    if (value >= 0 && value <= most) return true;
    cannot_say(column, std::to_string(value), {"超出范围", "it is out of range"});
    return false;
  }

  std::string within_day(const Column &column, std::int64_t ms) {
    return within(column, ms, ms_per_day - 1) ? hhmmss(ms) : "";
  }
  std::string minutes(const Column &column, int min) {
    return within(column, min, 24 * 60) ? hhmm(min) : "";
  }
  std::string number(const Column &column, int value) {
    return within(column, value, 999) ? fmt::format("{:03}", value) : "";
  }
  std::string spot(const std::string &spot) {
    const bool is_fit =
        !spot.empty() && spot.size() <= column::spot.width() &&
        std::all_of(spot.begin(), spot.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_fit)
      cannot_say(
          column::spot, spot,
          {"应为 1–11 个可见的 ASCII 字符", "it should be 1 to 11 visible ASCII characters"});
    return is_fit ? spot_text(spot) : "";
  }

  void cannot_say(const Column &column, const std::string &value, const Words &reason) {
    tell(faults_,
         Fault(faults::ccms_cannot_say, {{"value", value},
                                         {"field_zh", column.zh},
                                         {"field_en", column.en},
                                         {"bytes", fmt::format("{}–{}", column.first, column.last)},
                                         {"reason_zh", reason.zh},
                                         {"reason_en", reason.en}}),
         left_out_);
  }

  bool with_actual_;
  std::string line_, out_;
  Faults faults_;
  std::size_t left_out_ = 0;
};

}  // namespace

Result<std::string, Faults> write_ccms(const std::vector<Event> &events, bool with_actual) {
  Writing writing(with_actual);
  for (const Event &event : events) writing.add(event);
  return std::move(writing).conclude();
}

std::string ccms_file_name(Date date, std::string_view channel_and_headend, bool with_actual) {
  return fmt::format("{:X}{:02}{}.{}", static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), channel_and_headend,
                     with_actual ? "VER" : "SCH");
}

}  // namespace civicast::exchange
