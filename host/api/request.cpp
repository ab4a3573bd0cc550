// SPDX-License-Identifier: Apache-2.0
#include "host/api/request.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <Poco/UTF8Encoding.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "host/api/faults.hpp"
#include "host/base/id.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::api {
namespace {

constexpr std::size_t max_name_bytes = 200;

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(at, begin);
    parts.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

bool is_utf8(const std::string &text) {
  const auto *at = reinterpret_cast<const unsigned char *>(text.data());
  const auto *end = at + text.size();
  while (at < end) {
    const int length = Poco::UTF8Encoding().sequenceLength(at, 1);
    if (length < 1 || length > end - at || !Poco::UTF8Encoding::isLegal(at, length)) return false;
    at += length;
  }
  return true;
}

bool is_plain(const std::string &text) {
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  return !has_control && is_utf8(text);
}

/// Decoded exactly once: what still looks encoded afterwards is only text.
std::optional<std::string> decoded(const std::string &text, bool plus_is_space) {
  std::string plain;
  try {
    Poco::URI::decode(text, plain, plus_is_space);
  } catch (const Poco::SyntaxException &) {
    return std::nullopt;
  }
  if (!is_plain(plain)) return std::nullopt;
  return plain;
}

bool is_segment(const std::string &text) {
  return text != "." && text != ".." && text.find_first_of("/\\") == std::string::npos;
}

Result<Query> parse_query(std::string_view text) {
  Query query;
  for (const std::string &pair : split(text, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = decoded(pair.substr(0, equals), true);
    const auto value = decoded(equals < pair.size() ? pair.substr(equals + 1) : "", true);
    if (!name || !value || name->empty()) return Fault(faults::query_malformed);
    if (!query.emplace(*name, *value).second)
      return Fault(faults::query_twice, {{"name", *name}}).at("?" + *name);
  }
  return query;
}

Result<std::pair<std::optional<Date>, std::optional<Date>>> days_of(const Query &query) {
  const auto from = date_of(query, "from");
  if (!from) return from.fault();
  const auto to = date_of(query, "to");
  if (!to) return to.fault();
  if (*from && *to && **to < **from)
    return Fault(faults::dates_reversed, {{"from", date_text(**from)}, {"to", date_text(**to)}})
        .at("?from");
  return std::pair{*from, *to};
}

Result<std::optional<std::int64_t>> instant_of(const Query &query, const std::string &name) {
  const auto found = query.find(name);
  if (found == query.end()) return std::optional<std::int64_t>();
  const auto instant = parse_rfc3339(found->second);
  if (!instant)
    return Fault(faults::instant_malformed, {{"name", name}, {"text", found->second}})
        .at("?" + name);
  return instant;
}

/// The three filters that counts and airings share.
template <class T>
Result<T> filtered(const Query &query) {
  T asked;
  for (auto [name, member] :
       {std::pair{"campaign", &T::campaign}, {"channel", &T::channel}, {"place", &T::place}}) {
    auto id = id_of(query, name);
    if (!id) return id.fault();
    asked.*member = *id;
  }
  const auto days = days_of(query);
  if (!days) return days.fault();
  std::tie(asked.from, asked.to) = *days;
  return asked;
}

}  // namespace

const std::vector<std::string> &count_words() {
  static const std::vector<std::string> words = {"campaign", "asset",    "class", "channel",
                                                 "place",    "evidence", "hour",  "day",
                                                 "week",     "month",    "year"};
  return words;
}

Result<Target> parse_target(std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  Target parsed;
  parsed.path = std::string(target.substr(0, question));
  if (parsed.path.empty() || parsed.path.front() != '/') return Fault(faults::path_malformed);
  if (parsed.path.size() > 1)
    for (const std::string &raw : split(std::string_view(parsed.path).substr(1), '/')) {
      const auto segment = decoded(raw, false);
      if (!segment || !is_segment(*segment)) return Fault(faults::path_malformed);
      parsed.segments.push_back(*segment);
    }
  if (question + 1 < target.size()) {
    auto query = parse_query(target.substr(question + 1));
    if (!query) return query.fault();
    parsed.query = std::move(*query);
  }
  return parsed;
}

Result<void> only_known(const Query &query, const std::vector<std::string> &known) {
  for (const auto &[name, value] : query)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return Fault(faults::query_unknown,
                   {{"name", name},
                    {"known", known.empty() ? "–" : fmt::format("{}", fmt::join(known, ", "))}})
          .at("?" + name);
  return {};
}

Result<std::optional<Date>> date_of(const Query &query, const std::string &name) {
  const auto found = query.find(name);
  if (found == query.end()) return std::optional<Date>();
  const auto date = parse_date(found->second);
  if (!date)
    return Fault(faults::date_malformed, {{"name", name}, {"text", found->second}}).at("?" + name);
  return date;
}

Result<std::string> id_of(const Query &query, const std::string &name) {
  const auto found = query.find(name);
  if (found == query.end()) return std::string();
  if (!is_slug(found->second))
    return Fault(faults::id_malformed, {{"text", found->second}}).at("?" + name);
  return found->second;
}

Result<std::optional<std::int64_t>> number_of(const Query &query, const std::string &name,
                                              std::int64_t low, std::int64_t high) {
  const auto found = query.find(name);
  if (found == query.end()) return std::optional<std::int64_t>();
  const std::string &text = found->second;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high)
    return Fault(faults::number_malformed, {{"name", name},
                                            {"text", text},
                                            {"low", std::to_string(low)},
                                            {"high", std::to_string(high)}})
        .at("?" + name);
  return std::optional(number);
}

Result<PlaylistQuery> playlist_query(const std::string &channel, const Query &query) {
  const auto date = date_of(query, "date");
  if (!date) return date.fault();
  PlaylistQuery asked{channel, *date, {}};
  if (query.count("since") + query.count("until") == 0) return asked;
  const auto since = instant_of(query, "since"), until = instant_of(query, "until");
  if (!since) return since.fault();
  if (!until) return until.fault();
  const bool is_fit =
      *since && *until && !*date && **since < **until && **until - **since <= 24 * 3600 * ns_per_s;
  if (!is_fit) return Fault(faults::span_wrong).at("?since");
  asked.span = {**since, **until};
  return asked;
}

Result<CountsQuery> counts_query(const Query &query) {
  auto asked = filtered<CountsQuery>(query);
  const auto by = query.find("by");
  if (!asked || by == query.end()) return asked;
  for (const std::string &word : split(by->second, ',')) {
    const auto &known = count_words();
    if (std::find(known.begin(), known.end(), word) == known.end())
      return Fault(faults::by_unknown,
                   {{"word", word}, {"known", fmt::format("{}", fmt::join(known, ", "))}})
          .at("?by");
    if (std::find(asked->by.begin(), asked->by.end(), word) != asked->by.end())
      return Fault(faults::by_twice, {{"word", word}}).at("?by");
    asked->by.push_back(word);
  }
  return asked;
}

Result<AiringsQuery> airings_query(const Query &query) {
  auto asked = filtered<AiringsQuery>(query);
  if (!asked) return asked;
  const auto limit = number_of(query, "limit", 1, 500);
  if (!limit) return limit.fault();
  const auto before = number_of(query, "before", 0, INT64_MAX);
  if (!before) return before.fault();
  asked->limit = static_cast<int>(limit->value_or(asked->limit));
  asked->before = *before;
  return asked;
}

Result<HeldQuery> held_query(const Query &query) {
  HeldQuery asked;
  auto channel = id_of(query, "channel");
  if (!channel) return channel.fault();
  const auto limit = number_of(query, "limit", 1, 500);
  if (!limit) return limit.fault();
  asked.channel = std::move(*channel);
  asked.limit = static_cast<int>(limit->value_or(asked.limit));
  return asked;
}

Result<bool> flag_of(const Query &query, const std::string &name) {
  const auto found = query.find(name);
  if (found == query.end() || found->second == "false") return false;
  if (found->second == "true") return true;
  return Fault(faults::flag_malformed, {{"name", name}, {"text", found->second}}).at("?" + name);
}

Result<UploadQuery> upload_query(const std::string &channel, const Query &query,
                                 const Request &request) {
  UploadQuery asked;
  asked.channel = channel;
  const auto date = date_of(query, "date");
  if (!date) return date.fault();
  asked.date = *date;
  const auto name = query.find("name");
  asked.name = name == query.end() || name->second.empty() ? "upload" : name->second;
  if (asked.name.size() > max_name_bytes || asked.name.find_first_of("/\\") != std::string::npos)
    return Fault(faults::name_malformed, {{"limit", std::to_string(max_name_bytes)}}).at("?name");
  for (auto [flag, member] : {std::pair{"trial", &UploadQuery::is_trial},
                              {"partial", &UploadQuery::is_partial},
                              {"closed", &UploadQuery::is_closed}}) {
    const auto value = flag_of(query, flag);
    if (!value) return value.fault();
    asked.*member = *value;
  }
  asked.text = request.body;
  return asked;
}

Result<FileQuery> file_query(const std::string &channel, const Query &query,
                             const std::vector<std::string> &formats) {
  const auto date = date_of(query, "date");
  if (!date) return date.fault();
  FileQuery asked{channel, *date, formats.front()};
  if (const auto format = query.find("format"); format != query.end()) {
    if (std::find(formats.begin(), formats.end(), format->second) == formats.end())
      return Fault(faults::format_unknown, {{"text", format->second},
                                            {"known", fmt::format("{}", fmt::join(formats, ", "))}})
          .at("?format");
    asked.format = format->second;
  }
  return asked;
}

Result<ReportQuery> report_query(const std::string &report, const Query &query) {
  const auto days = days_of(query);
  if (!days) return days.fault();
  ReportQuery asked{report, "json", days->first, days->second, {}, {}, {}, false, 200, 0};
  for (auto [name, member] :
       {std::pair{"campaign", &ReportQuery::campaign}, {"channel", &ReportQuery::channel}}) {
    auto id = id_of(query, name);
    if (!id) return id.fault();
    asked.*member = *id;
  }
  if (const auto month = query.find("month"); month != query.end()) asked.month = month->second;
  const auto file = file_query({}, query, {"json", "csv", "xlsx"});
  if (!file) return file.fault();
  asked.format = file->format;
  const auto open = flag_of(query, "open");
  if (!open) return open.fault();
  asked.only_open = *open;
  const auto limit = number_of(query, "limit", 1, 1000);
  if (!limit) return limit.fault();
  const auto offset = number_of(query, "offset", 0, INT32_MAX);
  if (!offset) return offset.fault();
  asked.limit = static_cast<int>(limit->value_or(asked.limit));
  asked.offset = offset->value_or(0);
  return asked;
}

}  // namespace civicast::api
