// SPDX-License-Identifier: Apache-2.0
// From what is known of an item's time on air to the one fact that says how it went. Pure.
#pragma once

#include <civicast/channel.hpp>

#include "plugins/cable/book/journal.hpp"

namespace civicast::cable {

Fact accepted(const Item &item);
Fact started(const Progress &progress);
Fact withdrawn(const std::string &id, std::int64_t now_ns);

/// Never began: handed too late, or its time belonged to something else.
Fact never_aired(const Item &item, civ_status status);

/// Aired only if every frame was sent, without an error and without a stall.
Fact final_fact(const Progress &progress);

/// What the file knows of the last frames of such an item; asked once, before it grows again.
Progress concluded(Progress progress, std::int64_t file_bytes, std::int64_t file_size_bytes);

/// What can be said of an item that a process which is no more had on air. `file_size_bytes`: how
/// long the output file is, -1 if there is none; the file is a witness of its own for the last
/// frames. `file_bytes`: Journal::Left::file_bytes.
Fact closed_after_death(Progress progress, std::int64_t file_bytes, std::int64_t file_size_bytes);

}  // namespace civicast::cable
