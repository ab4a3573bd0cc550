// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/plays.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "plugins/screens/time_text.hpp"

namespace civicast::screens {
namespace {

using nlohmann::json;

constexpr std::size_t most_records = 200;
constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
/// A page's clock is good to some 20 ms; what lies further ahead than this cannot have been seen.
constexpr std::int64_t future_ms = 2000;
constexpr std::int64_t latest_ms = 9'000'000'000'000;  ///< in the year 2255; ns still fit 64 bits

void only(const json &object, std::initializer_list<std::string_view> names,
          const std::string &at) {
  for (const auto &member : object.items())
    if (std::find(names.begin(), names.end(), member.key()) == names.end())
      throw problems::unknown_member.where(at + "/" + member.key());
}

std::string text(const json &object, const char *name, const std::string &at, std::size_t least,
                 std::size_t most, const Problem &otherwise) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) throw otherwise.where(at + "/" + name);
  const std::string &value = found->get_ref<const std::string &>();
  if (value.size() < least || value.size() > most) throw otherwise.where(at + "/" + name);
  return value;
}

std::int64_t number(const json &object, const char *name, const std::string &at, std::int64_t least,
                    const Problem &otherwise) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer() ||
      (found->is_number_unsigned() &&
       found->get<std::uint64_t>() > static_cast<std::uint64_t>(latest_ms)) ||
      found->get<std::int64_t>() < least)
    throw otherwise.where(at + "/" + name);
  return found->get<std::int64_t>();
}

Outcome outcome(const json &object, const std::string &at) {
  const std::string word = text(object, "outcome", at, 1, 16, problems::bad_outcome);
  if (word == "complete") return Outcome::complete;
  if (word == "partial") return Outcome::partial;
  if (word == "failed") return Outcome::failed;
  throw problems::bad_outcome.where(at + "/outcome");
}

PlayRecord record(const json &object, const std::string &at, std::int64_t now_ns) {
  if (!object.is_object()) throw problems::bad_record.where(at);
  only(object,
       {"seq", "placement", "start", "end", "outcome", "reason", "visible_ms", "frames", "sha256"},
       at);
  PlayRecord play;
  play.seq = static_cast<std::uint64_t>(number(object, "seq", at, 1, problems::bad_seq));
  play.placement = text(object, "placement", at, 1, 200, problems::bad_placement);
  play.start_ms = number(object, "start", at, 1, problems::bad_time);
  play.end_ms = number(object, "end", at, 1, problems::bad_time);
  if (play.end_ms < play.start_ms || play.end_ms - play.start_ms > day_ms)
    throw problems::time_order.where(at + "/end");
  if (play.end_ms > now_ns / ns_per_ms + future_ms) throw problems::future_time.where(at + "/end");
  play.outcome = outcome(object, at);
  play.reason = text(object, "reason", at, 0, 100, problems::bad_reason);
  play.visible_ms = number(object, "visible_ms", at, 0, problems::bad_number);
  play.frames = number(object, "frames", at, 0, problems::bad_number);
  play.sha256 = text(object, "sha256", at, 0, 64, problems::bad_sha256);
  if (!play.sha256.empty() && !is_sha256(play.sha256))
    throw problems::bad_sha256.where(at + "/sha256");
  return play;
}

Report report(const json &body, const std::string &place, std::int64_t now_ns) {
  if (!body.is_object()) throw problems::not_object;
  only(body, {"session", "records"}, "");
  const std::string session = text(body, "session", "", 8, 64, problems::bad_session);
  const auto is_plain = [](unsigned char c) { return std::isalnum(c) || c == '-'; };
  if (!std::all_of(session.begin(), session.end(), is_plain))
    throw problems::bad_session.where("/session");
  const auto records = body.find("records");
  if (records == body.end() || !records->is_array() || records->empty())
    throw problems::bad_records.where("/records");
  if (records->size() > most_records) throw problems::too_many_records.where("/records");
  Report all{place, {}};
  for (std::size_t i = 0; i < records->size(); ++i) {
    const std::string at = "/records/" + std::to_string(i);
    PlayRecord play = record((*records)[i], at, now_ns);
    play.session = session;
    if (i > 0 && play.seq != all.records.back().seq + 1) throw problems::seq_gap.where(at + "/seq");
    all.records.push_back(std::move(play));
  }
  return all;
}

}  // namespace

std::variant<Report, Problem> read_plays(std::string_view body, const std::string &place,
                                         std::int64_t now_ns) {
  const json parsed = json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return problems::not_json;
  try {
    return report(parsed, place, now_ns);
  } catch (const Problem &problem) {
    return problem;
  }
}

}  // namespace civicast::screens
