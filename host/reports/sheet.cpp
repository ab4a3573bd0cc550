// SPDX-License-Identifier: Apache-2.0
#include "host/reports/sheet.hpp"

#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "host/reports/faults.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::reports {
namespace {

constexpr std::uint64_t max_sheet_bytes = 1 << 30;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string cell_text(const Json &cell) {
  if (cell.is_string()) return cell.get<std::string>();
  return cell.is_null() ? "" : cell.dump();
}

/// What a person typed could begin with a formula; a number of ours never does.
std::string harmless(const Json &cell) {
  std::string text = cell_text(cell);
  const bool is_formula = cell.is_string() && !text.empty() &&
                          std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  return is_formula ? "'" + text : text;
}

void put_csv(std::string &out, const std::string &text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) c == '"' ? out += "\"\"" : out += c;
  out += '"';
}

void put_page(lxw_workbook *book, const Sheet &sheet) {
  // A page's name has at most 31 characters: ten Chinese ones are safe.
  lxw_worksheet *page = workbook_add_worksheet(book, sheet.title.zh.c_str());
  lxw_format *head = workbook_add_format(book);
  format_set_bold(head);
  format_set_text_wrap(head);
  format_set_bottom(head, LXW_BORDER_THIN);
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    const auto column = static_cast<lxw_col_t>(c);
    const Words &title = sheet.columns[c].title;
    worksheet_write_string(page, 0, column, (title.zh + "\n" + title.en).c_str(), head);
    worksheet_set_column(page, column, column, 18, nullptr);
  }
  worksheet_freeze_panes(page, 1, 0);
  for (std::size_t r = 0; r < sheet.rows.size(); ++r)
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
      const auto row = static_cast<lxw_row_t>(r + 1);
      const auto column = static_cast<lxw_col_t>(c);
      const Json &cell = sheet.rows[r][c];
      if (cell.is_number())
        worksheet_write_number(page, row, column, cell.get<double>(), nullptr);
      else
        worksheet_write_string(page, row, column, cell_text(cell).c_str(), nullptr);
    }
  if (!sheet.columns.empty())
    worksheet_autofilter(page, 0, 0, static_cast<lxw_row_t>(sheet.rows.size()),
                         static_cast<lxw_col_t>(sheet.columns.size() - 1));
}

/// The library writes into files only.
struct ScratchFile {
  std::string path = (std::filesystem::temp_directory_path() / "civicast-sheet-XXXXXX").string();
  ScratchFile() {
    if (const Fd fd(::mkstemp(path.data())); !fd) throw std::runtime_error("no file in " + path);
  }
  ScratchFile(const ScratchFile &) = delete;
  ScratchFile &operator=(const ScratchFile &) = delete;
  ~ScratchFile() { ::unlink(path.c_str()); }
};

}  // namespace

std::string csv(const Sheet &sheet) {
  std::string out(byte_order_mark);
  const auto line = [&](const auto &cells, const auto &text_of) {
    bool is_first = true;
    for (const auto &cell : cells) {
      if (!is_first) out += ',';
      is_first = false;
      put_csv(out, text_of(cell));
    }
    out += "\r\n";
  };
  line(sheet.columns, [](const SheetColumn &column) { return column.title.zh; });
  for (const auto &row : sheet.rows) line(row, harmless);
  return out;
}

Json json(const Sheet &sheet) {
  Json out = Json::array();
  for (const auto &row : sheet.rows) {
    Json object = Json::object();
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) object[sheet.columns[c].key] = row[c];
    out.push_back(std::move(object));
  }
  return out;
}

Result<std::string> xlsx(const std::vector<Sheet> &sheets) {
  const ScratchFile file;
  lxw_workbook *book = workbook_new(file.path.c_str());
  if (book == nullptr) return Fault(faults::sheet_failed, {{"reason", file.path}});
  for (const Sheet &sheet : sheets) put_page(book, sheet);
  const lxw_error error = workbook_close(book);
  if (error != LXW_NO_ERROR) return Fault(faults::sheet_failed, {{"reason", lxw_strerror(error)}});
  return read_file(file.path, max_sheet_bytes);
}

}  // namespace civicast::reports
