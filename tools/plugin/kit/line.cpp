// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/line.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <sstream>

#include "host/workers/worker.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::kit {
namespace {

namespace fs = std::filesystem;
using workers::steady_ms;

constexpr std::size_t lines_kept = 12;
constexpr std::size_t longest_line = 2000;
/// A child that ends because its parent did needs a moment to do so.
constexpr std::int64_t orphan_grace_ms = 500;

/// Of this process; several channels may be open at once, and are no orphans.
std::set<pid_t> &live_workers() {
  static std::set<pid_t> pids;
  return pids;
}

struct Seen {
  pid_t pid = 0, parent = 0, group = 0;
  char state = '?';
  std::string name;
};

/// /proc/PID/stat: "12 (na me) S 1 12 …". The name may hold anything, a ")" too.
std::optional<Seen> see(const fs::path &folder) {
  const Result<std::string> text = read_file(folder / "stat", 4096);
  if (!text) return std::nullopt;
  const std::size_t open = text->find('('), close = text->rfind(')');
  if (open == std::string::npos || close == std::string::npos) return std::nullopt;
  Seen out;
  out.name = text->substr(open + 1, close - open - 1);
  std::istringstream before(text->substr(0, open)), after(text->substr(close + 1));
  before >> out.pid;
  after >> out.state >> out.parent >> out.group;
  return out;
}

/// Living processes of the group of `leader`, and those that fell to this process.
std::vector<Seen> orphans(pid_t leader) {
  std::vector<Seen> out;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::optional<Seen> seen = see(entry.path());
    if (!seen || seen->state == 'Z' || seen->pid == leader) continue;
    const bool is_ours = seen->parent == ::getpid() && live_workers().count(seen->pid) == 0;
    if (is_ours || seen->group == leader) out.push_back(*seen);
  }
  return out;
}

}  // namespace

void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

Line::Line(workers::Process process, OnFrame on_frame, OnLine on_line)
    : process_(std::move(process)),
      pid_(process_.pid()),
      on_frame_(std::move(on_frame)),
      on_line_(std::move(on_line)) {
  live_workers().insert(pid_);
}

void Line::send(std::string_view text) {
  if (on_frame_) on_frame_(true, text);
  send_bytes(wire::frame(text));
}

void Line::send_bytes(std::string_view bytes) {
  to_send_ += bytes;
  flush();
}

Result<std::optional<std::string>> Line::next(std::int64_t until_ms) {
  for (;;) {
    const auto text = frames_.next();
    if (!text) return text.fault();
    if (*text) {
      if (on_frame_) on_frame_(false, **text);
      return std::optional<std::string>(std::string(**text));
    }
    if (ending_ || !wait(until_ms)) return std::optional<std::string>();
  }
}

/// False: the time is over.
bool Line::wait(std::int64_t until_ms) {
  pollfd entries[] = {
      {process_.pidfd(), POLLIN, 0},
      {process_.socket(), static_cast<short>(POLLIN | (to_send_.empty() ? 0 : POLLOUT)), 0},
      {process_.out(), POLLIN, 0},
      {process_.err(), POLLIN, 0}};
  const std::int64_t wait_ms = std::clamp<std::int64_t>(until_ms - steady_ms(), 0, 1000);
  const int found = ::poll(entries, std::size(entries), static_cast<int>(wait_ms));
  if (found == 0) return steady_ms() < until_ms;
  if (entries[1].revents & POLLOUT) flush();
  if (entries[1].revents & (POLLIN | POLLHUP | POLLERR)) read_socket();
  if (entries[2].revents) read_pipe(process_.out(), true);
  if (entries[3].revents) read_pipe(process_.err(), false);
  // Last, so that everything it said before it died has been heard.
  if (entries[0].revents) see_end();
  return true;
}

void Line::see_end() {
  read_pipe(process_.out(), true);
  read_pipe(process_.err(), false);
  read_socket();
  const std::int64_t until_ms = steady_ms() + orphan_grace_ms;
  std::vector<Seen> left = orphans(pid_);
  while (!left.empty() && steady_ms() < until_ms) {
    ::poll(nullptr, 0, 20);
    left = orphans(pid_);
  }
  for (const Seen &one : left) {
    left_behind_ += (left_behind_.empty() ? "" : ", ") + one.name;
    ::kill(one.pid, SIGKILL);
    if (one.parent == ::getpid()) ::waitpid(one.pid, nullptr, 0);
  }
  ending_ = process_.reap();
  live_workers().erase(pid_);
}

void Line::read_socket() {
  char chunk[64 * 1024];
  while (process_.socket() >= 0) {
    const ssize_t got = ::recv(process_.socket(), chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return process_.close_socket();
    frames_.feed({chunk, static_cast<std::size_t>(got)});
    if (got < static_cast<ssize_t>(sizeof chunk)) return;
  }
}

void Line::read_pipe(int fd, bool is_out) {
  char chunk[16 * 1024];
  for (int turn = 0; fd >= 0 && turn < 64; ++turn) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got < 0) return;
    if (got == 0) return is_out ? process_.close_out() : process_.close_err();
    (is_out ? stdout_bytes_ : log_bytes_) += static_cast<std::uint64_t>(got);
    std::string &rest = rest_[is_out ? 0 : 1];
    rest.append(chunk, static_cast<std::size_t>(got));
    for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      lines_.push_back(rest.substr(0, std::min(end, longest_line)));
      rest.erase(0, end + 1);
      if (lines_.size() > lines_kept) lines_.pop_front();
      if (on_line_) on_line_(lines_.back());
    }
    if (rest.size() > longest_line) rest.erase(longest_line);
  }
}

void Line::flush() {
  while (!to_send_.empty() && process_.socket() >= 0) {
    const ssize_t put = ::send(process_.socket(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      if (errno != EAGAIN) to_send_.clear();  // its death, which the pidfd tells
      return;
    }
    to_send_.erase(0, static_cast<std::size_t>(put));
  }
  if (process_.socket() < 0) to_send_.clear();
}

void Line::kill() {
  if (ending_) return;
  process_.signal_group(SIGKILL);
  pollfd entry{process_.pidfd(), POLLIN, 0};
  while (::poll(&entry, 1, 5'000) < 0 && errno == EINTR) {
  }
  see_end();
}

std::string Line::last_lines() const {
  std::string out;
  for (const std::string &line : lines_) out += (out.empty() ? "" : "\n") + line;
  return out;
}

}  // namespace civicast::kit
