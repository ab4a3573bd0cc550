// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/tiles.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/ledger/faults.hpp"

namespace civicast::ledger {

namespace fs = std::filesystem;

Tiles::Tiles(fs::path dir, bool is_writable, Disk &disk)
    : dir_(std::move(dir)), disk_(disk), levels_(max_levels) {
  for (unsigned number = 0; number < max_levels; ++number) {
    Level &level = levels_[number];
    level.fd = Fd(::open((dir_ / std::to_string(number)).c_str(),
                         (is_writable ? O_RDWR : O_RDONLY) | O_CLOEXEC));
    struct stat facts {};
    if (level.fd && ::fstat(level.fd.get(), &facts) == 0)
      level.count = static_cast<std::uint64_t>(facts.st_size) / sizeof(Hash);
  }
}

std::uint64_t Tiles::count(unsigned level) const {
  return levels_.at(level).count;
}

std::string Tiles::read(unsigned level, std::uint64_t index, std::uint64_t count) const {
  std::string bytes(count * sizeof(Hash), '\0');
  std::size_t done = 0;
  const int fd = levels_.at(level).fd.get();
  while (fd >= 0 && done < bytes.size()) {
    const ssize_t got = ::pread(fd, bytes.data() + done, bytes.size() - done,
                                static_cast<off_t>(index * sizeof(Hash) + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  if (done < bytes.size())
    throw Unreadable(
        Fault(faults::hash_damaged, {{"level", std::to_string(level)},
                                     {"index", std::to_string(index + done / sizeof(Hash))}})
            .with_detail("missing in tiles/" + std::to_string(level)));
  return bytes;
}

Hash Tiles::node(unsigned height, std::uint64_t index) const {
  const unsigned inside = height % tile_height;
  const std::uint64_t width = std::uint64_t{1} << inside;
  const std::string bytes = read(height / tile_height, index * width, width);
  std::vector<Hash> row(width);
  std::memcpy(row.data(), bytes.data(), bytes.size());
  for (std::size_t left = row.size(); left > 1; left /= 2)
    for (std::size_t i = 0; i < left / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  return row.front();
}

Nodes Tiles::nodes() const {
  return [this](unsigned height, std::uint64_t index) { return node(height, index); };
}

bool Tiles::cut(std::uint64_t size) {
  for (unsigned number = 0; number < max_levels; ++number) {
    Level &level = levels_[number];
    const std::uint64_t keep = size >> (number * tile_height);
    level.waiting.clear();
    if (!level.fd) continue;
    struct stat facts {};
    if (::fstat(level.fd.get(), &facts) != 0) return false;
    const auto bytes = std::min(keep, level.count) * sizeof(Hash);
    if (static_cast<std::uint64_t>(facts.st_size) != bytes &&
        ::ftruncate(level.fd.get(), static_cast<off_t>(bytes)) != 0)
      return false;
    level.count = bytes / sizeof(Hash);
  }
  return true;
}

void Tiles::add(unsigned height, const Hash &hash) {
  if (height % tile_height != 0) return;
  levels_.at(height / tile_height)
      .waiting.append(reinterpret_cast<const char *>(hash.data()), hash.size());
}

bool Tiles::flush() {
  for (unsigned number = 0; number < max_levels; ++number) {
    Level &level = levels_[number];
    if (level.waiting.empty()) continue;
    if (!level.fd) {
      level.fd =
          Fd(::open((dir_ / std::to_string(number)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
      if (!level.fd || !sync_directory(dir_).ok()) return false;
    }
    if (!disk_.write(level.fd.get(), level.waiting, level.count * sizeof(Hash))) return false;
    level.count += level.waiting.size() / sizeof(Hash);
    level.waiting.clear();
  }
  return true;
}

std::vector<int> Tiles::files() const {
  std::vector<int> files;
  for (const Level &level : levels_)
    if (level.fd) files.push_back(level.fd.get());
  return files;
}

}  // namespace civicast::ledger
