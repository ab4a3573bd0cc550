// SPDX-License-Identifier: Apache-2.0
// plugin.json: what a plugin is and can, and which settings it takes; read without loading code.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::workers {

enum class Withdraw { never, before_air, always };
enum class Publish { idempotent, once };

/// Seconds; of calls, the time after which the worker is killed.
struct Limits {
  double open_s = 10, check_s = 2, publish_s = 10, withdraw_s = 5, recall_s = 5, status_s = 2,
         handover_s = 10;
  double horizon_s = 600;  ///< how far ahead the host hands placements
  double grace_s = 10;     ///< how long after a placement's end its last fact may take
  // What the kernel lets the worker have.
  std::uint64_t memory_mb = 1024;  ///< MiB of data of its own (RLIMIT_DATA)
  std::uint64_t open_files = 1024;
  bool operator==(const Limits &) const = default;
};

struct Manifest {
  std::string id, version;  ///< "org.civicast.cable", "1.0.0"
  int abi_minor = 0;        ///< of major 1, the least that it needs; this host has it
  Words name;
  /// One of the two: a shared library of the C contract, a file in the plugin's folder; or a
  /// program that speaks the wire itself, and its arguments.
  std::string binary;
  std::vector<std::string> command;
  std::vector<std::string> carries;  ///< text, image, video, audio
  Withdraw withdraw = Withdraw::never;
  bool can_recall = false;
  Publish publish = Publish::once;
  std::string evidence = "inferred";  ///< the best grade it can give
  bool survives_host = false;
  bool can_hand_over = false;  ///< to a new version of itself, without a gap on air
  Limits limits;
  /// The names of the counters in its status: {"frames": {"zh":…, "en":…, "in": the section of the
  /// status that shows it already, if any}}.
  Json counters = Json::object();
  Json settings = {{"type", "object"}};  ///< a schema of the subset in host/workers/schema.hpp
  bool operator==(const Manifest &) const = default;
};

/// Pure. `text` is plugin.json; faults stand at JSON pointers.
Result<Manifest, Faults> parse_manifest(std::string_view text);
/// Reads <folder>/plugin.json; refuses a binary that is not there.
Result<Manifest, Faults> read_manifest(const std::filesystem::path &folder);

/// Settings as channels.xml has them (each a string or an array of strings) as the types that the
/// manifest's schema names, with its defaults; faults stand at JSON pointers ("/port").
Result<Json, Faults> typed_settings(const Manifest &manifest, const Json &strings,
                                    const std::string &house_format = {});

}  // namespace civicast::workers
