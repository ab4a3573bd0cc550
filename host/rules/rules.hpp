// SPDX-License-Identifier: Apache-2.0
// Legal minima 法定最低播出量, as data: what must be aired at least, on which media, by which law.
// One file for each jurisdiction (playlists/rules); nothing of any law stands in code.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"
#include "sdk/base/result.hpp"

namespace civicast::rules {

/// What a channel is, to the law: 电视, 广播, a screen in a public place, posts of pictures and
/// words.
enum class Medium { tv, radio, screen, post };

std::string_view word(Medium medium);  ///< "tv", …
Words words(Medium medium);            ///< "电视", "television"
/// As xml::Element::choice takes them.
std::vector<std::pair<std::string_view, Medium>> medium_words();

/// No more rules than these are for one medium.
inline constexpr int max_for_a_medium = 8;

/// The document that a rule comes from.
struct Source {
  std::string id;
  Words title, number;  ///< "广播电视广告播出管理办法", "国家广电总局令第61号"
  Date first{};         ///< in force from this day on
  std::vector<Words> unverified;  ///< what nobody has compared with the document itself
};

/// So many airings between two hours of a day, or so much time against that of commercials.
struct Rule {
  std::string id;
  Words says;   ///< what it asks, in words of our own
  Words cited;  ///< the source's number, and the article if it is known
  std::vector<Medium> media;
  std::vector<campaigns::AdClass> counts;  ///< airings of these classes count towards it
  int from_s = 0, to_s = 86'400;           ///< an airing that starts then counts: from ≤ t < to
  int least_airings = 0;                   ///< 0: it is a share that is asked for
  int least_share = 0;                     ///< of a day's commercial seconds, in parts of 10,000
  Date first{}, last{};                    ///< in force on these days, both included

  bool is_for(Medium medium, Date date) const;
  bool does_count(campaigns::AdClass ad_class) const;
};

struct Rules {
  std::string id;  ///< of the jurisdiction, as the file is named: "cn"
  Words title;
  std::vector<Source> sources;
  std::vector<Rule> rules;
};

/// So much must be aired when there are `commercial_ns` of commercials: rounded up.
std::int64_t least_ns(const Rule &rule, std::int64_t commercial_ns);

/// Reads one file (playlists/schema/rules.xsd), or says every mistake in it.
Result<Rules, Faults> read_rules(const std::filesystem::path &file);
/// The same for text in memory, which sentences call `shown` and which must have the id `id`.
Result<Rules, Faults> parse_rules(std::string_view text, const std::string &shown,
                                  const std::string &id);

/// Where the rules are that came with the product: beside the program that runs.
std::filesystem::path installed_folder();
/// The ids of the files in a folder, in order; none if it cannot be read.
std::vector<std::string> ids_in(const std::filesystem::path &folder);

}  // namespace civicast::rules
