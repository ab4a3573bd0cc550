// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/trusted_plugins.hpp"

#include <set>

namespace civicast::cli {
namespace fs = std::filesystem;

fs::path default_plugins_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "plugins";
}

fs::path lock_of(const fs::path &station) {
  return station / "plugins.lock";
}

Result<std::vector<TrustChange>, Faults> trust(const fs::path &lock_file, const fs::path &plugins,
                                               const std::vector<std::string> &names) {
  Result<workers::PluginsLock> lock = workers::read_lock(lock_file);
  if (!lock) return Faults{lock.fault()};
  std::vector<TrustChange> out;
  Faults faults;
  for (const std::string &name : names) {
    Result<workers::Trusted, Faults> version = workers::identify(plugins / name);
    if (!version) {
      faults.insert(faults.end(), version.fault().begin(), version.fault().end());
      continue;
    }
    workers::Trusted &entry = (*lock)[name];
    out.push_back({name, *version, entry.version, entry != *version});
    entry = *std::move(version);
  }
  if (!faults.empty()) return faults;
  if (auto written = workers::write_lock(lock_file, *lock); !written)
    return Faults{written.fault()};
  return out;
}

std::vector<std::string> plugins_of(const station::Station &station) {
  std::set<std::string> names;
  for (const auto &channel : station.channels)
    if (channel.plugin != channels::by_files) names.insert(channel.plugin);
  return {names.begin(), names.end()};
}

}  // namespace civicast::cli
