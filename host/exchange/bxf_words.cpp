// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "host/exchange/bxf.hpp"

namespace civicast::exchange {
namespace {

using airings::Status;

constexpr std::pair<Status, std::string_view> words[] = {
    {Status::aired_without_discrepancy, "Aired Without Discrepancy"},
    {Status::technical_difficulty, "Technical Difficulty"},
    {Status::did_not_air, "Did not air"},
    {Status::aired_with_duration_discrepancy, "Aired with Duration Discrepancy"},
    {Status::aired_with_content_discrepancy, "Aired with Content Discrepancy"},
    {Status::preempted, "Preempted"},
    {Status::joined_in_progress, "Joined in Progress"},
    {Status::inserted_by_operator, "Inserted by Operator"},
    {Status::unknown, "Unknown"},
    {Status::missing_content, "Missing Content"},
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view bxf_word(Status status) {
  for (const auto &[value, word] : words)
    if (value == status) return word;
  return "Unknown";
}

std::optional<Status> bxf_status(std::string_view word) {
  for (const auto &[value, known] : words)
    if (std::equal(word.begin(), word.end(), known.begin(), known.end(),
                   [](char a, char b) { return lower(a) == lower(b); }))
      return value;
  return {};
}

bool looks_like_xml(std::string_view text) {
  if (text.size() >= 2 && (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF"))
    return true;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin != text.npos && text[begin] == '<';
}

}  // namespace civicast::exchange
