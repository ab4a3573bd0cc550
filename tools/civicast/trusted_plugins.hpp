// SPDX-License-Identifier: Apache-2.0
// A station's plugins.lock, written by a person's word.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/station/station.hpp"
#include "host/workers/trust.hpp"
#include "sdk/base/result.hpp"

namespace civicast::cli {

/// <bin>/../plugins: where civicastd looks for them too.
std::filesystem::path default_plugins_folder();
std::filesystem::path lock_of(const std::filesystem::path &station);

/// What became of one plugin's entry in the lock.
struct TrustChange {
  std::string plugin;  ///< its folder's name
  workers::Trusted version;
  std::string was;  ///< the version trusted before; empty: none
  bool is_new = false;
};

/// Trusts what lies in `plugins`/NAME now, for each name; all of them or, with a fault, none.
Result<std::vector<TrustChange>, Faults> trust(const std::filesystem::path &lock,
                                               const std::filesystem::path &plugins,
                                               const std::vector<std::string> &names);

/// The plugins that the station's channels name, each once.
std::vector<std::string> plugins_of(const station::Station &station);

}  // namespace civicast::cli
