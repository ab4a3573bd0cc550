// SPDX-License-Identifier: Apache-2.0
#include "host/workers/trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "host/base/sha256.hpp"
#include "host/workers/faults.hpp"
#include "host/workers/manifest.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/json.hpp"

namespace civicast::workers {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t max_lock_bytes = 16 << 20;
constexpr std::size_t max_files = 10'000;
constexpr std::uint64_t max_bytes = std::uint64_t{1} << 30;

Fault unreadable(const fs::path &file, const std::string &reason) {
  return Fault(faults::lock_unreadable, {{"file", file.string()}, {"reason", reason}});
}

/// Whether nobody but root and this user, or a group of only this user's, may write it.
bool is_ours_alone(const struct stat &info) {
  const bool is_owner_good = info.st_uid == 0 || info.st_uid == ::geteuid();
  const bool is_group_good = !(info.st_mode & S_IWGRP) || info.st_gid == ::getegid();
  return is_owner_good && is_group_good && !(info.st_mode & S_IWOTH);
}

Result<void> check_owner(const fs::path &path) {
  struct stat info {};
  const bool is_there = ::lstat(path.c_str(), &info) == 0;
  if (!is_there || S_ISLNK(info.st_mode) || !is_ours_alone(info))
    return Fault(faults::plugin_exposed, {{"file", path.string()}});
  return {};
}

/// The files of a folder, whole; one that changes while it is read is caught by the comparison.
Result<std::map<std::string, std::string>> hashes_of(const fs::path &folder) {
  std::map<std::string, std::string> out;
  std::uint64_t bytes = 0;
  if (auto owned = check_owner(folder); !owned) return owned.fault();
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (auto owned = check_owner(entry->path()); !owned) return owned.fault();
    if (entry->is_directory(error)) continue;
    bytes += entry->is_regular_file(error) ? entry->file_size(error) : max_bytes + 1;
    if (error || bytes > max_bytes || out.size() >= max_files)
      return Fault(faults::plugin_too_large, {{"folder", folder.string()}});
    const Result<Hash> hash = sha256_of_file(entry->path());
    if (!hash) return hash.fault();
    out[entry->path().lexically_relative(folder).generic_string()] = hex(*hash);
  }
  if (error) return unreadable(folder, error.message());
  return out;
}

/// The first file that is not as it was; empty: all are.
std::string difference(const Trusted &trusted, const std::map<std::string, std::string> &found) {
  for (const auto &[name, hash] : trusted.files)
    if (const auto now = found.find(name); now == found.end() || now->second != hash) return name;
  for (const auto &[name, hash] : found)
    if (!trusted.files.count(name)) return name;
  return {};
}

std::string name_of(const fs::path &folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace

Result<PluginsLock> read_lock(const fs::path &file) {
  std::error_code error;
  if (!fs::exists(file, error)) return PluginsLock{};
  const Result<std::string> text = read_file(file, max_lock_bytes);
  if (!text) return text.fault();
  const Result<Json> json = parse_json(*text);
  if (!json) return json.fault();
  try {
    if (json->at("lock") != 1) return unreadable(file, "lock");
    PluginsLock out;
    for (const auto &[name, entry] : json->at("plugins").items())
      out[name] = {entry.at("id").get<std::string>(), entry.at("version").get<std::string>(),
                   entry.at("files").get<std::map<std::string, std::string>>()};
    return out;
  } catch (const Json::exception &wrong) {
    return unreadable(file, wrong.what());
  }
}

Result<void> write_lock(const fs::path &file, const PluginsLock &lock) {
  Json plugins = Json::object();
  for (const auto &[name, trusted] : lock)
    plugins[name] = {
        {"id", trusted.id}, {"version", trusted.version}, {"files", Json(trusted.files)}};
  const Json out = {{"lock", 1}, {"plugins", std::move(plugins)}};
  return write_file_atomically(file, out.dump(2) + "\n", 0644);
}

Result<Trusted, Faults> identify(const fs::path &folder) {
  const Result<Manifest, Faults> manifest = read_manifest(folder);
  if (!manifest) return manifest.fault();
  auto files = hashes_of(folder);
  if (!files) return Faults{files.fault()};
  return Trusted{manifest->id, manifest->version, *std::move(files)};
}

Result<Trusted> confirmed(const fs::path &lock_file, const fs::path &folder) {
  const std::string name = name_of(folder);
  const Result<PluginsLock> lock = read_lock(lock_file);
  if (!lock) return lock.fault();
  const auto trusted = lock->find(name);
  if (trusted == lock->end())
    return Fault(faults::plugin_untrusted, {{"plugin", name}, {"lock", lock_file.string()}});
  const auto files = hashes_of(folder);
  if (!files) return files.fault();
  const std::string changed = difference(trusted->second, *files);
  if (!changed.empty())
    return Fault(faults::plugin_changed, {{"plugin", name},
                                          {"file", (folder / changed).string()},
                                          {"version", trusted->second.version}});
  return trusted->second;
}

}  // namespace civicast::workers
