// SPDX-License-Identifier: Apache-2.0
#include "host/api/doors.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "host/api/faults.hpp"

namespace civicast::api {
namespace {

std::vector<std::string> segments_of(const std::string &pattern) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin < pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
    segments.push_back(pattern.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

/// "{tile...}" takes one segment or more.
bool takes_rest(const std::string &segment) {
  return segment.ends_with("...}");
}

bool is_slot(const std::string &segment) {
  return !segment.empty() && segment.front() == '{';
}

/// "{file}.jpg" takes what stands before ".jpg".
std::optional<std::string> filled(const std::string &slot, const std::string &segment) {
  const std::string tail = slot.substr(slot.find('}') + 1);
  if (segment.size() <= tail.size() || !segment.ends_with(tail)) return std::nullopt;
  return segment.substr(0, segment.size() - tail.size());
}

std::optional<Parts> matched(const Route &route, const Target &target) {
  const auto pattern = segments_of(route.path);
  const bool is_open = !pattern.empty() && takes_rest(pattern.back());
  if (is_open ? target.segments.size() < pattern.size() : target.segments.size() != pattern.size())
    return std::nullopt;
  Parts parts;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (takes_rest(pattern[i])) {
      parts.push_back(
          fmt::format("{}", fmt::join(target.segments.begin() + static_cast<std::ptrdiff_t>(i),
                                      target.segments.end(), "/")));
    } else if (!is_slot(pattern[i])) {
      if (pattern[i] != target.segments[i]) return std::nullopt;
    } else if (const auto part = filled(pattern[i], target.segments[i])) {
      parts.push_back(*part);
    } else {
      return std::nullopt;
    }
  }
  return parts;
}

std::size_t limit_of(const Route &route) {
  return route.takes_file ? max_upload_bytes : max_body_bytes;
}

Result<void> body_is_fit(const Request &request, const Route &route) {
  if (request.body.size() > limit_of(route))
    return Fault(faults::body_too_large, {{"limit", std::to_string(limit_of(route))}});
  if (request.method != "POST") {
    if (request.body.empty()) return {};
    return Fault(faults::body_unexpected, {{"method", request.method}});
  }
  if (route.takes_text) return {};
  const std::string type = request.content_type.substr(0, request.content_type.find(';'));
  const std::string wanted = route.takes_file ? "application/octet-stream" : "application/json";
  if (type != wanted) return Fault(faults::body_type_wrong, {{"type", type}, {"wanted", wanted}});
  return {};
}

}  // namespace

Doors::Doors(Sources sources) : sources_(std::move(sources)) {}

Answer Doors::answer(const Request &request) const {
  const auto target = parse_target(request.target);
  if (!target) return fault_answer(target.fault());
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::set<std::string> allowed;
  for (const Route &route : routes()) {
    const auto parts = matched(route, *target);
    if (!parts) continue;
    allowed.insert(route.method);
    if (route.method != method) continue;
    if (const auto fit = body_is_fit(request, route); !fit) return fault_answer(fit.fault());
    if (const auto known = only_known(target->query, route.query); !known)
      return fault_answer(known.fault());
    return route.answer(sources_, request, *parts, target->query);
  }
  if (allowed.empty()) return fault_answer(Fault(faults::route_unknown, {{"path", target->path}}));
  if (allowed.count("GET") > 0) allowed.insert("HEAD");
  return fault_answer(
      Fault(faults::method_wrong, {{"path", target->path},
                                   {"method", request.method},
                                   {"allowed", fmt::format("{}", fmt::join(allowed, ", "))}}));
}

std::size_t Doors::body_limit(const std::string &method, const std::string &target) const {
  const auto parsed = parse_target(target);
  if (!parsed) return max_body_bytes;
  for (const Route &route : routes())
    if (route.method == method && matched(route, *parsed)) return limit_of(route);
  return max_body_bytes;
}

}  // namespace civicast::api
