// SPDX-License-Identifier: Apache-2.0
#include "host/channels/rules.hpp"

#include <catch2/catch.hpp>

#include "sdk/base/clock.hpp"
#include "sdk/base/json.hpp"

using namespace civicast;
using namespace civicast::channels;
using wire::FactKind;
using wire::Verdict;

namespace {

constexpr std::int64_t start = 1'000 * ns_per_s, end = 1'015 * ns_per_s;

Standing some(State state = State::unknown) {
  Standing standing;
  standing.item.id = "p";
  standing.item.start_ns = start;
  standing.item.end_ns = end;
  standing.state = state;
  standing.attempt = 1;
  return standing;
}

}  // namespace

TEST_CASE("what was aired stays aired, whatever is said later") {
  for (const FactKind fact : {FactKind::accepted, FactKind::started, FactKind::aired,
                              FactKind::missed, FactKind::withdrawn})
    CHECK(after_fact(State::aired, fact) == State::aired);
}

TEST_CASE("aired is believed even after the host had given up") {
  CHECK(after_fact(State::missed, FactKind::aired) == State::aired);
  CHECK(after_fact(State::withdrawn, FactKind::aired) == State::aired);
}

TEST_CASE("a late accepted does not bring an item back") {
  CHECK(after_fact(State::missed, FactKind::accepted) == State::missed);
  CHECK(after_fact(State::started, FactKind::accepted) == State::started);
  CHECK(after_fact(State::sent, FactKind::accepted) == State::accepted);
  CHECK(after_fact(State::refused, FactKind::missed) == State::refused);
}

TEST_CASE("never heard of is sent again while there is time, and given up afterwards") {
  const workers::Limits limits;
  CHECK(after_recall(some(), Verdict::refused, limits, start) == AfterRecall::send_again);
  CHECK(after_recall(some(), Verdict::refused, limits, end) == AfterRecall::give_up);
}

TEST_CASE("two deaths are enough: it is asked after, but never sent again") {
  const workers::Limits limits;
  Standing standing = some();
  standing.deaths = 2;
  CHECK(after_recall(standing, Verdict::refused, limits, start) == AfterRecall::give_up);
  CHECK(after_recall(standing, Verdict::done, limits, start) == AfterRecall::keep);
}

TEST_CASE("what cannot be told is held for a person until its time and grace have passed") {
  const workers::Limits limits;
  CHECK(after_recall(some(), Verdict::unknown, limits, end) == AfterRecall::hold);
  CHECK(after_recall(some(), Verdict::unknown, limits, end + 10 * ns_per_s) ==
        AfterRecall::give_up);
  CHECK(after_recall(some(), Verdict::later, limits, start) == AfterRecall::ask_again);
}

TEST_CASE("a moment may be late by the grace, a length may not") {
  const workers::Limits limits;
  playlists::Item item = some().item;
  CHECK_FALSE(can_still_air(item, limits, end));
  item.start_ns = item.end_ns;
  CHECK(can_still_air(item, limits, end));
  CHECK_FALSE(can_still_air(item, limits, end + 10 * ns_per_s));
}

TEST_CASE("the plugin says when to try again, else the waits double up to half a minute") {
  wire::Answer answer;
  CHECK(retry_at_ns(answer, 1, 0) == 2 * ns_per_s);
  CHECK(retry_at_ns(answer, 2, 0) == 4 * ns_per_s);
  CHECK(retry_at_ns(answer, 40, 0) == 30 * ns_per_s);
  answer.notes.push_back({3, 1500, "far.busy", "", "Later.", ""});
  CHECK(retry_at_ns(answer, 40, 7) == 1500 * ns_per_ms + 7);
}

TEST_CASE("the host's own word says that it is the host's, and is only inferred") {
  const wire::Fact fact = host_fact(
      some(), {FactKind::missed, wire::Status::did_not_air, "placement.poison", "Two workers…"});
  CHECK(fact.evidence == wire::Evidence::inferred);
  CHECK(fact.placement == "p");
  CHECK(fact.start_ns == start);
  const auto proof = parse_json(fact.proof);
  REQUIRE(proof);
  CHECK((*proof)["by"] == "host");
  CHECK((*proof)["code"] == "placement.poison");
}

TEST_CASE("a reason is read from a proof, and nothing else is taken for one") {
  CHECK(reason_in(R"({"message":"No signal.","reason":"x"})") == "No signal.");
  CHECK(reason_in(R"({"reason":"screen offline","frames":3})") == "screen offline");
  for (const char *none : {"", "{}", "[1]", "not json", R"({"reason":7})"})
    CHECK(reason_in(none).empty());
  CHECK(reason_in(to_text({{"reason", std::string(5000, 'x')}})).size() <= 400);
}
