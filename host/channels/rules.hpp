// SPDX-License-Identifier: Apache-2.0
// The rules of an item's life, without disk, worker or clock. desk.hpp has the picture.
#pragma once

#include <cstdint>
#include <string>

#include "host/channels/channel_store.hpp"
#include "host/workers/manifest.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::channels {

/// Where a fact brings an item. What was aired stays aired, whatever is said later.
State after_fact(State state, wire::FactKind fact);

/// The plugin may have it: after its worker's end it must be asked what became of it.
bool is_out(State state);

/// Whether sending it (again) still makes sense. A moment (start = end) may be late by the grace.
bool can_still_air(const playlists::Item &item, const workers::Limits &limits, std::int64_t now_ns);

/// Its last fact should have come by now.
bool is_overdue(const playlists::Item &item, const workers::Limits &limits, std::int64_t now_ns);

/// When an item that was put off is tried again: what the plugin asked for, or 1, 2, 4 … 30 s.
std::int64_t retry_at_ns(const wire::Answer &answer, std::uint32_t attempt, std::int64_t now_ns);

/// An answer's notes as one sentence for people.
std::string why(const wire::Answer &answer);

/// Why it went so, where a fact's proof has a "message" or a "reason"; bounded, else empty.
std::string reason_in(const std::string &proof);

/// What recall means for an item that has not ended.
enum class AfterRecall { keep, send_again, give_up, hold, ask_again };
AfterRecall after_recall(const Standing &standing, wire::Verdict verdict,
                         const workers::Limits &limits, std::int64_t now_ns);

/// Workers that may end with an item in hand before it is given up.
inline constexpr int deaths_allowed = 1;
/// Asking airs nothing, so it is tried more often: after the second death with growing pauses, in
/// which the channel goes on.
inline constexpr int deaths_of_asking_allowed = 5;
/// How often an item is sent before it is given up; after the first few, with pauses.
inline constexpr std::uint32_t sends_allowed = 20;
inline constexpr std::uint32_t sends_at_once = 3;

/// A fact that the host says itself because nobody else will: evidence inferred.
struct HostWord {
  wire::FactKind fact = wire::FactKind::missed;
  wire::Status status = wire::Status::did_not_air;
  std::string code;  ///< "placement.poison"
  std::string message;
};
wire::Fact host_fact(const Standing &standing, const HostWord &word);

}  // namespace civicast::channels
