// SPDX-License-Identifier: Apache-2.0
// What a station does with the files of other systems: it takes a schedule from a traffic system,
// gives one to a playout server, gives what has aired to a traffic system, and takes what a playout
// server says has aired. The same for the command line and for the console.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/airings/intake.hpp"
#include "host/exchange/event.hpp"
#include "host/playlists/diff.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/station/station.hpp"

namespace civicast::exchange {

/// `ccms` is .SCH for a schedule and .VER for an as-run.
enum class Format { ccms, bxf };
std::string_view word(Format format);  ///< "ccms", "bxf"
/// "ccms", "sch", "ver", "bxf", in any case.
Result<Format> format_named(const std::string &word);

/// What is asked of the rest of the house.
struct House {
  const station::Station &station;
  playlists::PlaylistStore &playlists;
  store::Store &store;
  /// How long an asset airs on a channel; nothing without a house file.
  std::function<std::optional<std::int64_t>(const std::string &asset, const channels::Channel &)>
      duration_ns;
  std::int64_t now_ns = 0;
  std::int64_t frozen_ns = 0;  ///< what starts sooner is left alone
};

struct File {
  std::string name;  ///< as the format wants it to be called
  std::string type;  ///< MIME
  std::string text;
};

struct Upload {
  std::string name;  ///< without its folder
  std::string text;
};

struct Wish {
  std::string channel;       ///< empty: as the file says
  std::optional<Date> date;  ///< none: as the file says
  bool is_partial = false;   ///< take what can be taken, though there are faults
  bool is_trial = false;     ///< change nothing
  bool is_closed = false;    ///< as-run: nobody will write into that file any more
};

/// What was or would be done with a schedule file.
struct Imported {
  std::string channel;
  Date date{};
  Format format = Format::ccms;
  std::size_t events = 0;  ///< that could be read
  std::size_t over = 0;    ///< of them: too early to be changed
  std::vector<playlists::Change> changes;
  Faults faults, remarks;
  bool is_done = false;  ///< the playlist is as the file says
};

/// What was or would be done with an as-run file.
struct Reported {
  std::string channel;
  Format format = Format::ccms;
  std::size_t events = 0;                  ///< that could be read
  std::size_t aired = 0, missed = 0;       ///< facts in it
  std::size_t open = 0, others = 0;        ///< see Report
  std::size_t entered = 0;                 ///< that the ledger did not have
  std::size_t known = 0;                   ///< that it had
  std::vector<airings::Dispute> disputes;  ///< of those entered: kept, not counted
  Faults faults, remarks;
  bool is_done = false;  ///< its facts are in the ledger
};

/// Replaces what is still to come of a day by what a file says, with the grid's programmes and
/// fillers around it. With a fault nothing is changed, unless the wish is a partial one. A fault is
/// returned if the file as a whole is of no use.
Result<Imported, Faults> import_schedule(const House &house, const Upload &upload,
                                         const Wish &wish);

Result<File, Faults> export_schedule(const House &house, const std::string &channel, Date date,
                                     Format format);
/// From the counts' index, which must have caught up with the ledger.
Result<File, Faults> export_as_run(const House &house, const std::string &channel, Date date,
                                   Format format);

/// Tells the intake what a file says, on evidence "reported". The same file twice changes nothing.
/// `intake` may be null for a trial.
Result<Reported, Faults> import_as_run(const House &house, const Upload &upload, const Wish &wish,
                                       airings::Intake *intake);

}  // namespace civicast::exchange
