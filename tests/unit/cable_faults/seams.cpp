// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/seams.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace civicast::cable::faults {

Seams &seams() {
  static Seams all;
  return all;
}

namespace {

std::string path_of(int file) {
  std::array<char, 512> name{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), name.data(), name.size());
  return size > 0 ? std::string(name.data(), static_cast<std::size_t>(size)) : "";
}

bool is_on_disk(int file) {
  const Disk &disk = seams().disk;
  return !disk.folder.empty() && path_of(file).rfind(disk.folder + "/", 0) == 0;
}

bool is_tape(int file, const struct stat &info) {
  Seams &all = seams();
  if (all.tape_inode == 0 && path_of(file) == all.tape_path) all.tape_inode = info.st_ino;
  return all.tape_inode == info.st_ino;
}

bool is_disk_plain() {
  const Disk &disk = seams().disk;
  return disk.free_bytes < 0 && disk.writes_to_live < 0;
}

/// Of `size` bytes at `offset` so many fit; what lies within the file has its place already.
std::size_t fitting(int file, std::size_t size, std::int64_t offset) {
  Disk &disk = seams().disk;
  if (disk.free_bytes < 0) return size;
  struct stat info {};
  ::fstat(file, &info);
  const std::int64_t end = offset + static_cast<std::int64_t>(size);
  const std::int64_t grows = std::max<std::int64_t>(0, end - std::max(offset, info.st_size));
  const std::int64_t granted = std::min(grows, disk.free_bytes);
  disk.free_bytes -= granted;
  if (granted < grows) ++disk.refusals;
  return size - static_cast<std::size_t>(grows - granted);
}

/// The bytes of one message, in a row.
void gather(const msghdr &message, std::vector<std::uint8_t> &out) {
  out.clear();
  for (std::size_t i = 0; i < message.msg_iovlen; ++i) {
    const auto *bytes = static_cast<const std::uint8_t *>(message.msg_iov[i].iov_base);
    out.insert(out.end(), bytes, bytes + message.msg_iov[i].iov_len);
  }
}

Wire *wire_of(const msghdr &message) {
  const auto *to = static_cast<const sockaddr_in *>(message.msg_name);
  if (!to || to->sin_family != AF_INET) return nullptr;
  const auto found = seams().wires.find(ntohs(to->sin_port));
  return found == seams().wires.end() ? nullptr : found->second;
}

/// What one message holds: one datagram, or several of a size (UDP_SEGMENT).
std::size_t segment_of(const msghdr &message) {
  const auto *header = static_cast<const cmsghdr *>(message.msg_control);
  if (!header || message.msg_controllen < sizeof(cmsghdr)) return 0;
  if (header->cmsg_level != IPPROTO_UDP || header->cmsg_type != UDP_SEGMENT) return 0;
  std::uint16_t size = 0;
  std::memcpy(&size, CMSG_DATA(header), sizeof size);
  return size;
}

thread_local std::vector<std::uint8_t> gathered;

/// A piece that the kernel has to cut leaves whole or not at all; the worker tries its datagrams
/// one by one then.
int transmit(Wire &wire, const msghdr &message) {
  if (const int error = wire.refuses()) return error;
  gather(message, gathered);
  const std::size_t segment = segment_of(message);
  const std::size_t each = segment > 0 ? segment : gathered.size();
  for (std::size_t at = 0; at < gathered.size(); at += each)
    wire.take(&gathered[at], std::min(each, gathered.size() - at));
  return 0;
}

const std::uint8_t *begin_of(const iovec &part) {
  return static_cast<const std::uint8_t *>(part.iov_base);
}

}  // namespace
}  // namespace civicast::cable::faults

using civicast::cable::faults::Killed;
using civicast::cable::faults::seams;
namespace faults = civicast::cable::faults;

extern "C" {

ssize_t __real_write(int file, const void *bytes, size_t size);
ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t offset);
ssize_t __real_writev(int file, const iovec *parts, int count);
int __real_fdatasync(int file);
ssize_t __real_sendmsg(int socket, const msghdr *message, int flags);
int __real_sendmmsg(int socket, mmsghdr *messages, unsigned count, int flags);

ssize_t __wrap_write(int file, const void *bytes, size_t size) {
  if (faults::is_disk_plain() || !faults::is_on_disk(file)) return __real_write(file, bytes, size);
  struct stat info {};
  ::fstat(file, &info);  // whatever the worker writes so, it appends
  const size_t fits = faults::fitting(file, size, info.st_size);
  auto &left = seams().disk.writes_to_live;
  if (left > 0) --left;
  if (left == 0) {
    left = -1;
    (void)!__real_write(file, bytes, fits / 2);
    throw Killed();
  }
  if (fits == 0 && size > 0) {
    errno = ENOSPC;
    return -1;
  }
  return __real_write(file, bytes, fits);
}

ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t offset) {
  if (faults::is_disk_plain() || !faults::is_on_disk(file))
    return __real_pwrite(file, bytes, size, offset);
  const size_t fits = faults::fitting(file, size, offset);
  auto &left = seams().disk.writes_to_live;
  if (left > 0) --left;
  if (left == 0) {
    left = -1;
    (void)!__real_pwrite(file, bytes, fits / 2, offset);
    throw Killed();
  }
  if (fits == 0 && size > 0) {
    errno = ENOSPC;
    return -1;
  }
  return __real_pwrite(file, bytes, fits, offset);
}

/// Of the tape only its length is on the disk: a file with one hole.
ssize_t __wrap_writev(int file, const iovec *parts, int count) {
  struct stat info {};
  if (!seams().tape || ::fstat(file, &info) != 0 || !faults::is_tape(file, info))
    return __real_writev(file, parts, count);
  size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  const size_t fits = faults::fitting(file, size, info.st_size);
  if (fits == 0 && size > 0) {
    for (int i = 0; i < count; ++i)
      seams().tape->lose(faults::begin_of(parts[i]), parts[i].iov_len);
    errno = ENOSPC;
    return -1;
  }
  (void)!::ftruncate(file, info.st_size + static_cast<off_t>(fits));
  for (size_t i = 0, left = fits; i < static_cast<size_t>(count); left -= parts[i++].iov_len) {
    if (parts[i].iov_len > left) break;  // half of it: it will be given up in the next call
    seams().tape->take(faults::begin_of(parts[i]), parts[i].iov_len);
  }
  seams().tape->refuses();  // a process may end here, too
  return static_cast<ssize_t>(fits);
}

int __wrap_fdatasync(int file) {
  if (!faults::is_on_disk(file)) return __real_fdatasync(file);
  if (!seams().disk.is_sync_failing) return 0;  // no power is lost here
  errno = EIO;
  return -1;
}

ssize_t __wrap_sendmsg(int socket, const msghdr *message, int flags) {
  faults::Wire *wire = faults::wire_of(*message);
  if (!wire) return __real_sendmsg(socket, message, flags);
  if (const int error = faults::transmit(*wire, *message)) {
    errno = error;
    return -1;
  }
  return static_cast<ssize_t>(faults::gathered.size());
}

int __wrap_sendmmsg(int socket, mmsghdr *messages, unsigned count, int flags) {
  faults::Wire *wire = count > 0 ? faults::wire_of(messages[0].msg_hdr) : nullptr;
  if (!wire) return __real_sendmmsg(socket, messages, count, flags);
  for (unsigned i = 0; i < count; ++i)
    if (const int error = faults::transmit(*wire, messages[i].msg_hdr)) {
      if (i > 0) return static_cast<int>(i);
      wire->lose(faults::begin_of(*messages[0].msg_hdr.msg_iov),
                 messages[0].msg_hdr.msg_iov->iov_len);
      errno = error;
      return -1;
    }
  return static_cast<int>(count);
}

}  // extern "C"
