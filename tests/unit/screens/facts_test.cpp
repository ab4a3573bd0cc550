// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>

#include "tests/unit/screens/screens.hpp"

using namespace screens_test;

namespace {

/// Lets `to_ns` be the time, and waits until the plugin has drawn its conclusions.
bool settle(Screens &s, std::int64_t to_ns, int kind, std::size_t many) {
  s.host.now_ns = to_ns;
  return s.host.wait_for([&](const auto &facts) { return count(facts, kind) >= many; });
}

}  // namespace

TEST_CASE("the plugin says who it is as its manifest does, and exports the contract") {
  Screens s;
  s.open();
  std::ifstream file(std::string(PLUGIN).substr(0, std::string(PLUGIN).rfind('/')) +
                     "/plugin.json");
  const json manifest = json::parse(file);
  CHECK(manifest["id"] == s.host.api().id);
  CHECK(manifest["version"] == s.host.api().version);
}

TEST_CASE("settings that cannot be are refused, and say where") {
  for (const char *listen :
       {"0.0.0.0:8091", "192.168.1.5:80", "127.0.0.1", "127.0.0.1:99999", "x:1", ""}) {
    Screens s;
    INFO(listen);
    const int verdict = s.host.open(PLUGIN, {{"listen", listen}});
    if (*listen == 0) continue;  // the default
    CHECK(verdict == CIV_UNREADY);
    REQUIRE(s.host.notes.size() == 1);
    CHECK(s.host.notes[0].at == "/listen");
  }
  Screens s;
  CHECK(s.host.open(PLUGIN, {{"listen", "127.0.0.1:0"}, {"report_grace_s", 1}}) == CIV_UNREADY);
  CHECK(s.host.notes[0].at == "/report_grace_s");
}

TEST_CASE("what check refuses, it refuses with a code, a place and a sentence in two languages") {
  Screens s;
  s.open();
  struct Row {
    const char *code, *at;
    std::function<void(Handed &)> change;
  };
  const Row rows[] = {
      {"id.size", "/id", [](Handed &h) { h.id.clear(); }},
      {"id.size", "/id", [](Handed &h) { h.id.assign(201, 'x'); }},
      {"time.length", "/end", [](Handed &h) { h.end_ns = h.start_ns; }},
      {"time.length", "/end", [](Handed &h) { h.end_ns = h.start_ns + 90'000 * ns_per_s; }},
      {"kind.unknown", "/kind", [](Handed &h) { h.body["kind"] = "advert"; }},
      {"media.count", "/media", [](Handed &h) { h.media.clear(); }},
      {"media.type", "/media/0", [](Handed &h) { h.media[0].mime = "video/mp2t"; }},
      {"media.sha256", "/media/0", [](Handed &h) { h.media[0].sha256 = "no"; }},
      {"media.duration", "/media/0", [](Handed &h) { h.media[0].duration_ns = 0; }},
      {"media.missing", "/media/0", [](Handed &h) { h.media[0].path = "/nowhere.mp4"; }},
      {"place.none", "/places", [](Handed &h) { h.body["places"] = json::array(); }},
      {"place.malformed", "/places/0", [](Handed &h) { h.body["places"] = {"../x"}; }},
  };
  for (const Row &row : rows) {
    INFO(row.code);
    Handed item = s.item("p1", 60);
    row.change(item);
    for (int i = 0; i < 2; ++i) {
      CHECK(s.host.check(item) == CIV_REFUSED);
      REQUIRE(s.host.notes.size() == 1);
      CHECK(s.host.notes[0].code == row.code);
      CHECK(s.host.notes[0].at == row.at);
      CHECK(s.host.notes[0].message.find(" · ") != std::string::npos);
    }
    CHECK(s.host.publish(item) == CIV_REFUSED);
  }
  CHECK(s.host.check(s.item("p1", 60)) == CIV_DONE);
  CHECK(s.host.facts().empty());
}

TEST_CASE("an item is accepted once, however often it is handed over, and never becomes another") {
  Screens s;
  s.open();
  Handed item = s.item("p1", 60);
  CHECK(s.host.publish(item) == CIV_DONE);
  CHECK(s.host.publish(item) == CIV_DONE);
  CHECK(stand_in::distinct(s.host.facts()).size() == 1);
  CHECK(the(stand_in::distinct(s.host.facts()), CIV_ACCEPTED, "p1").start_ns == item.start_ns);
  item.start_ns += ns_per_s;
  CHECK(s.host.publish(item) == CIV_REFUSED);
  CHECK(s.host.notes[0].code == "id.reused");
}

TEST_CASE("a reported play is an airing at that screen, and a report sent again is no second one") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60, 15, {"screen-hemei", "screen-heshun"});
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns + ns_per_s;
  const auto body = report({record(item, 1)});
  for (int i = 0; i < 3; ++i) {
    const auto answer = s.http().post(plays, body, json_type);
    CHECK(answer.status == 200);
    CHECK(answer.json()["seq"] == 1);
    CHECK(answer.json()["repeated"] == (i == 0 ? 0 : 1));
    CHECK(answer.headers.at("x-civicast-now-ns") == std::to_string(s.host.now_ns));
  }
  CHECK(s.http().post("/api/screens/screen-heshun/plays", body, json_type).status == 200);
  const auto facts = s.host.facts();
  CHECK(count(facts, CIV_AIRED) == 2);
  CHECK(facts[1].place == "screen-hemei");
  CHECK(facts[2].place == "screen-heshun");
  CHECK(facts[1].evidence == CIV_REPORTED);
  // Another browser in front of the same screen says so too: it is the same airing.
  CHECK(s.http().post(plays, report({record(item, 1)}, "session-2"), json_type).status == 200);
  CHECK(count(s.host.facts(), CIV_AIRED) == 2);
}

TEST_CASE("programmes and fillers are reported like placements") {
  Screens s;
  s.open();
  const Handed item = s.item("f1", 60, 15, {"screen-hemei"}, "filler");
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns;
  CHECK(s.http().post(plays, report({record(item, 1)}), json_type).status == 200);
  CHECK(count(s.host.facts(), CIV_AIRED, "f1") == 1);
}

TEST_CASE(
    "silence becomes a missed airing after the grace, and a late complete play still counts") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  REQUIRE(settle(s, item.end_ns + 61 * ns_per_s, CIV_MISSED, 1));
  const Said missed = the(s.host.facts(), CIV_MISSED, "p1");
  CHECK(missed.status == CIV_DID_NOT_AIR);
  CHECK(missed.evidence == CIV_INFERRED);
  CHECK(missed.proof["reason"] == "screen offline");
  // It comes back hours later: a partial play changes nothing, a complete one is the truth.
  s.host.now_ns = item.end_ns + 7200 * ns_per_s;
  CHECK(s.http().post(plays, report({record(item, 1, "partial", "joined")}), json_type).status ==
        200);
  CHECK(count(s.host.facts(), CIV_MISSED) == 1);
  CHECK(s.http().post(plays, report({record(item, 2)}), json_type).status == 200);
  CHECK(count(s.host.facts(), CIV_AIRED, "p1") == 1);
  CHECK(count(s.host.facts(), CIV_MISSED, "p1") == 1);
}

TEST_CASE("a screen that was seen but said nothing is told from one that was away") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60, 15, {"screen-hemei", "screen-heshun"});
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.start_ns + ns_per_s;
  CHECK(s.http().get("/api/screens/screen-hemei/plan?on=p1").status == 200);
  const json screen = s.host.status()["screens"][0];
  CHECK(screen["place"] == "screen-hemei");
  CHECK(screen["online"] == true);
  CHECK(screen["on_air"] == "p1");
  CHECK(s.host.status()["screens"][1]["online"] == false);
  REQUIRE(settle(s, item.end_ns + 61 * ns_per_s, CIV_MISSED, 2));
  for (const Said &fact : s.host.facts())
    if (fact.fact == CIV_MISSED)
      CHECK(fact.proof["reason"] ==
            (fact.place == "screen-hemei" ? "no report" : "screen offline"));
}

TEST_CASE("an item can be taken back until the screens may have it, and then it leaves the plan") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  CHECK(s.host.withdraw("nobody") == CIV_REFUSED);
  s.host.now_ns = item.start_ns - 11 * ns_per_s;
  CHECK(s.http().get("/api/screens/screen-hemei/plan").json()["items"].size() == 1);
  CHECK(s.host.withdraw("p1") == CIV_DONE);
  CHECK(s.host.withdraw("p1") == CIV_DONE);
  CHECK(s.http().get("/api/screens/screen-hemei/plan").json()["items"].empty());
  CHECK(count(stand_in::distinct(s.host.facts()), CIV_WITHDRAWN, "p1") == 1);
  CHECK(s.host.publish(item) == CIV_REFUSED);
  const Handed late = s.item("p2", 60);
  REQUIRE(s.host.publish(late) == CIV_DONE);
  s.host.now_ns = late.start_ns - 9 * ns_per_s;
  CHECK(s.host.withdraw("p2") == CIV_REFUSED);
  CHECK(s.host.notes[0].code == "withdraw.too_late");
  CHECK(count(s.host.facts(), CIV_WITHDRAWN, "p2") == 0);
}

TEST_CASE("recall says again what is known, and knows what it never heard of") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns;
  CHECK(s.http().post(plays, report({record(item, 1)}), json_type).status == 200);
  const auto before = s.host.facts();
  CHECK(s.host.recall("p1") == CIV_DONE);
  const auto after = s.host.facts();
  REQUIRE(after.size() == 2 * before.size());
  CHECK(stand_in::distinct(after) == before);
  CHECK(s.host.recall("never") == CIV_REFUSED);
}

TEST_CASE("plays are not answered with 200 before their facts are on disk") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns;
  s.host.emit_verdict = CIV_LATER;
  CHECK(s.http().post(plays, report({record(item, 1)}), json_type).status == 503);
  CHECK(s.http().post(plays, report({record(item, 1)}), json_type).status == 503);
  CHECK(count(s.host.facts(), CIV_AIRED) == 0);
  s.host.emit_verdict = CIV_DONE;
  CHECK(s.http().post(plays, report({record(item, 1)}), json_type).status == 200);
  CHECK(count(s.host.facts(), CIV_AIRED) == 1);
}

TEST_CASE("records that never came are seen by the gap that they leave") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns;
  CHECK(s.http().post(plays, report({record(item, 4)}), json_type).json()["seq"] == 4);
  const json screen = s.host.status()["screens"][0];
  CHECK(screen["lost"] == 3);
  CHECK(screen["seq"] == 4);
}

TEST_CASE("a play of what nobody planned is stored and named, and counts for nothing") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60), other = s.item("p9", 60, 15, {"screen-heshun"});
  REQUIRE(s.host.publish(item) == CIV_DONE);
  REQUIRE(s.host.publish(other) == CIV_DONE);
  s.host.now_ns = item.end_ns;
  Handed stranger = item;
  stranger.id = "stranger";
  const auto answer = s.http().post(
      plays, report({record(stranger, 1), record(other, 2), record(item, 3)}), json_type);
  CHECK(answer.json()["unknown"] == json{1, 2});
  CHECK(answer.json()["seq"] == 3);
  CHECK(count(s.host.facts(), CIV_AIRED) == 1);
}

TEST_CASE("what is older than is kept is forgotten, and the rest is as it was") {
  Screens s;
  s.open({{"keep_days", 1}});
  const Handed old = s.item("old", 60), young = s.item("young", 50'000);
  REQUIRE(s.host.publish(old) == CIV_DONE);
  REQUIRE(s.host.publish(young) == CIV_DONE);
  REQUIRE(settle(s, old.end_ns + 90'000 * ns_per_s, CIV_MISSED, 2));
  REQUIRE(s.host.wait_for([&](auto &) { return s.host.status()["counters"]["items"] == 1; }));
  const json names = json::parse(std::ifstream(SCREENS_MANIFEST))["counters"];
  CHECK(names.size() == s.host.status()["counters"].size());
  for (const auto &[name, value] : s.host.status()["counters"].items()) CHECK(names.contains(name));
  CHECK(s.host.recall("old") == CIV_REFUSED);
  CHECK(s.host.recall("young") == CIV_DONE);
  CHECK(s.http().get("/media/" + old.media[0].sha256).status == 404);
  CHECK(s.http().get("/media/" + young.media[0].sha256).status == 200);
}

TEST_CASE("a bulletin is shown, and what it covers on a screen that was there is pre-empted") {
  Screens s;
  s.open();
  const Handed spot = s.item("p1", 60, 15, {"screen-hemei", "screen-heshun"});
  const Handed bulletin = s.item("x", 50, 60, {"screen-hemei"}, "bulletin");
  REQUIRE(s.host.publish(spot) == CIV_DONE);
  REQUIRE(s.host.publish(bulletin) == CIV_DONE);
  s.host.now_ns = spot.start_ns + ns_per_s;
  for (const char *place : {"screen-hemei", "screen-heshun"})
    CHECK(s.http().get(std::string("/api/screens/") + place + "/plan").status == 200);
  CHECK(s.http().get("/api/screens/screen-hemei/plan").json()["items"][0]["kind"] == "bulletin");
  REQUIRE(settle(s, spot.end_ns + 61 * ns_per_s, CIV_MISSED, 2));
  for (const Said &fact : s.host.facts()) {
    if (fact.fact != CIV_MISSED || fact.placement != "p1") continue;
    CHECK(fact.status == (fact.place == "screen-hemei" ? CIV_PREEMPTED : CIV_DID_NOT_AIR));
  }
  CHECK(count(s.host.facts(), CIV_AIRED, "p1") == 0);
}

TEST_CASE("a placement that a bulletin cut off is pre-empted, and never aired") {
  Screens s;
  s.open();
  const Handed spot = s.item("p1", 60);
  REQUIRE(s.host.publish(spot) == CIV_DONE);
  s.host.now_ns = spot.end_ns;
  CHECK(s.http().post(plays, report({record(spot, 1, "partial", "preempted")}), json_type).status ==
        200);
  CHECK(the(s.host.facts(), CIV_MISSED, "p1").status == CIV_PREEMPTED);
  CHECK(count(s.host.facts(), CIV_AIRED, "p1") == 0);
}

TEST_CASE(
    "a bulletin can be recalled on air: it leaves the plan, and screens say what they showed") {
  Screens s;
  s.open();
  const Handed bulletin = s.item("x", 60, 60, {"screen-hemei"}, "bulletin");
  REQUIRE(s.host.publish(bulletin) == CIV_DONE);
  s.host.now_ns = bulletin.start_ns + 5 * ns_per_s;
  CHECK(s.http().get("/api/screens/screen-hemei/plan").json()["items"].size() == 1);
  CHECK(s.host.withdraw("x") == CIV_DONE);
  CHECK(s.http().get("/api/screens/screen-hemei/plan").json()["items"].empty());
  CHECK(count(s.host.facts(), CIV_WITHDRAWN) == 0);  // part of it was shown
  s.host.now_ns = bulletin.end_ns + ns_per_s;
  CHECK(s.host.withdraw("x") == CIV_REFUSED);
  CHECK(s.http()
            .post(plays, report({record(bulletin, 1, "partial", "cut short")}), json_type)
            .status == 200);
  CHECK(the(s.host.facts(), CIV_MISSED, "x").status == CIV_AIRED_WITH_DURATION_DISCREPANCY);
}
