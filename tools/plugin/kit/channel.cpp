// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/channel.hpp"

#include <algorithm>

#include "host/channels/rules.hpp"
#include "host/workers/program.hpp"
#include "host/workers/worker.hpp"
#include "sdk/base/clock.hpp"
#include "tools/plugin/kit/faults.hpp"

namespace civicast::kit {
namespace {

using workers::steady_ms;

/// More about one placement, or more in the log, is a flood and not a word.
constexpr std::size_t most_facts = 1'000;
constexpr std::uint64_t most_log_bytes = 4 * 1024 * 1024;
constexpr std::int64_t longest_pause_ms = 5'000;
constexpr std::int64_t slice_ms = 200;

std::int64_t plus(std::int64_t ms, double busy) {
  return steady_ms() + static_cast<std::int64_t>(static_cast<double>(ms) * busy);
}

}  // namespace

std::string shown(const wire::Answer &answer) {
  std::string out(word(answer.verdict));
  for (const wire::Note &note : answer.notes)
    out += " [" + note.code + "] " + note.at + (note.at.empty() ? "" : ": ") + note.message +
           (note.detail.empty() ? "" : " (" + note.detail + ")");
  return out;
}

Channel::Channel(const Subject &subject, Outfit outfit)
    : subject_(&subject), outfit_(std::move(outfit)) {}

Channel::~Channel() {
  if (is_running()) line_->kill();
}

std::int64_t Channel::now_ns() const {
  return SystemClock().now_ns() + outfit_.clock_offset_ns;
}

void Channel::broke(const std::string &reason) {
  throw Verdict{Outcome::fail, about(*subject_, faults::protocol, {"reason", reason})
                                   .with_detail(line_ ? line_->last_lines() : "")};
}

/// Throws if it ended of itself, or gives no sign of life.
void Channel::must_live() {
  if (!line_) return;
  if (!line_->ending()) return must_be_heard();
  const bool has_call = !call_.empty();
  Fault why =
      about(*subject_, faults::died, {"how", line_->ending()->how},
            {"call", has_call ? call_ : "—"}, {"placement", placement_.empty() ? "—" : placement_})
          .with_detail(line_->last_lines());
  throw Verdict{Outcome::crash, std::move(why)};
}

void Channel::must_be_heard() {
  const std::int64_t limit = workers::Pace{}.heartbeat_lost_ms;
  if (!is_open_ || steady_ms() < heard_ms_ + static_cast<std::int64_t>(static_cast<double>(limit) *
                                                                       subject_->busy))
    return;
  throw Verdict{Outcome::fail, about(*subject_, faults::silent, {"limit", std::to_string(limit)},
                                     {"call", call_.empty() ? "—" : call_},
                                     {"placement", placement_.empty() ? "—" : placement_})};
}

// ---- what the worker says

bool Channel::hear(std::int64_t until_ms) {
  const auto text = line_->next(until_ms);
  if (!text) broke(text.fault().sentence(Lang::en));
  if (!*text) return false;
  heard_ms_ = steady_ms();
  const Result<wire::ToHost> message = wire::read_to_host(**text);
  if (!message) broke(message.fault().sentence(Lang::en));
  std::visit([this](const auto &said) { on(said); }, *message);
  if (line_->log_bytes() + line_->stdout_bytes() > most_log_bytes)
    throw Verdict{Outcome::fail, about(*subject_, faults::floods, {"what", "log"},
                                       {"many", std::to_string(most_log_bytes)})};
  return true;
}

void Channel::on(const wire::Hello &hello) {
  if (is_heard_) broke("it says hello twice");
  is_heard_ = true;
  hello_ = hello;
  const std::string is = hello.plugin + " " + hello.plugin_version;
  if (hello.plugin != subject_->manifest->id || hello.plugin_version != subject_->manifest->version)
    throw Verdict{Outcome::fail, about(*subject_, faults::other_identity, {"is", is})};
  if (hello.abi.rfind("1.", 0) != 0 || hello.wire < 1)
    broke("abi " + hello.abi + ", wire " + std::to_string(hello.wire));
}

void Channel::on(const wire::Answer &answer) {
  if (answer.re != 0 && (answer.re >= next_call_ || answers_.count(answer.re)))
    broke("an answer to no question: " + std::to_string(answer.re));
  answers_[answer.re] = answer;
}

void Channel::on(const wire::FactBatch &batch) {
  if (batch.seq <= last_seq_)
    broke("batch " + std::to_string(batch.seq) + " after batch " + std::to_string(last_seq_));
  last_seq_ = batch.seq;
  said_.add(batch, epoch_, now_ns());
  if (said_.all().size() > most_facts)
    throw Verdict{Outcome::fail, about(*subject_, faults::floods, {"what", "emit"},
                                       {"many", std::to_string(most_facts)})};
  if (!takes_facts) return;
  acked_ = std::max(acked_, batch.seq);
  line_->send(wire::write(wire::ToWorker(wire::Acked{acked_})));
}

void Channel::on(const wire::Alive &) {
  ++heartbeats_;
}

void Channel::on(const wire::Bye &bye) {
  if (bye.notes.empty()) return;
  throw Verdict{Outcome::fail,
                about(*subject_, faults::cannot_begin, {"reason", bye.notes.front().message})
                    .with_detail(line_->last_lines())};
}

// ---- calls

std::int64_t Channel::limit_ms(wire::CallKind kind) const {
  const workers::Limits &limits = subject_->manifest->limits;
  const double seconds[] = {limits.open_s,   limits.check_s,  limits.publish_s, limits.withdraw_s,
                            limits.recall_s, limits.status_s, limits.handover_s};
  return static_cast<std::int64_t>(seconds[static_cast<std::size_t>(kind)] * 1000);
}

void Channel::start() {
  std::error_code error;
  std::filesystem::create_directories(outfit_.state_dir, error);
  const auto program = workers::program_of({subject_->runner, subject_->folder, outfit_.state_dir},
                                           *subject_->manifest);
  if (!program) throw Verdict{Outcome::fail, program.fault()};
  auto process = workers::Process::spawn(*program);
  if (!process) throw Verdict{Outcome::fail, process.fault()};
  end_line();
  line_.emplace(std::move(*process), outfit_.on_frame, outfit_.on_line);
  ++epoch_;
  last_seq_ = acked_;
  is_heard_ = is_open_ = false;
  answers_.clear();
  call_ = "hello";
  placement_.clear();
  const std::int64_t limit = workers::Pace{}.hello_ms;
  const std::int64_t until_ms = plus(limit, subject_->busy);
  while (!is_heard_ && hear(until_ms)) {
  }
  must_live();
  if (!is_heard_)
    throw Verdict{Outcome::fail, about(*subject_, faults::late, {"call", "hello"},
                                       {"limit", std::to_string(limit)}, {"placement", "—"})};
  call_.clear();
  if (hello_.outbox_seq < acked_) acked_ = last_seq_ = 0;  // its outbox was begun anew
}

wire::Answer Channel::welcome() {
  wire::Welcome welcome;
  welcome.epoch = epoch_;
  welcome.acked = acked_;
  welcome.clock_offset_ns = outfit_.clock_offset_ns;
  welcome.settings = to_text(outfit_.settings);
  welcome.state_dir = std::filesystem::absolute(outfit_.state_dir).string();
  welcome.locale = "zh-CN";
  call_ = "open";
  line_->send(wire::write(wire::ToWorker(welcome)));
  const wire::Answer answer = await(0, limit_ms(wire::CallKind::open));
  is_open_ = answer.verdict == wire::Verdict::done;
  return answer;
}

void Channel::open() {
  start();
  const wire::Answer answer = welcome();
  if (answer.verdict != wire::Verdict::done)
    throw Verdict{Outcome::fail,
                  about(*subject_, faults::not_opened, {"answer", shown(answer)}).at("open")};
}

std::uint64_t Channel::send(wire::CallKind kind, const wire::Placement &placement) {
  wire::Call call;
  call.id = next_call_++;
  call.kind = kind;
  call.within_ms = limit_ms(kind);
  call.placement = placement;
  call_ = word(kind);
  placement_ = placement.id;
  line_->send(wire::write(wire::ToWorker(call)));
  return call.id;
}

wire::Answer Channel::ask(wire::CallKind kind, const wire::Placement &placement) {
  const std::uint64_t call = send(kind, placement);
  return await(call, limit_ms(kind));
}

wire::Answer Channel::ask_unknown(const std::string &name) {
  const std::uint64_t call = next_call_++;
  call_ = name;
  constexpr std::int64_t within_ms = 2'000;
  line_->send(to_text({{"id", call}, {"call", name}, {"within_ms", within_ms}, {"odd", {1, 2}}}));
  return await(call, within_ms);
}

wire::Answer Channel::await(std::uint64_t call, std::int64_t within_ms) {
  const std::int64_t until_ms = plus(within_ms, subject_->busy);
  while (answers_.count(call) == 0 && steady_ms() < until_ms) {
    if (hear(std::min(until_ms, steady_ms() + slice_ms))) continue;
    must_live();
  }
  const auto found = answers_.find(call);
  if (found == answers_.end()) {
    must_live();
    throw Verdict{Outcome::fail, about(*subject_, faults::late, {"call", call_},
                                       {"limit", std::to_string(within_ms)},
                                       {"placement", placement_.empty() ? "—" : placement_})};
  }
  call_.clear();
  placement_.clear();
  return found->second;
}

std::optional<wire::Answer> Channel::answer_to(std::uint64_t call) const {
  const auto found = answers_.find(call);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

wire::Answer Channel::publish(wire::Placement placement) {
  playlists::Item item;
  item.start_ns = placement.start_ns;
  item.end_ns = placement.end_ns;
  for (;; ++placement.attempt) {
    const wire::Answer answer = ask(wire::CallKind::publish, placement);
    const bool is_later = answer.verdict == wire::Verdict::later;
    if (answer.verdict == wire::Verdict::unknown) {
      const wire::Answer recalled = ask(wire::CallKind::recall, placement);
      if (recalled.verdict != wire::Verdict::refused) return recalled;
    } else if (!is_later) {
      return answer;
    }
    if (!channels::can_still_air(item, subject_->manifest->limits, now_ns()) ||
        placement.attempt >= channels::sends_allowed)
      return answer;
    const std::int64_t pause_ms =
        (channels::retry_at_ns(answer, placement.attempt, now_ns()) - now_ns()) / ns_per_ms;
    if (is_later) listen(std::min(pause_ms, longest_pause_ms), [] { return false; });
  }
}

bool Channel::listen(std::int64_t within_ms, const std::function<bool()> &is_so) {
  const std::int64_t until_ms = plus(within_ms, subject_->busy);
  while (!is_so()) {
    // In slices: what is waited for may also come from a signal to this process.
    if (hear(std::min(until_ms, steady_ms() + slice_ms))) continue;
    must_live();
    if (steady_ms() >= until_ms) return is_so();
  }
  return true;
}

// ---- the end

void Channel::bye() {
  const workers::Pace pace;
  line_->send(wire::write(wire::ToWorker(wire::Bye{})));
  const std::int64_t until_ms = plus(pace.bye_ms, subject_->busy);
  while (!line_->ending() && steady_ms() < until_ms)
    if (!hear(until_ms) && line_->ending()) break;
  // On a busy machine the runner, which waits three seconds, may lose patience first.
  if (!line_->ending() || line_->ending()->status == wire::exit_not_closed) {
    line_->kill();
    throw Verdict{Outcome::fail, about(*subject_, faults::late, {"call", "close"},
                                       {"limit", std::to_string(pace.bye_ms)}, {"placement", "—"})};
  }
  while (hear(steady_ms())) {
  }
  if (!line_->left_behind().empty())
    throw Verdict{Outcome::fail,
                  about(*subject_, faults::left_behind, {"what", line_->left_behind()})};
  if (!line_->ending()->is_clean) {
    if (call_.empty()) call_ = "close";
    must_live();
  }
  end_line();
}

void Channel::kill() {
  if (!is_running()) return;
  line_->kill();
  while (hear(steady_ms())) {
  }
  end_line();
}

void Channel::end_line() {
  if (!line_) return;
  stdout_bytes_ += line_->stdout_bytes();
  log_bytes_ += line_->log_bytes();
  line_.reset();
}

}  // namespace civicast::kit
