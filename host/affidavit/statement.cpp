// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/statement.hpp"

#include "sdk/base/clock.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::affidavit {
namespace {

Json words_json(const Words &words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

Json sum_json(const Sum &sum) {
  return {{"airings", sum.airings}, {"duration_ms", sum.duration_ms}};
}

Json json_of(const Statement &s) {
  Json channels = Json::object(), months = Json::object(), names = Json::object();
  for (const auto &[channel, grades] : s.sums)
    for (const auto &[evidence, sum] : grades) channels[channel][evidence] = sum_json(sum);
  for (const auto &[month, sum] : s.months) months[month] = sum_json(sum);
  for (const auto &[channel, name] : s.channels) names[channel] = words_json(name);
  return {{"kind", "civicast-affidavit"},
          {"v", 1},
          {"station", s.station},
          {"station_name", words_json(s.station_name)},
          {"origin", s.origin},
          {"zone", s.zone},
          {"campaign", s.campaign},
          {"campaign_title", words_json(s.campaign_title)},
          {"first", date_text(s.first)},
          {"last", date_text(s.last)},
          {"from", rfc3339(s.from_ns)},
          {"to", rfc3339(s.to_ns)},
          {"by_channel", std::move(channels)},
          {"by_month", std::move(months)},
          {"channel_names", std::move(names)},
          {"airings", s.airings},
          {"duration_ms", s.duration_ms},
          {"tree_size", s.tree_size},
          {"root", s.root},
          {"made", rfc3339(s.made_ns)},
          {"sha256", s.digests}};
}

/// Reads members; the first that is not as it must be is remembered.
class Members {
 public:
  explicit Members(const Json &json) : json_(json) {}
  const std::string &bad() const { return bad_; }

  std::string text(const char *name) {
    const Json *value = find(name);
    if (value && value->is_string()) return value->get<std::string>();
    return fail(name), std::string();
  }
  std::int64_t number(const char *name) {
    const Json *value = find(name);
    if (value && value->is_number_integer()) return value->get<std::int64_t>();
    return fail(name), 0;
  }
  Words words(const char *name) {
    const Json *value = find(name);
    if (!value || !value->is_object()) return fail(name), Words();
    return words_of(*value, name);
  }
  Words words_of(const Json &value, const char *name) {
    const auto zh = value.find("zh"), en = value.find("en");
    if (zh != value.end() && en != value.end() && zh->is_string() && en->is_string())
      return {zh->get<std::string>(), en->get<std::string>()};
    return fail(name), Words();
  }
  Date date(const char *name) {
    const auto value = parse_date(text(name));
    if (!value) fail(name);
    return value.value_or(Date{});
  }
  std::int64_t instant(const char *name) {
    const auto value = parse_rfc3339(text(name));
    if (!value) fail(name);
    return value.value_or(0);
  }
  const Json &object(const char *name) {
    static const Json nothing = Json::object();
    const Json *value = find(name);
    if (value && value->is_object()) return *value;
    return fail(name), nothing;
  }
  Sum sum(const Json &value, const char *name) {
    if (!value.is_object()) return fail(name), Sum();
    Members inside(value);
    const Sum out{inside.number("airings"), inside.number("duration_ms")};
    if (!inside.bad().empty()) fail(name);
    return out;
  }
  void fail(const char *name) {
    if (bad_.empty()) bad_ = name;
  }

 private:
  const Json *find(const char *name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  const Json &json_;
  std::string bad_;
};

void read_sums(Members &in, Statement &s) {
  for (const auto &[channel, grades] : in.object("by_channel").items()) {
    if (!grades.is_object()) return in.fail("by_channel");
    for (const auto &[evidence, sum] : grades.items())
      s.sums[channel][evidence] = in.sum(sum, "by_channel");
  }
  for (const auto &[month, sum] : in.object("by_month").items())
    s.months[month] = in.sum(sum, "by_month");
  for (const auto &[channel, name] : in.object("channel_names").items()) {
    if (!name.is_object()) return in.fail("channel_names");
    s.channels[channel] = in.words_of(name, "channel_names");
  }
  for (const auto &[part, digest] : in.object("sha256").items()) {
    if (!digest.is_string()) return in.fail("sha256");
    s.digests[part] = digest.get<std::string>();
  }
}

}  // namespace

void add(Statement &statement, const airings::Airing &airing, const Zone &zone) {
  const std::int64_t duration_ms = (airing.end_ns - airing.start_ns) / ns_per_ms;
  const std::string month = date_text(zone.date_at(airing.start_ns)).substr(0, 7);
  for (Sum *sum : {&statement.sums[airing.channel][std::string(word(airing.evidence))],
                   &statement.months[month]}) {
    sum->airings += 1;
    sum->duration_ms += duration_ms;
  }
  statement.airings += 1;
  statement.duration_ms += duration_ms;
}

std::optional<Words> objection(const Statement &statement, const airings::Airing &airing) {
  if (airing.campaign != statement.campaign)
    return Words{"属于宣传任务 " + airing.campaign, "it is of the campaign " + airing.campaign};
  if (airing.dispute) return Words{"存疑", "it is disputed"};
  if (!airing.counts()) return Words{"不是一次完整播出", "it is no complete airing"};
  if (airing.start_ns < statement.from_ns || airing.start_ns >= statement.to_ns)
    return Words{"不在该期间内", "it is not of these days"};
  return {};
}

std::string to_text(const Statement &statement) {
  return json_of(statement).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Statement, std::string> parse_statement(const std::string &text) {
  const auto json = parse_json(text);
  if (!json || !json->is_object()) return std::string("JSON");
  Members in(*json);
  if (in.text("kind") != "civicast-affidavit" || in.number("v") != 1) return std::string("kind");
  Statement s;
  s.station = in.text("station");
  s.station_name = in.words("station_name");
  s.origin = in.text("origin");
  s.zone = in.text("zone");
  s.campaign = in.text("campaign");
  s.campaign_title = in.words("campaign_title");
  s.first = in.date("first");
  s.last = in.date("last");
  s.from_ns = in.instant("from");
  s.to_ns = in.instant("to");
  read_sums(in, s);
  s.airings = in.number("airings");
  s.duration_ms = in.number("duration_ms");
  s.tree_size = static_cast<std::uint64_t>(in.number("tree_size"));
  s.root = in.text("root");
  s.made_ns = in.instant("made");
  if (!in.bad().empty()) return in.bad();
  if (to_text(s) != text) return std::string("form");
  return s;
}

}  // namespace civicast::affidavit
