// SPDX-License-Identifier: Apache-2.0
#include "host/flow/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "host/flow/faults.hpp"

namespace civicast::flow {
namespace {

/// So long may the end of a host that was killed take.
constexpr std::int64_t patience_ms = 2'000;

}  // namespace

Result<StationLock> StationLock::take(const std::filesystem::path &station) {
  const auto file = station / "host.lock";
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd || !lock_alone(fd, patience_ms))
    return Fault(faults::station_in_use, {{"station", station.string()}});
  return StationLock(std::move(fd));
}

bool is_host_running(const std::filesystem::path &station) {
  const Fd fd(::open((station / "host.lock").c_str(), O_RDONLY | O_CLOEXEC));
  // Held for no longer than this question: a host that starts meanwhile waits for it.
  return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

}  // namespace civicast::flow
