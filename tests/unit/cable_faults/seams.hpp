// SPDX-License-Identifier: Apache-2.0
// The edges of the worker's world: what it asks of the kernel for its disk and its network is
// answered here, so that a disk can be full, a network away and a process dead at any of its calls.
// The linker puts these in the place of the C library's (--wrap); all else goes through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace civicast::cable::faults {

/// kill -9. Thrown where the process ended; no code of the worker catches it, for it is not a
/// std::exception, and nothing of the worker is asked to say goodbye.
struct Killed {};

/// The disk under the worker's folder.
class Disk {
 public:
  /// Files below it lie on this disk.
  std::string folder;
  /// So many bytes can still be allocated; what overwrites is free of charge. -1: enough.
  std::int64_t free_bytes = -1;
  /// The disk has taken the bytes, and cannot say that they will last.
  bool is_sync_failing = false;
  /// The process ends in the middle of the n-th write from now. -1: it does not.
  std::int64_t writes_to_live = -1;
  /// How often a write found no room.
  std::int64_t refusals = 0;
};

/// One destination: on the network, or a file that only grows.
class Wire {
 public:
  virtual ~Wire() = default;
  /// 0, or the errno of the next call. May throw Killed.
  virtual int refuses() = 0;
  virtual void take(const std::uint8_t *bytes, std::size_t size) = 0;
  /// The worker was told that this datagram did not leave.
  virtual void lose(const std::uint8_t *bytes, std::size_t size) = 0;
};

struct Seams {
  Disk disk;
  std::map<int, Wire *> wires;  ///< by the port they go to
  /// A file that only grows: as long as it would be, its bytes seen and not kept.
  std::string tape_path;
  Wire *tape = nullptr;
  std::uint64_t tape_inode = 0;  ///< once it is there
};

/// Those of this process. One thread.
Seams &seams();

}  // namespace civicast::cable::faults
