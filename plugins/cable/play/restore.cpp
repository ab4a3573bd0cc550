// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/restore.hpp"

#include <algorithm>

#include "plugins/cable/book/airing.hpp"

namespace civicast::cable {
namespace {

/// What the process that died may not have told the host. Said twice, it is one fact.
void tell_beginning(const Restored &parts, const Item &item, const Progress *progress) {
  parts.facts.put(accepted(item), -1);
  if (progress && progress->start_ns > 0) parts.facts.put(started(*progress), -1);
}

/// A bulletin may have begun later than it was planned: then so many of its frames are to come.
ItemPtr as_shown(const ItemPtr &item, const Progress &progress, const Found &found) {
  if (item->kind != Kind::bulletin) return item;
  auto moved = std::make_shared<Item>(*item);
  moved->start_ns = frame_ns(found.next_plan_frame - progress.sent);
  moved->end_ns = moved->start_ns + frame_ns(item->frames());
  return moved;
}

void restore_open(const Restored &parts, const Found &found) {
  for (const Journal::Left &left : parts.journal.left()) {
    const auto record = parts.history.find(left.progress.id);
    if (record && record->is_final()) {  // killed between the history and the journal
      parts.journal.free(left.slot);
      continue;
    }
    const bool is_open = record && !left.progress.is_closed;
    const bool is_exact = found.is_handed_over && left.progress.about == left.progress.sent;
    if (is_open &&
        (is_exact || (record->item->is_elastic() && record->item->end_ns > found.now_ns))) {
      const ItemPtr item = is_exact ? as_shown(record->item, left.progress, found) : record->item;
      const auto shift = found.shifts.find(item->id);
      parts.schedule.resume(item);
      parts.engine.resume({item, left.progress, left.slot, is_exact,
                           is_exact && shift != found.shifts.end() ? shift->second : 0});
      continue;
    }
    if (record) tell_beginning(parts, *record->item, &left.progress);
    // On a full disk the fact may not get into the history; the next process finds the same.
    const Progress progress = concluded(left.progress, left.file_bytes, found.file_size_bytes);
    parts.journal.conclude(left.slot, progress);
    parts.facts.put(closed_after_death(progress, 0, -1), left.slot);
  }
}

}  // namespace

void restore(const Restored &parts, const Found &found) {
  restore_open(parts, found);
  const std::vector<Journal::Left> &left = parts.journal.left();
  for (const History::Record &record : parts.history.unfinished()) {
    const Item &item = *record.item;
    if (parts.schedule.holds(item.id)) continue;  // it goes on
    // A placement begins at its first frame or never.
    const std::int64_t from_ns =
        found.is_handed_over ? frame_ns(found.next_plan_frame) - kFrameNs / 2 - 1 : found.now_ns;
    const bool may_air =
        item.begins_at_any_frame() ? item.end_ns > found.now_ns : item.start_ns > from_ns;
    const bool is_left = std::any_of(left.begin(), left.end(), [&](const Journal::Left &open) {
      return open.progress.id == item.id;
    });
    // What the journal has told of was on air, and is over even if the clock was set back since.
    if (may_air && !is_left) {
      parts.schedule.add(record.item);
      continue;
    }
    if (is_left) continue;  // the journal has told
    tell_beginning(parts, item, nullptr);
    // By the signal's clock it may have begun so much before or behind its time.
    constexpr std::int64_t kBesideNs = 1'000'000'000;
    const bool may_have_begun =
        record.has(CIV_STARTED) ||
        parts.journal.may_have_missed(item.start_ns - kBesideNs, item.end_ns + kBesideNs);
    parts.facts.put(never_aired(item, may_have_begun ? CIV_STATUS_UNKNOWN : CIV_DID_NOT_AIR), -1);
  }
}

}  // namespace civicast::cable
