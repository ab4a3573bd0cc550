// SPDX-License-Identifier: Apache-2.0
// What every command of `civicast` is given, and how it prints.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "host/base/progress.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::cli {

struct Context {
  std::filesystem::path station = "var/chenghua";  ///< --station
  std::string format = "table";                    ///< --format table|csv|json
  int exit_code = 0;
};

/// Rows of what a command found. As a table the title line is Chinese and English; as CSV and JSON
/// the `key`s are the names.
struct Column {
  std::string key;    ///< "airings"
  std::string title;  ///< "播出次数 airings"
};
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// One value per column. Numbers stay numbers in JSON and stand right in a table.
  void add(std::vector<Json> row) { rows_.push_back(std::move(row)); }
  void print(const Context &context) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Json>> rows_;
};

/// Adds `--format table|csv|json` to a command that prints data.
void add_format_option(CLI::App &command, Context &context);

/// Prints the fault in both languages on standard error and sets the exit code to 1.
void report(const Fault &fault, Context &context);
void report(const Faults &faults, Context &context);

/// A progress bar on standard error: one line redrawn on a terminal, a line per step otherwise.
class TerminalProgress final : public Progress {
 public:
  TerminalProgress();
  ~TerminalProgress() override;
  void step(const std::string &what, double done, double total) override;

 private:
  bool is_terminal_;
  std::string what_;
  int percent_ = -1;
};

}  // namespace civicast::cli
