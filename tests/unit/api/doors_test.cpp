// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "fake_station.hpp"
#include "host/api/doors.hpp"
#include "host/api/faults.hpp"
#include "host/api/guard.hpp"
#include "sdk/base/clock.hpp"

using namespace civicast;
using namespace civicast::api;

namespace {

Request get(const std::string &target) {
  return {"GET", target, "", ""};
}

}  // namespace

TEST_CASE("every route stands in the OpenAPI document, and nothing else does") {
  std::map<std::string, std::set<std::string>> documented, routed;  // its query parameters
  const Json document = Json::parse(openapi_text());
  for (const auto &[path, methods] : document.at("paths").items())
    for (const auto &[method, operation] : methods.items()) {
      auto &query = documented[(method == "get" ? "GET " : "POST ") + path];
      for (const Json &parameter : operation.value("parameters", Json::array()))
        if (parameter.at("in") == "query") query.insert(parameter.at("name").get<std::string>());
    }
  for (const Route &route : routes())
    routed[route.method + " " + route.path] = {route.query.begin(), route.query.end()};
  CHECK(documented == routed);
}

TEST_CASE("every reference of the OpenAPI document leads somewhere") {
  const Json document = Json::parse(openapi_text());
  const auto flat = document.flatten();
  int references = 0;
  for (const auto &[pointer, value] : flat.items()) {
    if (pointer.size() < 5 || pointer.substr(pointer.size() - 5) != "/$ref") continue;
    ++references;
    INFO(value);
    CHECK(document.contains(Json::json_pointer(value.get<std::string>().substr(1))));
  }
  CHECK(references > 20);
}

TEST_CASE("a report is asked for as a document or as a file, and a note for a placement") {
  FakeStation station;
  const Doors doors(station.sources());
  const std::string path = "/api/v1/reports/reconciliation";
  REQUIRE(doors.answer(get(path + "?from=2026-11-01&to=2026-11-30&channel=cable&open=true&limit=5"))
              .status == 200);
  CHECK(station.reported.report == "reconciliation");
  CHECK(date_text(*station.reported.to) == "2026-11-30");
  CHECK(station.reported.channel == "cable");
  CHECK(station.reported.only_open);
  CHECK(station.reported.limit == 5);
  const auto file = doors.answer(get("/api/v1/reports/monthly?month=2026-10&format=csv"));
  CHECK(file.file_name == "r.csv");
  CHECK(station.reported.month == "2026-10");
  CHECK(doors.answer(get("/api/v1/reports/weather")).status == 404);
  CHECK(doors.answer(get(path + "?channel=nowhere")).status == 404);
  CHECK(doors.answer(get(path + "?from=2026-11-30&to=2026-11-01")).status == 400);
  CHECK(doors.answer(get(path + "?limit=0")).status == 400);
  CHECK(doors.answer(get(path + "?format=pdf")).status == 400);

  Request note{"POST", "/api/v1/notes", R"({"placement": "p", "by": "张三", "text": "雨"})",
               "application/json"};
  REQUIRE(doors.answer(note).status == 200);
  CHECK(station.noted.by == "张三");
  note.body = R"({"placement": "p", "author": "张三", "text": "雨"})";
  CHECK(doors.answer(note).status == 400);
}

TEST_CASE("a query reaches its source as it was asked") {
  FakeStation station;
  const Doors doors(station.sources());
  const auto answer = doors.answer(get(
      "/api/v1/counts?by=campaign,day&from=2026-11-01&to=2026-11-30&channel=cable&place=hemei"));
  REQUIRE(answer.status == 200);
  CHECK(station.counted.by == std::vector<std::string>{"campaign", "day"});
  CHECK(date_text(*station.counted.from) == "2026-11-01");
  CHECK(date_text(*station.counted.to) == "2026-11-30");
  CHECK(station.counted.channel == "cable");
  CHECK(station.counted.place == "hemei");
  CHECK(station.counted.campaign.empty());

  REQUIRE(doors
              .answer(get("/api/v1/playlists/cable?since=1970-01-01T00:00:01Z&until=1970-01-02T"
                          "00:00:01%2B00:00"))
              .status == 200);
  CHECK(station.played.channel == "cable");
  CHECK_FALSE(station.played.date.has_value());
  CHECK(station.played.span->since_ns == ns_per_s);
  CHECK(station.played.span->until_ns == 86401 * ns_per_s);

  REQUIRE(doors.answer(get("/api/v1/airings?campaign=values&limit=500&before=0")).status == 200);
  CHECK(station.listed.campaign == "values");
  CHECK(station.listed.limit == 500);
  CHECK(station.listed.before == 0);

  REQUIRE(doors.answer(get("/api/v1/airings")).status == 200);
  CHECK(station.listed.limit == 50);
  CHECK_FALSE(station.listed.before.has_value());
}

TEST_CASE("an airing is found by its index in the ledger, with its proof") {
  FakeStation station;
  const auto answer = Doors(station.sources()).answer(get("/api/v1/airings/6"));
  REQUIRE(answer.status == 200);
  CHECK(Json::parse(answer.body) == Json{{"entry", 6}, {"proof", {{"frames_sent", 375}}}});
}

TEST_CASE("a person may have a channel asked, or settle that nobody knows, and nothing else") {
  FakeStation station;
  const Doors doors(station.sources());
  REQUIRE(doors.answer(get("/api/v1/held?channel=cable&limit=7")).status == 200);
  CHECK(station.looked_at.channel == "cable");
  CHECK(station.looked_at.limit == 7);
  CHECK(doors.answer(get("/api/v1/held?channel=nobody")).status == 404);

  const auto post = [&](const std::string &body) {
    return doors.answer({"POST", "/api/v1/held/p-1", body, "application/json"});
  };
  for (const char *choice : {"ask", "again", "leave"}) {
    INFO(choice);
    const Json body = {{"choice", choice}, {"by", "王芳"}, {"note", "看过了"}};
    REQUIRE(post(body.dump()).status == 200);
    CHECK(station.decided.placement == "p-1");
    CHECK(station.decided.choice == choice);
    CHECK(station.decided.by == "王芳");
    CHECK(station.decided.note == "看过了");
  }
  station.decided = {};
  const auto aired = post(R"({"choice": "aired", "by": "a", "note": "b"})");
  CHECK(aired.status == 400);
  CHECK(Json::parse(aired.body).at("code") == "api.choice_unknown");
  CHECK(post(R"({"choice": "leave", "by": "a", "note": "b", "aired": true})").status == 400);
  CHECK(post(R"({})").status == 400);
  CHECK(station.decided.choice.empty());
}

TEST_CASE("what a source refuses is told whole, the first fault first") {
  FakeStation station;
  Sources sources = station.sources();
  sources.counts = [](const CountsQuery &) {
    return Result<Json, Faults>(
        Faults{Fault(faults::date_malformed, {{"name", "a"}, {"text", "b"}}),
               Fault(faults::by_unknown, {{"word", "c"}})});
  };
  const auto answer = Doors(sources).answer(get("/api/v1/counts"));
  CHECK(answer.status == 400);
  const Json body = Json::parse(answer.body);
  CHECK(body.at("code") == "api.date_malformed");
  CHECK(body.at("more").at(0).at("code") == "api.by_unknown");
}

TEST_CASE("an answer that differs only in its clock has the same ETag") {
  FakeStation station;
  const Doors doors(station.sources());
  const auto first = doors.answer(get("/api/v1/live")), second = doors.answer(get("/api/v1/live"));
  CHECK(first.body != second.body);
  CHECK(first.etag == second.etag);
  CHECK_FALSE(first.etag.empty());
  CHECK(doors.answer(get("/api/v1/ledger")).etag != first.etag);
}

TEST_CASE("only plain files of a channel's preview are served") {
  FakeStation station;
  station.put("channels/cable/preview/index.m3u8", "#EXTM3U\n");
  station.put("channels/cable/preview/notes.txt", "no");
  station.put("channels/cable/outbox.ts", "secret");
  std::filesystem::create_symlink(station.folder / "channels/cable/outbox.ts",
                                  station.folder / "channels/cable/preview/link.ts");
  const Doors doors(station.sources());
  const auto playlist = doors.answer(get("/live/cable/index.m3u8"));
  CHECK(playlist.status == 200);
  CHECK(playlist.type == "application/vnd.apple.mpegurl");
  CHECK(playlist.cache == "no-store");
  for (const char *name : {"notes.txt", "link.ts", "none.ts", ".hidden.ts", "outbox.ts"}) {
    INFO(name);
    CHECK(doors.answer(get(std::string("/live/cable/") + name)).status == 404);
  }
}

TEST_CASE("a channel without a picture says so, one with a picture shows it") {
  FakeStation station;
  station.put("channels/cable/pictures/hemei.jpg", "jpeg");
  const Doors doors(station.sources());
  CHECK(doors.answer(get("/pictures/cable/hemei.jpg?at=1")).type == "image/jpeg");
  const auto missing = doors.answer(get("/pictures/cable/heshun.jpg"));
  CHECK(missing.status == 404);
  CHECK(Json::parse(missing.body).at("code") == "api.picture_missing");
}

TEST_CASE("the service may only be bound to a loopback address") {
  CHECK(*loopback_address("localhost") == "127.0.0.1");
  for (const char *host : {"127.0.0.1", "127.3.2.1", "::1"}) CHECK(loopback_address(host).ok());
  for (const char *host : {"0.0.0.0", "::", "192.168.1.5", "example.org", "", "::ffff:127.0.0.1"}) {
    INFO(host);
    const auto refused = loopback_address(host);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.fault().is(faults::bind_not_loopback));
  }
}

TEST_CASE("only this service's own names and pages are admitted") {
  const Guard guard("127.0.0.1", 8090);
  CHECK(guard.admit("127.0.0.1:8090", "").ok());
  CHECK(guard.admit("LocalHost:8090", "http://localhost:8090").ok());
  CHECK(guard.admit("[::1]:8090", "http://127.0.0.1:8090").ok());
  for (const char *host :
       {"", "127.0.0.1", "localhost:8091", "evil.example:8090", "127.0.0.1:80900"})
    CHECK_FALSE(guard.admit(host, "").ok());
  for (const char *origin : {"null", "https://localhost:8090", "http://evil.example", "http://",
                             "http://localhost:8090.evil.example"})
    CHECK_FALSE(guard.admit("localhost:8090", origin).ok());
}

TEST_CASE("an order of a bulletin reaches its source as it was given, and a preview issues none") {
  FakeStation station;
  const Doors doors(station.sources());
  const auto post = [&](const std::string &path, const std::string &body) {
    return doors.answer({"POST", path, body, "application/json"});
  };
  const std::string order =
      R"({"token":"t-1","asset":"flood","channels":["cable","feed"],"start":"1970-01-01T00:00:02Z",)"
      R"("length_ms":30000,"times":3,"every_ms":60000,"reason":"暴雨"})";
  REQUIRE(post("/api/v1/bulletins/preview", order).status == 200);
  CHECK(station.issues == 0);
  REQUIRE(post("/api/v1/bulletins", order).status == 200);
  CHECK(station.issues == 1);
  CHECK(station.ordered.token == "t-1");
  CHECK(station.ordered.asset == "flood");
  CHECK(station.ordered.channels == std::vector<std::string>{"cable", "feed"});
  CHECK(station.ordered.start_ns == 2 * ns_per_s);
  CHECK(station.ordered.length_ms == 30000);
  CHECK(station.ordered.times == 3);
  CHECK(station.ordered.every_ms == 60000);
  CHECK(station.ordered.reason == "暴雨");
  REQUIRE(post("/api/v1/bulletins", R"({"token":"t","asset":"a","place":"hemei","start":null})")
              .status == 200);
  CHECK(station.ordered.place == "hemei");
  CHECK_FALSE(station.ordered.start_ns.has_value());
  CHECK(station.ordered.times == 1);
  REQUIRE(post("/api/v1/bulletins/b1/recall", R"({"reason":"误发"})").status == 200);
  CHECK(station.recalled == "b1 误发");
  CHECK(doors.answer(get("/api/v1/bulletins?limit=7")).body.find("\"limit\":7") !=
        std::string::npos);
}

TEST_CASE("an order that is not as it should be is refused at its member") {
  FakeStation station;
  const Doors doors(station.sources());
  const auto fault = [&](const std::string &path, const std::string &body) {
    const auto answer = doors.answer({"POST", path, body, "application/json"});
    CHECK(answer.status == 400);
    const Json json = Json::parse(answer.body);
    return json.at("code").get<std::string>() + " " + json.at("at").get<std::string>();
  };
  const std::string issue = "/api/v1/bulletins";
  CHECK(fault(issue, "[]") == "api.body_not_object ");
  CHECK(fault(issue, R"({"urgent":true})") == "api.field_unknown /urgent");
  CHECK(fault(issue, R"({"asset":"../x"})") == "api.id_malformed /asset");
  CHECK(fault(issue, R"({"asset":7})") == "api.text_wrong /asset");
  CHECK(fault(issue, R"({"channels":"cable"})") == "api.list_wrong /channels");
  CHECK(fault(issue, R"({"channels":["Cable"]})") == "api.list_wrong /channels");
  CHECK(fault(issue, R"({"start":"soon"})") == "api.start_malformed /start");
  CHECK(fault(issue, R"({"times":0})") == "api.field_wrong /times");
  CHECK(fault(issue, R"({"length_ms":-1})") == "api.field_wrong /length_ms");
  CHECK(fault(issue, R"({"every_ms":1.5})") == "api.field_wrong /every_ms");
  CHECK(fault(issue, to_text({{"reason", std::string(4001, 'x')}})) == "api.text_wrong /reason");
  CHECK(fault("/api/v1/bulletins/b1/recall", R"({"why":"x"})") == "api.field_unknown /why");
  CHECK(fault("/api/v1/bulletins/B1/recall", R"({"reason":"x"})") == "api.id_malformed ");
  CHECK(station.issues == 0);
  CHECK(station.recalled.empty());
}

TEST_CASE(
    "a tile is what stands behind /tile/, kept for ever, and not to be had with a foreign word") {
  FakeStation station;
  const Doors doors(station.sources());
  const auto answer = doors.answer(get("/tile/0/x001/067.p/2"));
  CHECK(answer.status == 200);
  CHECK(answer.type == "application/octet-stream");
  CHECK(answer.cache.find("immutable") != std::string::npos);
  CHECK(answer.body == std::string(64, 'h'));
  CHECK(doors.answer(get("/tile/0/x001/067.p/3")).status == 404);
  CHECK(doors.answer(get("/tile")).status == 404);
  CHECK(doors.answer(get("/tile/0/x001/067.p/2?x=1")).status == 400);
}

TEST_CASE("a checkpoint to be cosigned reaches the witness whatever type its sender calls it") {
  FakeStation station;
  const Doors doors(station.sources());
  for (const char *type : {"", "text/plain", "application/octet-stream"}) {
    const auto answer = doors.answer({"POST", "/add-checkpoint", "old 7\n\n", type});
    CHECK(answer.status == 409);
    CHECK(answer.type == "text/x.tlog.size");
    CHECK(answer.body == "7\n");
  }
  CHECK(doors.answer(get("/add-checkpoint")).status == 405);
}
