// SPDX-License-Identifier: Apache-2.0
#include "host/workers/worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <utility>

#include "host/workers/faults.hpp"
#include "host/workers/leftovers.hpp"
#include "host/workers/program.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::workers {
namespace {

/// So much is read from one worker before the others have their turn: some hundred facts.
constexpr std::size_t bytes_per_turn = 256 * 1024;

std::uint32_t seed_of(const std::string &channel) {
  return static_cast<std::uint32_t>(std::hash<std::string>()(channel));
}

}  // namespace

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Worker::Worker(WorkerSpec spec, Manifest manifest, Listener &listener, const Pace &pace)
    : spec_(std::move(spec)),
      manifest_(std::move(manifest)),
      lock_(spec_.lock),
      listener_(listener),
      pace_(pace),
      backoff_(pace, seed_of(spec_.channel)),
      out_lines_([this](int level, const std::string &line) {
        listener_.on_log(spec_.channel, level, line);
      }),
      err_lines_([this](int level, const std::string &line) {
        listener_.on_log(spec_.channel, level, line);
      }) {}

// ---- starting

Result<void> Worker::take_epoch() {
  const auto file = spec_.state_dir / "epoch";
  std::error_code error;
  std::uint64_t last = epoch_;
  if (std::filesystem::exists(file, error)) {
    const Result<std::string> text = read_file(file, 64);
    if (!text) return text.fault();
    std::uint64_t read = 0;
    std::from_chars(text->data(), text->data() + text->size(), read);
    last = std::max(last, read);
  }
  // On disk before the worker exists: a number is never given twice.
  const Result<void> written = write_file_atomically(file, std::to_string(last + 1) + "\n", 0600);
  if (written) epoch_ = last + 1;
  return written;
}

/// Of a life that ended unasked, or of a host that was killed.
void Worker::clean_up() {
  if (std::exchange(is_unclean_, false) || is_claimed(spec_.state_dir))
    kill_leftovers({std::filesystem::absolute(spec_.state_dir)});
}

void Worker::start(std::int64_t now_ms) {
  std::error_code error;
  std::filesystem::create_directories(spec_.state_dir, error);
  const auto failed = [&](const Fault &cause) {
    tell(about(faults::worker_not_started, {"reason", cause.sentence(Lang::en)},
               {"reason_zh", cause.sentence(Lang::zh)})
             .with_detail(cause.detail()));
    wait_until_ms_ = now_ms + std::max<std::int64_t>(backoff_.after_death_ms(0), 50);
  };
  std::optional<Process> process = take_successor();
  if (!process) {
    if (const auto version = take_version(); !version) return failed(version.fault().front());
    clean_up();
  }
  if (const Result<void> epoch = take_epoch(); !epoch) return failed(epoch.fault());
  if (!process) {
    const Result<Program> program =
        program_of({spec_.runner, spec_.plugin_dir, spec_.state_dir}, manifest_);
    if (!program) return failed(program.fault());
    Result<Process> spawned = Process::spawn(*program);
    if (!spawned) return failed(spawned.fault());
    process.emplace(*std::move(spawned));
  }
  process_.emplace(*std::move(process));
  frames_ = {};
  to_send_.clear();
  stuck_.reset();
  reason_.reset();
  out_lines_.forget();
  err_lines_.forget();
  has_status_ = true;
  state_ = State::starting;
  state_since_ms_ = heard_ms_ = now_ms;
}

// ---- what poll(2) is for

void Worker::watch(pollfd *entries) const {
  std::fill_n(entries, poll_entries, pollfd{-1, 0, 0});
  if (!process_) return;
  entries[0] = {process_->pidfd(), POLLIN, 0};
  const short writing = to_send_.empty() ? 0 : POLLOUT;
  const short reading = stuck_ ? 0 : POLLIN;
  // poll(2) tells POLLHUP unasked; with nothing to ask it would only spin.
  if (writing || reading)
    entries[1] = {process_->socket(), static_cast<short>(reading | writing), 0};
  entries[2] = {process_->out(), POLLIN, 0};
  entries[3] = {process_->err(), POLLIN, 0};
}

bool Worker::handle(const pollfd *entries) {
  if (!process_) return false;
  bool any = false;
  for (std::size_t i = 0; i < poll_entries; ++i)
    any |= entries[i].fd >= 0 && entries[i].revents != 0;
  if (!any) return false;
  if (entries[2].revents) read_pipe(process_->out(), out_lines_, false);
  if (entries[3].revents) read_pipe(process_->err(), err_lines_, true);
  if (entries[1].revents & POLLOUT) flush();
  if (entries[1].revents & (POLLIN | POLLHUP | POLLERR)) read_socket();
  // Last, so that everything it said before it died has been heard.
  if (entries[0].revents)
    if (const auto ending = process_->reap()) on_death(*ending);
  return true;
}

void Worker::read_pipe(int fd, LineCutter &cutter, bool is_err) {
  char chunk[16 * 1024];
  for (int turn = 0; turn < 16; ++turn) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got > 0) {
      cutter.feed({chunk, static_cast<std::size_t>(got)}, steady_ms());
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      cutter.finish(steady_ms());
      return is_err ? process_->close_err() : process_->close_out();
    } else {
      return;
    }
  }
}

void Worker::read_socket() {
  char chunk[64 * 1024];
  for (std::size_t total = 0; total < bytes_per_turn && !stuck_ && process_->socket() >= 0;) {
    const ssize_t got = ::recv(process_->socket(), chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return process_->close_socket();  // its end comes by the pidfd
    total += static_cast<std::size_t>(got);
    heard_ms_ = steady_ms();
    frames_.feed({chunk, static_cast<std::size_t>(got)});
    read_frames();
  }
}

void Worker::read_frames() {
  while (!stuck_ && process_->socket() >= 0) {
    const auto text = frames_.next();
    if (!text) return break_off(text.fault());
    if (!*text) return;
    Result<wire::ToHost> message = wire::read_to_host(**text);
    if (!message) return break_off(message.fault());
    std::visit([this](auto &said) { on(std::move(said)); }, *message);
  }
}

bool Worker::send(const wire::ToWorker &message) {
  if (!process_ || process_->socket() < 0) return false;
  to_send_ += wire::frame(wire::write(message));
  return flush();
}

bool Worker::flush() {
  while (!to_send_.empty()) {
    const ssize_t put = ::send(process_->socket(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      // EAGAIN waits for POLLOUT; anything else is its death, which the pidfd tells.
      if (errno == EAGAIN) return true;
      to_send_.clear();
      return false;
    }
    to_send_.erase(0, static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace civicast::workers
