// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/srt_link.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <vector>

#include "plugins/cable/send/interface.hpp"
#include "plugins/cable/send/srt_socket.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kFirstPauseMs = 250, kLongestPauseMs = 5000, kStatsEveryMs = 500;
constexpr int kBacklog = 8;
constexpr std::size_t kMostReceivers = 64;

struct SocketAddress {
  sockaddr_storage at{};
  socklen_t size = 0;
  const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&at); }
};

/// All addresses of a name; none: it has none. Waits for at most some seconds: a name server that
/// is away must not hold up the channel's end.
std::vector<SocketAddress> resolve(const Address &to) {
  res_init();
  _res.retrans = 1;
  _res.retry = 2;
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV;
  const std::string port = std::to_string(to.port);
  if (::getaddrinfo(to.host.c_str(), port.c_str(), &hints, &found) != 0) return {};
  std::vector<SocketAddress> out;
  for (const addrinfo *one = found; one; one = one->ai_next) {
    SocketAddress &at = out.emplace_back();
    at.size = one->ai_addrlen;
    std::copy_n(reinterpret_cast<const char *>(one->ai_addr), one->ai_addrlen,
                reinterpret_cast<char *>(&at.at));
  }
  ::freeaddrinfo(found);
  return out;
}

/// Between attempts: longer each time, up to a limit, and for ever.
class Pause {
 public:
  bool is_over(std::int64_t mono_ms) const { return mono_ms >= until_ms_; }
  void begin(std::int64_t mono_ms) {
    until_ms_ = mono_ms + next_ms_;
    next_ms_ = std::min(next_ms_ * 2, kLongestPauseMs);
  }
  void forget() { next_ms_ = kFirstPauseMs; }

 private:
  std::int64_t until_ms_ = 0, next_ms_ = kFirstPauseMs;
};

class Caller final : public SrtLink {
 public:
  Caller(Address to, std::string passphrase, Tally &tally, Fate &fate)
      : SrtLink(tally, fate), to_(std::move(to)), passphrase_(std::move(passphrase)) {}

  void tend(std::int64_t mono_ms) override {
    if (!socket_) {
      if (pause_.is_over(mono_ms)) connect(mono_ms);
      return;
    }
    if (socket_.is_dead()) return lose(mono_ms, is_ready_ ? causes::cut_off : reason());
    if (!is_ready_ && socket_.status() == SRTS_CONNECTED) {
      pause_.forget();
      is_ready_ = true;
      receivers_ = 1;
    }
    if (is_ready_ && mono_ms >= stats_ms_) {
      stats_ms_ = mono_ms + kStatsEveryMs;
      count_dropped();
    }
  }

 protected:
  void pass(const std::uint8_t *bytes, std::size_t size) override {
    // What was queued when the connection broke.
    if (!is_ready_) return failed(causes::cut_off);
    switch (socket_.send(bytes, size)) {
      case SrtSocket::Sent::yes:
        return tally_.sent(1);
      case SrtSocket::Sent::no_room:
        return failed(causes::too_late);
      case SrtSocket::Sent::broken:
        return failed(causes::cut_off);
    }
  }

 private:
  void connect(std::int64_t mono_ms) {
    const std::vector<SocketAddress> all = resolve(to_);
    if (all.empty()) return lose(mono_ms, causes::no_name);
    const SocketAddress &at = all[attempts_++ % all.size()];  // the next time, the next of them
    socket_ = new_srt_socket(to_, passphrase_);
    const bool is_under_way =
        socket_ && srt_connect(socket_.get(), at.get(), static_cast<int>(at.size)) != SRT_ERROR;
    if (!is_under_way) lose(mono_ms, causes::no_answer);
  }

  const Cause &reason() const {
    const int code = srt_getrejectreason(socket_.get());
    return code == SRT_REJ_UNKNOWN || code == SRT_REJ_TIMEOUT ? causes::no_answer
                                                              : causes::turned_away;
  }

  void count_dropped() {
    // In this order: what is no longer under way was acknowledged, or is counted as dropped.
    const std::int64_t under_way = socket_.under_way();
    failed_earlier(socket_.newly_dropped(), under_way, causes::too_late);
    fate_.certain_until(next() - under_way);
  }

  void lose(std::int64_t mono_ms, const Cause &why) {
    if (is_ready_) {
      count_dropped();
      failed_earlier(socket_.under_way(), 0, why);
      fate_.certain_until(next());
    }
    why_not_ = &why;
    is_ready_ = false;
    receivers_ = 0;
    socket_.close();
    pause_.begin(mono_ms);
  }

  Address to_;
  std::string passphrase_;
  SrtSocket socket_;
  Pause pause_;
  std::size_t attempts_ = 0;
  std::int64_t stats_ms_ = 0;
};

class Listener final : public SrtLink {
 public:
  Listener(Address at, std::string passphrase, Tally &tally, Fate &fate)
      : SrtLink(tally, fate), at_(std::move(at)), passphrase_(std::move(passphrase)) {}

  void tend(std::int64_t mono_ms) override {
    if (!door_ && pause_.is_over(mono_ms)) listen(mono_ms);
    if (!door_) return;
    accept();
    // That a receiver leaves is no fault of the signal.
    peers_.erase(std::remove_if(peers_.begin(), peers_.end(),
                                [](const SrtSocket &peer) { return peer.is_dead(); }),
                 peers_.end());
    receivers_ = static_cast<std::int64_t>(peers_.size());
    if (mono_ms < stats_ms_) return;
    stats_ms_ = mono_ms + kStatsEveryMs;
    std::int64_t most = 0;
    for (SrtSocket &peer : peers_) {
      const std::int64_t under_way = peer.under_way();
      failed_earlier(peer.newly_dropped(), under_way, causes::too_late);
      most = std::max(most, under_way);
    }
    fate_.certain_until(next() - most);
  }

 protected:
  void pass(const std::uint8_t *bytes, std::size_t size) override {
    bool is_lost = false;
    for (SrtSocket &peer : peers_) is_lost |= peer.send(bytes, size) == SrtSocket::Sent::no_room;
    if (is_lost)
      failed(causes::too_late);
    else if (!peers_.empty())
      tally_.sent(1);
  }

 private:
  SocketAddress local() const {
    SocketAddress out;
    if (!at_.host.empty()) {
      out.at = socket_address(at_, &out.size);
      return out;
    }
    auto &any = reinterpret_cast<sockaddr_in &>(out.at);
    any.sin_family = AF_INET;
    any.sin_port = htons(at_.port);
    out.size = sizeof any;
    return out;
  }

  void listen(std::int64_t mono_ms) {
    door_ = new_srt_socket(at_, passphrase_);
    const SocketAddress at = local();
    const bool is_open = door_ &&
                         srt_bind(door_.get(), at.get(), static_cast<int>(at.size)) != SRT_ERROR &&
                         srt_listen(door_.get(), kBacklog) != SRT_ERROR;
    if (is_open) {
      is_ready_ = true;
      return;
    }
    int error = 0;
    srt_getlasterror(&error);
    why_not_ = error != 0 ? &cause_of(error) : &causes::not_connected;
    door_.close();
    pause_.begin(mono_ms);
  }

  void accept() {
    for (;;) {
      SrtSocket peer(srt_accept(door_.get(), nullptr, nullptr));
      if (!peer) return;
      if (peers_.size() < kMostReceivers) peers_.push_back(std::move(peer));
    }
  }

  Address at_;
  std::string passphrase_;
  SrtSocket door_;
  std::vector<SrtSocket> peers_;
  Pause pause_;
  std::int64_t stats_ms_ = 0;
};

}  // namespace

std::unique_ptr<SrtLink> srt_caller(const Address &to, const std::string &passphrase, Tally &tally,
                                    Fate &fate) {
  return std::make_unique<Caller>(to, passphrase, tally, fate);
}

std::unique_ptr<SrtLink> srt_listener(const Address &at, const std::string &passphrase,
                                      Tally &tally, Fate &fate) {
  return std::make_unique<Listener>(at, passphrase, tally, fate);
}

}  // namespace civicast::cable
