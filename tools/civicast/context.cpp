// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/context.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>

namespace civicast::cli {
namespace {

std::string cell(const Json &value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "" : value.dump();
}

/// Columns that a terminal needs for UTF-8 text: East Asian characters are two wide.
std::size_t width(const std::string &text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) == 0x80) continue;
    columns += byte >= 0xE3 && byte <= 0xED ? 2 : byte == 0xEF ? 2 : 1;
  }
  return columns;
}

std::string csv_cell(const std::string &text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void print_table(const std::vector<Column> &columns, const std::vector<std::vector<Json>> &rows) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    widths.push_back(width(columns[c].title));
    for (const auto &row : rows) widths[c] = std::max(widths[c], width(cell(row[c])));
  }
  const auto put = [&](std::size_t c, const std::string &text, bool right) {
    const std::string pad(widths[c] - width(text), ' ');
    const bool last = c + 1 == columns.size();
    std::cout << (right ? pad + text : last ? text : text + pad) << (last ? "\n" : "  ");
  };
  for (std::size_t c = 0; c < columns.size(); ++c) put(c, columns[c].title, false);
  for (std::size_t c = 0; c < columns.size(); ++c) put(c, std::string(widths[c], '-'), false);
  for (const auto &row : rows)
    for (std::size_t c = 0; c < columns.size(); ++c) put(c, cell(row[c]), row[c].is_number());
}

}  // namespace

void Table::print(const Context &context) const {
  if (context.format == "json") {
    Json out = Json::array();
    for (const auto &row : rows_) {
      Json object = Json::object();
      for (std::size_t c = 0; c < columns_.size(); ++c) object[columns_[c].key] = row[c];
      out.push_back(std::move(object));
    }
    std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else if (context.format == "csv") {
    for (std::size_t c = 0; c < columns_.size(); ++c)
      std::cout << (c ? "," : "") << csv_cell(columns_[c].key);
    std::cout << "\r\n";
    for (const auto &row : rows_) {
      for (std::size_t c = 0; c < columns_.size(); ++c)
        std::cout << (c ? "," : "") << csv_cell(cell(row[c]));
      std::cout << "\r\n";
    }
  } else {
    print_table(columns_, rows_);
  }
}

void add_format_option(CLI::App &command, Context &context) {
  command.add_option("--format", context.format, "输出格式 · How to print: table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
}

void report(const Fault &fault, Context &context) {
  std::cerr << fault.text() << "\n";
  context.exit_code = 1;
}

void report(const Faults &faults, Context &context) {
  for (const Fault &fault : faults) report(fault, context);
}

TerminalProgress::TerminalProgress() : is_terminal_(::isatty(2) == 1) {}

TerminalProgress::~TerminalProgress() {
  if (is_terminal_ && percent_ >= 0) std::fputs("\n", stderr);
}

void TerminalProgress::step(const std::string &what, double done, double total) {
  const int percent = total > 0 ? static_cast<int>(std::clamp(done / total, 0.0, 1.0) * 100) : 0;
  if (what == what_ && percent == percent_) return;
  const bool is_new = what != what_;
  if (is_terminal_) {
    if (is_new && !what_.empty()) std::fputs("\n", stderr);
    const std::string bar(static_cast<std::size_t>(percent / 4), '#');
    std::fprintf(stderr, "\r[%-25s] %3d%%  %s", bar.c_str(), percent, what.c_str());
  } else if (is_new || percent == 100) {
    std::fprintf(stderr, "%3d%%  %s\n", percent, what.c_str());
  }
  what_ = what;
  percent_ = percent;
}

}  // namespace civicast::cli
