// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/schedule.hpp"

#include <algorithm>

namespace civicast::cable {

bool Schedule::has_room_for(const Item &item) const {
  const std::scoped_lock lock(mutex_);
  if (item.is_elastic() || item.kind == Kind::bulletin) return true;
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

void Schedule::erase_start(const Item &item) {
  const auto [first, last] = by_start_.equal_range(item.start_frame());
  for (auto at = first; at != last; ++at)
    if (at->second == item.id) return void(by_start_.erase(at));
}

void Schedule::erase(ById::iterator entry) {
  erase_start(*entry->second.item);
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

std::vector<Schedule::Entry *> Schedule::standing_at(std::int64_t frame) {
  std::vector<Entry *> found;
  for (auto at = by_start_.begin(); at != by_start_.end() && at->first <= frame; ++at) {
    Entry &entry = items_.find(at->second)->second;
    const Item &item = *entry.item;
    if (item.end_frame() <= frame) continue;
    const bool may_begin = item.begins_at_any_frame() || item.start_frame() == frame;
    if (entry.taken || may_begin) found.push_back(&entry);
  }
  // Of two bulletins the one on air; of two others with the same right, the one that starts later:
  // it was planned into the other.
  std::stable_sort(found.begin(), found.end(), [](const Entry *a, const Entry *b) {
    if (a->item->kind != b->item->kind) return a->item->kind > b->item->kind;
    if (a->item->kind == Kind::bulletin) return a->taken && !b->taken;
    return a->item->start_frame() > b->item->start_frame();
  });
  return found;
}

void Schedule::move(Entry &entry, std::int64_t frame) {
  auto moved = std::make_shared<Item>(*entry.item);
  const std::int64_t by_ns = frame_ns(frame - moved->start_frame());
  erase_start(*entry.item);
  moved->start_ns += by_ns;
  moved->end_ns += by_ns;
  entry.item = std::move(moved);
  by_start_.emplace(frame, entry.item->id);
}

std::vector<ItemPtr> Schedule::take(std::int64_t frame) {
  const std::scoped_lock lock(mutex_);
  std::vector<ItemPtr> found;
  for (Entry *entry : standing_at(frame)) {
    if (found.empty()) {
      if (!entry->taken && entry->item->kind == Kind::bulletin) move(*entry, frame);
      entry->taken = true;
    }
    found.push_back(entry->item);
  }
  return found;
}

void Schedule::take(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  if (const auto entry = items_.find(id); entry != items_.end()) entry->second.taken = true;
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

std::vector<ItemPtr> Schedule::placements_until(std::int64_t frame) const {
  const std::scoped_lock lock(mutex_);
  std::vector<ItemPtr> found;
  for (auto at = by_start_.begin(); at != by_start_.end() && at->first <= frame; ++at)
    if (const ItemPtr &item = items_.find(at->second)->second.item; item->kind == Kind::placement)
      found.push_back(item);
  return found;
}

std::vector<ItemPtr> Schedule::expire(std::int64_t frame) {
  const std::scoped_lock lock(mutex_);
  std::vector<ItemPtr> found;
  for (auto at = by_start_.begin(); at != by_start_.end() && at->first < frame; ++at) {
    const Entry &entry = items_.find(at->second)->second;
    if (entry.taken) continue;
    if (!entry.item->begins_at_any_frame() || entry.item->end_frame() <= frame)
      found.push_back(entry.item);
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
