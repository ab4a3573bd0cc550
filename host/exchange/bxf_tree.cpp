// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/bxf_tree.hpp"

#include <algorithm>

namespace civicast::exchange::bxf {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

bool is_called(std::string_view name, std::string_view wanted) {
  if (const auto colon = name.rfind(':'); colon != name.npos) name.remove_prefix(colon + 1);
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

pugi::xml_node child(pugi::xml_node parent, std::string_view name) {
  for (const pugi::xml_node one : parent.children())
    if (is_called(one.name(), name)) return one;
  return {};
}

std::vector<pugi::xml_node> children(pugi::xml_node parent, std::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xml_node one : parent.children())
    if (is_called(one.name(), name)) found.push_back(one);
  return found;
}

pugi::xml_node at_path(pugi::xml_node parent, std::string_view path) {
  while (parent && !path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    parent = child(parent, path.substr(0, slash));
    path.remove_prefix(std::min(path.size(), slash + 1));
  }
  return parent;
}

std::vector<pugi::xml_node> all_below(pugi::xml_node root, std::string_view name) {
  // A walk without recursion: how deep a file is must not be able to matter.
  std::vector<pugi::xml_node> found;
  for (pugi::xml_node at = root; at;) {
    const bool is_one = is_called(at.name(), name);
    if (is_one) found.push_back(at);
    if (!is_one && at.first_child()) {
      at = at.first_child();
      continue;
    }
    while (at != root && !at.next_sibling()) at = at.parent();
    if (at == root) break;
    at = at.next_sibling();
  }
  return found;
}

std::string text_of(pugi::xml_node node) {
  return std::string(trimmed(node.text().get()));
}

std::string attribute(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_attribute one : node.attributes())
    if (is_called(one.name(), name)) return std::string(trimmed(one.value()));
  return {};
}

}  // namespace civicast::exchange::bxf
