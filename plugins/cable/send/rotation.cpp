// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/rotation.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
/// After the period's end a file goes on for so long in search of a picture that stands alone; or
/// for half a period, if that is shorter.
constexpr std::int64_t kSearchNs = 5 * kSecondNs;

/// "20261127T090000Z"
std::string stamp(std::int64_t at_ns) {
  const time_t seconds = floor_div(at_ns, kSecondNs);
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> out{};
  return {out.data(), ::strftime(out.data(), out.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

bool is_stamp(const std::string &text) {
  const std::string shape = "ddddddddTddddddZ";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !is_digit : text[i] != shape[i]) return false;
  }
  return true;
}

std::int64_t instant_of(const std::string &text) {
  tm parts{};
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(text.substr(at, size));
  };
  parts.tm_year = number(0, 4) - 1900;
  parts.tm_mon = number(4, 2) - 1;
  parts.tm_mday = number(6, 2);
  parts.tm_hour = number(9, 2);
  parts.tm_min = number(11, 2);
  parts.tm_sec = number(13, 2);
  return ::timegm(&parts) * kSecondNs;
}

/// "…/air-20261127T090000Z.ts" → the stamp.
std::string stamp_in(const std::string &path) {
  return path.substr(path.size() - 3 - 16, 16);
}

}  // namespace

Rotation::Rotation(Plan plan, LossCount &loss) : plan_(std::move(plan)), loss_(loss) {}

std::int64_t Rotation::period_of(std::int64_t at_ns) const {
  return floor_div(at_ns, plan_.every_s * kSecondNs);
}

std::string Rotation::name_of(std::int64_t at_ns) const {
  return plan_.path.substr(0, plan_.path.size() - 3) + "-" + stamp(at_ns) + ".ts";
}

std::vector<std::string> Rotation::files() const {
  const std::filesystem::path path(plan_.path);
  const std::string before = path.stem().string() + "-";
  std::vector<std::string> out;
  std::error_code error;  // a folder that is not there holds no files
  for (std::filesystem::directory_iterator one(path.parent_path(), error), end;
       !error && one != end; one.increment(error)) {
    const std::string name = one->path().filename().string();
    const bool is_ours = name.size() == before.size() + 16 + 3 && name.find(before) == 0 &&
                         name.substr(name.size() - 3) == ".ts" && is_stamp(stamp_in(name));
    if (is_ours) out.push_back(one->path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// After a restart within the period the file that is there goes on.
void Rotation::take_up() {
  const std::vector<std::string> there = files();
  if (there.empty()) return;
  const std::int64_t its = period_of(instant_of(stamp_in(there.back())));
  if (its != period_of(now_ns_)) return;
  open_error_ = file_.open(there.back());
  period_ = its;
}

void Rotation::begin(std::int64_t at_ns) {
  flush();
  file_.close();
  tried_ns_ = at_ns;
  open_error_ = file_.open(name_of(at_ns));
  period_ = period_of(at_ns);
  if (open_error_ == 0) delete_oldest();
}

void Rotation::delete_oldest() const {
  if (plan_.keep == 0) return;
  const std::vector<std::string> there = files();
  for (std::size_t i = 0; i + static_cast<std::size_t>(plan_.keep) < there.size(); ++i)
    ::unlink(there[i].c_str());
}

void Rotation::entry(std::int64_t, std::int64_t at_ns) {
  if (period_ >= 0 && period_ != period_of(at_ns)) begin(at_ns);
}

void Rotation::bytes(const std::uint8_t *bytes, std::size_t size) {
  const std::int64_t search_ns = std::min(kSearchNs, plan_.every_s * kSecondNs / 2);
  if (period_ < 0) {
    take_up();
    if (!file_.is_open()) begin(now_ns_);
  } else if (period_ != period_of(now_ns_) && period_ != period_of(now_ns_ - search_ns)) {
    begin(now_ns_);
  } else if (!file_.is_open() && std::abs(now_ns_ - tried_ns_) >= kSecondNs) {
    begin(now_ns_);
  }
  if (!file_.is_open()) return loss_.lost(size, open_error_);
  handed_bytes_ += size;
  count(file_.append(bytes, size));
}

void Rotation::count(const TsFile::Loss &loss) {
  if (loss.bytes == 0) return;
  // What was lost is the end of what was handed over.
  loss_.written(handed_bytes_ - std::min(handed_bytes_, loss.bytes));
  loss_.lost(loss.bytes, loss.error);
  handed_bytes_ = 0;
}

void Rotation::flush() {
  if (!file_.is_open()) return;
  count(file_.flush());
  loss_.written(handed_bytes_);
  handed_bytes_ = 0;
}

void Rotation::close() {
  flush();
  file_.close();
}

}  // namespace civicast::cable
