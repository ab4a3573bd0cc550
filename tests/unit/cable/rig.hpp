// SPDX-License-Identifier: Apache-2.0
// A channel on a bench: house files made by the ffmpeg program, a clock that the test owns, an
// output that is judged by the independent analyser, and the facts in a list.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "plugins/cable/play/engine.hpp"
#include "tests/tools/ts/ts_check.hpp"

namespace civicast::cable {

/// A folder of its own, gone at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::filesystem::path path;
  std::string operator/(const std::string &name) const { return (path / name).string(); }
};

struct ClipRecipe {
  int frames = 75;
  std::string picture = "testsrc2";  ///< a source filter of libavfilter
  int tone_hz = 440;
  std::string video_options = {};  ///< more of them, for files that are to be refused
  std::string audio_options = "-c:a mp2 -b:a 192k";
  std::string rate = "3200k", buffer = "1600k";
};

/// Makes a house file; of one recipe once in a process. Throws std::runtime_error.
std::string house_file(const ClipRecipe &recipe);

/// The same for any house format, by the ffmpeg program's own encoders.
std::string house_file_of(const std::string &format, int frames);

/// Three seconds, and six of another picture to be looped.
std::string spot_file();
std::string filler_file();

nlohmann::json proof(const Fact &fact);

/// The format of house_file().
const formats::HouseFormat &the_house();

/// Starts at a round instant and moves only when told.
class SimClock final : public Clock {
 public:
  Pacer::Reading read() override { return {mono_ns, utc_ns}; }
  void pass(std::int64_t ns) {
    mono_ns += ns;
    utc_ns += ns;
  }
  std::int64_t mono_ns = 5'000'000'000;
  std::int64_t utc_ns = 1'800'000'000'000'000'000;
};

class FactList final : public FactSink {
 public:
  explicit FactList(Journal &journal) : journal_(journal) {}
  void put(Fact fact, int slot) override;
  /// The one that says how `id` ended; throws when there is none or more than one.
  Fact final_of(const std::string &id) const;
  std::size_t count(const std::string &id, civ_fact_kind kind) const;
  std::vector<Fact> facts;

 private:
  Journal &journal_;
};

class CheckedOutput final : public Output {
 public:
  std::int64_t send(const std::vector<iovec> &datagrams) override;
  News news() override { return {std::exchange(later.losses, {}), later.certain}; }
  tests::TsCheck check;
  std::int64_t handed = 0;                     ///< datagrams
  News later;                                  ///< what it finds out next
  std::int64_t failing = 0;                    ///< so many of the next calls lose one datagram
  std::vector<std::uint8_t> *bytes = nullptr;  ///< if set, everything is kept there
};

/// The whole engine with all that it needs.
class Rig {
 public:
  explicit Rig(const EngineSettings &settings = {the_house()}, Tap *tap = nullptr);

  /// Plans an item `after_ms` after the engine's start for `frames`; its id is `id`.
  ItemPtr plan(const std::string &id, const std::string &path, std::int64_t after_ms,
               std::int64_t frames, Kind kind = Kind::placement, std::int64_t clip_frames = 0);
  void run_for_ms(std::int64_t ms);

  TempFolder folder;
  Slate slate;
  SimClock clock;
  std::int64_t start_ns;
  Schedule schedule;
  Journal journal;
  FactList facts;
  CheckedOutput output;
  std::unique_ptr<Engine> engine;
};

const Slate &the_slate();

}  // namespace civicast::cable
