// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "host/base/faults.hpp"
#include "host/base/id.hpp"
#include "host/base/time_text.hpp"
#include "host/base/xml.hpp"

namespace civicast::xml {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Values go into sentences: at most 60 bytes of them, cut between characters.
std::string shortened(std::string_view text) {
  if (text.size() <= 60) return std::string(text);
  std::size_t end = 60;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// Letters added, left out, changed, or swapped with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t changed = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

/// "Did you mean …?" for the nearest of `known`, if one is near.
Words hint(std::string_view given, const std::vector<std::string_view> &known) {
  std::string_view nearest;
  std::size_t best = std::min<std::size_t>(2, given.size() / 2) + 1;
  if (given.size() > 64) return {};
  for (const auto name : known) {
    const auto distance = edit_distance(given, name);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  if (nearest.empty()) return {};
  return {fmt::format("是不是想写 {}？", nearest), fmt::format("Did you mean {}? ", nearest)};
}

std::string listed(const std::vector<std::string_view> &names) {
  return names.empty() ? "—" : fmt::format("{}", fmt::join(names, ", "));
}

bool is_among(std::string_view name, const std::vector<std::string_view> &names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const auto end = std::min(text.find_first_of(blanks), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

const Words slug_expected = {
    "请用小写字母、数字、-、_、. 组成，以字母或数字开头，最多 64 个字符",
    "Use lower-case letters, digits, -, _ and ., beginning with a letter or digit, at most 64"};

}  // namespace

int Element::line() const {
  const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node_.offset_debug(), 0));
  const auto &starts = document_->line_starts;
  return static_cast<int>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
}

std::string Element::at() const {
  return fmt::format("{}:{}", document_->shown, line());
}

void Element::tell(Fault fault) {
  tell_at(line(), std::move(fault));
}

void Element::tell_at(int line, Fault fault) {
  auto &told = document_->faults;
  if (told.size() < max_faults)
    return told.push_back(std::move(fault).at(fmt::format("{}:{}", document_->shown, line)));
  if (told.size() == max_faults) told.push_back(Fault(faults::xml_too_many).at(document_->shown));
}

void Element::allow(Names attributes, Names children) {
  allow_attributes(attributes);
  allow_children(children);
  for (const pugi::xml_node node : node_)
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata)
      tell(Fault(faults::xml_stray_text,
                 {{"element", name()}, {"text", shortened(trimmed(node.value()))}}));
}

void Element::allow_with_text(Names attributes) {
  allow_attributes(attributes);
  allow_children({});
}

void Element::allow_children(Names children) {
  const std::vector<std::string_view> known(children);
  for (const pugi::xml_node node : node_) {
    if (node.type() != pugi::node_element || is_among(node.name(), known)) continue;
    const Words near = hint(node.name(), known);
    Element(node, document_)
        .tell(Fault(faults::xml_unknown_element, {{"parent", name()},
                                                  {"element", shortened(node.name())},
                                                  {"known", listed(known)},
                                                  {"hint_zh", near.zh},
                                                  {"hint_en", near.en}}));
  }
}

void Element::allow_attributes(Names attributes) {
  const std::vector<std::string_view> known(attributes);
  std::vector<std::string_view> seen;
  for (const pugi::xml_attribute attribute : node_.attributes()) {
    const std::string_view given = attribute.name();
    if (is_among(given, seen))
      tell(Fault(faults::xml_twice_attribute,
                 {{"element", name()}, {"attribute", shortened(given)}}));
    seen.push_back(given);
    if (is_among(given, known)) continue;
    const Words near = hint(given, known);
    tell(Fault(faults::xml_unknown_attribute, {{"element", name()},
                                               {"attribute", shortened(given)},
                                               {"known", listed(known)},
                                               {"hint_zh", near.zh},
                                               {"hint_en", near.en}}));
  }
}

bool Element::has(const char *attribute) const {
  return !node_.attribute(attribute).empty();
}

std::string Element::text(const char *attribute, std::size_t max) {
  const auto given = trimmed(node_.attribute(attribute).value());
  if (given.empty()) {
    tell(Fault(faults::xml_missing_attribute, {{"element", name()}, {"attribute", attribute}}));
  } else if (given.size() > max) {
    tell_bad_value(attribute, {fmt::format("请不要超过 {} 字节", max),
                               fmt::format("Use at most {} bytes", max)});
    return {};
  }
  return std::string(given);
}

std::string Element::optional_text(const char *attribute, std::size_t max) {
  return trimmed(node_.attribute(attribute).value()).empty() ? "" : text(attribute, max);
}

std::string Element::slug(const char *attribute) {
  const auto given = text(attribute);
  if (given.empty() || is_slug(given)) return given;
  tell_bad_value(attribute, slug_expected);
  return {};
}

std::vector<std::string> Element::parts(const char *attribute) {
  const auto given = text(attribute, 4000);
  const auto found = split(given);
  return {found.begin(), found.end()};
}

std::vector<std::string> Element::slugs(const char *attribute) {
  auto out = parts(attribute);
  const auto bad = std::remove_if(out.begin(), out.end(),
                                  [](const std::string &part) { return !is_slug(part); });
  if (bad != out.end()) tell_bad_value(attribute, slug_expected);
  out.erase(bad, out.end());
  return out;
}

Words Element::words(const std::string &prefix) {
  auto zh = text((prefix + "-zh").c_str());
  return {std::move(zh), text((prefix + "-en").c_str())};
}

int Element::whole(const char *attribute, int min, int max, std::optional<int> fallback) {
  if (!has(attribute) && fallback) return *fallback;
  const auto given = text(attribute);
  int value = 0;
  const auto *end = given.data() + given.size();
  const auto read = std::from_chars(given.data(), end, value);
  if (read.ec == std::errc{} && read.ptr == end && value >= min && value <= max) return value;
  if (!given.empty())
    tell_bad_value(attribute, {fmt::format("请写 {} 到 {} 之间的整数", min, max),
                               fmt::format("Give a whole number from {} to {}", min, max)});
  return fallback.value_or(min);
}

Date Element::date(const char *attribute) {
  const auto given = text(attribute);
  if (const auto date = parse_date(given)) return *date;
  if (!given.empty())
    tell_bad_value(attribute, {"请写真实存在的日期，如 2026-11-23",
                               "Give a day of the calendar such as 2026-11-23"});
  return Date{std::chrono::year{1970}, std::chrono::January, std::chrono::day{1}};
}

std::int64_t Element::clock_ms(const char *attribute, std::optional<std::int64_t> fallback) {
  if (!has(attribute) && fallback) return *fallback;
  const auto given = text(attribute);
  if (const auto ms = parse_clock_ms(given)) return *ms;
  if (!given.empty())
    tell_bad_value(attribute, {"请写 00:00 到 24:00 之间的时刻，如 19:00 或 19:00:30",
                               "Give a time from 00:00 to 24:00 such as 19:00 or 19:00:30"});
  return fallback.value_or(0);
}

std::int64_t Element::length_ms(const char *attribute, std::optional<std::int64_t> fallback) {
  if (!has(attribute) && fallback) return *fallback;
  const auto given = text(attribute);
  if (const auto ms = parse_length_ms(given)) return *ms;
  if (!given.empty())
    tell_bad_value(attribute, {"请写不为负、不超过 24 小时的时长，如 15s、2m、1h30m",
                               "Give a length that is not negative and at most 24 hours, such as "
                               "15s, 2m or 1h30m"});
  return fallback.value_or(0);
}

std::string Element::body() const {
  std::string body;  // a comment inside cuts the text in two
  for (const pugi::xml_node node : node_)
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) body += node.value();
  return std::string(trimmed(body));
}

std::vector<Element> Element::children() const {
  std::vector<Element> out;
  for (const pugi::xml_node node : node_)
    if (node.type() == pugi::node_element) out.emplace_back(node, document_);
  return out;
}

std::vector<Element> Element::children(std::string_view name) const {
  auto out = children();
  out.erase(std::remove_if(out.begin(), out.end(),
                           [&](const Element &child) { return child.name() != name; }),
            out.end());
  return out;
}

std::optional<Element> Element::child(std::string_view name) {
  auto found = optional_child(name);
  if (!found)
    tell(Fault(faults::xml_missing_element,
               {{"parent", this->name()}, {"element", std::string(name)}}));
  return found;
}

std::optional<Element> Element::optional_child(std::string_view name) {
  auto found = children(name);
  if (found.empty()) return {};
  for (std::size_t i = 1; i < found.size(); ++i)
    found[i].tell(Fault(faults::xml_second_element,
                        {{"parent", this->name()}, {"element", std::string(name)}}));
  return found.front();
}

void Element::tell_bad_value(const char *attribute, const Words &expected) {
  tell(Fault(faults::xml_bad_value, {{"element", name()},
                                     {"attribute", attribute},
                                     {"value", shortened(node_.attribute(attribute).value())},
                                     {"expected_zh", expected.zh},
                                     {"expected_en", expected.en}}));
}

void Element::tell_not_among(const char *attribute, std::string_view given,
                             const std::vector<std::string_view> &names) {
  const Words near = hint(given, names);
  tell(Fault(faults::xml_bad_value, {{"element", name()},
                                     {"attribute", attribute},
                                     {"value", shortened(given)},
                                     {"hint_zh", near.zh},
                                     {"hint_en", near.en},
                                     {"expected_zh", "可选值：" + listed(names)},
                                     {"expected_en", "Choose one of: " + listed(names)}}));
}

void Ids::take(Element &element, const std::string &id) {
  if (id.empty()) return;
  const auto [first, is_new] = taken_.try_emplace(id, element.line());
  if (!is_new)
    element.tell(
        Fault(faults::xml_twice_id, {{"id", id}, {"line", std::to_string(first->second)}}));
}

}  // namespace civicast::xml
