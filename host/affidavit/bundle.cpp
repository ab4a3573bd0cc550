// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/bundle.hpp"

#include <algorithm>
#include <charconv>

#include "host/affidavit/faults.hpp"
#include "host/ledger/note.hpp"

namespace civicast::affidavit {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// "17 hash hash …"
bool read_proof(std::string_view line, Proved &out) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), out.index);
  if (error != std::errc{}) return false;
  if (line.substr(0, line.find(' ')) != std::to_string(out.index)) return false;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  while (!line.empty()) {
    if (line.front() != ' ') return false;
    line.remove_prefix(1);
    const auto word = line.substr(0, line.find(' '));
    const auto bytes = ledger::from_base64(word);
    Hash hash{};
    if (!bytes || bytes->size() != hash.size()) return false;
    std::copy(bytes->begin(), bytes->end(), reinterpret_cast<char *>(hash.data()));
    out.path.push_back(hash);
    line.remove_prefix(word.size());
  }
  return true;
}

Fault malformed(const char *part, std::size_t line) {
  return Fault(faults::entry_malformed, {{"part", part}, {"line", std::to_string(line)}});
}

}  // namespace

std::string entries_text(const std::vector<Proved> &all) {
  std::string out;
  for (const Proved &one : all) (out += one.entry) += '\n';
  return out;
}

std::string proofs_text(const std::vector<Proved> &all) {
  std::string out;
  for (const Proved &one : all) {
    out += std::to_string(one.index);
    for (const Hash &hash : one.path)
      (out += ' ') += ledger::base64({reinterpret_cast<const char *>(hash.data()), hash.size()});
    out += '\n';
  }
  return out;
}

std::string policy_text(const std::string &key_line) {
  return "log " + key_line + "\nquorum none\n";
}

Result<std::vector<Proved>> parse_proved(const std::string &entries, const std::string &proofs) {
  if (entries.empty() || entries.back() != '\n') return malformed("entries.txt", 1);
  if (proofs.empty() || proofs.back() != '\n') return malformed("proofs.txt", 1);
  const auto texts = lines_of(entries), paths = lines_of(proofs);
  if (texts.size() != paths.size())
    return Fault(faults::lines_differ, {{"entries", std::to_string(texts.size())},
                                        {"proofs", std::to_string(paths.size())}});
  std::vector<Proved> all(texts.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].entry = texts[i];
    if (!read_proof(paths[i], all[i])) return malformed("proofs.txt", i + 1);
  }
  return all;
}

const std::vector<std::string> &unproved_parts() {
  static const std::vector<std::string> names = {"README.zh.txt", "README.en.txt", "affidavit.pdf",
                                                 "verify.html"};
  return names;
}

const std::vector<std::string> &part_names() {
  static const std::vector<std::string> names = {
      "README.zh.txt", "README.en.txt", "affidavit.json", "affidavit.pdf", "checkpoint",
      "entries.txt",   "ledger.pub",    "policy",         "proofs.txt",    "verify.html"};
  return names;
}

}  // namespace civicast::affidavit
