// SPDX-License-Identifier: Apache-2.0
#include "host/channels/rules.hpp"

#include <algorithm>

#include "host/workers/printable.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/text.hpp"

namespace civicast::channels {
namespace {

std::int64_t ns_of(double seconds) {
  return static_cast<std::int64_t>(seconds * static_cast<double>(ns_per_s));
}

}  // namespace

State after_fact(State state, wire::FactKind fact) {
  if (state == State::aired) return state;
  switch (fact) {
    case wire::FactKind::aired:
      return State::aired;
    case wire::FactKind::missed:
      return state == State::refused ? state : State::missed;
    case wire::FactKind::withdrawn:
      return State::withdrawn;
    case wire::FactKind::started:
      return is_final(state) ? state : State::started;
    case wire::FactKind::accepted:
      break;
  }
  return is_final(state) || state == State::started ? state : State::accepted;
}

bool is_out(State state) {
  return state == State::sent || state == State::accepted || state == State::started ||
         state == State::unknown || state == State::held;
}

bool can_still_air(const playlists::Item &item, const workers::Limits &limits,
                   std::int64_t now_ns) {
  const bool is_moment = item.start_ns == item.end_ns;
  return now_ns < item.end_ns + (is_moment ? ns_of(limits.grace_s) : 0);
}

bool is_overdue(const playlists::Item &item, const workers::Limits &limits, std::int64_t now_ns) {
  return now_ns >= item.end_ns + ns_of(limits.grace_s);
}

std::int64_t retry_at_ns(const wire::Answer &answer, std::uint32_t attempt, std::int64_t now_ns) {
  std::int64_t wait_ms = std::min<std::int64_t>(30'000, 1'000LL << std::min(attempt, 6U));
  for (const wire::Note &note : answer.notes)
    if (note.retry_after_ms > 0) wait_ms = std::min<std::int64_t>(note.retry_after_ms, 3'600'000);
  return now_ns + wait_ms * ns_per_ms;
}

std::string why(const wire::Answer &answer) {
  std::string out;
  for (const wire::Note &note : answer.notes) {
    if (!out.empty()) out += " ";
    out += note.message;
    if (!note.at.empty()) out += " (" + note.at + ")";
    if (!note.code.empty()) out += " [" + note.code + "]";
  }
  return out;
}

std::string reason_in(const std::string &proof) {
  const auto read = proof.empty() ? Result<Json>(Json::object()) : parse_json(proof);
  if (!read || !read->is_object()) return {};
  for (const char *name : {"message", "reason"})
    if (const auto found = read->find(name); found != read->end() && found->is_string())
      return workers::printable(shortened(found->get_ref<const std::string &>(), 400));
  return {};
}

AfterRecall after_recall(const Standing &standing, wire::Verdict verdict,
                         const workers::Limits &limits, std::int64_t now_ns) {
  const bool is_late = is_overdue(standing.item, limits, now_ns);
  switch (verdict) {
    case wire::Verdict::done:  // all that is known was said before this answer
      return is_late ? AfterRecall::give_up : AfterRecall::keep;
    case wire::Verdict::refused:
      return can_still_air(standing.item, limits, now_ns) && standing.deaths <= deaths_allowed &&
                     standing.attempt < sends_allowed
                 ? AfterRecall::send_again
                 : AfterRecall::give_up;
    case wire::Verdict::unknown:
      return is_late ? AfterRecall::give_up : AfterRecall::hold;
    default:
      return AfterRecall::ask_again;
  }
}

wire::Fact host_fact(const Standing &standing, const HostWord &word) {
  wire::Fact fact;
  fact.fact = word.fact;
  fact.evidence = wire::Evidence::inferred;
  fact.status = word.status;
  fact.placement = standing.item.id;
  fact.start_ns = standing.item.start_ns;
  fact.end_ns = standing.item.end_ns;
  fact.proof = to_text({{"by", "host"},
                        {"code", word.code},
                        {"message", shortened(word.message, 1000)},
                        {"attempts", standing.attempt}});
  return fact;
}

}  // namespace civicast::channels
