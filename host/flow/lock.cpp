// SPDX-License-Identifier: Apache-2.0
#include "host/flow/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "host/flow/faults.hpp"

namespace civicast::flow {

Result<StationLock> StationLock::take(const std::filesystem::path &station) {
  const auto file = station / "host.lock";
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return Fault(faults::station_in_use, {{"station", station.string()}});
  return StationLock(std::move(fd));
}

}  // namespace civicast::flow
