// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/schedule.hpp"

#include <algorithm>

namespace civicast::cable {

bool Schedule::has_room_for(const Item &item) const {
  const std::scoped_lock lock(mutex_);
  if (item.is_elastic()) return true;
  return std::none_of(items_.begin(), items_.end(), [&](const auto &pair) {
    const Item &other = *pair.second.item;
    return other.kind == item.kind && other.start_frame() < item.end_frame() &&
           item.start_frame() < other.end_frame();
  });
}

void Schedule::add(const ItemPtr &item) {
  const std::scoped_lock lock(mutex_);
  if (!items_.emplace(item->id, Entry{item, false}).second) return;
  by_start_.emplace(item->start_frame(), item->id);
}

void Schedule::resume(const ItemPtr &item) {
  add(item);
  const std::scoped_lock lock(mutex_);
  items_.find(item->id)->second.taken = true;
}

void Schedule::erase(ById::iterator entry) {
  const auto [first, last] = by_start_.equal_range(entry->second.item->start_frame());
  for (auto at = first; at != last; ++at) {
    if (at->second != entry->first) continue;
    by_start_.erase(at);
    break;
  }
  items_.erase(entry);
}

Schedule::Removal Schedule::remove(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const auto entry = items_.find(id);
  if (entry == items_.end()) return Removal::absent;
  if (entry->second.taken) return Removal::on_air;
  erase(entry);
  return Removal::removed;
}

bool Schedule::holds(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  return items_.find(id) != items_.end();
}

ItemPtr Schedule::take(std::int64_t frame) {
  const std::scoped_lock lock(mutex_);
  Entry *best = nullptr;
  for (auto at = by_start_.begin(); at != by_start_.end() && at->first <= frame; ++at) {
    Entry &entry = items_.find(at->second)->second;
    const Item &item = *entry.item;
    if (item.end_frame() <= frame) continue;
    if (!item.is_elastic() && !entry.taken && item.start_frame() != frame) continue;
    // Of two with the same right, the one that starts later: it was planned into the other.
    if (!best || item.kind >= best->item->kind) best = &entry;
  }
  if (!best) return nullptr;
  best->taken = true;
  return best->item;
}

std::vector<ItemPtr> Schedule::coming(std::int64_t frame, std::int64_t ahead) const {
  const std::scoped_lock lock(mutex_);
  std::vector<ItemPtr> found;
  for (auto at = by_start_.upper_bound(frame); at != by_start_.end() && at->first <= frame + ahead;
       ++at) {
    const Entry &entry = items_.find(at->second)->second;
    if (!entry.taken) found.push_back(entry.item);
  }
  return found;
}

std::vector<ItemPtr> Schedule::expire(std::int64_t frame) {
  const std::scoped_lock lock(mutex_);
  std::vector<ItemPtr> found;
  for (auto at = by_start_.begin(); at != by_start_.end() && at->first < frame; ++at) {
    const Entry &entry = items_.find(at->second)->second;
    if (entry.taken) continue;
    if (!entry.item->is_elastic() || entry.item->end_frame() <= frame) found.push_back(entry.item);
  }
  for (const ItemPtr &item : found) erase(items_.find(item->id));
  return found;
}

void Schedule::done(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  if (const auto entry = items_.find(id); entry != items_.end()) erase(entry);
}

std::size_t Schedule::size() const {
  const std::scoped_lock lock(mutex_);
  return items_.size();
}

}  // namespace civicast::cable
