// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/airings/airing.hpp"
#include "host/airings/faults.hpp"
#include "host/airings/text.hpp"

using namespace civicast;
using namespace civicast::airings;

namespace {

Airing sample() {
  Airing a;
  a.channel = "cable";
  a.placement = "p1";
  a.place = "centre";
  a.play = 1;
  a.fact = FactKind::aired;
  a.status = Status::aired_without_discrepancy;
  a.evidence = Evidence::measured;
  a.start_ns = 1'795'000'000'000'000'000;
  a.end_ns = 1'795'000'015'000'000'000;
  a.planned_start_ns = a.start_ns;
  a.planned_end_ns = a.end_ns;
  a.item = "placement";
  a.campaign = "values";
  a.asset = "values-fuqiang";
  a.ad_class = "psa";
  a.topic = "values";
  a.title = {"富强", "Prosperity"};
  a.house_sha256 = "ab";
  a.plugin = "cable";
  a.plugin_version = "1.0.0";
  a.epoch = 7;
  a.proof = R"({"frames":375})";
  a.recorded_ns = 1'795'000'016'000'000'001;
  return a;
}

}  // namespace

TEST_CASE("an airing is written in one form only") {
  CHECK(encode(sample()) ==
        R"({"asset":"values-fuqiang","campaign":"values","channel":"cable","class":"psa",)"
        R"("end":"2026-11-18T11:06:55.000000000Z","epoch":7,"evidence":"measured","fact":"aired",)"
        R"("house_sha256":"ab","item":"placement","kind":"airing","place":"centre",)"
        R"("placement":"p1","planned_end":"2026-11-18T11:06:55.000000000Z",)"
        R"("planned_start":"2026-11-18T11:06:40.000000000Z","play":1,"plugin":"cable",)"
        R"("plugin_version":"1.0.0","proof":{"frames":375},)"
        R"("recorded":"2026-11-18T11:06:56.000000001Z","remote":"",)"
        R"("start":"2026-11-18T11:06:40.000000000Z","status":"aired_without_discrepancy",)"
        R"("title":{"en":"Prosperity","zh":"富强"},"topic":"values","v":1})");
}

TEST_CASE("what was written is read back, whatever the texts hold") {
  Airing a = sample();
  CHECK(*decode(encode(a)) == a);
  a.title = {"引号\"反斜\\\n\t\x01\x1f", "\b\f\r/\x7f"};
  a.remote = "https://example.org/\"kind\":\"x\"";
  a.proof = R"({"a":{"kind":"x}","n":[1,2.5,null,true,"\"}"]}})";
  a.start_ns = 0;
  a.play = 4'294'967'295;
  a.epoch = 18'446'744'073'709'551'615U;
  a.dispute = Dispute{"airing.outside_plan", {"不对", "wrong"}};
  const auto back = decode(encode(a));
  REQUIRE(back.ok());
  CHECK(*back == a);
  CHECK(is_airing(encode(a)));
}

TEST_CASE("an entry with any byte left out, doubled or changed is not an airing") {
  const std::string good = encode(sample());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string less = good;
    less.erase(i, 1);
    const auto shorter = decode(less);
    if (shorter) REQUIRE(encode(*shorter) == less);
    std::string spaced = good;
    spaced.insert(i, " ");
    const auto longer = decode(spaced);
    if (longer) REQUIRE(encode(*longer) == spaced);
  }
  for (const std::string &bad :
       {std::string(), std::string("{}"), good + " ", "[" + good + "]", good.substr(1),
        std::string(70'000, 'x'), "\xff" + good, std::string(R"({"kind":"airing"})")}) {
    const auto read = decode(bad);
    REQUIRE_FALSE(read.ok());
    CHECK(read.fault().is(faults::entry_malformed));
  }
}

TEST_CASE("another kind of entry is told from a broken airing") {
  CHECK_FALSE(is_airing(R"({"kind":"rollup","v":1})"));
  CHECK_FALSE(is_airing("not json"));
  CHECK(is_airing(R"({"kind":"airing","v":2})"));
}

TEST_CASE("a proof is an object of at most 8 KiB, written in one form") {
  CHECK(canonical_proof("") == "{}");
  CHECK(canonical_proof(R"( { "b" : 1 , "a" : [ ] } )") == R"({"a":[],"b":1})");
  for (const char *bad : {"[]", "1", "null", "{", "\"x\"", "{\"a\":\xff}"})
    CHECK_FALSE(canonical_proof(bad).has_value());
  CHECK_FALSE(canonical_proof("{\"a\":\"" + std::string(9000, 'x') + "\"}").has_value());
}

TEST_CASE("texts are cut between characters, and what is not UTF-8 is replaced") {
  CHECK(bounded("富强", 6) == "富强");
  CHECK(bounded("富强", 5) == "富");
  CHECK(bounded("a\xff"
                "b",
                9) ==
        "a\xEF\xBF\xBD"
        "b");
  for (const char *bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE4\xB8", "\x80"})
    CHECK_FALSE(is_utf8(bad));
  CHECK(is_utf8("文明 🏮"));
}
