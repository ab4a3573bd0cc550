// SPDX-License-Identifier: Apache-2.0
// A request as the doors see it: taken apart, decoded once, and refused where it is not plain.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/api/sources.hpp"
#include "sdk/base/result.hpp"

namespace civicast::api {

inline constexpr std::size_t max_body_bytes = 64 * 1024;

/// A day of a channel in BXF is some 8 MB.
inline constexpr std::size_t max_upload_bytes = 32 * 1024 * 1024;

using Query = std::map<std::string, std::string>;

struct Request {
  std::string method;
  std::string target;  ///< as sent: "/api/v1/counts?by=day"
  std::string body;
  std::string content_type;
};

struct Target {
  std::string path;                   ///< as sent, without the query
  std::vector<std::string> segments;  ///< decoded; none is ".", ".." or holds "/", "\" or controls
  Query query;
};

Result<Target> parse_target(std::string_view target);

/// Every name in `query` is one of `known`.
Result<void> only_known(const Query &query, const std::vector<std::string> &known);

Result<std::optional<Date>> date_of(const Query &query, const std::string &name);
/// A slug, or empty where the query does not name it.
Result<std::string> id_of(const Query &query, const std::string &name);
Result<std::optional<std::int64_t>> number_of(const Query &query, const std::string &name,
                                              std::int64_t low, std::int64_t high);

Result<PlaylistQuery> playlist_query(const std::string &channel, const Query &query);
Result<CountsQuery> counts_query(const Query &query);
Result<AiringsQuery> airings_query(const Query &query);
/// "true" or "false"; false where the query does not name it.
Result<bool> flag_of(const Query &query, const std::string &name);
Result<UploadQuery> upload_query(const std::string &channel, const Query &query,
                                 const Request &request);
/// `formats` are those that the door knows; the first is the default.
Result<FileQuery> file_query(const std::string &channel, const Query &query,
                             const std::vector<std::string> &formats);
Result<ReportQuery> report_query(const std::string &report, const Query &query);
/// {"placement", "by", "text"}
Result<NoteOrder> note_body(const Request &request);
/// {"token", "asset", "channels" or "place", "start", "length_ms", "times", "every_ms", "reason"}
Result<BulletinOrder> bulletin_body(const Request &request);
/// {"reason"}
Result<std::string> reason_body(const Request &request);
Result<HeldQuery> held_query(const Query &query);
/// {"choice", "by", "note"}
Result<HeldDecision> held_body(const std::string &placement, const Request &request);
/// {"days": 1 … 31}
Result<int> replan_body(const Request &request);

}  // namespace civicast::api
