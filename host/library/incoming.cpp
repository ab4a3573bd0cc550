// SPDX-License-Identifier: Apache-2.0
#include "host/library/incoming.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <set>
#include <system_error>

#include "host/base/sha256.hpp"
#include "host/library/faults.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t hash_length = 64;
constexpr std::size_t chunk_bytes = 1 << 20;

Fault unusable(const fs::path &folder, int error) {
  return Fault(faults::house_folder_unusable,
               {{"folder", folder.string()}, {"reason", std::strerror(error)}});
}

Fault unreadable(const fs::path &file, int error) {
  return Fault(faults::media_unreadable,
               {{"file", file.string()}, {"reason", std::strerror(error)}});
}

/// Reads `file` to its end; `take` says whether to go on.
Result<std::string> read_through(const fs::path &file,
                                 const std::function<void(std::uint64_t)> &tick,
                                 const std::function<bool(std::string_view)> &take) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return unreadable(file, errno);
  Sha256 hash;
  std::string chunk(chunk_bytes, '\0');
  for (std::uint64_t done = 0;;) {
    const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(file, errno);
    if (got == 0) return hex(hash.finish());
    const std::string_view bytes(chunk.data(), static_cast<std::size_t>(got));
    hash.add(bytes);
    if (!take(bytes)) return unusable(file, errno);
    done += bytes.size();
    tick(done);
  }
}

/// One byte of the lock file stands for one set of bytes; two that share it only wait for another.
off_t place_of(const std::string &sha256) {
  std::uint64_t place = 0;
  std::from_chars(sha256.data(), sha256.data() + 15, place, 16);
  return static_cast<off_t>(place);
}

}  // namespace

Result<Incoming> Incoming::open(const fs::path &folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return unusable(folder, error.value());
  const Fd file(::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file) return unusable(folder, errno);
  return Incoming(folder);
}

std::optional<Incoming::Lock> Incoming::lock(const std::string &sha256, int command) const {
  Fd file(::open((folder_ / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = place_of(sha256);
  range.l_len = 1;
  while (file && ::fcntl(file.get(), command, &range) != 0) {
    if (errno == EAGAIN || errno == EACCES) return std::nullopt;
    if (errno != EINTR) file.reset();
  }
  if (!file) throw std::system_error(errno, std::generic_category(), "lock in " + folder_.string());
  return Lock(std::move(file));
}

Incoming::Lock Incoming::wait_for(const std::string &sha256) const {
  return std::move(lock(sha256, F_OFD_SETLKW).value());
}

std::optional<Incoming::Lock> Incoming::try_for(const std::string &sha256) const {
  return lock(sha256, F_OFD_SETLK);
}

fs::path Incoming::source(const std::string &sha256) const {
  return folder_ / (sha256 + ".source");
}
fs::path Incoming::sound(const std::string &sha256) const {
  return folder_ / (sha256 + ".sound");
}
fs::path Incoming::stem(const std::string &sha256) const {
  return folder_ / (sha256 + ".house");
}

Result<std::string> Incoming::stage(const fs::path &from, const fs::path &to,
                                    const std::function<void(std::uint64_t)> &tick) const {
  const fs::path part = to.string() + ".part";
  const Fd fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return unusable(folder_, errno);
  auto hash = read_through(from, tick,
                           [&fd](std::string_view bytes) { return write_all(fd.get(), bytes); });
  if (!hash) return hash;
  if (::fsync(fd.get()) != 0 || ::rename(part.c_str(), to.c_str()) != 0)
    return unusable(folder_, errno);
  if (auto synced = sync_directory(folder_); !synced) return std::move(synced).fault();
  return hash;
}

void Incoming::clear(const std::string &sha256) const {
  for (const auto &entry : fs::directory_iterator(folder_))
    if (entry.path().filename().string().compare(0, hash_length, sha256) == 0)
      fs::remove(entry.path());
}

std::vector<std::string> Incoming::present() const {
  std::set<std::string> found;
  for (const auto &entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > hash_length && name[hash_length] == '.')
      found.insert(name.substr(0, hash_length));
  }
  return {found.begin(), found.end()};
}

Result<std::string> hash_of(const fs::path &file, const std::function<void(std::uint64_t)> &tick) {
  return read_through(file, tick, [](std::string_view) { return true; });
}

}  // namespace civicast::library
