// SPDX-License-Identifier: Apache-2.0
// Counts, by looking at the pictures, how often each reference was shown whole in a recording.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/tools/ts/fingerprint.hpp"

namespace civicast::tests {

struct Reference {
  std::string id;
  std::vector<Fingerprint> prints;     ///< one for each frame
  std::vector<std::int64_t> es_bytes;  ///< of each frame, if it is a transport stream
};

/// Decodes a house file, or any video. Throws std::runtime_error.
Reference load_reference(const std::string &id, const std::string &path);

struct Spot {
  std::string id;
  std::int64_t start_frame = 0;  ///< counted in the pictures of the recording
  std::int64_t frames = 0;
  bool is_complete = false;
};

struct SpotCount {
  std::vector<Spot> spots;
  std::map<std::string, std::int64_t> complete;  ///< of every reference, even 0
  std::int64_t pictures = 0;
  std::string json() const;
};

/// Pictures in, spots out. References may look alike: a picture belongs to the one it is nearest
/// to, and to none when it is near to nothing.
class SpotCounter {
 public:
  explicit SpotCounter(std::vector<Reference> references);

  struct Picture {
    Fingerprint print;
    std::int64_t session = 0;  ///< a spot does not reach from one session into the next
    bool is_damaged = false;
    std::optional<std::int64_t> cut_es_bytes;  ///< its end may be missing: this much was received
  };
  void picture(const Picture &picture);
  SpotCount finish();

 private:
  struct Match {
    int reference = -1;
    std::int64_t frame = 0;
    double distance = 0;
  };
  Match match(const Fingerprint &print) const;
  void consider(Match &best, int reference, std::int64_t frame, const Fingerprint &print) const;
  void close();

  std::vector<Reference> references_;
  std::vector<std::vector<int>> means_;  ///< of each print, to pass quickly over what is far
  int current_ = -1;
  std::int64_t next_frame_ = 0;  ///< of the current reference
  std::int64_t session_ = 0;
  Spot spot_;
  SpotCount count_;
};

/// Counts in the recording `path`. `references`: id → path.
SpotCount count_spots(const std::string &path,
                      const std::map<std::string, std::string> &references);

}  // namespace civicast::tests
