// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/restore.hpp"

#include <algorithm>

#include "plugins/cable/airing.hpp"

namespace civicast::cable {
namespace {

/// What the process that died may not have told the host. Said twice, it is one fact.
void tell_beginning(const Restored &parts, const Item &item, const Progress *progress) {
  parts.facts.put(accepted(item), -1);
  if (progress && progress->start_ns > 0) parts.facts.put(started(*progress), -1);
}

void restore_open(const Restored &parts, std::int64_t now_ns, std::int64_t file_size_bytes) {
  for (const Journal::Left &left : parts.journal.left()) {
    const auto record = parts.history.find(left.progress.id);
    if (record && record->is_final()) {  // killed between the history and the journal
      parts.journal.free(left.slot);
      continue;
    }
    const bool goes_on = record && record->item->is_elastic() && !left.progress.is_closed &&
                         record->item->end_ns > now_ns;
    if (goes_on) {
      parts.engine.adopt(left.progress, left.slot);
      continue;
    }
    if (record) tell_beginning(parts, *record->item, &left.progress);
    parts.facts.put(closed_after_death(left.progress, left.file_bytes, file_size_bytes), left.slot);
  }
}

}  // namespace

void restore(const Restored &parts, std::int64_t now_ns, std::int64_t file_size_bytes) {
  restore_open(parts, now_ns, file_size_bytes);
  const std::vector<Journal::Left> &left = parts.journal.left();
  for (const History::Record &record : parts.history.unfinished()) {
    const Item &item = *record.item;
    const bool may_air = item.is_elastic() ? item.end_ns > now_ns : item.start_ns > now_ns;
    const bool is_left = std::any_of(left.begin(), left.end(), [&](const Journal::Left &open) {
      return open.progress.id == item.id;
    });
    if (may_air && !(is_left && !item.is_elastic())) {
      parts.schedule.add(record.item);
      continue;
    }
    if (is_left) continue;  // the journal has told
    tell_beginning(parts, item, nullptr);
    const bool was_started = record.has(CIV_STARTED);
    parts.facts.put(never_aired(item, was_started ? CIV_STATUS_UNKNOWN : CIV_DID_NOT_AIR), -1);
  }
}

}  // namespace civicast::cable
