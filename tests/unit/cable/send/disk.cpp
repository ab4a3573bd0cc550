// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable/send/disk.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>

namespace civicast::cable {

std::int64_t sent_at(std::size_t position, std::int64_t start_ns) {
  return start_ns + static_cast<std::int64_t>(position) * 8 * 250;  // ns per bit of 4 Mb/s
}

void TapeFeed::feed(const std::vector<std::uint8_t> &bytes) {
  constexpr std::size_t kDatagram = 7 * 188;
  for (std::size_t at = 0; at < bytes.size(); at += kDatagram) {
    const std::size_t size = std::min(kDatagram, bytes.size() - at);
    const std::int64_t at_ns = sent_at(position_, start_ns_);
    tape_.now(at_ns);
    cutter_.feed(&bytes[at], size, at_ns);
    position_ += size;
    if (at / kDatagram % 100 == 99) tape_.flush();
  }
  tape_.flush();
}

void TapeFeed::close() {
  cutter_.flush();
  tape_.close();
}

SmallDisk::SmallDisk(std::size_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit small{};
  if (::getrlimit(RLIMIT_FSIZE, &before_) != 0) throw std::runtime_error("getrlimit");
  small = before_;
  small.rlim_cur = bytes;
  if (::setrlimit(RLIMIT_FSIZE, &small) != 0) throw std::runtime_error("setrlimit");
}

SmallDisk::~SmallDisk() {
  ::setrlimit(RLIMIT_FSIZE, &before_);
}

std::vector<std::string> names_in(const std::string &folder) {
  std::vector<std::string> out;
  for (const auto &one : std::filesystem::directory_iterator(folder))
    out.push_back(one.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace civicast::cable
