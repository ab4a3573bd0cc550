// SPDX-License-Identifier: Apache-2.0
// What host and worker say to each other, as structs. PROTOCOL.md is the same for other languages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sdk/base/result.hpp"

namespace civicast::wire {

inline constexpr int version = 1;
inline constexpr std::size_t max_proof_bytes = 8 * 1024;
/// How deep a proof and a status may be nested, so that the message around them can be read.
inline constexpr int max_proof_depth = 29;
inline constexpr int max_status_depth = 31;

/// What a call came to. The numbers are civ_verdict's.
enum class Verdict {
  done = 0,     ///< it is so
  refused = 1,  ///< fix the placement
  unready = 2,  ///< fix the settings
  later = 3,    ///< try again
  unknown = 4,  ///< it may or may not have gone out: recall, never resend blindly
  broken = 5,   ///< the plugin itself is at fault
};

/// Why. See civ_note.
struct Note {
  int level = 3;
  std::int64_t retry_after_ms = 0;
  std::string code, at, message, detail;
  bool operator==(const Note &) const = default;
};

/// The numbers of these three are those of civ_fact_kind, civ_evidence and civ_status.
enum class FactKind { accepted = 1, started = 2, aired = 3, missed = 4, withdrawn = 5 };
/// That it took it in hand, or let it go, a plugin knows of itself, whatever it can know of airing:
/// the grade of these two is bound by no plugin.json.
constexpr bool is_own_word(FactKind fact) {
  return fact == FactKind::accepted || fact == FactKind::withdrawn;
}
enum class Evidence { measured = 1, reported = 2, inferred = 3 };
enum class Status {
  none = 0,
  aired_without_discrepancy = 1,
  technical_difficulty = 2,
  did_not_air = 3,
  aired_with_duration_discrepancy = 4,
  aired_with_content_discrepancy = 5,
  preempted = 6,
  joined_in_progress = 7,
  inserted_by_operator = 8,
  unknown = 9,
  missing_content = 10,
};

/// One thing that happened to a placement. (channel, placement, place, play, fact) names it.
struct Fact {
  FactKind fact = FactKind::aired;
  Evidence evidence = Evidence::measured;
  Status status = Status::none;
  std::uint32_t play = 1;
  std::string placement;
  std::string place;  ///< empty: the channel's own
  std::int64_t start_ns = 0, end_ns = 0;
  std::string remote;  ///< what the far side calls it
  std::string proof;   ///< a JSON object as text, at most max_proof_bytes; empty: none
  bool operator==(const Fact &) const = default;
};

std::string_view word(Verdict verdict);    ///< "done", …
std::string_view word(FactKind kind);      ///< "accepted", …
std::string_view word(Evidence evidence);  ///< "measured", …
std::string_view word(Status status);      ///< "aired_without_discrepancy", …

struct Media {
  std::string path, sha256, mime;
  std::int64_t duration_ns = 0;
  bool operator==(const Media &) const = default;
};

struct Placement {
  std::string id;
  std::uint32_t attempt = 1;
  std::int64_t start_ns = 0, end_ns = 0;
  std::string body = "{}";  ///< a JSON object as text; see civ_placement
  std::vector<Media> media;
  bool operator==(const Placement &) const = default;
};

/// `other` is a call of a newer host: it is answered, not obeyed.
enum class CallKind { open, check, publish, withdraw, recall, status, handover, other };
std::string_view word(CallKind kind);  ///< "open", …
/// Whether a call of this kind is about one placement.
constexpr bool has_placement(CallKind kind) {
  return kind >= CallKind::check && kind <= CallKind::recall;
}

// Host to worker.

/// The answer to Hello; with it the plugin is opened, which is answered as call 0.
struct Welcome {
  std::uint64_t epoch = 0;           ///< of this start; higher than every earlier one's
  std::uint64_t acked = 0;           ///< the host has every batch up to here on disk
  std::int64_t clock_offset_ns = 0;  ///< house clock minus system clock
  std::string settings = "{}";       ///< a JSON object as text, secrets included
  std::string state_dir, locale;
  bool operator==(const Welcome &) const = default;
};

/// `placement` is whole for check and publish; only its id counts for withdraw and recall.
struct Call {
  std::uint64_t id = 0;  ///< from 1; the supervisor gives it
  CallKind kind = CallKind::status;
  std::int64_t within_ms = 0;
  Placement placement;
  bool operator==(const Call &) const = default;
};

/// Every batch up to `seq` is on the host's disk.
struct Acked {
  std::uint64_t seq = 0;
  bool operator==(const Acked &) const = default;
};

/// With this status the runner leaves a plugin that does not close.
constexpr int exit_not_closed = 75;

/// From the host: close and exit. From the worker: closed, or why it cannot begin.
struct Bye {
  std::vector<Note> notes;
  bool operator==(const Bye &) const = default;
};

// Worker to host.

struct Hello {
  std::string plugin, plugin_version;
  std::string abi;               ///< "1.0"
  int wire = version;            ///< the newest version it speaks
  std::uint64_t epoch = 0;       ///< that it already serves; 0 at its start
  std::uint64_t outbox_seq = 0;  ///< of the last batch in its outbox
  bool operator==(const Hello &) const = default;
};

struct Answer {
  std::uint64_t re = 0;  ///< Call::id; 0 is open
  Verdict verdict = Verdict::done;
  std::vector<Note> notes;
  std::string status;  ///< of a status call: a JSON object as text
  bool operator==(const Answer &) const = default;
};

/// What one emit said. Sent again after every start until acked.
struct FactBatch {
  std::uint64_t seq = 0;
  std::vector<Fact> facts;
  bool operator==(const FactBatch &) const = default;
};

/// Each second, from a thread that plugin code cannot block.
struct Alive {
  std::uint64_t call = 0;  ///< in hand; 0 with busy_ms < 0: none
  std::int64_t busy_ms = -1;
  bool operator==(const Alive &) const = default;
};

using ToWorker = std::variant<Welcome, Call, Acked, Bye>;
using ToHost = std::variant<Hello, Answer, FactBatch, Alive, Bye>;

/// Pure functions on one frame's text. Unknown members are ignored; a missing or ill-typed one is
/// refused, and so is a message of no known kind.
Result<ToWorker> read_to_worker(std::string_view text);
Result<ToHost> read_to_host(std::string_view text);
std::string write(const ToWorker &message);
std::string write(const ToHost &message);
/// A FactBatch in two steps, for an outbox that learns `seq` only when it writes. `facts` is
/// several write_fact, joined by commas.
std::string write_fact(const Fact &fact);
std::string write_batch(std::uint64_t seq, std::string_view facts);

}  // namespace civicast::wire
