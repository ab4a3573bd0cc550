// SPDX-License-Identifier: Apache-2.0
// What the HTTP doors ask the rest of the house: one question each, so that this room depends on
// nobody's inside and a test can answer them all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/base/zone.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::api {

/// GET /counts. Ids are known to be slugs, not to exist; an empty one does not filter.
struct CountsQuery {
  std::vector<std::string> by;   ///< in the order asked: a subset of `count_words()`
  std::optional<Date> from, to;  ///< local days of the station, both inclusive
  std::string campaign, channel, place;
};

/// GET /playlists/{channel}: a day, or what stands between two instants; neither is today.
struct PlaylistQuery {
  std::string channel;  ///< exists
  std::optional<Date> date;
  struct Span {
    std::int64_t since_ns, until_ns;
  };
  std::optional<Span> span;  ///< items with since ≤ end and start < until; at most a day long
};

/// GET /airings, newest first.
struct AiringsQuery {
  std::string campaign, channel, place;
  std::optional<Date> from, to;        ///< local days of the station, both inclusive
  int limit = 50;                      ///< 1 to 500
  std::optional<std::int64_t> before;  ///< only ledger entries with a smaller index
};

/// A file of another system, sent to be imported.
struct UploadQuery {
  std::string channel;       ///< exists
  std::optional<Date> date;  ///< none: as the file says
  std::string name;          ///< of the file, for sentences and for what its name tells
  bool is_trial = false;     ///< say what would be done, and change nothing
  bool is_partial = false;   ///< take what can be taken, though there are mistakes
  bool is_closed = false;    ///< an as-run: nobody will write into that file any more
  std::string text;
};

/// A file for another system.
struct FileQuery {
  std::string channel;       ///< exists
  std::optional<Date> date;  ///< none: today
  std::string format;        ///< "sch", "ver", "bxf"
};
struct Download {
  std::string name, type, text;
};

/// GET /reports/{report}: a document, or a file of it.
struct ReportQuery {
  std::string report;  ///< "reconciliation", "compliance", "monthly"
  std::string format;  ///< "json", "csv", "xlsx"
  std::optional<Date> from, to;
  std::string channel, campaign;  ///< as in CountsQuery
  std::string month;              ///< of the monthly report: "2026-11"; empty: the last one
  bool only_open = false;         ///< of the reconciliation: only what did not air
  int limit = 200;                ///< rows of a document; a file has all
  std::int64_t offset = 0;
};

/// POST /notes: a person explains a placement's row.
struct NoteOrder {
  std::string placement, by, text;
};

/// POST /bulletins and /bulletins/preview: what a person asks for (see host/bulletins).
struct BulletinOrder {
  std::string token, asset;
  std::vector<std::string> channels;
  std::string place;
  std::optional<std::int64_t> start_ns;  ///< none: at once
  std::int64_t length_ms = 0;
  int times = 1;
  std::int64_t every_ms = 0;
  std::string reason;
};

/// An answer in the words of another protocol.
struct PlainAnswer {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

/// GET /held: what a person must look at.
struct HeldQuery {
  std::string channel;  ///< empty: all
  int limit = 100;      ///< 1 to 500
};

/// POST /held/{placement}: what a person decides about it.
struct HeldDecision {
  std::string placement, choice;  ///< one of held_choices()
  std::string by, note;
};
const std::vector<std::string> &held_choices();  ///< ask, again, leave

/// What counts can be grouped by: campaign, asset, class, channel, place, evidence, hour, day,
/// week, month, year.
const std::vector<std::string> &count_words();

/// [any] Every function is called from HTTP threads, several at a time. Those that return Json
/// return a snapshot at once and never wait for the flow. Shapes: openapi/, which is served at
/// /api/v1/openapi.json; instants are RFC 3339 in UTC, durations are milliseconds.
struct Sources {
  std::function<Json()> station;    ///< Station: {id, name:{zh,en}, zone, now, version}
  std::function<Json()> live;       ///< Live: everything that moves, in one document
  std::function<Json()> channels;   ///< [Channel], each with "id"
  std::function<Json()> campaigns;  ///< [Campaign], each with "id"
  std::function<Json()> places;     ///< [Place], parents first, each with "id"
  std::function<Json()> assets;     ///< [Asset], each with "id"
  std::function<Json()> ledger;     ///< Ledger: {size, root, checkpoint, verified:{good,at,…}}

  /// Playlist: {channel, items:[Item]}, and the date where a day was asked.
  std::function<Result<Json, Faults>(const PlaylistQuery &)> playlist;
  std::function<Result<Json, Faults>(const CountsQuery &)> counts;  ///< Counts: {by, rows:[…]}
  std::function<Result<Json, Faults>(const AiringsQuery &)>
      airings;  ///< {airings:[…], next_before}
  /// One entry of the ledger with its proof; nothing if it is no airing, or not there.
  std::function<std::optional<Json>(std::uint64_t entry)> airing;
  /// Plans `days` days anew, from now on; says what changed: {placements, days}.
  std::function<Result<Json, Faults>(int days)> replan;

  /// Schedules and as-runs of other systems; see host/exchange. {…, done}
  std::function<Result<Json, Faults>(const UploadQuery &)> import_schedule, import_as_run;
  std::function<Result<Download, Faults>(const FileQuery &)> schedule_file, as_run_file;

  /// Plan against airings, and airings against the law; see host/reports.
  std::function<Result<Json, Faults>(const ReportQuery &)> report;
  std::function<Result<Download, Faults>(const ReportQuery &)> report_file;
  std::function<Result<Json, Faults>(const NoteOrder &)> write_note;  ///< {entry}

  /// What an order would become and pre-empt; nothing is changed: {channels:[…]}.
  std::function<Result<Json, Faults>(const BulletinOrder &)> preview_bulletin;
  std::function<Result<Json, Faults>(const BulletinOrder &)> issue_bulletin;  ///< Bulletin
  /// The newest `limit`, newest first, and one of them whole.
  std::function<Json(int limit)> bulletins;
  std::function<Result<Json, Faults>(const std::string &id)> bulletin;
  std::function<Result<Json, Faults>(const std::string &id, const std::string &reason)>
      recall_bulletin;

  /// Placements of which nobody could tell what became of them: {held:[…], settled:[…]}.
  std::function<Json(const HeldQuery &)> held;
  std::function<Result<Json, Faults>(const HeldDecision &)> decide;  ///< the row as above

  /// The signed note of the ledger, as the C2SP checkpoint format has it.
  std::function<Result<std::string>()> checkpoint;
  /// A tile of it, by what stands behind "/tile/" (C2SP tlog-tiles).
  std::function<Result<std::string>(const std::string &path)> tile;
  /// A checkpoint of another log, sent to be cosigned (C2SP tlog-witness).
  std::function<PlainAnswer(const std::string &body)> add_checkpoint;
  /// A JPEG of the asset, or nothing if there is no such asset or it has no picture.
  std::function<std::optional<std::filesystem::path>(const std::string &asset)> thumbnail;

  /// <station>/channels: <channel>/preview/ (HLS) and <channel>/pictures/<place>.jpg are served.
  std::filesystem::path channels_folder;
  /// Where the built console lies. May be missing.
  std::filesystem::path console_folder;
};

}  // namespace civicast::api
