// SPDX-License-Identifier: Apache-2.0
// What screens are handed (an item) and what they hand back (the record of one play).
#pragma once

#include <civicast/channel.hpp>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace civicast::screens {

/// A placement, programme, filler or bulletin: one house file on some screens at one time.
struct Item {
  std::string id, kind, asset, title_zh, title_en;
  std::int64_t start_ns = 0, end_ns = 0;
  Media media;
  std::vector<std::string> places;

  bool is_looped() const { return kind == "filler"; }
  /// An emergency message: it is shown over whatever else is planned for its time.
  bool is_bulletin() const { return kind == "bulletin"; }
  bool is_on(std::string_view place) const;
  bool operator==(const Item &other) const;
};

/// Reads a placement; throws Trouble(CIV_REFUSED) with a sentence for what no screen can show.
Item read_item(const Placement &placement);

/// How a screen says that a play went.
enum class Outcome { complete, partial, failed };

/// One play on one screen, as the player page reports it. Times are the server's, as the page
/// knows them. `seq` counts every record of a session (one installation of a player) without gaps.
struct PlayRecord {
  std::string session, placement, reason, sha256;
  std::uint64_t seq = 0;
  Outcome outcome = Outcome::failed;
  std::int64_t start_ms = 0, end_ms = 0, visible_ms = 0, frames = 0;
};

std::string_view word(Outcome outcome);

/// For the journal; from_json throws nlohmann::json::exception on another shape.
void to_json(nlohmann::json &json, const Item &item);
void from_json(const nlohmann::json &json, Item &item);
void to_json(nlohmann::json &json, const PlayRecord &record);
void from_json(const nlohmann::json &json, PlayRecord &record);

/// Is `text` the id of a place: 1–64 of a–z, 0–9, "-", "_", "."?
bool is_place_id(std::string_view text);
bool is_sha256(std::string_view text);

}  // namespace civicast::screens
