// SPDX-License-Identifier: Apache-2.0
#include "host/rules/rules.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using namespace civicast::rules;
using campaigns::AdClass;
using namespace std::chrono_literals;

namespace {

const std::string whole =
    "<rules id='xx' title-zh='某地' title-en='Somewhere'>\n"
    "  <source id='act' first='2010-01-01' title-zh='法' title-en='Act' number-zh='第1号'"
    " number-en='No. 1'>\n"
    "    <seen url='https://example.org/act' date='2010-01-02' zh='读到' en='Read'/>\n"
    "    <unverified zh='没有核对' en='Not checked'/>\n"
    "  </source>\n"
    "  <rule id='evening' source='act' media='tv' counts='psa' from='19:00' to='21:00'"
    " least-airings='4' zh='晚上' en='In the evening'/>\n"
    "  <rule id='share' source='act' article-zh='第二条' article-en='art. 2' media='电视 radio'"
    " counts='公益广告 information' least-share='3%' last='2030-12-31' zh='比例' en='A share'/>\n"
    "</rules>\n";

/// `find` becomes `replace`; then the first fault is `kind` in line `line`.
struct Row {
  const char *find, *replace;
  int line;
  const char *kind;
};

const std::vector<Row> &rows() {
  static const std::vector<Row> all = {
      {"</rules>", "", 8, "xml.malformed"},
      {"<rules id", "<!DOCTYPE rules><rules id", 1, "xml.doctype"},
      {"title-en='Somewhere'", "", 1, "xml.missing_attribute"},
      {"id='xx'", "id='yy'", 1, "rules.other_id"},
      {"id='xx'", "id='X Y'", 1, "xml.bad_value"},
      {"id='xx'", "id='xx' valid='yes'", 1, "xml.unknown_attribute"},
      {"first='2010-01-01'", "", 2, "xml.missing_attribute"},
      {"first='2010-01-01'", "first='2010-02-30'", 2, "xml.bad_value"},
      {"number-zh='第1号'", "", 2, "xml.missing_attribute"},
      {"date='2010-01-02'", "date='yesterday'", 3, "xml.bad_value"},
      {"en='Read'", "", 3, "xml.missing_attribute"},
      {"en='Not checked'", "en=' '", 4, "xml.missing_attribute"},
      {"<unverified", "<doubt", 4, "xml.unknown_element"},
      {"id='evening'", "", 6, "xml.missing_attribute"},
      {"source='act' media='tv'", "source='bill' media='tv'", 6, "rules.source_unknown"},
      {"media='tv'", "media='cinema'", 6, "xml.bad_value"},
      {"media='tv'", "", 6, "xml.missing_attribute"},
      {"counts='psa'", "counts='adverts'", 6, "xml.bad_value"},
      {"counts='psa'", "counts='psa commercial'", 6, "rules.counts_commercials"},
      {"from='19:00'", "from='7 pm'", 6, "xml.bad_value"},
      {"from='19:00'", "from='21:00'", 6, "rules.window_reversed"},
      {"from='19:00'", "from='22:00'", 6, "rules.window_reversed"},
      {"from='19:00'", "from='19:00:00.500'", 6, "rules.window_fraction"},
      {"to='21:00'", "to='24:01'", 6, "xml.bad_value"},
      {"least-airings='4'", "least-airings='0'", 6, "xml.bad_value"},
      {"least-airings='4'", "least-airings='-4'", 6, "xml.bad_value"},
      {"least-airings='4'", "least-airings='10001'", 6, "xml.bad_value"},
      {"least-airings='4'", "least-airings='four'", 6, "xml.bad_value"},
      {"least-airings='4'", "", 6, "rules.asks_nothing"},
      {"least-airings='4'", "least-airings='4' least-share='3%'", 6, "rules.asks_twice"},
      {"zh='晚上'", "", 6, "xml.missing_attribute"},
      {"id='share'", "id='evening'", 7, "xml.twice_id"},
      {"least-share='3%'", "least-share='3'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='0%'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='100.01%'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='-3%'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='3.%'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='3.125%'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='3000000000000%'", 7, "xml.bad_value"},
      {"least-share='3%'", "least-share='3%' from='06:00'", 7, "rules.share_has_window"},
      {"last='2030-12-31'", "last='2009-12-31'", 7, "rules.dates_reversed"},
      {"article-en='art. 2'", "", 7, "xml.missing_attribute"},
      {"<rule id='evening'", "<rul id='evening'", 6, "xml.unknown_element"},
  };
  return all;
}

Rules read_whole() {
  auto read = parse_rules(whole, "rules/xx.xml", "xx");
  if (!read)
    for (const Fault &fault : read.fault()) FAIL_CHECK(fault.text());
  REQUIRE(read.ok());
  return *std::move(read);
}

}  // namespace

TEST_CASE("a file of rules is read whole") {
  const Rules rules = read_whole();
  CHECK(rules.id == "xx");
  CHECK(rules.title == Words{"某地", "Somewhere"});
  REQUIRE(rules.sources.size() == 1);
  CHECK(rules.sources[0].unverified == std::vector<Words>{{"没有核对", "Not checked"}});
  REQUIRE(rules.rules.size() == 2);
  const Rule &evening = rules.rules[0], &share = rules.rules[1];
  CHECK(evening.media == std::vector<Medium>{Medium::tv});
  CHECK(evening.counts == std::vector<AdClass>{AdClass::psa});
  CHECK(evening.from_s == 19 * 3600);
  CHECK(evening.to_s == 21 * 3600);
  CHECK(evening.least_airings == 4);
  CHECK(evening.cited == Words{"第1号", "No. 1"});
  CHECK(share.media == std::vector<Medium>{Medium::tv, Medium::radio});
  CHECK(share.counts == std::vector<AdClass>{AdClass::psa, AdClass::information});
  CHECK(share.least_airings == 0);
  CHECK(share.least_share == 300);
  CHECK(share.from_s == 0);
  CHECK(share.to_s == 86'400);
  CHECK(share.cited == Words{"第1号第二条", "No. 1, art. 2"});
}

TEST_CASE("a rule is for its media, from the day its source is in force to its last") {
  const Rules rules = read_whole();
  const Rule &evening = rules.rules[0], &share = rules.rules[1];
  CHECK(evening.is_for(Medium::tv, 2010y / 1 / 1));
  CHECK_FALSE(evening.is_for(Medium::tv, 2009y / 12 / 31));
  CHECK_FALSE(evening.is_for(Medium::radio, 2026y / 11 / 28));
  CHECK(evening.is_for(Medium::tv, 2199y / 12 / 31));
  CHECK(share.is_for(Medium::radio, 2030y / 12 / 31));
  CHECK_FALSE(share.is_for(Medium::radio, 2031y / 1 / 1));
}

TEST_CASE("a share of commercials is rounded up, to the nanosecond, and never overflows") {
  Rule rule;
  rule.least_share = 300;
  CHECK(least_ns(rule, 0) == 0);
  CHECK(least_ns(rule, 1) == 1);
  CHECK(least_ns(rule, 100) == 3);
  CHECK(least_ns(rule, 101) == 4);
  CHECK(least_ns(rule, 3'600'000'000'000) == 108'000'000'000);
  rule.least_share = 10'000;
  CHECK(least_ns(rule, 9'000'000'000'000'000'001) == 9'000'000'000'000'000'001);
}

TEST_CASE("shares are read as people write them") {
  for (const auto &[text, share] : std::vector<std::pair<std::string, int>>{
           {"0.01%", 1}, {"0.5%", 50}, {"3.25%", 325}, {"100%", 10'000}, {"100.00%", 10'000}}) {
    std::string changed = whole;
    changed.replace(changed.find("'3%'"), 4, "'" + text + "'");
    const auto read = parse_rules(changed, "rules/xx.xml", "xx");
    INFO(text);
    REQUIRE(read.ok());
    CHECK(read->rules[1].least_share == share);
  }
}

TEST_CASE("each mistake in rules has its fault, its line and both languages, and nothing is read") {
  for (const Row &row : rows()) {
    INFO(row.find << " -> " << row.replace);
    std::string text = whole;
    const auto found = text.find(row.find);
    REQUIRE(found != std::string::npos);
    text.replace(found, std::string(row.find).size(), row.replace);
    const auto read = parse_rules(text, "rules/xx.xml", "xx");
    REQUIRE_FALSE(read.ok());
    const Fault &fault = read.fault().front();
    INFO(fault.text());
    CHECK(fault.kind().name == std::string(row.kind));
    CHECK(fault.where() == "rules/xx.xml:" + std::to_string(row.line));
    CHECK(fault.sentence(Lang::zh).find("。") != std::string::npos);
    CHECK(fault.sentence(Lang::zh).find('{') == std::string::npos);
    CHECK(fault.sentence(Lang::en).find('{') == std::string::npos);
  }
}

TEST_CASE("a file without rules, with too many for a medium, or too large, is refused") {
  const auto kind_of = [](const std::string &text) {
    const auto read = parse_rules(text, "rules/xx.xml", "xx");
    return read.ok() ? std::string() : std::string(read.fault().front().kind().name);
  };
  CHECK(kind_of("<rules id='xx' title-zh='某' title-en='Some'/>") == "xml.missing_element");
  CHECK(kind_of("") == "xml.wrong_root");
  CHECK(kind_of("<grid/>") == "xml.wrong_root");
  CHECK(kind_of(whole + std::string(300'000, ' ')) == "xml.too_large");
  const auto with = [](int more) {
    std::string text = whole;
    for (int i = 0; i < more; ++i)
      text.insert(
          text.find("</rules>"),
          "<rule id='more-" + std::to_string(i) +
              "' source='act' media='tv' counts='psa' least-airings='1' zh='多' en='More'/>");
    return text;
  };
  CHECK(kind_of(with(max_for_a_medium - 2)).empty());
  CHECK(kind_of(with(max_for_a_medium - 1)) == "rules.too_many");
  CHECK(kind_of(with(1'000)) == "rules.too_many");
}

TEST_CASE("a file is named as its rules, and one that is not there is told") {
  const Folder folder;
  CHECK(read_rules(folder.write("xx.xml", whole)).ok());
  const auto other = read_rules(folder.write("yy.xml", whole));
  REQUIRE_FALSE(other.ok());
  CHECK(other.fault().front().where() == "rules/yy.xml:1");
  CHECK_FALSE(read_rules(folder.path() / "zz.xml").ok());
  CHECK(ids_in(folder.path()) == std::vector<std::string>{"xx", "yy"});
  CHECK(ids_in(folder.path() / "nowhere").empty());
}

TEST_CASE("the rules that come with the product are read, and a program finds them") {
  const auto shipped = ids_in(CIVICAST_RULES);
  CHECK(std::count(shipped.begin(), shipped.end(), "cn") == 1);
  CHECK(ids_in(installed_folder()) == shipped);
  for (const std::string &id : shipped) {
    const auto read = read_rules(installed_folder() / (id + ".xml"));
    if (!read)
      for (const Fault &fault : read.fault()) FAIL_CHECK(fault.text());
    REQUIRE(read.ok());
  }
}

TEST_CASE(
    "the Chinese rules ask of television four airings in the evening and 3 % of commercials") {
  const auto cn = read_rules(std::filesystem::path(CIVICAST_RULES) / "cn.xml");
  REQUIRE(cn.ok());
  std::vector<const Rule *> for_tv, for_radio;
  for (const Rule &rule : cn->rules) {
    if (rule.is_for(Medium::tv, 2026y / 11 / 28)) for_tv.push_back(&rule);
    if (rule.is_for(Medium::radio, 2026y / 11 / 28)) for_radio.push_back(&rule);
    CHECK(rule.counts == std::vector<AdClass>{AdClass::psa});
    CHECK_FALSE(rule.is_for(Medium::tv, 2009y / 12 / 31));
    CHECK_FALSE(rule.is_for(Medium::screen, 2026y / 11 / 28));
  }
  REQUIRE(for_tv.size() == 2);
  CHECK(for_tv[0]->least_share == 300);
  CHECK(for_tv[1]->least_airings == 4);
  CHECK(for_tv[1]->from_s == 19 * 3600);
  CHECK(for_tv[1]->to_s == 21 * 3600);
  REQUIRE(for_radio.size() == 2);
  CHECK(for_radio[1]->from_s == 11 * 3600);
  CHECK(for_radio[1]->to_s == 13 * 3600);
}
