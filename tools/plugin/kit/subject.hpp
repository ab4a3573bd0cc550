// SPDX-License-Identifier: Apache-2.0
// What is checked: a plugin's folder, the settings it is opened with, and what it is handed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "host/workers/manifest.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::kit {

/// A placement as check.json describes it, before it has an id and a time.
struct Sample {
  Words title, text;
  std::vector<std::string> media;  ///< house formats: "ts_720p25", "mp4_720p25", "jpeg_720"
  double in_s = 1;                 ///< how long after it was made it starts
  double for_s = 0;                ///< its length; 0 for a post
};

struct Subject {
  std::filesystem::path folder, runner;
  std::filesystem::path work;  ///< a folder that goes with the run
  std::optional<workers::Manifest> manifest;
  Faults manifest_faults;          ///< why there is no manifest
  Json settings = Json::object();  ///< typed, with placeholders
  std::vector<Sample> samples;     ///< never empty
  std::vector<wire::Media> media;  ///< of each house format, in `media_names`' order
  std::vector<std::string> media_names;
  double busy = 1;  ///< how much slower than alone this machine is
  Json first_run;   ///< what the first run saw; see first_run.hpp
  std::string id() const { return manifest ? manifest->id : folder.filename().string(); }
  std::string version() const { return manifest ? manifest->version : "?"; }
  bool is_binary() const { return manifest && manifest->command.empty(); }
};

/// Reads plugin.json, and check.json beside it if there is one. `settings_file` (empty: none)
/// comes before check.json's settings; what neither gives is made from the schema. A plugin.json
/// that is wrong is no fault here: it is what the first test tells.
Result<Subject, Faults> read_subject(const std::filesystem::path &folder,
                                     const std::filesystem::path &runner,
                                     const std::filesystem::path &settings_file);

/// One placement, as check.json describes them, from a file of its own.
Result<Sample, Faults> read_sample(const std::filesystem::path &file);

/// For the process of a test. The manifest is read again there.
Json to_json(const Subject &subject);
Subject subject_of(const Json &json);

}  // namespace civicast::kit
