// SPDX-License-Identifier: Apache-2.0
// Which plugins a station runs: plugins.lock names every file of each by its SHA-256, and nothing
// else is started. A person's word (`civicast plugin trust`) is the only way in.
//
//     {"lock":1,"plugins":{"cable":{"id":"org.civicast.cable","version":"1.0.0",
//      "files":{"cable.so":"9f86d0…","plugin.json":"2c26b4…"}}}}
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "sdk/base/result.hpp"

namespace civicast::workers {

/// A version of a plugin, byte for byte: the SHA-256 (hex) of every file in its folder.
struct Trusted {
  std::string id, version;
  std::map<std::string, std::string> files;
  bool operator==(const Trusted &) const = default;
};

/// By the name of the plugin's folder.
using PluginsLock = std::map<std::string, Trusted>;

/// A file that is not there is an empty lock.
Result<PluginsLock> read_lock(const std::filesystem::path &file);
Result<void> write_lock(const std::filesystem::path &file, const PluginsLock &lock);

/// What lies in `folder` now. Refuses a file or folder that somebody else than root and this user
/// may write, a link, and more than 10,000 files or 1 GiB; and a plugin.json that cannot be read.
Result<Trusted, Faults> identify(const std::filesystem::path &folder);

/// The version that `lock` (the file) trusts for the plugin in `folder`, if that is what lies
/// there, byte for byte.
Result<Trusted> confirmed(const std::filesystem::path &lock, const std::filesystem::path &folder);

}  // namespace civicast::workers
