// SPDX-License-Identifier: Apache-2.0
//
// What a plugin must still know after kill -9 or a power cut, for C++17 on POSIX, header only: a
// journal of lines, each synced before append() returns, and files that are there whole or not at
// all. Optional: a plugin may keep its state any way it likes.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace civicast {

namespace file {

[[noreturn]] inline void fail(const std::string &what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// An open file, closed when it goes.
class Handle {
 public:
  Handle(const std::string &path, int flags, mode_t mode = 0600)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)), path_(path) {
    if (fd_ < 0) fail("open " + path);
  }
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() { ::close(fd_); }

  int fd() const { return fd_; }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write " + path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() const {
    if (::fdatasync(fd_) != 0) fail("sync " + path_);
  }
  std::string read_all() const {
    std::string all;
    char block[65536];
    for (;;) {
      const ssize_t got = ::read(fd_, block, sizeof block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("read " + path_);
      if (got == 0) return all;
      all.append(block, static_cast<std::size_t>(got));
    }
  }

 private:
  int fd_;
  std::string path_;
};

inline std::string folder_of(const std::string &path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// Makes a new or renamed file in `folder` survive a power cut.
inline void sync_folder(const std::string &folder) {
  Handle(folder, O_RDONLY | O_DIRECTORY).sync();
}

/// Replaces `path` by `bytes`: a reader, and a machine that loses power, sees the old file or the
/// new one. One writer at a time for one path.
inline void replace(const std::string &path, std::string_view bytes, mode_t mode = 0644) {
  const std::string draft = path + ".new";
  {
    Handle handle(draft, O_WRONLY | O_CREAT | O_TRUNC, mode);
    handle.write(bytes);
    handle.sync();
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) fail("rename " + draft);
  sync_folder(folder_of(path));
}

}  // namespace file

/// Lines in a file, only ever added at its end. One thread at a time.
class Journal {
 public:
  /// Is this line whole? It is also where the reader takes it in.
  using Reader = std::function<bool(std::string_view line)>;

  /// Opens or makes `path` and hands each line to `reader`. A last line that is torn (no newline,
  /// or not whole) was never promised to anybody and is cut off; one amid the file is damage and
  /// throws std::runtime_error.
  Journal(const std::string &path, const Reader &reader)
      : path_(path), handle_(path, O_RDWR | O_CREAT | O_APPEND) {
    file::sync_folder(file::folder_of(path));
    const std::string all = handle_.read_all();
    while (size_ < all.size()) {
      const std::size_t end = all.find('\n', size_);
      if (end == std::string::npos) break;
      if (!reader(std::string_view(all).substr(size_, end - size_))) {
        if (end + 1 < all.size()) throw std::runtime_error(path + " is damaged amid its lines");
        break;
      }
      size_ = end + 1;
    }
    if (size_ < all.size()) cut();
  }

  /// Adds `lines` (each ending with a newline). On disk when it returns; on an exception none of
  /// them is in the file.
  void append(std::string_view lines) { add(lines, true); }

  /// Adds a line that may be lost by a power cut, but not by the death of this process.
  void remark(std::string_view line) { add(line, false); }

  std::size_t size_bytes() const { return size_; }

 private:
  void add(std::string_view lines, bool synced) {
    try {
      handle_.write(lines);
      if (synced) handle_.sync();
    } catch (...) {
      cut();
      throw;
    }
    size_ += lines.size();
  }
  void cut() {
    if (::ftruncate(handle_.fd(), static_cast<off_t>(size_)) != 0) file::fail("cut " + path_);
    handle_.sync();
  }

  std::string path_;
  file::Handle handle_;
  std::size_t size_ = 0;
};

}  // namespace civicast
