// SPDX-License-Identifier: Apache-2.0
// The io thread: frames in and out, facts until they are acked, and a sign of life each second
// even while the plugin is busy.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include "sdk/base/disk.hpp"
#include "sdk/runner/outbox.hpp"
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
  ~Link();
  Link(const Link &) = delete;
  Link &operator=(const Link &) = delete;

  /// [plugin] Waits for what is to be done next. After Close there is nothing more.
  Task next();
  /// [plugin] Sent after every fact that was emitted before.
  void answer(wire::Answer answer);
  /// [plugin] After close: waits until the host has all facts, but not for long.
  void finish();

 private:
  struct Due {
    std::uint64_t after_seq;
    wire::Answer answer;
  };
  void run();
  void turn();
  void fill();
  void flush();
  void read();
  void on(const wire::ToWorker &message);
  void put_task(Task task);
  void send(const wire::ToHost &message);
  void wake() const;
  bool is_over();

  Fd socket_, wake_;
  Outbox &outbox_;
  std::string to_send_;
  wire::FrameReader frames_;
  std::chrono::steady_clock::time_point next_alive_;
  bool is_welcome_ = false;  ///< facts go out only after the welcome

  std::mutex mutex_;
  std::condition_variable has_task_, is_finished_;
  std::deque<Task> tasks_;
  std::deque<Due> due_;
  std::uint64_t busy_call_ = 0;
  bool is_busy_ = false;
  std::chrono::steady_clock::time_point busy_since_;
  bool is_finishing_ = false;
  std::atomic<bool> is_gone_ = false;
  std::chrono::steady_clock::time_point gone_since_;
  std::thread thread_;
};

}  // namespace civicast::runner
