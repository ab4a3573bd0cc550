// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/test_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "host/workers/worker.hpp"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so itself
}

namespace civicast::kit {
namespace {

using workers::steady_ms;

constexpr int result_fd = 3;

}  // namespace

TestProcess::TestProcess(std::vector<std::string> command, double limit_s)
    : began_ms_(steady_ms()), limit_ms_(static_cast<std::int64_t>(limit_s * 1000)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  pipe_ = Fd(ends[0]);
  const Fd theirs(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  std::vector<char *> words;
  for (std::string &word : command) words.push_back(word.data());
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    // Its own standard output is nobody's: a plugin that writes there must not spoil ours.
    const int null = ::open("/dev/null", O_RDWR);
    const int pipe = ::fcntl(theirs.get(), F_DUPFD, 10);
    ::dup2(null, 0);
    ::dup2(null, 1);
    ::dup2(null, 2);
    ::dup2(pipe, result_fd);
    ::close_range(result_fd + 1, ~0U, 0);
    ::execv(words.front(), words.data());
    ::_exit(127);
  }
  pidfd_ = Fd(::pidfd_open(pid_, 0));
}

TestProcess::~TestProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void TestProcess::wait_any(std::map<std::size_t, TestProcess> &processes, int timeout_ms) {
  std::vector<pollfd> entries;
  for (const auto &[number, process] : processes) {
    entries.push_back({process.pidfd_.get(), POLLIN, 0});
    entries.push_back({process.pipe_.get(), POLLIN, 0});
  }
  ::poll(entries.data(), entries.size(), timeout_ms);
  for (auto &[number, process] : processes) process.take();
}

void TestProcess::wait(int timeout_ms) {
  pollfd entries[] = {{pidfd_.get(), POLLIN, 0}, {pipe_.get(), POLLIN, 0}};
  ::poll(entries, 2, timeout_ms);
  take();
}

void TestProcess::take() {
  char chunk[64 * 1024];
  for (ssize_t got = 1; got > 0 && pipe_;) {
    got = ::read(pipe_.get(), chunk, sizeof chunk);
    if (got > 0) text_.append(chunk, static_cast<std::size_t>(got));
    if (got == 0) pipe_.reset();
  }
  if (pid_ <= 0) return;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) return end(status);
  if (steady_ms() - began_ms_ < limit_ms_) return;
  is_late_ = true;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status, 0);
  end(status);
}

void TestProcess::end(int status) {
  pid_ = -1;
  ended_ms_ = steady_ms();
  how_ = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                             : "exit status " + std::to_string(WEXITSTATUS(status));
  char chunk[64 * 1024];
  for (ssize_t got = 1; got > 0 && pipe_;) {
    got = ::read(pipe_.get(), chunk, sizeof chunk);
    if (got > 0) text_.append(chunk, static_cast<std::size_t>(got));
  }
}

std::optional<Json> TestProcess::result() const {
  if (is_late_) return std::nullopt;
  const auto json = parse_json(text_);
  if (!json || !json->is_object()) return std::nullopt;
  return *json;
}

double TestProcess::seconds() const {
  return static_cast<double>((ended_ms_ ? ended_ms_ : steady_ms()) - began_ms_) / 1000;
}

}  // namespace civicast::kit
