// SPDX-License-Identifier: Apache-2.0
#include "host/bulletins/issue.hpp"

#include <algorithm>

#include "host/base/id.hpp"
#include "host/bulletins/faults.hpp"
#include "sdk/base/json.hpp"

namespace civicast::bulletins {
namespace {

/// All of an order but its token, so that equal orders are equal texts.
std::string asked_text(const Order &order) {
  std::vector<std::string> channels = order.channels;
  std::sort(channels.begin(), channels.end());
  Json asked = {{"asset", order.asset},         {"channels", channels},
                {"place", order.place},         {"times", order.times},
                {"length_ns", order.length_ns}, {"every_ns", order.every_ns},
                {"reason", order.reason},       {"start_ns", nullptr}};
  if (order.start_ns) asked["start_ns"] = *order.start_ns;
  return to_text(asked);
}

Result<Bulletin, Faults> same_or_refused(const BulletinStore::Found &found, const Order &order) {
  if (found.asked == asked_text(order)) return found.bulletin;
  return Faults{Fault(faults::token_reused, {{"token", order.token}, {"id", found.bulletin.id}})
                    .at("/token")};
}

}  // namespace

Result<Bulletin, Faults> issue(store::Store &store, const Order &order, const Known &known,
                               const std::string &by, std::int64_t now_ns) {
  BulletinStore bulletins(store);
  if (const auto before = bulletins.find_token(order.token)) return same_or_refused(*before, order);
  auto drafted = draft(order, known, now_ns);
  if (!drafted) return drafted.fault();
  Bulletin bulletin;
  bulletin.id = new_id(now_ns);
  bulletin.token = order.token;
  bulletin.asset = order.asset;
  bulletin.title = drafted->title;
  bulletin.acts = {{Act::Kind::issued, now_ns, by, order.reason}};
  for (const Showing &showing : drafted->showings) bulletin.items.push_back(showing.item.id);
  if (bulletins.put(bulletin, asked_text(order), drafted->showings)) return bulletin;
  // Somebody else was quicker with the same token.
  return same_or_refused(*bulletins.find_token(order.token), order);
}

Result<Bulletin, Faults> recall(store::Store &store, const std::string &id,
                                const std::string &reason, const std::string &by,
                                std::int64_t now_ns) {
  if (auto good = check_reason(reason); !good) return Faults{good.fault()};
  BulletinStore bulletins(store);
  const auto found = bulletins.find(id);
  if (!found) return Faults{Fault(faults::unknown, {{"id", id}})};
  if (found->bulletin.is_recalled()) return found->bulletin;
  const channels::ChannelStore standings(store);
  std::vector<std::string> left;
  for (const std::string &item : found->bulletin.items) {
    const auto standing = standings.find(item);
    if (!standing || !channels::is_final(standing->state)) left.push_back(item);
  }
  if (left.empty()) return Faults{Fault(faults::over, {{"id", id}})};
  bulletins.recall(id, {Act::Kind::recalled, now_ns, by, reason}, left);
  return bulletins.find(id)->bulletin;
}

}  // namespace civicast::bulletins
