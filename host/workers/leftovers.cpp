// SPDX-License-Identifier: Apache-2.0
#include "host/workers/leftovers.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "sdk/base/disk.hpp"

extern "C" {
#include <sys/pidfd.h>
}

namespace civicast::workers {
namespace {

constexpr std::string_view name = "CIVICAST_STATE_DIR=";
constexpr int patience_ms = 1'000;

/// The folder that the process carries in its environment; empty: none, or not ours to read.
std::string folder_of(int proc_fd) {
  const Fd file(::openat(proc_fd, "environ", O_RDONLY | O_CLOEXEC));
  std::string all;
  char block[16 * 1024];
  while (file) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got <= 0) break;
    all.append(block, static_cast<std::size_t>(got));
  }
  std::size_t at = all.rfind(name, 0) == 0 ? 0 : all.find(std::string(1, '\0').append(name));
  if (at == std::string::npos) return {};
  at = all.find('=', at) + 1;
  return all.substr(at, all.find('\0', at) - at);
}

bool kill_if_left(const char *pid_text, int proc, const std::set<std::filesystem::path> &dirs) {
  const auto pid = static_cast<pid_t>(std::atol(pid_text));
  if (pid <= 1 || pid == ::getpid()) return false;
  const Fd folder(::openat(proc, pid_text, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat facts {};
  if (!folder || ::fstat(folder.get(), &facts) != 0 || facts.st_uid != ::geteuid()) return false;
  // First a hold on the process, then what it is: its number may become another's at any time.
  const Fd held(::pidfd_open(pid, 0));
  if (!held || dirs.count(folder_of(folder.get())) == 0) return false;
  if (::pidfd_send_signal(held.get(), SIGKILL, nullptr, 0) != 0) return false;
  pollfd entry{held.get(), POLLIN, 0};
  ::poll(&entry, 1, patience_ms);
  return true;
}

}  // namespace

std::size_t kill_leftovers(const std::set<std::filesystem::path> &state_dirs) {
  const std::unique_ptr<DIR, int (*)(DIR *)> proc(::opendir("/proc"), ::closedir);
  std::size_t killed = 0;
  while (const dirent *entry = proc ? ::readdir(proc.get()) : nullptr)
    killed += kill_if_left(entry->d_name, ::dirfd(proc.get()), state_dirs);
  return killed;
}

bool is_claimed(const std::filesystem::path &state_dir) {
  const Fd lock(::open((state_dir / "worker.lock").c_str(), O_RDWR | O_CLOEXEC));
  return lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

}  // namespace civicast::workers
