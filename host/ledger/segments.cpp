// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/segments.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <isa-l/crc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "host/airings/airing.hpp"
#include "host/ledger/faults.hpp"

namespace civicast::ledger {
namespace {

namespace fs = std::filesystem;
using airings::max_entry_bytes;

constexpr std::string_view magic = "CIVBOOK1";

/// CRC32C. The library takes a pointer to bytes that it does not change, and an int.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t begun = 0) {
  auto *data = reinterpret_cast<unsigned char *>(const_cast<char *>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~begun);
}

template <class T>
void put(std::string &out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

template <class T>
T get(std::string_view bytes, std::size_t offset) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |=
        static_cast<T>(static_cast<T>(static_cast<std::uint8_t>(bytes[offset + i])) << (8 * i));
  return value;
}

std::uint32_t record_crc(std::uint64_t index, std::uint32_t length, std::uint32_t back,
                         std::string_view entry) {
  char head[16];
  for (unsigned i = 0; i < 8; ++i) head[i] = static_cast<char>(index >> (8 * i) & 0xFF);
  for (unsigned i = 0; i < 4; ++i) head[8 + i] = static_cast<char>(length >> (8 * i) & 0xFF);
  for (unsigned i = 0; i < 4; ++i) head[12 + i] = static_cast<char>(back >> (8 * i) & 0xFF);
  return crc32c(entry, crc32c({head, sizeof head}));
}

bool is_blank(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == bytes.npos;
}

Record bad(const char *zh, const char *en) {
  Record record;
  record.state = Record::State::bad;
  record.reason_zh = zh;
  record.reason_en = en;
  return record;
}

Fault damaged(const fs::path &path, const char *zh, const char *en) {
  return Fault(faults::segment_damaged,
               {{"file", path.filename().string()}, {"reason_zh", zh}, {"reason_en", en}});
}

Result<Segment> read_header(const fs::path &path, std::uint32_t number) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char bytes[segment_header_bytes];
  struct stat facts {};
  if (!fd || ::fstat(fd.get(), &facts) != 0 ||
      ::pread(fd.get(), bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes))
    return damaged(path, "读不出文件头", "its header cannot be read");
  const std::string_view view(bytes, sizeof bytes);
  Segment segment{path, get<std::uint32_t>(view, 16), get<std::uint32_t>(view, 20),
                  get<std::uint32_t>(view, 24), get<std::uint64_t>(view, 8)};
  if (header_of(segment) != view)
    return damaged(path, "文件头的校验和不对", "the checksum of its header differs");
  if (segment.number != number)
    return damaged(path, "文件头里的编号不对", "the number in its header differs");
  if (static_cast<std::uint64_t>(facts.st_size) != segment.bytes)
    return damaged(path, "文件长度不对", "its length differs");
  return segment;
}

}  // namespace

std::string header_of(const Segment &segment) {
  std::string out(magic);
  put(out, segment.first);
  put(out, segment.number);
  put(out, segment.bytes);
  put(out, segment.usual_bytes);
  put(out, crc32c(out));
  return out;
}

Result<std::vector<Segment>> list_segments(const fs::path &dir) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto &file : fs::directory_iterator(dir, error)) {
    const auto name = file.path().filename().string();
    const bool is_number = name.size() == 8 && std::all_of(name.begin(), name.end(), [](char c) {
                             return c >= '0' && c <= '9';
                           });
    if (is_number) paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Segment> segments;
  std::uint32_t number = 0;
  if (paths.empty()) paths.push_back(dir / "none");
  for (const auto &path : paths) {
    if (path.filename() != fmt::format("{:08}", number))
      return damaged(dir / fmt::format("{:08}", number), "文件不存在", "there is no such file");
    auto segment = read_header(path, number++);
    if (!segment) return segment.fault();
    if (segment->first < (segments.empty() ? 0 : segments.back().first) ||
        (segments.empty() && segment->first != 0))
      return damaged(path, "起始记录号不对", "the number of its first entry differs");
    segments.push_back(std::move(*segment));
  }
  return segments;
}

void add_record(std::string &out, std::uint64_t index, std::uint64_t group,
                std::string_view entry) {
  const auto length = static_cast<std::uint32_t>(entry.size());
  const auto back = static_cast<std::uint32_t>(index - group);
  put(out, length);
  put(out, back);
  put(out, static_cast<std::uint32_t>(index));
  put(out, record_crc(index, length, back, entry));
  out += entry;
  out.append(record_bytes(entry.size()) - record_header_bytes - entry.size(), '\0');
}

Record parse_record(std::string_view bytes, std::uint64_t index) {
  if (bytes.size() < record_header_bytes) {
    Record end;
    return is_blank(bytes) ? end : bad("残缺的记录头", "its header is cut");
  }
  const auto length = get<std::uint32_t>(bytes, 0);
  const auto back = get<std::uint32_t>(bytes, 4);
  const auto low_index = get<std::uint32_t>(bytes, 8);
  const auto crc = get<std::uint32_t>(bytes, 12);
  if (length == 0 && back == 0 && low_index == 0 && crc == 0) return {};
  if (length == 0 || length > max_entry_bytes || record_bytes(length) > bytes.size())
    return bad("长度不对", "its length cannot be");
  const auto entry = bytes.substr(record_header_bytes, length);
  if (low_index != static_cast<std::uint32_t>(index))
    return bad("记录号不对", "its number differs");
  if (back > index || record_crc(index, length, back, entry) != crc)
    return bad("校验和不对", "its checksum differs");
  const auto total = record_bytes(length);
  if (!is_blank(bytes.substr(record_header_bytes + length, total - record_header_bytes - length)))
    return bad("填充字节不为零", "its padding is not zero");
  Record record;
  record.state = Record::State::good;
  record.entry = entry;
  record.group = index - back;
  record.bytes = total;
  return record;
}

Result<std::string> load_segment(const Segment &segment) {
  auto bytes = read_file(segment.path, segment.bytes);
  if (!bytes || bytes->size() != segment.bytes)
    return damaged(segment.path, "文件长度不对，或读不出来",
                   "its length differs or it cannot be read");
  return bytes;
}

Scan scan_segment(const Segment &segment, std::string_view bytes, const OnEntry &on_entry) {
  Scan scan{segment.first, segment_header_bytes, {}, true};
  for (;;) {
    scan.stop = parse_record(bytes.substr(scan.end_bytes), scan.next);
    if (scan.stop.state != Record::State::good) break;
    if (!on_entry(scan.next, scan.end_bytes, scan.stop)) return scan;
    scan.end_bytes += scan.stop.bytes;
    ++scan.next;
  }
  scan.is_blank_after = is_blank(bytes.substr(scan.end_bytes));
  return scan;
}

bool has_later_group(std::string_view bytes, std::size_t offset, std::uint64_t index) {
  for (std::size_t at = offset; at + record_header_bytes < bytes.size(); at += 4) {
    const auto length = get<std::uint32_t>(bytes, at);
    if (length == 0 || length > max_entry_bytes) continue;
    const auto ahead = get<std::uint32_t>(bytes, at + 8) - static_cast<std::uint32_t>(index);
    const Record record = parse_record(bytes.substr(at), index + ahead);
    if (record.state == Record::State::good && record.group > index) return true;
  }
  return false;
}

}  // namespace civicast::ledger
