// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/sender.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "sdk/wire/frame.hpp"

namespace civicast::runner {
namespace {

/// So much is taken from the outbox before the socket has its turn.
constexpr std::size_t send_bytes = 1024 * 1024;
/// Memory that a burst needed, and an idle worker does not.
constexpr std::size_t kept_bytes = 64 * 1024;

}  // namespace

Sender::Sent Sender::say(const wire::ToHost &message) {
  const std::string frame = wire::frame(wire::write(message));
  const std::lock_guard lock(mutex_);
  to_send_ += frame;
  return push_locked();
}

Sender::Sent Sender::answer(const wire::Answer &answer) {
  std::string frame = wire::frame(wire::write(answer));
  const std::uint64_t after = outbox_.last_seq();
  const std::lock_guard lock(mutex_);
  due_.push_back({after, std::move(frame)});
  return push_locked();
}

Sender::Sent Sender::push() {
  const std::lock_guard lock(mutex_);
  return push_locked();
}

Sender::Sent Sender::welcome(std::uint64_t acked) {
  const std::lock_guard lock(mutex_);
  outbox_.skip(acked);
  is_welcome_ = true;
  return push_locked();
}

bool Sender::is_blocked() const {
  const std::lock_guard lock(mutex_);
  return is_blocked_;
}

Sender::Sent Sender::unblock() {
  const std::lock_guard lock(mutex_);
  is_blocked_ = false;
  return push_locked();
}

bool Sender::is_done() const {
  const std::lock_guard lock(mutex_);
  return to_send_.empty() && due_.empty() && outbox_.is_all_acked();
}

/// Answers whose facts have gone before them, and facts.
void Sender::fill() {
  if (!is_welcome_) return;
  while (to_send_.size() < send_bytes) {
    if (!due_.empty() && due_.front().after_seq <= outbox_.taken_seq()) {
      to_send_ += due_.front().frame;
      due_.pop_front();
      continue;
    }
    const std::optional<std::string> batch = outbox_.take();
    if (!batch) return;
    to_send_ += wire::frame(*batch);
  }
}

Sender::Sent Sender::push_locked() {
  if (is_blocked_) return Sent::all;
  for (fill(); !to_send_.empty(); fill()) {
    const ssize_t put =
        ::send(socket_, to_send_.data(), to_send_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put < 0 && errno == EINTR) continue;
    is_blocked_ = put < 0 && errno == EAGAIN;
    if (is_blocked_) return Sent::blocked;
    if (put < 0) return Sent::failed;
    to_send_.erase(0, static_cast<std::size_t>(put));
  }
  if (to_send_.capacity() > kept_bytes) to_send_.shrink_to_fit();
  return Sent::all;
}

}  // namespace civicast::runner
