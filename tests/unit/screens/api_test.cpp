// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/unit/screens/screens.hpp"

using namespace screens_test;

namespace {

std::string journal(const Screens &s) {
  std::ifstream file(s.folder / "state/journal.jsonl");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE(
    "the plan tells a screen what is on and what the next hour brings, and when nothing changed") {
  Screens s;
  s.open({{"station_zh", "和美社区"}, {"station_en", "Hemei"}});
  const Handed over = s.item("over", -60), on = s.item("on", -5), next = s.item("next", 10),
               far = s.item("far", 3700), elsewhere = s.item("e", 10, 15, {"screen-heshun"});
  for (const Handed &item : {far, next, on, over, elsewhere})
    REQUIRE(s.host.publish(item) == CIV_DONE);
  const auto answer = s.http().get("/api/screens/screen-hemei/plan");
  REQUIRE(answer.status == 200);
  const json body = answer.json();
  CHECK(body["now_ns"] == std::to_string(noon_ns));
  CHECK(body["known"] == true);
  CHECK(body["station"] == json{{"zh", "和美社区"}, {"en", "Hemei"}});
  REQUIRE(body["items"].size() == 2);
  CHECK(body["items"][0]["id"] == "on");
  CHECK(body["items"][1] == json{{"id", "next"},
                                 {"kind", "placement"},
                                 {"start", "2027-01-15T08:00:10.000Z"},
                                 {"end", "2027-01-15T08:00:25.000Z"},
                                 {"asset", "values-fuqiang"},
                                 {"title", {{"zh", "富强"}, {"en", "Prosperity"}}},
                                 {"media", "/media/" + next.media[0].sha256},
                                 {"mime", "video/mp4"},
                                 {"sha256", next.media[0].sha256},
                                 {"duration_ms", 15000}});
  const stand_in::Headers same{{"If-None-Match", answer.headers.at("etag")}};
  const auto again = s.http().get("/api/screens/screen-hemei/plan", same);
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  s.host.now_ns = noon_ns + 15 * ns_per_s;
  CHECK(s.http().get("/api/screens/screen-hemei/plan", same).status == 200);
  CHECK(s.http().get("/api/screens/nobody/plan").json()["known"] == false);
}

TEST_CASE("media is served whole, in parts, and to be kept for ever, nothing else on the disk is") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 10);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  const std::string target = "/media/" + item.media[0].sha256;
  const auto whole = s.http().get(target);
  CHECK(whole.status == 200);
  CHECK(whole.body == "the file of p1");
  CHECK(whole.headers.at("content-type") == "video/mp4");
  CHECK(whole.headers.at("accept-ranges") == "bytes");
  CHECK(whole.headers.at("cache-control").find("immutable") != std::string::npos);
  const auto part = s.http().get(target, {{"Range", "bytes=4-7"}});
  CHECK(part.status == 206);
  CHECK(part.body == "file");
  CHECK(part.headers.at("content-range") == "bytes 4-7/14");
  CHECK(s.http().get(target, {{"Range", "bytes=14-"}}).status == 416);
  for (const char *other : {"/media/", "/media/../journal.jsonl", "/media/%2e%2e/journal.jsonl",
                            "/player/../../journal.jsonl", "/player/x", "/journal.jsonl",
                            "/screen/", "/screen/../x", "/screen/A", "/x"})
    CHECK(s.http().get(other).status == 404);
  CHECK(s.http().get("/media/" + std::string(64, 'f')).json()["code"] == "media.unknown");
  std::ofstream(item.media[0].path, std::ios::trunc).flush();
  CHECK(s.http().get(target).json()["code"] == "media.gone");
}

TEST_CASE("the page comes with all its parts from the plugin alone, and lets in no others") {
  Screens s;
  s.open();
  for (const char *path :
       {"/", "/screen/screen-hemei", "/sw.js", "/player/main.js", "/player/player.css"}) {
    INFO(path);
    const auto answer = s.http().get(path);
    CHECK(answer.status == 200);
    CHECK((answer.body.find("SPDX") != std::string::npos) == (std::string(path) != "/"));
    CHECK(answer.body.find("http://") == std::string::npos);
    CHECK(answer.body.find("https://") == std::string::npos);
    CHECK(answer.headers.at("content-security-policy").find("default-src 'none'") == 0);
    CHECK(answer.headers.at("x-content-type-options") == "nosniff");
  }
  CHECK(s.http().get("/sw.js").headers.at("content-type").find("text/javascript") == 0);
}

TEST_CASE("only this machine's names are answered, and only our own page may post") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 10);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns;
  for (const char *host :
       {"evil.example", "evil.example:8091", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]:1"})
    CHECK(s.http().get("/api/clock", {{"Host", host}}).status == 421);
  for (const char *host : {"localhost", "localhost:1", "127.0.0.1:9", "[::1]:80", "127.3.2.1"})
    CHECK(s.http().get("/api/clock", {{"Host", host}}).status == 200);
  const auto body = report({record(item, 1)});
  CHECK(s.http().post(plays, body, json_type, {{"Origin", "http://evil.example"}}).status == 403);
  CHECK(s.http().post(plays, body, json_type, {{"Origin", "null"}}).status == 403);
  CHECK(count(s.host.facts(), CIV_AIRED) == 0);
  CHECK(s.http().post(plays, body, json_type, {{"Origin", "http://" + s.http().host()}}).status ==
        200);
}

TEST_CASE("each malformed report gets its sentence and changes nothing") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns + ns_per_s;
  const json good = record(item, 1);
  const auto with = [&](const char *name, json value) {
    json changed = good;
    changed[name] = std::move(value);
    return report({changed});
  };
  const auto without = [&](const char *name) {
    json changed = good;
    changed.erase(name);
    return report({changed});
  };
  struct Row {
    unsigned status;
    std::string code, at, body;
  };
  const std::vector<Row> rows{
      {400, "json.malformed", "", ""},
      {400, "json.malformed", "", "{"},
      {400, "json.malformed", "", "\xff\xfe"},
      {400, "json.malformed", "", "{\"session\":\"\xff\"}"},
      {422, "json.not_object", "", "[]"},
      {422, "json.not_object", "", "1"},
      {422, "json.unknown_member", "/x", R"({"x":1})"},
      {422, "session.malformed", "/session", R"({"records":[]})"},
      {422, "session.malformed", "/session", report({good}, "short")},
      {422, "session.malformed", "/session", report({good}, "not a word!")},
      {422, "session.malformed", "/session", report({good}, std::string(65, 'a'))},
      {422, "records.missing", "/records", R"({"session":"session-1"})"},
      {422, "records.missing", "/records", report({})},
      {422, "records.too_many", "/records", report(std::vector<json>(201, 1))},
      {422, "record.not_object", "/records/0", report({1})},
      {422, "json.unknown_member", "/records/0/place", with("place", "screen-hemei")},
      {422, "seq.malformed", "/records/0/seq", with("seq", 0)},
      {422, "seq.malformed", "/records/0/seq", with("seq", -1)},
      {422, "seq.malformed", "/records/0/seq", with("seq", 1.5)},
      {422, "seq.malformed", "/records/0/seq", with("seq", "1")},
      {422, "seq.malformed", "/records/0/seq", with("seq", 18446744073709551615ull)},
      {422, "seq.malformed", "/records/0/seq", without("seq")},
      {422, "seq.gap", "/records/1/seq", report({record(item, 1), record(item, 3)})},
      {422, "seq.gap", "/records/1/seq", report({record(item, 1), record(item, 1)})},
      {422, "placement.malformed", "/records/0/placement", with("placement", "")},
      {422, "placement.malformed", "/records/0/placement",
       with("placement", std::string(201, 'x'))},
      {422, "placement.malformed", "/records/0/placement", with("placement", json::object())},
      {422, "time.malformed", "/records/0/start", with("start", "2027-01-15T08:00:00Z")},
      {422, "time.malformed", "/records/0/end", with("end", 1e300)},
      {422, "time.order", "/records/0/end", with("end", good["start"].get<std::int64_t>() - 1)},
      {422, "time.order", "/records/0/end", with("start", 1)},
      {422, "time.future", "/records/0/end", with("end", noon_ms + 79'001)},
      {422, "outcome.unknown", "/records/0/outcome", with("outcome", "great")},
      {422, "outcome.unknown", "/records/0/outcome", without("outcome")},
      {422, "reason.malformed", "/records/0/reason", with("reason", std::string(101, 'x'))},
      {422, "reason.malformed", "/records/0/reason", with("reason", nullptr)},
      {422, "number.malformed", "/records/0/frames", with("frames", -1)},
      {422, "number.malformed", "/records/0/visible_ms", with("visible_ms", true)},
      {422, "sha256.malformed", "/records/0/sha256", with("sha256", std::string(64, 'G'))},
      {422, "outcome.unknown", "/records/1/outcome",
       report({good,
               [&] {
                 json j = record(item, 2);
                 j["outcome"] = "?";
                 return j;
               }()})},
  };
  const std::string before = journal(s);
  for (const Row &row : rows) {
    INFO(row.body);
    const auto answer = s.http().post(plays, row.body, json_type);
    CHECK(answer.status == row.status);
    const json body = answer.json();
    CHECK(body["code"] == row.code);
    CHECK(body.value("at", "") == row.at);
    CHECK_FALSE(body["zh"].get<std::string>().empty());
    CHECK_FALSE(body["en"].get<std::string>().empty());
  }
  CHECK(journal(s) == before);
  CHECK(count(s.host.facts(), CIV_AIRED) == 0);
  CHECK(s.http().post(plays, report({good}), json_type).json()["seq"] == 1);
}

TEST_CASE("a request that is no such request gets its sentence and changes nothing") {
  Screens s;
  s.open();
  const Handed item = s.item("p1", 60);
  REQUIRE(s.host.publish(item) == CIV_DONE);
  s.host.now_ns = item.end_ns + ns_per_s;
  const std::string before = journal(s), good = report({record(item, 1)});
  const auto code = [](const stand_in::Answer &answer) {
    return answer.json()["code"].get<std::string>();
  };
  const stand_in::Http http = s.http();
  CHECK(code(http.post(plays, good, "text/plain")) == "type.not_json");
  CHECK(code(http.post("/api/screens/nobody/plays", good, json_type)) == "place.unknown");
  CHECK(code(http.post("/api/screens/NO/plays", good, json_type)) == "place.malformed");
  CHECK(code(http.post("/api/clock", "", json_type)) == "method.wrong");
  CHECK(code(http.ask("DELETE", plays, "", {})) == "method.wrong");
  CHECK(code(http.post(plays, std::string(64 * 1024 + 1, ' '), json_type)) == "body.too_large");
  CHECK(code(http.get("/api/clock", {{"X-Long", std::string(9000, 'x')}})) == "header.too_large");
  CHECK(http.raw("nonsense\r\n\r\n").find("request.malformed") != std::string::npos);
  CHECK(http.raw("POST " + plays +
                 " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")
            .find("body.too_large") != std::string::npos);
  CHECK(http.raw("POST " + plays +
                 " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
                 std::string(0x20000, ' ') + "\r\n0\r\n\r\n")
            .find("body.too_large") != std::string::npos);
  CHECK(journal(s) == before);
}

TEST_CASE("a picture of a screen is kept whole, what is no JPEG changes nothing") {
  Screens s;
  s.open();
  REQUIRE(s.host.publish(s.item("p1", 60)) == CIV_DONE);
  CHECK(s.host.status()["screens"][0]["picture"].is_null());
  const std::string target = "/api/screens/screen-hemei/picture", type = "image/jpeg";
  const std::string jpeg = "\xff\xd8\xff\xe0 picture \xff\xd9";
  CHECK(s.http().post(target, "GIF89a", type).json()["code"] == "picture.not_jpeg");
  CHECK(s.http().post(target, jpeg.substr(0, 8), type).json()["code"] == "picture.not_jpeg");
  CHECK(s.http().post(target, jpeg, "image/png").json()["code"] == "type.not_jpeg");
  CHECK(s.http().post(target, std::string(200 * 1024 + 1, 'x'), type).json()["code"] ==
        "body.too_large");
  CHECK(s.http().post("/api/screens/nobody/picture", jpeg, type).json()["code"] == "place.unknown");
  CHECK(s.host.status()["screens"][0]["picture"].is_null());
  CHECK(s.http().post(target, jpeg, type).status == 200);
  const std::string name = s.host.status()["screens"][0]["picture"];
  CHECK(name == "pictures/screen-hemei.jpg");
  std::ifstream file(s.folder / "state/" + name);
  std::stringstream kept;
  kept << file.rdbuf();
  CHECK(kept.str() == jpeg);
}
