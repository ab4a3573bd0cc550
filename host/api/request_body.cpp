// SPDX-License-Identifier: Apache-2.0
// Bodies of requests, member by member: what is not expected is refused, not ignored.
#include <fmt/ranges.h>

#include <algorithm>

#include "host/api/faults.hpp"
#include "host/api/request.hpp"
#include "host/base/id.hpp"
#include "sdk/base/rfc3339.hpp"
#include "sdk/base/text.hpp"

namespace civicast::api {
namespace {

constexpr std::size_t max_channels = 500;
constexpr std::int64_t week_ms = 7 * 86'400'000LL;

/// An object that has no other members than `known`.
Result<Json> object_of(const Request &request, const std::vector<std::string> &known,
                       const char *example) {
  auto body = parse_json(request.body);
  if (!body) return body.fault();
  if (!body->is_object()) return Fault(faults::body_not_object, {{"example", example}});
  for (const auto &[field, value] : body->items())
    if (std::find(known.begin(), known.end(), field) == known.end())
      return Fault(faults::field_unknown, {{"field", shortened(field, 64)},
                                           {"known", fmt::format("{}", fmt::join(known, ", "))}})
          .at(pointer_to("", shortened(field, 64)));
  return std::move(*body);
}

/// Keeps the first mistake; what is wrong reads as its fallback.
class Members {
 public:
  explicit Members(const Json &body) : body_(body) {}

  std::string text(const char *name, std::size_t max_bytes) {
    const Json *value = find(name);
    if (!value) return {};
    if (value->is_string() && value->get_ref<const std::string &>().size() <= max_bytes)
      return value->get<std::string>();
    tell(name, Fault(faults::text_wrong, {{"field", name}, {"limit", std::to_string(max_bytes)}}));
    return {};
  }
  /// Empty where it is absent.
  std::string id(const char *name) {
    const std::string given = text(name, 64);
    if (given.empty() || is_slug(given)) return given;
    tell(name, Fault(faults::id_malformed, {{"text", given}}));
    return {};
  }
  std::vector<std::string> ids(const char *name) {
    std::vector<std::string> out;
    const Json *value = find(name);
    if (!value) return out;
    bool good = value->is_array() && value->size() <= max_channels;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
      const Json &one = (*value)[i];
      good = one.is_string() && is_slug(one.get_ref<const std::string &>());
      if (good) out.push_back(one.get<std::string>());
    }
    if (!good)
      tell(name,
           Fault(faults::list_wrong, {{"field", name}, {"limit", std::to_string(max_channels)}}));
    return out;
  }
  std::int64_t whole(const char *name, std::int64_t low, std::int64_t high, std::int64_t fallback) {
    const Json *value = find(name);
    if (!value) return fallback;
    if (value->is_number_integer() && *value >= low && *value <= high)
      return value->get<std::int64_t>();
    tell(name,
         Fault(faults::field_wrong,
               {{"field", name}, {"low", std::to_string(low)}, {"high", std::to_string(high)}}));
    return fallback;
  }
  std::optional<std::int64_t> instant(const char *name) {
    const std::string given = text(name, 64);
    if (given.empty()) return {};
    const auto utc_ns = parse_rfc3339(given);
    if (!utc_ns) tell(name, Fault(faults::start_malformed, {{"text", given}}));
    return utc_ns;
  }

  template <class T>
  Result<T> or_fault(T read) {
    if (fault_) return *fault_;
    return read;
  }

 private:
  /// Null is as good as absent.
  const Json *find(const char *name) const {
    const auto found = body_.find(name);
    return found == body_.end() || found->is_null() ? nullptr : &*found;
  }
  void tell(const char *name, Fault fault) {
    if (!fault_) fault_ = std::move(fault).at(pointer_to("", name));
  }

  const Json &body_;
  std::optional<Fault> fault_;
};

}  // namespace

Result<BulletinOrder> bulletin_body(const Request &request) {
  const auto body = object_of(
      request,
      {"token", "asset", "channels", "place", "start", "length_ms", "times", "every_ms", "reason"},
      R"({"token": "7d1c", "asset": "flood", "channels": ["cable"], )"
      R"("reason": "…"})");
  if (!body) return body.fault();
  Members members(*body);
  BulletinOrder order;
  order.token = members.text("token", 64);
  order.asset = members.id("asset");
  order.channels = members.ids("channels");
  order.place = members.id("place");
  order.start_ns = members.instant("start");
  order.length_ms = members.whole("length_ms", 0, week_ms, 0);
  order.times = static_cast<int>(members.whole("times", 1, 1000, 1));
  order.every_ms = members.whole("every_ms", 0, week_ms, 0);
  order.reason = members.text("reason", 4000);
  return members.or_fault(std::move(order));
}

Result<std::string> reason_body(const Request &request) {
  const auto body = object_of(request, {"reason"}, R"({"reason": "…"})");
  if (!body) return body.fault();
  Members members(*body);
  std::string reason = members.text("reason", 4000);
  return members.or_fault(std::move(reason));
}

Result<NoteOrder> note_body(const Request &request) {
  const auto body = object_of(request, {"placement", "by", "text"},
                              R"({"placement": "…", "by": "…", "text": "…"})");
  if (!body) return body.fault();
  Members members(*body);
  NoteOrder order;
  order.placement = members.text("placement", 256);
  order.by = members.text("by", 100);
  order.text = members.text("text", 2000);
  return members.or_fault(std::move(order));
}

const std::vector<std::string> &held_choices() {
  static const std::vector<std::string> words = {"ask", "again", "leave"};
  return words;
}

Result<HeldDecision> held_body(const std::string &placement, const Request &request) {
  const auto body = object_of(request, {"choice", "by", "note"},
                              R"({"choice": "leave", "by": "王芳", "note": "…"})");
  if (!body) return body.fault();
  Members members(*body);
  HeldDecision decision{placement, members.text("choice", 64), members.text("by", 100),
                        members.text("note", 1000)};
  const auto &known = held_choices();
  auto read = members.or_fault(std::move(decision));
  if (read && std::find(known.begin(), known.end(), read->choice) == known.end())
    return Fault(faults::choice_unknown,
                 {{"text", read->choice}, {"known", fmt::format("{}", fmt::join(known, ", "))}})
        .at("/choice");
  return read;
}

Result<int> replan_body(const Request &request) {
  const auto body = object_of(request, {"days"}, R"({"days": 1})");
  if (!body) return body.fault();
  Members members(*body);
  const auto days = members.whole("days", 1, 31, 0);
  if (days == 0)  // absent
    return Fault(faults::field_wrong, {{"field", "days"}, {"low", "1"}, {"high", "31"}})
        .at("/days");
  return members.or_fault(static_cast<int>(days));
}

}  // namespace civicast::api
