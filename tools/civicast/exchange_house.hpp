// SPDX-License-Identifier: Apache-2.0
// What the commands about files of other systems share.
#pragma once

#include <filesystem>
#include <string>

#include "host/exchange/exchange.hpp"
#include "tools/civicast/planned_station.hpp"

namespace civicast::cli {

/// `at` must outlive what is returned.
exchange::House house_of(PlannedStation &at);

/// The options that importing a schedule and importing an as-run share.
struct ImportOptions {
  std::filesystem::path file;
  std::string channel, date;
  bool is_trial = false, is_partial = false, is_closed = false;
  exchange::Wish wish() const;
};
void add_import_options(CLI::App &command, ImportOptions &options);

struct ExportOptions {
  std::string channel, date, format;
  std::filesystem::path out;
};
/// `formats` is shown and checked: {"sch", "bxf"}.
void add_export_options(CLI::App &command, ExportOptions &options,
                        const std::vector<std::string> &formats);

/// Reads the file; nothing after reporting why not.
std::optional<exchange::Upload> read_upload(const std::filesystem::path &file, Context &context);
/// Prints the file, or writes it to `out`: into it, under the name that its format wants, if that
/// is a folder.
void put_out(const Result<exchange::File, Faults> &file, const std::filesystem::path &out,
             Context &context);

/// Prints what was left out and what was odd, on standard error. If nothing was done because of it
/// (and it was not a trial) the exit code is 1.
void report_outcome(const Faults &faults, const Faults &remarks, bool is_done, bool is_trial,
                    Context &context);

}  // namespace civicast::cli
