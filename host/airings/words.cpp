// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "host/airings/airing.hpp"

namespace civicast::airings {
namespace {

template <class T, std::size_t N>
using Table = std::array<std::pair<T, std::string_view>, N>;

constexpr Table<FactKind, 5> fact_words{{{FactKind::accepted, "accepted"},
                                         {FactKind::started, "started"},
                                         {FactKind::aired, "aired"},
                                         {FactKind::missed, "missed"},
                                         {FactKind::withdrawn, "withdrawn"}}};

constexpr Table<Evidence, 3> evidence_words{{{Evidence::measured, "measured"},
                                             {Evidence::reported, "reported"},
                                             {Evidence::inferred, "inferred"}}};

constexpr Table<Status, 11> status_words{
    {{Status::none, "none"},
     {Status::aired_without_discrepancy, "aired_without_discrepancy"},
     {Status::technical_difficulty, "technical_difficulty"},
     {Status::did_not_air, "did_not_air"},
     {Status::aired_with_duration_discrepancy, "aired_with_duration_discrepancy"},
     {Status::aired_with_content_discrepancy, "aired_with_content_discrepancy"},
     {Status::preempted, "preempted"},
     {Status::joined_in_progress, "joined_in_progress"},
     {Status::inserted_by_operator, "inserted_by_operator"},
     {Status::unknown, "unknown"},
     {Status::missing_content, "missing_content"}}};

template <class T, std::size_t N>
std::string_view word_of(const Table<T, N> &table, T value) {
  for (const auto &[one, word] : table)
    if (one == value) return word;
  return "";
}

template <class T, std::size_t N>
std::optional<T> value_of(const Table<T, N> &table, std::string_view word) {
  for (const auto &[one, name] : table)
    if (name == word) return one;
  return {};
}

}  // namespace

std::string_view word(FactKind fact) {
  return word_of(fact_words, fact);
}
std::string_view word(Evidence evidence) {
  return word_of(evidence_words, evidence);
}
std::string_view word(Status status) {
  return word_of(status_words, status);
}
std::optional<FactKind> fact_kind(std::string_view word) {
  return value_of(fact_words, word);
}
std::optional<Evidence> evidence(std::string_view word) {
  return value_of(evidence_words, word);
}
std::optional<Status> status(std::string_view word) {
  return value_of(status_words, word);
}

}  // namespace civicast::airings
