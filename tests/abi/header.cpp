// SPDX-License-Identifier: Apache-2.0
#include "tests/abi/header.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

namespace civicast::test {
namespace {

using Lines = std::vector<std::string>;

std::string squeezed(const std::string &text) {
  const std::string out = std::regex_replace(text, std::regex(R"(\s+)"), " ");
  const auto first = out.find_first_not_of(' ');
  return first == std::string::npos ? "" : out.substr(first, out.find_last_not_of(' ') - first + 1);
}

Lines split(const std::string &text, char at) {
  Lines out;
  std::istringstream in(text);
  for (std::string piece; std::getline(in, piece, at);)
    if (piece = squeezed(piece); !piece.empty()) out.push_back(piece);
  return out;
}

bool is_prefix(const Lines &old, const Lines &now) {
  return old.size() <= now.size() && std::equal(old.begin(), old.end(), now.begin());
}

template <class Members>
void compare(const Members &old, const Members &now, Lines &out) {
  for (const auto &[name, members] : old) {
    const auto found = now.find(name);
    if (found == now.end())
      out.push_back(name + " is gone");
    else if (!is_prefix(members, found->second))
      out.push_back(name + " is not what it was");
  }
}

/// "field civ_note.at" or "value CIV_DONE" to the rest of its line; in order per struct.
struct Layout {
  std::map<std::string, std::string> facts;
  std::map<std::string, unsigned long> sizes;
  std::map<std::string, Lines> fields;
};

Layout read_layout(const std::string &text) {
  Layout out;
  for (const std::string &line : split(text, '\n')) {
    std::istringstream in(line);
    std::string kind, name, word, rest;
    in >> kind >> name;
    std::getline(in, rest);
    if (kind == "struct") {
      unsigned long size = 0, align = 0;
      std::istringstream(rest) >> word >> size >> word >> align;
      out.sizes[name] = size;
      rest = "align " + std::to_string(align);
    } else if (kind == "field") {
      out.fields[name.substr(0, name.find('.'))].push_back(name + rest);
    }
    out.facts[kind + " " + name] = rest;
  }
  return out;
}

}  // namespace

Header read_header(const std::string &with_comments) {
  const std::string text =
      std::regex_replace(with_comments, std::regex(R"(/\*[^*]*\*+([^/*][^*]*\*+)*/)"), " ");
  Header out;
  const std::regex block(R"(typedef (struct|enum) (civ_\w+) \{([^}]*)\} (civ_\w+);)");
  for (std::sregex_iterator at(text.begin(), text.end(), block), end; at != end; ++at) {
    const bool is_struct = (*at)[1] == "struct";
    (is_struct ? out.structs : out.enums)[(*at)[2]] = split((*at)[3], is_struct ? ';' : ',');
  }
  const std::regex macro(R"(#define ((?:\\\n|[^\n])*))");
  for (std::sregex_iterator at(text.begin(), text.end(), macro), end; at != end; ++at)
    out.macros.push_back(squeezed((*at)[1]));
  const std::regex function(R"(CIV_EXPORT (const \w+ \*\w+\([^)]*\));)");
  for (std::sregex_iterator at(text.begin(), text.end(), function), end; at != end; ++at)
    out.functions.push_back(squeezed((*at)[1]));
  return out;
}

std::vector<std::string> names_in(const std::vector<std::string> &members) {
  Lines out;
  const std::regex pointer(R"(\(\*(\w+)\))"), last(R"((\w+)$)");
  for (const std::string &member : members) {
    std::smatch found;
    if (std::regex_search(member, found, pointer)) {
      out.push_back(found[1]);
      continue;
    }
    for (const std::string &name : split(member, ','))
      if (std::regex_search(name, found, last)) out.push_back(found[1]);
  }
  return out;
}

std::vector<std::string> changes(const Header &old, const Header &now) {
  Lines out;
  compare(old.structs, now.structs, out);
  compare(old.enums, now.enums, out);
  const auto text = now.structs.find("civ_text");
  if (text == now.structs.end() || text->second != old.structs.at("civ_text"))
    out.push_back("civ_text never changes");
  const std::set<std::string> macros(now.macros.begin(), now.macros.end());
  for (const std::string &macro : old.macros)
    if (macro.rfind("CIV_ABI_MINOR ", 0) != 0 && !macros.count(macro))
      out.push_back(macro + " is not what it was");
  for (const std::string &function : old.functions)
    if (std::find(now.functions.begin(), now.functions.end(), function) == now.functions.end())
      out.push_back(function + " is not what it was");
  if (now.functions.size() != 1) out.push_back("there is not exactly one symbol");
  return out;
}

std::vector<std::string> layout_changes(const std::string &old_text, const std::string &now_text) {
  const Layout old = read_layout(old_text), now = read_layout(now_text);
  Lines out;
  for (const auto &[name, fact] : old.facts) {
    const auto found = now.facts.find(name);
    if (found == now.facts.end() || found->second != fact)
      out.push_back(name + fact + " is not what it was");
  }
  for (const auto &[name, size] : old.sizes) {
    const auto fields = now.fields.find(name);
    if (fields == now.fields.end() || !is_prefix(old.fields.at(name), fields->second)) {
      out.push_back(name + " does not begin as it did");
      continue;
    }
    // What is appended may not lie in the older struct's padding: its size would seem to cover it.
    for (std::size_t i = old.fields.at(name).size(); i < fields->second.size(); ++i) {
      const std::string &field = fields->second[i];
      if (std::stoul(field.substr(field.find(" offset ") + 8)) < size)
        out.push_back(field + " lies within the older " + name);
    }
    const auto now_size = now.sizes.find(name);
    if (now_size == now.sizes.end() || now_size->second < size) out.push_back(name + " shrank");
  }
  return out;
}

}  // namespace civicast::test
