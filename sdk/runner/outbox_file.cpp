// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/outbox_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sdk/runner/crc32c.hpp"
#include "sdk/runner/faults.hpp"
#include "sdk/wire/frame.hpp"

namespace civicast::runner {
namespace {

constexpr std::string_view magic = "CIVOUT01";
constexpr std::size_t record_head_bytes = 16;

template <class T>
void append(std::string &out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = sizeof value; i-- > 0;)
    value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes[at + i]));
  return value;
}

std::string header_text(std::uint64_t acked) {
  std::string number;
  append(number, acked);
  std::string out(magic);
  out += number;
  append(out, crc32c(number));
  append(out, std::uint32_t{0});
  return out;
}

bool read_at(int fd, char *out, std::size_t size, std::uint64_t offset) {
  while (size > 0) {
    const ssize_t got = ::pread(fd, out, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    size -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

Fault unusable(const std::filesystem::path &path) {
  return Fault(faults::outbox_unusable,
               {{"file", path.string()}, {"reason", std::strerror(errno)}});
}

}  // namespace

bool write_at(int fd, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

std::string record_bytes(std::uint64_t seq, std::string_view payload) {
  std::string body;
  body.reserve(record_head_bytes + payload.size());
  append(body, seq);
  body += payload;
  std::string out;
  out.reserve(record_head_bytes + payload.size());
  append(out, static_cast<std::uint32_t>(payload.size()));
  append(out, crc32c(body));
  return out += body;
}

Result<OutboxFile> OutboxFile::open(const std::filesystem::path &path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return unusable(path);
  OutboxFile file(path, std::move(fd));
  if (const Result<void> recovered = file.recover(); !recovered) return recovered.fault();
  return file;
}

Result<void> OutboxFile::recover() {
  std::string header(header_bytes, '\0');
  const bool has_header = read_at(fd_.get(), header.data(), header.size(), 0);
  // Facts may be in it that we cannot read: a person must look before it is overwritten.
  if (has_header && header.compare(0, magic.size(), magic) != 0)
    return Fault(faults::outbox_unusable, {{"file", path_.string()}, {"reason", "not an outbox"}});
  if (has_header &&
      number_at<std::uint32_t>(header, 16) == crc32c(std::string_view(header).substr(8, 8)))
    acked_ = number_at<std::uint64_t>(header, 8);
  // A header that is whole but for its number (a torn rewrite) leaves the records readable: all
  // of them are told again, which is harmless.
  std::uint64_t last = 0;
  for (auto record = has_header ? read(end_) : std::nullopt; record && record->seq > last;
       record = read(end_)) {
    end_ = record->end;
    last = record->seq;
  }
  last_seq_ = std::max(acked_, last);
  struct stat facts {};
  if (::fstat(fd_.get(), &facts) != 0) return unusable(path_);
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  cut_bytes_ = size > end_ ? size - end_ : 0;
  if (last_seq_ == acked_) end_ = header_bytes;
  const bool is_clean = ::ftruncate(fd_.get(), static_cast<off_t>(end_)) == 0 &&
                        write_at(fd_.get(), header_text(acked_), 0) && ::fdatasync(fd_.get()) == 0;
  if (!is_clean) return unusable(path_);
  return sync_directory(path_.parent_path().empty() ? "." : path_.parent_path());
}

std::optional<Record> OutboxFile::read(std::uint64_t offset) const {
  std::string head(record_head_bytes, '\0');
  if (!read_at(fd_.get(), head.data(), head.size(), offset)) return std::nullopt;
  const auto length = number_at<std::uint32_t>(head, 0);
  if (length > wire::max_frame_bytes) return std::nullopt;
  std::string body = head.substr(8);
  body.resize(8 + length);
  if (!read_at(fd_.get(), body.data() + 8, length, offset + record_head_bytes) ||
      crc32c(body) != number_at<std::uint32_t>(head, 4))
    return std::nullopt;
  return Record{number_at<std::uint64_t>(body, 0), body.substr(8),
                offset + record_head_bytes + length};
}

void OutboxFile::grow(std::size_t bytes, std::uint64_t last_seq) {
  end_ += bytes;
  last_seq_ = last_seq;
}

void OutboxFile::set_acked(std::uint64_t seq) {
  // A failed write is like a lost one: told again after the next start.
  if (write_at(fd_.get(), header_text(seq), 0)) acked_ = seq;
}

bool OutboxFile::drop_before(std::uint64_t offset) {
  const std::filesystem::path fresh_path = path_.string() + ".new";
  Fd fresh(::open(fresh_path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  std::string rest(end_ - offset, '\0');
  const bool is_written = fresh && read_at(fd_.get(), rest.data(), rest.size(), offset) &&
                          write_at(fresh.get(), header_text(acked_) + rest, 0) &&
                          ::fdatasync(fresh.get()) == 0 &&
                          ::rename(fresh_path.c_str(), path_.c_str()) == 0;
  if (!is_written) {
    ::unlink(fresh_path.c_str());
    return false;
  }
  fd_ = std::move(fresh);
  end_ = header_bytes + rest.size();
  // Not synced yet, the old file may come back after a power cut; it holds all that this one does,
  // but for what is appended from now on: so the name must last before anything is.
  return sync_directory(path_.parent_path().empty() ? "." : path_.parent_path()).ok();
}

}  // namespace civicast::runner
