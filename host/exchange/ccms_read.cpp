// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "host/airings/text.hpp"
#include "host/channels/channel.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/ccms_columns.hpp"
#include "host/exchange/faults.hpp"

namespace civicast::exchange {
namespace {

using airings::Status;

constexpr std::size_t max_line_bytes = 1'024;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\0' || c == '\x1a'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// The nearest such day to `near`, of its year, the one before or the one after.
std::optional<Date> nearest(unsigned month, unsigned day, Date near) {
  std::optional<Date> best;
  for (const int years : {-1, 0, 1}) {
    const Date date{near.year() + std::chrono::years(years), std::chrono::month(month),
                    std::chrono::day(day)};
    if (date.ok() &&
        (!best || std::abs(days_between(near, date)) < std::abs(days_between(near, *best))))
      best = date;
  }
  return best;
}

/// The status that a code stands for; none where nothing has happened yet.
std::optional<Status> status_of(int code, const Actual &actual) {
  const bool was_on = actual.length_ms > 0;
  switch (code) {
    case ccms_code::not_run:
      return {};
    case ccms_code::aired:
      return Status::aired_without_discrepancy;
    case ccms_code::failed:  // Every record begins the day so: only a partial run says something.
      if (!was_on) return {};
      return Status::technical_difficulty;
    case ccms_code::device_not_ready:
      return Status::technical_difficulty;
    case ccms_code::no_cue:
      return Status::did_not_air;
    default:
      return was_on ? Status::technical_difficulty : Status::unknown;
  }
}

/// One line. After the first mistake the rest of it is not looked at.
class Record {
 public:
  Record(std::string_view line, Date near) : line_(line), near_(near) {}

  std::optional<Fault> fault;

  Event read() {
    Event event;
    event.start.emplace();
    event.start->date = date();
    event.start->ms = clock_ms(column::time).value_or(0);
    event.window.start_min = minutes(column::window_start);
    event.window.length_min = minutes(column::window_length);
    event.break_number = number(column::break_number);
    event.position = number(column::position);
    event.length_ms = clock_ms(column::length).value_or(0);
    event.actual = actual();
    event.spot = spot();
    event.code = number(column::status);
    event.actual.start = event.actual.length_ms > 0 || event.code == ccms_code::aired
                             ? actual_start(event.start->date)
                             : std::nullopt;
    event.status = status_of(event.code, event.actual);
    event.advertiser = words(column::advertiser);
    event.title = words(column::title);
    event.is_fill = upper(words(column::fill)) == "FILL";
    event.id = words(column::user);
    return event;
  }

 private:
  std::string_view raw(const Column &column) const {
    if (line_.size() < column.first) return {};
    return line_.substr(column.first - 1, column.width());
  }

  std::string words(const Column &column) const {
    std::string text(raw(column));
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return airings::bounded(trimmed(text), text.size() * 3);
  }

  void wrong(const Column &column, const char *expected) {
    if (fault) return;
    const auto text = raw(column);
    fault =
        Fault(faults::ccms_field_wrong, {{"bytes", fmt::format("{}–{}", column.first, column.last)},
                                         {"field_zh", column.zh},
                                         {"field_en", column.en},
                                         {"text", airings::bounded(text, text.size() * 3)},
                                         {"expected", expected}});
  }

  /// All digits, or nothing if the column is blank; a fault if it is neither.
  std::optional<std::string_view> digits(const Column &column, const char *expected) {
    const auto text = raw(column);
    if (trimmed(text).empty()) return {};
    if (text.size() == column.width() && std::all_of(text.begin(), text.end(), is_digit))
      return text;
    wrong(column, expected);
    return {};
  }

  Date date() {
    constexpr auto expected = "MMDD";
    const auto text = digits(column::date, expected);
    const auto date = text ? nearest(static_cast<unsigned>(two_digits(*text, 0)),
                                     static_cast<unsigned>(two_digits(*text, 2)), near_)
                           : std::nullopt;
    if (!date) wrong(column::date, expected);
    return date.value_or(near_);
  }

  std::optional<std::int64_t> clock_ms(const Column &column) {
    constexpr auto expected = "HHMMSS";
    const auto text = digits(column, expected);
    if (!text) {
      if (&column != &column::actual_time) wrong(column, expected);
      return {};
    }
    const int h = two_digits(*text, 0), m = two_digits(*text, 2), s = two_digits(*text, 4);
    if (h > 23 || m > 59 || s > 59) return wrong(column, expected), std::nullopt;
    return ((h * 60LL + m) * 60 + s) * ms_per_s;
  }

  int minutes(const Column &column) {
    constexpr auto expected = "HHMM";
    const auto text = digits(column, expected);
    if (!text) return 0;
    const int h = two_digits(*text, 0), m = two_digits(*text, 2);
    if (m > 59 || h * 60 + m > 24 * 60) wrong(column, expected);
    return h * 60 + m;
  }

  int number(const Column &column) {
    const auto text = digits(column, column.width() == 3 ? "nnn" : "nnnn");
    int value = 0;
    if (text)
      for (const char c : *text) value = value * 10 + (c - '0');
    return value;
  }

  Actual actual() {
    Actual actual;
    const auto text = digits(column::actual_length, "HHMMSSCC");
    if (text) {
      const int h = two_digits(*text, 0), m = two_digits(*text, 2), s = two_digits(*text, 4);
      if (h > 23 || m > 59 || s > 59) wrong(column::actual_length, "HHMMSSCC");
      actual.length_ms = ((h * 60LL + m) * 60 + s) * ms_per_s + two_digits(*text, 6) * 10;
    }
    actual.position = number(column::actual_position);
    return actual;
  }

  std::optional<LocalTime> actual_start(Date date) {
    const auto ms = clock_ms(column::actual_time);
    if (!ms) return {};
    return LocalTime{date, *ms};
  }

  std::string spot() {
    const auto text = trimmed(raw(column::spot));
    const bool is_fit = !text.empty() && std::all_of(text.begin(), text.end(),
                                                     [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_fit) wrong(column::spot, "1–11 × ASCII");
    return is_fit ? std::string(text) : "";
  }

  std::string_view line_;
  Date near_;
};

class File {
 public:
  File(const std::string &shown, Date near) : shown_(shown), near_(near) {}

  Reading run(std::string_view text) && {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    while (!text.empty()) {
      ++number_;
      const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
      look_at(text.substr(0, end));
      const bool is_crlf = text.substr(end, 2) == "\r\n";
      text.remove_prefix(std::min(text.size(), end + (is_crlf ? 2 : 1)));
    }
    conclude(reading_.faults, faults_left_out_);
    conclude(reading_.remarks, remarks_left_out_);
    return std::move(reading_);
  }

 private:
  std::string at() const { return fmt::format("{}:{}", shown_, number_); }

  void leave_out(Fault fault) {
    tell(reading_.faults, std::move(fault).at(at()), faults_left_out_);
  }

  void look_at(std::string_view line) {
    if (trimmed(line).empty()) return;
    if (line.size() > max_line_bytes)
      return leave_out(Fault(faults::ccms_line_long, {{"length", std::to_string(line.size())},
                                                      {"limit", std::to_string(max_line_bytes)}}));
    const std::string type = upper(trimmed(line.substr(0, column::type.width())));
    // A remark holds what people like; the end of the file is told by the end of the file.
    if (type == "REM" || type == "END" || type == "NUL") return;
    if (type != "LOI")
      return leave_out(
          Fault(faults::ccms_type_unknown, {{"text", airings::bounded(line.substr(0, 3), 9)}}));
    while (!line.empty() && (line.back() == '\x1a' || line.back() == '\0')) line.remove_suffix(1);
    record(line);
  }

  void record(std::string_view line) {
    if (trimmed(line).size() < column::spot.first)
      return leave_out(Fault(faults::ccms_line_short, {{"length", std::to_string(line.size())}}));
    if (const auto byte = shifted(line))
      return leave_out(
          Fault(faults::ccms_shifted, {{"byte", std::to_string(*byte)},
                                       {"text", airings::bounded(line.substr(*byte - 1, 1), 3)}}));
    Record one(line, near_);
    Event event = one.read();
    if (one.fault) return leave_out(*std::move(one.fault));
    if (trimmed(line).size() < column::status.last)
      tell(reading_.remarks, Fault(faults::ccms_status_absent).at(at()), remarks_left_out_);
    event.at = at();
    reading_.is_as_run = reading_.is_as_run || event.code != ccms_code::not_run;
    reading_.events.push_back(std::move(event));
  }

  static std::optional<std::size_t> shifted(std::string_view line) {
    const auto is_filled = [&](std::size_t byte) {
      return line.size() >= byte && line[byte - 1] != ' ' && line[byte - 1] != '\t';
    };
    for (const std::size_t byte : blanks)
      if (is_filled(byte)) return byte;
    for (const std::size_t byte : later_blanks)
      if (is_filled(byte)) return byte;
    return {};
  }

  const std::string &shown_;
  Date near_;
  std::size_t number_ = 0;
  std::size_t faults_left_out_ = 0, remarks_left_out_ = 0;
  Reading reading_;
};

}  // namespace

Reading read_ccms(std::string_view text, const std::string &shown, Date near) {
  Reading reading = File(shown, near).run(text);
  reading.channel = ccms_channel_of(shown);
  return reading;
}

std::string ccms_channel_of(std::string_view file_name) {
  const std::string name = upper(file_name);
  if (name.size() != 12 || (name.substr(8) != ".SCH" && name.substr(8) != ".VER")) return {};
  const std::string channel = name.substr(3, 5);
  return channels::is_traffic_id(channel) ? channel : "";
}

bool looks_like_ccms(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const std::string type = upper(text.substr(begin, 3));
  return type == "LOI" || type == "REM" || type == "NUL" || type == "END";
}

}  // namespace civicast::exchange
