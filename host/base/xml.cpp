// SPDX-License-Identifier: Apache-2.0
#include "host/base/xml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/faults.hpp"
#include "host/base/xml_scan.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/faults.hpp"

namespace civicast::xml {
namespace {

std::vector<std::size_t> line_starts_of(std::string_view text) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts.push_back(i + 1);
  return starts;
}

std::string at(const std::string &shown, const std::vector<std::size_t> &starts,
               std::size_t offset) {
  const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  return fmt::format("{}:{}", shown, after - starts.begin());
}

Fault malformed(const Words &problem) {
  return Fault(faults::xml_malformed, {{"problem_zh", problem.zh}, {"problem_en", problem.en}});
}

/// Where a node begins; of text, where its first word does.
std::size_t offset_of(const pugi::xml_node &node) {
  const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
  const auto blanks = std::string_view(node.value()).find_first_not_of(" \t\r\n");
  return blanks == std::string_view::npos ? offset : offset + blanks;
}

Words problem_of(pugi::xml_parse_status status) {
  switch (status) {
    case pugi::status_unrecognized_tag:
      return {"无法识别的标签", "a tag cannot be read"};
    case pugi::status_bad_start_element:
      return {"开始标签不完整", "a start tag is not complete"};
    case pugi::status_bad_attribute:
      return {"属性写法不对，应为 名称=\"值\"", "an attribute is not name=\"value\""};
    case pugi::status_bad_end_element:
    case pugi::status_end_element_mismatch:
      return {"结束标签与开始标签对不上", "an end tag does not match its start tag"};
    case pugi::status_bad_comment:
      return {"注释没有以 --> 结束", "a comment does not end with -->"};
    case pugi::status_bad_cdata:
      return {"CDATA 没有以 ]]> 结束", "a CDATA section does not end with ]]>"};
    default:
      return {"无法解析", "it cannot be parsed"};
  }
}

}  // namespace

Result<Document, Faults> Document::read(const std::filesystem::path &file, std::string shown,
                                        std::string_view root, std::uint64_t max_bytes) {
  auto text = read_file(file, max_bytes);
  if (text) return parse(*text, std::move(shown), root, max_bytes);
  if (text.fault().is(faults::file_too_large))
    return Faults{
        Fault(faults::xml_too_large, {{"limit", std::to_string(max_bytes)}}).at(std::move(shown))};
  return Faults{std::move(text).fault()};
}

Result<Document, Faults> Document::parse(std::string_view text, std::string shown,
                                         std::string_view root, std::uint64_t max_bytes) {
  if (text.size() > max_bytes)
    return Faults{
        Fault(faults::xml_too_large, {{"limit", std::to_string(max_bytes)}}).at(std::move(shown))};
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  Document document;
  State &state = *document.state_;
  state.shown = std::move(shown);
  state.line_starts = line_starts_of(text);
  const auto refuse = [&](Fault fault, std::size_t offset) {
    return Faults{std::move(fault).at(at(state.shown, state.line_starts, offset))};
  };

  if (const auto bad = bad_utf8(text)) return refuse(Fault(faults::xml_not_utf8), *bad);
  if (auto mistake = scan(text)) {
    if (mistake->is_doctype) return refuse(Fault(faults::xml_doctype), mistake->offset);
    return refuse(malformed(mistake->problem), mistake->offset);
  }
  // As a fragment, so that text and second elements outside the root are seen, not skipped.
  const auto parsed = state.tree.load_buffer(
      text.data(), text.size(),
      pugi::parse_default | pugi::parse_declaration | pugi::parse_fragment, pugi::encoding_utf8);
  if (!parsed)
    return refuse(malformed(problem_of(parsed.status)), static_cast<std::size_t>(parsed.offset));

  pugi::xml_node found;
  for (const pugi::xml_node node : state.tree) {
    if (node.type() == pugi::node_declaration) continue;
    const bool is_second = found && node.type() == pugi::node_element;
    if (node.type() != pugi::node_element || is_second)
      return refuse(malformed({"最外层元素之外还有内容",
                               "there is something outside the outermost "
                               "element"}),
                    offset_of(node));
    found = node;
  }
  if (found.name() != root)
    return refuse(
        Fault(faults::xml_wrong_root, {{"expected", std::string(root)}, {"found", found.name()}}),
        offset_of(found));
  return document;
}

Element Document::root() {
  for (const pugi::xml_node node : state_->tree)
    if (node.type() == pugi::node_element) return Element(node, state_.get());
  return Element(pugi::xml_node(), state_.get());
}

void Document::tell(Fault fault) {
  auto &told = state_->faults;
  if (told.size() < max_faults) return told.push_back(std::move(fault));
  if (told.size() == max_faults) told.push_back(Fault(faults::xml_too_many).at(state_->shown));
}

const Faults &Document::faults() const {
  return state_->faults;
}

}  // namespace civicast::xml
