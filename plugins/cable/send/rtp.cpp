// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/rtp.hpp"

namespace civicast::cable {
namespace {

constexpr std::uint8_t kVersion = 0x80, kMarker = 0x80, kMpegTs = 33;
/// A tenth of a second of 4 Mb/s and more: a stream that has shown no clock by then has none.
constexpr std::size_t kMostEarly = 64;

void write(std::uint8_t *to, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)));
}

const std::uint8_t *bytes_of(const iovec &datagram) {
  return static_cast<const std::uint8_t *>(datagram.iov_base);
}

}  // namespace

RtpOutput::RtpOutput(const Address &to, std::int64_t rate, std::uint32_t source)
    : tally_("rtp", to.url()), socket_(to, tally_), clock_(rate), source_(source) {}

/// False: these datagrams are kept until the stream's clock is known. The muxer shows it with its
/// first picture, a few packets after the beginning, so this is soon over.
bool RtpOutput::find_clock(const std::vector<iovec> &datagrams) {
  std::int64_t ahead_bytes = 0;
  for (const auto &kept : early_) ahead_bytes += static_cast<std::int64_t>(kept.size());
  for (const iovec &datagram : datagrams) {
    clock_.look(bytes_of(datagram), datagram.iov_len, ahead_bytes);
    if (clock_.is_set()) return true;
    ahead_bytes += static_cast<std::int64_t>(datagram.iov_len);
  }
  if (early_.size() + datagrams.size() > kMostEarly) {
    clock_.set_blindly();
    return true;
  }
  for (const iovec &datagram : datagrams)
    early_.emplace_back(bytes_of(datagram), bytes_of(datagram) + datagram.iov_len);
  return false;
}

std::int64_t RtpOutput::send(const std::vector<iovec> &datagrams) {
  if (clock_.is_set()) return send_marked(datagrams);
  if (!find_clock(datagrams)) return 0;
  std::vector<iovec> all;
  for (auto &kept : early_) all.push_back({kept.data(), kept.size()});
  all.insert(all.end(), datagrams.begin(), datagrams.end());
  const std::int64_t errors = send_marked(all);
  early_ = {};
  return errors;
}

std::int64_t RtpOutput::send_marked(const std::vector<iovec> &datagrams) {
  headers_.resize(datagrams.size());
  parts_.clear();
  for (std::size_t i = 0; i < datagrams.size(); ++i) {
    const RtpClock::Mark mark = clock_.next(datagrams[i].iov_len);
    std::uint8_t *header = headers_[i].data();
    header[0] = kVersion;
    header[1] = static_cast<std::uint8_t>(kMpegTs | (mark.is_break ? kMarker : 0));
    write(header + 2, mark.sequence, 2);
    write(header + 4, mark.timestamp, 4);
    write(header + 8, source_, 4);
    parts_.push_back({header, kHeaderBytes});
    parts_.push_back(datagrams[i]);
  }
  return socket_.send(parts_, 2);
}

std::uint32_t source_of(const std::string &name) {
  std::uint32_t hash = 2'166'136'261;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16'777'619;
  return hash;
}

}  // namespace civicast::cable
