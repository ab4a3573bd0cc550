// SPDX-License-Identifier: Apache-2.0
// Counts 播出次数: derived from the ledger and nothing else, and rebuilt from it at will.
//
// Only complete airings of placements are counted. Grades of evidence stand in columns of their
// own; incomplete airings stand beside the counts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/airings/airing.hpp"
#include "host/airings/book.hpp"
#include "host/airings/inquiry.hpp"
#include "host/base/progress.hpp"
#include "host/base/zone.hpp"
#include "sdk/base/result.hpp"

namespace civicast::store {
class Store;
}

namespace civicast::counts {

class CountsStore;

enum class By {
  campaign,
  asset,
  ad_class,
  channel,
  place,
  evidence,
  hour,  ///< of the day, "00" to "23"
  day,
  week,  ///< ISO 8601: "2026-W48"
  month,
  year,
};
std::string_view word(By by);  ///< "campaign", …, "class" for ad_class
std::optional<By> by(std::string_view word);

/// Days are the station's local days; an airing belongs to the day and hour in which it started.
struct Question {
  std::vector<By> by;               ///< what the rows are; none: one row for all
  std::string campaign, channel;    ///< empty: all
  std::vector<std::string> places;  ///< any of these (a subtree, listed); empty: all
  std::optional<Date> from, to;     ///< both inclusive
};

struct Row {
  std::vector<std::string>
      keys;                  ///< one per Question::by: "values", "2026-11-23", "19", "2026-W48"
  std::int64_t airings = 0;  ///< measured + reported + inferred
  std::int64_t seconds = 0;  ///< on air, of those airings
  std::int64_t measured = 0, reported = 0, inferred = 0;
  std::int64_t incomplete = 0;  ///< not among the airings
};

struct Filter {
  std::string channel, campaign, placement;    ///< empty: all
  std::vector<std::string> places;             ///< any of these; empty: all
  std::optional<std::int64_t> from_ns, to_ns;  ///< of the start: from ≤ start < to
  std::optional<std::uint64_t> before;         ///< only entries of the ledger before this one
  bool only_final = true;  ///< aired, missed and withdrawn; otherwise accepted and started too
  bool only_placements = false;  ///< and bulletins; not programmes and fillers
  std::size_t limit = 100;
};

struct Entry {
  std::uint64_t entry = 0;  ///< its index in the ledger
  airings::Airing airing;   ///< without its proof, which stands in the ledger
};

/// A placement of which the ledger says how it ended, and that it was aired whole nowhere.
struct Failed {
  std::string placement, channel, campaign, asset;
  std::int64_t planned_start_ns = 0;
  bool was_on = false;  ///< some of it was seen somewhere
};

/// A step of an inquiry, and where it stands in the ledger.
struct Step {
  std::uint64_t entry = 0;
  airings::Inquiry inquiry;
};

class Index {
 public:
  /// Makes the tables if they are not there.
  Index(store::Store &store, airings::Book &book, Zone zone);
  ~Index();

  /// Takes in what the ledger has and the tables do not. Cheap when there is nothing. Several
  /// processes may do so at once.
  Result<void> catch_up(Progress &progress);
  /// Empties the tables and reads the ledger from its beginning.
  Result<void> rebuild(Progress &progress);

 private:
  std::unique_ptr<CountsStore> store_;
  airings::Book &book_;
  Zone zone_;
};

/// [any] Sorted by keys.
std::vector<Row> count(store::Store &store, const Question &question);
/// [any] Newest first.
std::vector<Entry> list(store::Store &store, const Filter &filter);
/// [any] Placements planned for from ≤ start < to that failed, by planned start. Not among them are
/// those of which nobody knows (yet) how they ended, unless a person has them planned again, and
/// those whose airing is disputed.
std::vector<Failed> failed(store::Store &store, std::int64_t from_ns, std::int64_t to_ns);
/// [any] Those of `channel` (empty: of all) that ended without anybody knowing how, by the host's
/// own word, that no channel has said since to have aired and no person has settled: the newest
/// `limit`.
std::vector<Entry> in_doubt(store::Store &store, const std::string &channel, std::size_t limit);
/// [any] Whether it is one of them.
bool is_in_doubt(store::Store &store, const std::string &placement);
/// [any] What was done about a placement, in the order of the ledger.
std::vector<Step> inquiries(store::Store &store, const std::string &placement);
/// [any] The newest `limit` settlements of `channel` (empty: of all), newest first.
std::vector<Step> settled(store::Store &store, const std::string &channel, std::size_t limit);
/// [any] The last step of each inquiry whose question nobody has answered yet.
std::vector<Step> unanswered(store::Store &store);
/// [any] Entries of the ledger that the tables hold.
std::uint64_t covered(store::Store &store);
/// Makes the tables if they are not there, so that count and list may be asked.
void prepare(store::Store &store);

}  // namespace civicast::counts
