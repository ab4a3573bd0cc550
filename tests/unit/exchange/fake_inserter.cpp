// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exchange/fake_inserter.hpp"

#include <cstdio>
#include <stdexcept>

namespace civicast::exchange::test {
namespace {

int number(const std::string &record, std::size_t byte, std::size_t digits) {
  return std::stoi(record.substr(byte - 1, digits));
}

void put(std::string &record, std::size_t byte, const std::string &text) {
  record.replace(byte - 1, text.size(), text);
}

std::string clock(int second_of_day) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d%02d%02d", second_of_day / 3600, second_of_day / 60 % 60,
                second_of_day % 60);
  return text;
}

}  // namespace

std::string fake_inserter(const std::string &schedule,
                          const std::function<Run(std::size_t)> &happens) {
  std::string verification;
  std::size_t event = 0;
  for (std::size_t from = 0; from < schedule.size();) {
    const auto end = schedule.find("\r\n", from);
    if (end == schedule.npos) throw std::runtime_error("fake inserter: a record without CRLF");
    std::string record = schedule.substr(from, end - from);
    from = end + 2;
    if (record.size() < 77 || record.substr(0, 4) != "LOI ")
      throw std::runtime_error("fake inserter: not a record: " + record);
    put(record, 74, "0002");
    if (const Run run = happens(event++); run.has_run) {
      const int scheduled_s =
          number(record, 10, 2) * 3600 + number(record, 12, 2) * 60 + number(record, 14, 2);
      if (run.code == "0001" || !run.actual_length.empty()) {
        put(record, 42, clock(scheduled_s + run.late_s));
        put(record, 49,
            run.actual_length.empty() ? record.substr(34, 6) + "00" : run.actual_length);
        put(record, 58, record.substr(30, 3));
      }
      put(record, 74, run.code);
    }
    verification += record + "\r\n";
  }
  return verification;
}

}  // namespace civicast::exchange::test
