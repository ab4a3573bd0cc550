// SPDX-License-Identifier: Apache-2.0
#include "host/flow/bulletin_doors.hpp"

#include "host/bulletins/faults.hpp"
#include "host/bulletins/issue.hpp"
#include "host/flow/bulletin_json.hpp"
#include "host/flow/planning.hpp"

namespace civicast::flow {
namespace {

constexpr const char *by_http = "http";

bulletins::Order order_of(const api::BulletinOrder &asked) {
  return {asked.token,    asked.asset,
          asked.channels, asked.place,
          asked.start_ns, asked.length_ms * ns_per_ms,
          asked.times,    asked.every_ms * ns_per_ms,
          asked.reason};
}

class BulletinDoors {
 public:
  explicit BulletinDoors(Flow &flow)
      : flow_(flow), rooms_(flow.rooms()), durations_(durations_from(*rooms_.library)) {}

  Result<Json, Faults> preview(const api::BulletinOrder &asked) const {
    auto drafted = bulletins::draft(order_of(asked), known(), now_ns());
    if (!drafted) return drafted.fault();
    return draft_json(*drafted, rooms_.station);
  }
  Result<Json, Faults> issue(const api::BulletinOrder &asked) const {
    return shown(bulletins::issue(*rooms_.store, order_of(asked), known(), by_http, now_ns()));
  }
  Result<Json, Faults> recall(const std::string &id, const std::string &reason) const {
    return shown(bulletins::recall(*rooms_.store, id, reason, by_http, now_ns()));
  }
  Result<Json, Faults> find(const std::string &id) const {
    const auto found = bulletins::BulletinStore(*rooms_.store).find(id);
    if (!found) return Faults{Fault(bulletins::faults::unknown, {{"id", id}})};
    return shown(found->bulletin);
  }
  Json list(int limit) const {
    Json out = Json::array();
    for (const auto &one :
         bulletins::BulletinStore(*rooms_.store).list(static_cast<std::size_t>(limit)))
      out.push_back(bulletin_json(one, sources(), now_ns(), false));
    return {{"bulletins", std::move(out)}};
  }

 private:
  std::int64_t now_ns() const { return flow_.clock().now_ns(); }
  bulletins::Known known() const { return {rooms_.station, durations_, *rooms_.playlists}; }
  BulletinSources sources() const { return {rooms_.station, *rooms_.store, *rooms_.playlists}; }
  Result<Json, Faults> shown(const Result<bulletins::Bulletin, Faults> &bulletin) const {
    if (!bulletin) return bulletin.fault();
    return bulletin_json(*bulletin, sources(), now_ns(), true);
  }

  Flow &flow_;
  Rooms &rooms_;
  bulletins::Durations durations_;
};

}  // namespace

void add_bulletins(api::Sources &sources, Flow &flow) {
  const auto doors = std::make_shared<BulletinDoors>(flow);
  sources.preview_bulletin = [doors](const auto &asked) { return doors->preview(asked); };
  sources.issue_bulletin = [doors](const auto &asked) { return doors->issue(asked); };
  sources.bulletins = [doors](int limit) { return doors->list(limit); };
  sources.bulletin = [doors](const auto &id) { return doors->find(id); };
  sources.recall_bulletin = [doors](const auto &id, const auto &reason) {
    return doors->recall(id, reason);
  };
}

}  // namespace civicast::flow
