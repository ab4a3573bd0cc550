// SPDX-License-Identifier: Apache-2.0
// The schedule: what is to be shown at which plan frame. [any] thread may call any of it.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/cable/book/item.hpp"

namespace civicast::cable {

class Schedule {
 public:
  /// Whether no part of its time belongs to another item that is whole or not. A bulletin has
  /// always room: it takes it.
  bool has_room_for(const Item &item) const;
  /// An item with an id that is already here changes nothing.
  void add(const ItemPtr &item);
  /// An item that is on air already: its first frame was taken by the sender before this one.
  void resume(const ItemPtr &item);

  enum class Removal { removed, on_air, absent };
  /// Takes an item back unless its first frame has been taken.
  Removal remove(std::string_view id);

  bool holds(std::string_view id) const;

  /// The items with a right to `frame`, the greatest first; takes that one: from now on it is on
  /// air until its end. A placement begins at its first frame or never. A bulletin begins as soon
  /// as it can: one that comes late, or waits for another one, is moved to where it begins.
  std::vector<ItemPtr> take(std::int64_t frame);
  /// `id`, a lesser one of those, is shown in the place of one that cannot be.
  void take(std::string_view id);

  /// The items, not yet taken, that start within (frame, frame + ahead], in order.
  std::vector<ItemPtr> coming(std::int64_t frame, std::int64_t ahead) const;

  /// The placements that start at `frame` or before, those on air among them, in order.
  std::vector<ItemPtr> placements_until(std::int64_t frame) const;

  /// Removes and returns what can no longer be shown at `frame` and was never taken.
  std::vector<ItemPtr> expire(std::int64_t frame);

  /// The item's time on air is over; forgets it.
  void done(std::string_view id);

  std::size_t size() const;

 private:
  struct Entry {
    ItemPtr item;
    bool taken = false;
  };
  using ById = std::map<std::string, Entry, std::less<>>;

  mutable std::mutex mutex_;
  ById items_;
  /// By first frame, so that one frame's question does not read the whole day.
  std::multimap<std::int64_t, std::string> by_start_;
  void erase(ById::iterator entry);
  void erase_start(const Item &item);
  std::vector<Entry *> standing_at(std::int64_t frame);
  void move(Entry &entry, std::int64_t frame);
};

}  // namespace civicast::cable
