// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/judge.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

using namespace civicast;
using namespace civicast::screens;

namespace {

Item fifteen_seconds() {
  Item item;
  item.id = "p1";
  item.kind = "placement";
  item.start_ns = 1'000'000'000'000;
  item.end_ns = item.start_ns + 15'000'000'000;
  item.media = {"/x.mp4", std::string(64, 'a'), "video/mp4", 15'000'000'000};
  item.places = {"screen-hemei"};
  return item;
}

PlayRecord whole(const Item &item) {
  PlayRecord record;
  record.session = "session-1";
  record.placement = item.id;
  record.sha256 = item.media.sha256;
  record.seq = 7;
  record.outcome = Outcome::complete;
  record.start_ms = item.start_ns / 1'000'000 + 60;
  record.end_ms = item.end_ns / 1'000'000 + 60;
  record.visible_ms = 15'000;
  record.frames = 375;
  return record;
}

}  // namespace

TEST_CASE("a complete play within a second of its plan is an airing, with the proof of it") {
  const Item item = fifteen_seconds();
  const Fact fact = judge(item, "screen-hemei", whole(item));
  CHECK(fact.fact == CIV_AIRED);
  CHECK(fact.status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(fact.evidence == CIV_REPORTED);
  CHECK(fact.play == 1);
  CHECK(fact.place == "screen-hemei");
  CHECK(fact.start_ns == item.start_ns + 60'000'000);
  const auto proof = nlohmann::json::parse(fact.proof);
  CHECK(proof == nlohmann::json{{"seq", 7},
                                {"session", "session-1"},
                                {"frames", 375},
                                {"visible_ms", 15000},
                                {"sha256", item.media.sha256},
                                {"screen", "screen-hemei"}});
}

TEST_CASE("a page's word \"complete\" is not taken on trust") {
  struct Row {
    const char *what;
    std::function<void(PlayRecord &)> change;
    civ_fact_kind fact;
    civ_status status;
  };
  const Row rows[] = {
      {"1000 ms late", [](PlayRecord &r) { r.start_ms += 940, r.end_ms += 940; }, CIV_AIRED,
       CIV_AIRED_WITHOUT_DISCREPANCY},
      {"1001 ms late", [](PlayRecord &r) { r.start_ms += 941, r.end_ms += 940; }, CIV_MISSED,
       CIV_AIRED_WITH_DURATION_DISCREPANCY},
      {"1001 ms early", [](PlayRecord &r) { r.start_ms -= 1061; }, CIV_MISSED,
       CIV_AIRED_WITH_DURATION_DISCREPANCY},
      {"over by 1001 ms", [](PlayRecord &r) { r.end_ms += 941; }, CIV_MISSED,
       CIV_AIRED_WITH_DURATION_DISCREPANCY},
      {"95 % long", [](PlayRecord &r) { r.end_ms = r.start_ms + 14'250; }, CIV_AIRED,
       CIV_AIRED_WITHOUT_DISCREPANCY},
      {"shorter than 95 %", [](PlayRecord &r) { r.end_ms = r.start_ms + 14'249; }, CIV_MISSED,
       CIV_AIRED_WITH_DURATION_DISCREPANCY},
      {"hidden", [](PlayRecord &r) { r.visible_ms = 14'249; }, CIV_MISSED,
       CIV_AIRED_WITH_DURATION_DISCREPANCY},
      {"a still", [](PlayRecord &r) { r.frames = 29; }, CIV_MISSED, CIV_TECHNICAL_DIFFICULTY},
      {"another file", [](PlayRecord &r) { r.sha256[0] = 'b'; }, CIV_MISSED,
       CIV_AIRED_WITH_CONTENT_DISCREPANCY},
      {"no file", [](PlayRecord &r) { r.sha256.clear(); }, CIV_MISSED,
       CIV_AIRED_WITH_CONTENT_DISCREPANCY},
  };
  const Item item = fifteen_seconds();
  for (const Row &row : rows) {
    INFO(row.what);
    PlayRecord record = whole(item);
    row.change(record);
    const Fact fact = judge(item, "screen-hemei", record);
    CHECK(fact.fact == row.fact);
    CHECK(fact.status == row.status);
  }
}

TEST_CASE("what a screen admits is a missed airing with the nearest as-run status") {
  const Item item = fifteen_seconds();
  const auto status_of = [&](Outcome outcome, const char *reason) {
    PlayRecord record = whole(item);
    record.outcome = outcome;
    record.reason = reason;
    const Fact fact = judge(item, "screen-hemei", record);
    CHECK(fact.fact == CIV_MISSED);
    CHECK(nlohmann::json::parse(fact.proof)["reason"] == (*reason ? reason : "unexplained"));
    return fact.status;
  };
  CHECK(status_of(Outcome::partial, "joined") == CIV_JOINED_IN_PROGRESS);
  CHECK(status_of(Outcome::partial, "stalled") == CIV_AIRED_WITH_DURATION_DISCREPANCY);
  CHECK(status_of(Outcome::partial, "") == CIV_AIRED_WITH_DURATION_DISCREPANCY);
  CHECK(status_of(Outcome::failed, "media") == CIV_MISSING_CONTENT);
  CHECK(status_of(Outcome::failed, "no picture") == CIV_TECHNICAL_DIFFICULTY);
}

TEST_CASE("a filler is measured by its time, not by the file that is looped in it") {
  Item item = fifteen_seconds();
  item.media.duration_ns = 3'000'000'000;
  PlayRecord record = whole(item);
  record.end_ms = record.start_ms + 3000;
  record.visible_ms = 3000;
  CHECK(judge(item, "screen-hemei", record).fact == CIV_AIRED);
  item.kind = "filler";
  CHECK(judge(item, "screen-hemei", record).fact == CIV_MISSED);
}
