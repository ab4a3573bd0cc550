// SPDX-License-Identifier: Apache-2.0
// One channel over all the starts of its worker, with the kit as its host: it keeps the epoch, the
// acks and everything that was said, and throws a Verdict where the worker breaks the protocol.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sdk/wire/message.hpp"
#include "tools/plugin/kit/line.hpp"
#include "tools/plugin/kit/result.hpp"
#include "tools/plugin/kit/said.hpp"

namespace civicast::kit {

class Channel {
 public:
  struct Outfit {
    Json settings;                    ///< without placeholders
    std::filesystem::path state_dir;  ///< made if absent
    std::int64_t clock_offset_ns = 0;
    OnFrame on_frame = {};
    OnLine on_line = {};
  };
  Channel(const Subject &subject, Outfit outfit);
  ~Channel();
  Channel(Channel &&) = default;
  Channel &operator=(Channel &&) = delete;

  /// Starts the worker and hears its hello.
  void start();
  /// Opens the plugin; whatever it answers.
  wire::Answer welcome();
  /// Both, and it must say DONE.
  void open();
  /// Asks and waits; it must answer in time.
  wire::Answer ask(wire::CallKind kind, const wire::Placement &placement = {});
  /// Asks and does not wait.
  std::uint64_t send(wire::CallKind kind, const wire::Placement &placement = {});
  /// A call that no protocol knows; what it answers.
  wire::Answer ask_unknown(const std::string &name);
  std::optional<wire::Answer> answer_to(std::uint64_t call) const;
  /// Hands it over as the host does: waits where it is asked to, recalls where it is not known.
  /// The last answer: DONE, or why it was not taken.
  wire::Answer publish(wire::Placement placement);
  /// Listens until `is_so` or for `within_ms`, made longer on a busy machine; whether it is so.
  bool listen(std::int64_t within_ms, const std::function<bool()> &is_so);
  /// It must end in time, with status 0, and leave nothing behind.
  void bye();
  void kill();

  Line &line() { return *line_; }
  bool is_running() const { return line_ && !line_->ending(); }
  const Said &said() const { return said_; }
  const wire::Hello &hello() const { return hello_; }
  std::int64_t now_ns() const;
  std::int64_t heartbeats() const { return heartbeats_; }
  const Outfit &outfit() const { return outfit_; }
  std::uint64_t stdout_bytes() const { return stdout_bytes_ + (line_ ? line_->stdout_bytes() : 0); }
  std::uint64_t log_bytes() const { return log_bytes_ + (line_ ? line_->log_bytes() : 0); }

  bool takes_facts = true;  ///< acks them; else they stay in the worker's outbox

 private:
  bool hear(std::int64_t until_ms);
  void on(const wire::Hello &hello);
  void on(const wire::Answer &answer);
  void on(const wire::FactBatch &batch);
  void on(const wire::Alive &alive);
  void on(const wire::Bye &bye);
  void must_live();
  void must_be_heard();
  void end_line();
  wire::Answer await(std::uint64_t call, std::int64_t within_ms);
  [[noreturn]] void broke(const std::string &reason);
  std::int64_t limit_ms(wire::CallKind kind) const;

  const Subject *subject_;
  Outfit outfit_;
  std::optional<Line> line_;
  std::uint64_t epoch_ = 0, acked_ = 0, last_seq_ = 0, next_call_ = 1;
  bool is_heard_ = false, is_open_ = false;
  std::int64_t heard_ms_ = 0;
  wire::Hello hello_;
  std::map<std::uint64_t, wire::Answer> answers_;
  std::string call_, placement_;  ///< in hand
  std::int64_t heartbeats_ = 0;
  std::uint64_t stdout_bytes_ = 0, log_bytes_ = 0;  ///< of earlier starts
  Said said_;
};

/// "text.empty /text: There is no text.", for sentences.
std::string shown(const wire::Answer &answer);

}  // namespace civicast::kit
