// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/hls_list.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <sstream>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kTicks = 90'000;
constexpr char kPrefix[] = "segment-", kSuffix[] = ".ts";
constexpr std::size_t kDigits = 10;

template <class... Values>
std::string formatted(const char *format, Values... values) {
  std::array<char, 96> out{};
  const int size = std::snprintf(out.data(), out.size(), format, values...);
  return {out.data(), static_cast<std::size_t>(size)};
}

std::string utc(std::int64_t at_ms) {
  const time_t seconds = floor_div(at_ms, 1000);
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> out{};
  const std::size_t size = ::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(out.data(), size) +
         formatted(".%03dZ", static_cast<int>(at_ms - seconds * 1000));
}

/// "2026-11-27T09:00:00.123Z", and nothing else.
std::optional<std::int64_t> read_utc(const std::string &text) {
  tm parts{};
  int ms = 0, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &ms, &used) != 7 ||
      static_cast<std::size_t>(used) != text.size())
    return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return ::timegm(&parts) * 1000 + ms;
}

std::optional<std::int64_t> read_number(const std::string &text) {
  std::int64_t out = 0;
  const char *end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  if (read.ec != std::errc() || read.ptr != end || out < 0) return std::nullopt;
  return out;
}

/// "6.040000," → ticks. Microseconds of six digits round back to the tick they came from.
std::optional<std::int64_t> read_ticks(const std::string &text) {
  const std::size_t point = text.find('.'), comma = text.find(',');
  if (point == std::string::npos || comma != point + 7) return std::nullopt;
  const auto whole = read_number(text.substr(0, point));
  const auto part = read_number(text.substr(point + 1, 6));
  if (!whole || !part || *whole > 86'400) return std::nullopt;
  return *whole * kTicks + (*part * 9 + 50) / 100;
}

}  // namespace

std::string HlsList::name(std::int64_t sequence) {
  return formatted("%s%010lld%s", kPrefix, static_cast<long long>(sequence), kSuffix);
}

std::optional<std::int64_t> HlsList::sequence_in(const std::string &name) {
  const std::size_t before = sizeof kPrefix - 1, after = sizeof kSuffix - 1;
  if (name.size() < before + kDigits + after || name.compare(0, before, kPrefix) != 0 ||
      name.compare(name.size() - after, after, kSuffix) != 0)
    return std::nullopt;
  const auto number = read_number(name.substr(before, name.size() - before - after));
  return number && HlsList::name(*number) == name ? number : std::nullopt;
}

void HlsList::add(const HlsSegment &segment) {
  segments_.push_back(segment);
  // RFC 8216 §4.3.3.1: a segment's length, rounded, is never above it.
  const auto rounded = static_cast<int>((segment.ticks + kTicks / 2) / kTicks);
  target_s_ = std::max(target_s_, rounded);
  while (segments_.size() > keep_) {
    breaks_gone_ += segments_.front().is_break;
    segments_.pop_front();
  }
}

std::string HlsList::text() const {
  std::ostringstream out;
  out << "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:" << target_s_
      << "\n#EXT-X-MEDIA-SEQUENCE:" << (segments_.empty() ? 0 : segments_.front().sequence)
      << "\n#EXT-X-DISCONTINUITY-SEQUENCE:" << breaks_gone_ << "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (const HlsSegment &one : segments_) {
    if (one.is_break) out << "#EXT-X-DISCONTINUITY\n";
    out << "#EXT-X-PROGRAM-DATE-TIME:" << utc(one.at_ms) << "\n#EXTINF:"
        << formatted("%lld.%06lld,", static_cast<long long>(one.ticks / kTicks),
                     static_cast<long long>((one.ticks % kTicks * 100 + 4) / 9))
        << "\n"
        << name(one.sequence) << "\n";
  }
  return out.str();
}

bool HlsList::take_up(const std::string &text) {
  HlsList read(target_s_, keep_);
  HlsSegment next;
  bool has_time = false, has_length = false;
  std::optional<std::int64_t> sequence, breaks, target;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string tag = line.substr(0, colon),
                      value = line.substr(std::min(colon + 1, line.size()));
    if (tag == "#EXT-X-TARGETDURATION") target = read_number(value);
    if (tag == "#EXT-X-MEDIA-SEQUENCE") sequence = read_number(value);
    if (tag == "#EXT-X-DISCONTINUITY-SEQUENCE") breaks = read_number(value);
    if (tag == "#EXT-X-DISCONTINUITY") next.is_break = true;
    if (tag == "#EXT-X-PROGRAM-DATE-TIME")
      if (const auto at_ms = read_utc(value)) next.at_ms = *at_ms, has_time = true;
    if (tag == "#EXTINF")
      if (const auto ticks = read_ticks(value)) next.ticks = *ticks, has_length = true;
    if (line.empty() || line[0] == '#') continue;
    const auto number = sequence_in(line);
    const auto expected =
        sequence ? *sequence + static_cast<std::int64_t>(read.segments_.size()) : -1;
    if (!number || *number != expected || !has_time || !has_length) return false;
    next.sequence = *number;
    read.segments_.push_back(next);
    next = {};
    has_time = has_length = false;
  }
  if (!sequence || !breaks || !target || *target > 3600 || read.segments_.empty()) return false;
  read.target_s_ = std::max(target_s_, static_cast<int>(*target));
  read.breaks_gone_ = *breaks;
  *this = std::move(read);
  while (segments_.size() > keep_) {
    breaks_gone_ += segments_.front().is_break;
    segments_.pop_front();
  }
  return true;
}

}  // namespace civicast::cable
