// SPDX-License-Identifier: Apache-2.0
// Everything that a plugin said of its placements, and what is wrong with it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "sdk/base/json.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::kit {

/// A fact, and when and from which start of the worker it came.
struct Heard {
  wire::Fact fact;
  std::int64_t at_ns = 0;
  std::uint64_t epoch = 0, seq = 0;
};

/// "placement/place/play/fact": two facts of one name are one fact.
std::string name_of(const wire::Fact &fact);
bool is_final(wire::FactKind kind);

class Said {
 public:
  void add(const wire::FactBatch &batch, std::uint64_t epoch, std::int64_t now_ns);

  const std::vector<Heard> &all() const { return all_; }
  /// The first fact of each name.
  const std::vector<Heard> &distinct() const { return distinct_; }
  /// Of one placement, of this kind.
  std::size_t count(const std::string &placement, wire::FactKind kind) const;
  /// The kinds in which the placement ended, one for each place and play.
  std::vector<wire::FactKind> endings(const std::string &placement) const;
  bool has_ended(const std::string &placement) const { return !endings(placement).empty(); }
  /// A fact that was said again with other times, status or evidence: both.
  const std::optional<std::pair<Heard, Heard>> &restated() const { return restated_; }

 private:
  std::vector<Heard> all_, distinct_;
  std::map<std::string, std::size_t> named_;  ///< into distinct_
  std::optional<std::pair<Heard, Heard>> restated_;
};

/// Why a fact cannot be true, in the words of the host's own judge; nothing if it can.
struct Objection {
  Heard heard;
  Words sentence;
};
/// Judges every fact as the host does, given what was handed to the plugin.
std::optional<Objection> objection(const std::vector<Heard> &facts,
                                   const std::vector<wire::Placement> &handed,
                                   const std::string &plugin, const std::string &version);

Json to_json(const std::vector<Heard> &facts);
std::vector<Heard> heard_of(const Json &json);

}  // namespace civicast::kit
