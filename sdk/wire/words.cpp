// SPDX-License-Identifier: Apache-2.0
#include "sdk/wire/words.hpp"

#include <array>

namespace civicast::wire {
namespace {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

constexpr Words<6> verdicts = {"done", "refused", "unready", "later", "unknown", "broken"};
constexpr Words<6> fact_kinds = {"", "accepted", "started", "aired", "missed", "withdrawn"};
constexpr Words<4> evidences = {"", "measured", "reported", "inferred"};
constexpr Words<8> call_kinds = {"open",   "check",  "publish",  "withdraw",
                                 "recall", "status", "handover", ""};
constexpr Words<11> statuses = {"none",
                                "aired_without_discrepancy",
                                "technical_difficulty",
                                "did_not_air",
                                "aired_with_duration_discrepancy",
                                "aired_with_content_discrepancy",
                                "preempted",
                                "joined_in_progress",
                                "inserted_by_operator",
                                "unknown",
                                "missing_content"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const Words<N> &words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i)
    if (!word.empty() && words[i] == word) return static_cast<Enum>(i);
  return std::nullopt;
}

template <class Enum, std::size_t N>
std::string_view at(const Words<N> &words, Enum value) {
  // A number out of the table comes from a plugin that does not keep its header.
  const auto index = static_cast<std::size_t>(value);
  return index < N ? words[index] : std::string_view();
}

}  // namespace

std::string_view word(Verdict verdict) {
  return at(verdicts, verdict);
}
std::string_view word(FactKind kind) {
  return at(fact_kinds, kind);
}
std::string_view word(Evidence evidence) {
  return at(evidences, evidence);
}
std::string_view word(Status status) {
  return at(statuses, status);
}
std::string_view word(CallKind kind) {
  return at(call_kinds, kind);
}

std::optional<FactKind> fact_kind(std::string_view word) {
  return find<FactKind>(fact_kinds, word);
}
std::optional<Evidence> evidence(std::string_view word) {
  return find<Evidence>(evidences, word);
}
std::optional<Status> status(std::string_view word) {
  return find<Status>(statuses, word);
}
std::optional<CallKind> call_kind(std::string_view word) {
  return find<CallKind>(call_kinds, word);
}

}  // namespace civicast::wire
