// SPDX-License-Identifier: Apache-2.0
#include "host/rules/rules.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "host/base/time_text.hpp"
#include "host/base/xml.hpp"
#include "host/rules/faults.hpp"

namespace civicast::rules {
namespace {

struct MediumRow {
  Medium medium;
  std::string_view word, zh, en;
};
constexpr std::array<MediumRow, 4> media = {{{Medium::tv, "tv", "电视", "television"},
                                             {Medium::radio, "radio", "广播", "radio"},
                                             {Medium::screen, "screen", "屏", "screens"},
                                             {Medium::post, "post", "图文", "posts"}}};

constexpr std::uint64_t max_bytes = 256 << 10;
constexpr int max_airings = 10'000;
constexpr int whole_share = 10'000;
constexpr Date last_date = std::chrono::year{9999} / 12 / 31;

/// "3%", "0.5%", "12.25%" in parts of 10,000; nothing on anything else, nor on 0 or more than all.
std::optional<int> parse_share(std::string_view text) {
  if (text.empty() || text.back() != '%') return {};
  text.remove_suffix(1);
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view part = point < text.size() ? text.substr(point + 1) : "0";
  const auto are_digits = [](std::string_view digits, std::size_t most) {
    return !digits.empty() && digits.size() <= most &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!are_digits(whole, 3) || !are_digits(part, 2)) return {};
  int share = 0;
  for (const char c : whole) share = share * 10 + (c - '0');
  for (const char c : part) share = share * 10 + (c - '0');
  if (part.size() == 1) share *= 10;
  if (share < 1 || share > whole_share) return {};
  return share;
}

Words words_of(xml::Element element) {
  element.allow({"zh", "en"}, {});
  return {element.text("zh"), element.text("en")};
}

Source read_source(xml::Element element) {
  element.allow({"id", "title-zh", "title-en", "number-zh", "number-en", "first"},
                {"seen", "unverified"});
  Source source;
  source.id = element.slug();
  source.title = element.words("title");
  source.number = element.words("number");
  source.first = element.date("first");
  // Where its text was read: for people who want to compare, not for the program.
  for (xml::Element seen : element.children("seen")) {
    seen.allow({"url", "date", "zh", "en"}, {});
    if (seen.has("url")) seen.text("url");
    if (seen.has("date")) seen.date("date");
    seen.text("zh");
    seen.text("en");
  }
  for (const xml::Element &open : element.children("unverified"))
    source.unverified.push_back(words_of(open));
  return source;
}

std::vector<Medium> read_media(xml::Element element) {
  std::vector<Medium> read;
  for (const std::string &name : element.parts("media")) {
    const auto row = std::find_if(media.begin(), media.end(), [&](const MediumRow &each) {
      return each.word == name || each.zh == name;
    });
    if (row == media.end())
      element.tell_bad_value(
          "media", {"可写 tv（电视）、radio（广播）、screen（屏）、post（图文），以空格分隔",
                    "Use tv, radio, screen or post, with blanks between"});
    else if (std::find(read.begin(), read.end(), row->medium) == read.end())
      read.push_back(row->medium);
  }
  return read;
}

std::vector<campaigns::AdClass> read_counts(xml::Element element, const std::string &id) {
  std::vector<campaigns::AdClass> read;
  for (const std::string &name : element.parts("counts")) {
    const auto ad_class = campaigns::ad_class_named(name);
    if (!ad_class) {
      element.tell_bad_value("counts", {"可写 psa（公益广告）、information（公共信息）、"
                                        "promo（宣传片）、emergency（应急），以空格分隔",
                                        "Use psa, information, promo or emergency, with blanks "
                                        "between"});
    } else if (*ad_class == campaigns::AdClass::commercial) {
      element.tell(Fault(faults::rules_counts_commercials, {{"rule", id}}));
    } else if (std::find(read.begin(), read.end(), *ad_class) == read.end()) {
      read.push_back(*ad_class);
    }
  }
  return read;
}

void read_hours(xml::Element element, Rule &rule) {
  const auto from_ms = element.clock_ms("from", 0);
  const auto to_ms = element.clock_ms("to", std::int64_t{86'400'000});
  const auto is_fit = [&](const char *name) {
    return !element.has(name) || parse_clock_ms(element.optional_text(name));
  };
  if (!is_fit("from") || !is_fit("to")) return;  // told by clock_ms
  if (from_ms % 1000 || to_ms % 1000)
    element.tell(Fault(faults::rules_window_fraction, {{"rule", rule.id}}));
  if (from_ms >= to_ms)
    element.tell(
        Fault(faults::rules_window_reversed,
              {{"rule", rule.id}, {"from", clock_text(from_ms)}, {"to", clock_text(to_ms)}}));
  rule.from_s = static_cast<int>(from_ms / 1000);
  rule.to_s = static_cast<int>(to_ms / 1000);
}

void read_least(xml::Element element, Rule &rule) {
  const bool has_airings = element.has("least-airings"), has_share = element.has("least-share");
  const auto tell = [&](const FaultKind &kind) { element.tell(Fault(kind, {{"rule", rule.id}})); };
  if (has_airings && has_share) return tell(faults::rules_asks_twice);
  if (!has_airings && !has_share) return tell(faults::rules_asks_nothing);
  if (has_airings) {
    rule.least_airings = element.whole("least-airings", 1, max_airings);
    return;
  }
  if (element.has("from") || element.has("to")) tell(faults::rules_share_has_window);
  const std::string given = element.text("least-share");
  const auto share = parse_share(given);
  if (share)
    rule.least_share = *share;
  else if (!given.empty())
    element.tell_bad_value("least-share",
                           {"应当像 3% 或 0.5%：大于 0，最多 100%，最多两位小数",
                            "It should be like 3% or 0.5%: above 0, at most 100%, with at most two "
                            "decimals"});
}

void read_dates(xml::Element element, const Source *source, Rule &rule) {
  rule.first = element.has("first") ? element.date("first")
               : source != nullptr  ? source->first
                                    : Date{};
  rule.last = element.has("last") ? element.date("last") : last_date;
  const auto is_fit = [&](const char *name) {
    return !element.has(name) || parse_date(element.optional_text(name));
  };
  if (!is_fit("first") || !is_fit("last") || rule.first <= rule.last) return;
  element.tell(
      Fault(faults::rules_dates_reversed,
            {{"rule", rule.id}, {"first", date_text(rule.first)}, {"last", date_text(rule.last)}}));
}

Rule read_rule(xml::Element element, const std::vector<Source> &sources) {
  element.allow({"id", "source", "article-zh", "article-en", "media", "counts", "from", "to",
                 "least-airings", "least-share", "first", "last", "zh", "en"},
                {});
  Rule rule;
  rule.id = element.slug();
  rule.says = {element.text("zh"), element.text("en")};
  const std::string named = element.slug("source");
  const auto source = std::find_if(sources.begin(), sources.end(),
                                   [&](const Source &each) { return each.id == named; });
  if (source != sources.end()) {
    rule.cited = source->number;
  } else if (!named.empty()) {
    element.tell(Fault(faults::rules_source_unknown, {{"rule", rule.id}, {"source", named}}));
  }
  if (element.has("article-zh") || element.has("article-en")) {
    const Words article = element.words("article");
    rule.cited.zh += article.zh;
    rule.cited.en += ", " + article.en;
  }
  rule.media = read_media(element);
  rule.counts = read_counts(element, rule.id);
  read_hours(element, rule);
  read_least(element, rule);
  read_dates(element, source != sources.end() ? &*source : nullptr, rule);
  return rule;
}

Result<Rules, Faults> read_from(xml::Document document, const std::string &shown,
                                const std::string &id) {
  xml::Element root = document.root();
  root.allow({"id", "title-zh", "title-en"}, {"source", "rule"});
  Rules out;
  out.id = root.slug();
  out.title = root.words("title");
  if (!out.id.empty() && out.id != id)
    root.tell(Fault(faults::rules_other_id, {{"file", shown}, {"id", out.id}}));
  xml::Ids source_ids, rule_ids;
  for (xml::Element element : root.children("source")) {
    out.sources.push_back(read_source(element));
    source_ids.take(element, out.sources.back().id);
  }
  std::array<int, media.size()> counts{};
  for (xml::Element element : root.children("rule")) {
    out.rules.push_back(read_rule(element, out.sources));
    rule_ids.take(element, out.rules.back().id);
    for (const Medium medium : out.rules.back().media)
      if (++counts[static_cast<std::size_t>(medium)] == max_for_a_medium + 1)
        element.tell(Fault(faults::rules_too_many, {{"medium", std::string(word(medium))},
                                                    {"limit", std::to_string(max_for_a_medium)}}));
  }
  if (out.rules.empty()) root.child("rule");  // tells that one is missing
  if (!document.faults().empty()) return document.faults();
  return out;
}

}  // namespace

std::string_view word(Medium medium) {
  return media[static_cast<std::size_t>(medium)].word;
}

Words words(Medium medium) {
  const auto &row = media[static_cast<std::size_t>(medium)];
  return {std::string(row.zh), std::string(row.en)};
}

std::vector<std::pair<std::string_view, Medium>> medium_words() {
  std::vector<std::pair<std::string_view, Medium>> out;
  for (const auto &row : media) out.emplace_back(row.word, row.medium);
  for (const auto &row : media) out.emplace_back(row.zh, row.medium);
  return out;
}

bool Rule::is_for(Medium medium, Date date) const {
  return std::find(media.begin(), media.end(), medium) != media.end() && first <= date &&
         date <= last;
}

bool Rule::does_count(campaigns::AdClass ad_class) const {
  return std::find(counts.begin(), counts.end(), ad_class) != counts.end();
}

std::int64_t least_ns(const Rule &rule, std::int64_t commercial_ns) {
  const std::int64_t parts = commercial_ns / whole_share, rest = commercial_ns % whole_share;
  return parts * rule.least_share + (rest * rule.least_share + whole_share - 1) / whole_share;
}

Result<Rules, Faults> read_rules(const std::filesystem::path &file) {
  const std::string shown = "rules/" + file.filename().string();
  auto document = xml::Document::read(file, shown, "rules", max_bytes);
  if (!document) return std::move(document).fault();
  return read_from(*std::move(document), shown, file.stem().string());
}

Result<Rules, Faults> parse_rules(std::string_view text, const std::string &shown,
                                  const std::string &id) {
  auto document = xml::Document::parse(text, shown, "rules", max_bytes);
  if (!document) return std::move(document).fault();
  return read_from(*std::move(document), shown, id);
}

}  // namespace civicast::rules
