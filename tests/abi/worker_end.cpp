// SPDX-License-Identifier: Apache-2.0
#include "tests/abi/worker_end.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace civicast::test {
namespace {

constexpr int patience_ms = 60'000;

[[noreturn]] void fail(const std::string &what) {
  throw std::runtime_error(what);
}

}  // namespace

WorkerEnd::WorkerEnd(const std::string &runner, const std::filesystem::path &plugin_dir,
                     const std::filesystem::path &state_dir)
    : log_file_(state_dir / "stderr") {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) fail("socketpair");
  socket_ = Fd(pair[0]);
  // Above 3, so that dup2 to it never meets itself, which would keep it closed on exec.
  const Fd theirs(::fcntl(pair[1], F_DUPFD_CLOEXEC, 10));
  ::close(pair[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), 3);
  ::posix_spawn_file_actions_addopen(&actions, 2, log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
  ::posix_spawn_file_actions_addchdir_np(&actions, state_dir.c_str());
  std::string words[] = {runner, plugin_dir.string()};
  char *argv[] = {words[0].data(), words[1].data(), nullptr};
  const int error = ::posix_spawn(&pid_, runner.c_str(), &actions, nullptr, argv, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail("cannot start " + runner);
}

WorkerEnd::~WorkerEnd() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void WorkerEnd::send(const wire::ToWorker &message) {
  const std::string bytes = wire::frame(wire::write(message));
  if (::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(bytes.size()))
    fail("the worker does not listen; it logged: " + log());
}

std::optional<wire::ToHost> WorkerEnd::next() {
  for (;;) {
    const auto text = frames_.next();
    if (!text) fail(text.fault().sentence(Lang::en));
    if (*text) {
      const Result<wire::ToHost> message = wire::read_to_host(**text);
      if (!message) fail(message.fault().sentence(Lang::en) + ": " + std::string(**text));
      if (!std::holds_alternative<wire::Alive>(*message)) return *message;
      continue;
    }
    pollfd entry{socket_.get(), POLLIN, 0};
    if (::poll(&entry, 1, patience_ms) <= 0) fail("the worker says nothing; it logged: " + log());
    char chunk[64 * 1024];
    const ssize_t got = ::recv(socket_.get(), chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    frames_.feed({chunk, static_cast<std::size_t>(got)});
  }
}

int WorkerEnd::ended() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string WorkerEnd::log() const {
  std::ostringstream out;
  out << std::ifstream(log_file_).rdbuf();
  return out.str();
}

}  // namespace civicast::test
