// SPDX-License-Identifier: Apache-2.0
// The worker's end of the socket. While the plugin thread waits for work it reads the socket
// itself, so that a call wakes one thread and no other; while it is inside a call that lasts, the
// io thread reads in its place. The io thread also gives a sign of life each second, whatever the
// plugin does.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "sdk/base/disk.hpp"
#include "sdk/base/short_wait.hpp"
#include "sdk/runner/outbox.hpp"
#include "sdk/runner/sender.hpp"
#include "sdk/wire/frame.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::runner {

/// The host wants the plugin closed, or is gone.
struct Close {};
using Task = std::variant<wire::Welcome, wire::Call, Close>;

class Link {
 public:
  /// `socket` is the host's; the thread starts at once and says `hello`.
  Link(Fd socket, Outbox &outbox, const wire::Hello &hello);
  /// [plugin]
  ~Link();
  Link(const Link &) = delete;
  Link &operator=(const Link &) = delete;

  /// [plugin] Waits for what is to be done next. After Close there is nothing more.
  Task next();
  /// [plugin] Sent after every fact that was emitted before.
  void answer(const wire::Answer &answer);
  /// [plugin] After close: waits until the host has all facts, but not for long.
  void finish();

 private:
  using Instant = std::chrono::steady_clock::time_point;
  enum class Reader { nobody, plugin, io };

  // The reader's.
  void wait_and_receive();
  bool receive();
  bool on(const wire::ToWorker &message);

  // Any thread's.
  void heed(Sender::Sent sent);
  void put_task(Task task);
  void give_up();
  void wake();

  // The io thread's.
  void run();
  void turn();
  bool take_reading();
  void stop_reading();
  void wait_for_events(bool is_reading);
  void say_alive();
  void arm(Instant until);
  Instant next_instant();

  Fd socket_, wake_, timer_;
  Outbox &outbox_;
  Sender sender_;
  std::atomic<bool> is_gone_ = false, is_woken_ = false;
  wire::FrameReader frames_;  ///< the reader's
  ShortWait waiting_;         ///< the plugin thread's
  Instant next_alive_;        ///< the io thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  Reader reader_ = Reader::nobody;
  bool is_listening_ = false;  ///< the plugin thread is in next(): reading is its own
  bool is_armed_ = false;      ///< the timer will wake the io thread, to see if it must read
  Instant left_;               ///< when the plugin thread last left next()
  std::deque<Task> tasks_;
  std::optional<std::uint64_t> call_;  ///< in hand
  std::optional<Instant> close_by_;    ///< once the host said bye or is gone
  bool is_finishing_ = false;
  std::thread thread_;
};

}  // namespace civicast::runner
