// SPDX-License-Identifier: Apache-2.0
#include "host/workers/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "sdk/base/faults.hpp"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so itself
}

namespace civicast::workers {
namespace {

/// What a worker may know of the host's environment. Secrets come with the settings only.
constexpr std::array passed_on = {"PATH",          "LANG",         "LC_ALL",       "TZ",
                                  "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy",   "https_proxy",
                                  "no_proxy",      "ASAN_OPTIONS", "UBSAN_OPTIONS"};

constexpr int patience_ms = 5'000;

struct Pair {
  Fd ours, theirs;
};

bool make_pipe(Pair &pair) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  pair.ours = Fd(ends[0]);
  pair.theirs = Fd(ends[1]);
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

bool make_socket(Pair &pair) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  pair.ours = Fd(ends[0]);
  pair.theirs = Fd(ends[1]);
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

/// The memory that a sanitizer reserves is no sign of a leak.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_memory_limited = false;
#else
constexpr bool is_memory_limited = true;
#endif

struct Start {
  std::string state_dir;
  std::vector<std::string> words, environment;
  std::vector<char *> argv, envp;
  rlim_t memory_bytes = 0, open_files = 0;
  pid_t parent = -1;
  int socket = -1, out = -1, err = -1, null = -1;
};

/// Between fork and exec: async-signal-safe calls only, nothing of the heap.
[[noreturn]] void become_runner(const Start &start) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != start.parent) ::_exit(0);  // it ended before prctl took effect
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit no_core{0, 0}, memory{start.memory_bytes, start.memory_bytes},
      files{start.open_files, start.open_files};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Not RLIMIT_AS: address space that is only reserved (thread arenas, a script's engine) is free.
  if (start.memory_bytes > 0 && is_memory_limited) ::setrlimit(RLIMIT_DATA, &memory);
  if (start.open_files > 0) ::setrlimit(RLIMIT_NOFILE, &files);
  ::umask(077);
  // Above the four numbers that dup2 writes to, so that none overwrites another.
  const int socket = ::fcntl(start.socket, F_DUPFD, 10), out = ::fcntl(start.out, F_DUPFD, 10),
            err = ::fcntl(start.err, F_DUPFD, 10), null = ::fcntl(start.null, F_DUPFD, 10);
  ::dup2(null, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::dup2(socket, 3);
  ::close_range(4, ~0U, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  if (::chdir(start.state_dir.c_str()) == 0)
    ::execve(start.argv.front(), start.argv.data(), start.envp.data());
  constexpr std::string_view last_words = "<3>the worker's program cannot be executed\n";
  if (::write(2, last_words.data(), last_words.size()) < 0) ::_exit(126);
  ::_exit(127);
}

/// No more than the host itself may have: a higher limit would be refused, and none set.
rlim_t within_own(int what, rlim_t wanted) {
  rlimit own{};
  return ::getrlimit(what, &own) == 0 ? std::min(wanted, own.rlim_max) : wanted;
}

Start start_of(const Program &program) {
  Start start;
  start.state_dir = std::filesystem::absolute(program.state_dir).string();
  start.words = program.command;
  for (const char *name : passed_on)
    if (const char *value = std::getenv(name))
      start.environment.push_back(std::string(name) + "=" + value);
  start.environment.push_back("HOME=" + start.state_dir);
  // By which whatever it starts is known as its own; see leftovers.hpp.
  start.environment.push_back("CIVICAST_STATE_DIR=" + start.state_dir);
  start.environment.push_back("CIVICAST_PLUGIN_DIR=" +
                              std::filesystem::absolute(program.plugin_dir).string());
  start.memory_bytes = within_own(RLIMIT_DATA, program.memory_mb << 20);
  start.open_files = within_own(RLIMIT_NOFILE, program.open_files);
  start.parent = ::getpid();
  return start;
}

/// Once nothing moves any more.
void point_at_words(Start &start) {
  for (std::string &word : start.words) start.argv.push_back(word.data());
  for (std::string &entry : start.environment) start.envp.push_back(entry.data());
  start.argv.push_back(nullptr);
  start.envp.push_back(nullptr);
}

}  // namespace

Process::Process(Process &&other) noexcept
    : pid_(other.pid_),
      pidfd_(std::move(other.pidfd_)),
      socket_(std::move(other.socket_)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {
  other.pid_ = -1;
}

Process::~Process() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  pollfd entry{pidfd_.get(), POLLIN, 0};
  while (::poll(&entry, 1, patience_ms) < 0 && errno == EINTR) {
  }
  ::waitpid(pid_, nullptr, WNOHANG);
}

Result<Process> Process::spawn(const Program &program) {
  const auto failed = [&](const std::string &what) {
    return Fault(civicast::faults::file_unreadable,
                 {{"file", what}, {"reason", ::strerror(errno)}});
  };
  if (::access(program.command.front().c_str(), X_OK) != 0) return failed(program.command.front());
  Pair socket, out, err;
  if (!make_socket(socket)) return failed("socketpair");
  if (!make_pipe(out) || !make_pipe(err)) return failed("pipe");
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null) return failed("/dev/null");

  Start start = start_of(program);
  point_at_words(start);
  start.socket = socket.theirs.get();
  start.out = out.theirs.get();
  start.err = err.theirs.get();
  start.null = null.get();

  const pid_t pid = ::fork();
  if (pid < 0) return failed("fork");
  if (pid == 0) become_runner(start);
  ::setpgid(pid, pid);  // whoever comes first, so that a kill of the group never misses
  Process made;
  made.pid_ = pid;
  made.pidfd_ = Fd(::pidfd_open(pid, 0));
  made.socket_ = std::move(socket.ours);
  made.out_ = std::move(out.ours);
  made.err_ = std::move(err.ours);
  if (!made.pidfd_) return failed("pidfd");
  return made;
}

void Process::signal_group(int signal) {
  // Safe by number: the leader is not reaped yet, so neither it nor its group can be another's.
  if (pid_ > 0) ::kill(-pid_, signal);
}

std::optional<Ending> Process::reap() {
  if (pid_ < 0) return std::nullopt;
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid == 0)
    return std::nullopt;
  signal_group(SIGKILL);  // children that the plugin left behind
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  Ending ending;
  if (info.si_code == CLD_EXITED) {
    ending.how = "exit status " + std::to_string(info.si_status);
    ending.status = info.si_status;
    ending.is_clean = info.si_status == 0;
  } else {
    const char *name = ::sigabbrev_np(info.si_status);
    ending.how = "signal " + std::to_string(info.si_status) + " (SIG" + (name ? name : "?") + ")";
  }
  return ending;
}

}  // namespace civicast::workers
