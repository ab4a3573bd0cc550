// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/srt_socket.hpp"

namespace civicast::cable {
namespace {

template <class Value>
bool set(SRTSOCKET socket, SRT_SOCKOPT option, const Value &value) {
  return srt_setsockflag(socket, option, &value, sizeof value) != SRT_ERROR;
}

bool set(SRTSOCKET socket, SRT_SOCKOPT option, const std::string &value) {
  return value.empty() ||
         srt_setsockflag(socket, option, value.data(), static_cast<int>(value.size())) != SRT_ERROR;
}

}  // namespace

void SrtSocket::close() {
  if (socket_ != SRT_INVALID_SOCK) srt_close(socket_);
  socket_ = SRT_INVALID_SOCK;
  dropped_ = 0;
}

bool SrtSocket::is_dead() const {
  const SRT_SOCKSTATUS now = status();
  return now == SRTS_BROKEN || now == SRTS_CLOSING || now == SRTS_CLOSED || now == SRTS_NONEXIST;
}

SrtSocket::Sent SrtSocket::send(const std::uint8_t *bytes, std::size_t size) {
  SRT_MSGCTRL control = srt_msgctrl_default;
  const auto *data = reinterpret_cast<const char *>(bytes);
  if (srt_sendmsg2(socket_, data, static_cast<int>(size), &control) != SRT_ERROR) return Sent::yes;
  return srt_getlasterror(nullptr) == SRT_EASYNCSND ? Sent::no_room : Sent::broken;
}

std::int64_t SrtSocket::newly_dropped() {
  SRT_TRACEBSTATS stats{};
  if (srt_bstats(socket_, &stats, 0) == SRT_ERROR) return 0;
  const std::int64_t before = std::exchange(dropped_, stats.pktSndDropTotal);
  return dropped_ - before;
}

std::int64_t SrtSocket::under_way() const {
  std::size_t datagrams = 0, bytes = 0;
  if (srt_getsndbuffer(socket_, &datagrams, &bytes) == SRT_ERROR) return 0;
  return static_cast<std::int64_t>(datagrams);
}

SrtSocket new_srt_socket(const Address &address, const std::string &passphrase) {
  SrtSocket out(srt_create_socket());
  if (!out) return out;
  const SRTSOCKET socket = out.get();
  const bool never_waits = false;
  const bool is_set =
      set(socket, SRTO_SNDSYN, never_waits) && set(socket, SRTO_RCVSYN, never_waits) &&
      set(socket, SRTO_TRANSTYPE, SRTT_LIVE) && set(socket, SRTO_LATENCY, address.latency_ms) &&
      set(socket, SRTO_PASSPHRASE, passphrase) && set(socket, SRTO_STREAMID, address.stream_id);
  if (!is_set) out.close();
  return out;
}

}  // namespace civicast::cable
