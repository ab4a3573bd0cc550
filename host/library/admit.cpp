// SPDX-License-Identifier: Apache-2.0
#include "host/library/admit.hpp"

#include <Poco/UTF8Encoding.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/base/id.hpp"
#include "host/library/faults.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/faults.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

Result<void> admit_file(const fs::path &file) {
  const std::string shown = file.string();
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return Fault(faults::media_missing, {{"file", shown}});
    return Fault(faults::media_unreadable, {{"file", shown}, {"reason", std::strerror(errno)}});
  }
  if (S_ISDIR(facts.st_mode)) return Fault(faults::media_directory, {{"file", shown}});
  if (!S_ISREG(facts.st_mode)) return Fault(faults::media_special, {{"file", shown}});
  if (facts.st_size == 0) return Fault(faults::media_empty, {{"file", shown}});
  if (static_cast<std::uint64_t>(facts.st_size) > max_media_bytes)
    return Fault(faults::media_too_large, {{"file", shown}, {"limit", "20 GiB"}});
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd)
    return Fault(faults::media_unreadable, {{"file", shown}, {"reason", std::strerror(errno)}});
  return {};
}

bool is_utf8(const std::string &text) {
  const auto *at = reinterpret_cast<const unsigned char *>(text.data());
  const auto *end = at + text.size();
  while (at < end) {
    const int length = *at < 0x80 ? 1 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
    if (end - at < length || !Poco::UTF8Encoding::isLegal(at, length)) return false;
    const bool is_control = *at < 0x20 && *at != '\n' && *at != '\r' && *at != '\t';
    if (is_control) return false;
    at += length;
  }
  return true;
}

}  // namespace

Result<void> admit(const ImportRequest &request) {
  if (!request.id.empty() && !is_slug(request.id))
    return Fault(faults::asset_id_malformed, {{"id", request.id}});
  if (request.still_ns <= 0 || request.still_ns > max_duration_ns)
    return Fault(faults::still_length_wrong,
                 {{"seconds", fmt::format("{:.3f}", static_cast<double>(request.still_ns) / 1e9)},
                  {"limit", std::to_string(max_duration_ns / ns_per_s)}});
  if (auto admitted = admit_file(request.file); !admitted) return admitted;
  return request.sound.empty() ? Result<void>{} : admit_file(request.sound);
}

bool is_text(const fs::path &file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".txt" || extension == ".md";
}

Result<std::string> read_text(const fs::path &file) {
  auto bytes = read_file(file, max_text_bytes);
  if (!bytes && bytes.fault().is(civicast::faults::file_too_large))
    return Fault(faults::text_too_large,
                 {{"file", file.string()}, {"limit", std::to_string(max_text_bytes)}});
  if (!bytes) return bytes;
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (std::string_view(*bytes).substr(0, mark.size()) == mark) bytes->erase(0, mark.size());
  if (!is_utf8(*bytes)) return Fault(faults::text_not_utf8, {{"file", file.string()}});
  if (bytes->find_first_not_of(" \t\r\n") == std::string::npos)
    return Fault(faults::media_empty, {{"file", file.string()}});
  return bytes;
}

}  // namespace civicast::library
