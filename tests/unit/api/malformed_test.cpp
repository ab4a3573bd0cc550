// SPDX-License-Identifier: Apache-2.0
// Everything malformed that a client can send, each with the sentence it gets.
#include <catch2/catch.hpp>
#include <regex>

#include "fake_station.hpp"

using namespace civicast;
using namespace civicast::api;

namespace {

struct Malformed {
  std::string law;
  std::string line;  ///< method and target; the whole request where it holds a line break
  std::string headers, body;
  int status;
  std::string code;
};

std::string length(std::size_t bytes) {
  return "Content-Length: " + std::to_string(bytes) + "\r\n";
}

Malformed path(const std::string &target, int status, const std::string &code) {
  return {"GET " + target, "GET " + target, "", "", status, code};
}

Malformed plan(const std::string &law, const std::string &body, const std::string &code) {
  return {law,
          "POST /api/v1/plan",
          "Content-Type: application/json\r\n" + length(body.size()),
          body,
          400,
          code};
}

std::vector<Malformed> paths() {
  using namespace std::string_literals;
  return {
      path("/api/v1/nothing", 404, "api.route_unknown"),
      path("/api/v2/live", 404, "api.route_unknown"),
      path("/api/v1/live/", 404, "api.route_unknown"),
      path("//api/v1/live", 404, "api.route_unknown"),
      path("/live/cable/../outbox.ts", 400, "api.path_malformed"),
      path("/live/cable/%2e%2e", 400, "api.path_malformed"),
      path("/live/cable/%2E%2E%2Foutbox.ts", 400, "api.path_malformed"),
      path("/live/cable/..%5coutbox.ts", 400, "api.path_malformed"),
      path("/live/cable/%252e%252e%252foutbox.ts", 404, "api.preview_missing"),
      path("/live/cable/index.m3u8%00.ts", 400, "api.path_malformed"),
      path("/live/cable/a\0.ts"s, 400, "api.path_malformed"),
      path("/pictures/cable/%2e%2e%2f%2e%2e%2fkey.jpg", 400, "api.path_malformed"),
      path("/assets/%ff%fe.js", 400, "api.path_malformed"),
      path("/assets/%zz.js", 400, "api.path_malformed"),
      path("/assets/%", 400, "api.path_malformed"),
      path("http://127.0.0.1/api/v1/live", 400, "api.path_malformed"),
      path("/api/v1/playlists/teevee", 404, "api.channel_unknown"),
      path("/api/v1/playlists/Cable", 400, "api.id_malformed"),
      path("/api/v1/assets/none/thumbnail", 404, "api.thumbnail_unknown"),
      path("/live/teevee/index.m3u8", 404, "api.channel_unknown"),
      path("/" + std::string(2000, 'a'), 404, "api.route_unknown"),
  };
}

std::vector<Malformed> queries() {
  return {
      path("/api/v1/playlists/cable?date=2026-02-30", 400, "api.date_malformed"),
      path("/api/v1/playlists/cable?date=yesterday", 400, "api.date_malformed"),
      path("/api/v1/playlists/cable?date=", 400, "api.date_malformed"),
      path("/api/v1/playlists/cable?since=now&until=later", 400, "api.instant_malformed"),
      path("/api/v1/playlists/cable?since=2026-11-23T00:00:00Z", 400, "api.span_wrong"),
      path("/api/v1/playlists/cable?since=2026-11-23T00:00:00Z&until=2026-11-24T00:00:01Z", 400,
           "api.span_wrong"),
      path("/api/v1/counts?from=2026-11-02&to=2026-11-01", 400, "api.dates_reversed"),
      path("/api/v1/counts?by=campaign,moon", 400, "api.by_unknown"),
      path("/api/v1/counts?by=", 400, "api.by_unknown"),
      path("/api/v1/counts?by=day,day", 400, "api.by_twice"),
      path("/api/v1/counts?channel=teevee", 404, "api.channel_unknown"),
      path("/api/v1/counts?campaign=%27%20OR%201%3D1", 400, "api.id_malformed"),
      path("/api/v1/counts?campaign=none", 404, "api.campaign_unknown"),
      path("/api/v1/counts?place=none", 404, "api.place_unknown"),
      path("/api/v1/counts?colour=red", 400, "api.query_unknown"),
      path("/api/v1/live?x=1", 400, "api.query_unknown"),
      path("/api/v1/counts?by=day&by=day", 400, "api.query_twice"),
      path("/api/v1/counts?by=%zz", 400, "api.query_malformed"),
      path("/api/v1/counts?by=day%00", 400, "api.query_malformed"),
      path("/api/v1/counts?&", 400, "api.query_malformed"),
      path("/api/v1/airings?limit=0", 400, "api.number_malformed"),
      path("/api/v1/airings?limit=501", 400, "api.number_malformed"),
      path("/api/v1/airings?limit=5e1", 400, "api.number_malformed"),
      path("/api/v1/airings?limit=99999999999999999999", 400, "api.number_malformed"),
      path("/api/v1/airings?before=-1", 400, "api.number_malformed"),
      path("/api/v1/airings/7", 404, "api.airing_unknown"),
      path("/api/v1/airings/-1", 404, "api.airing_unknown"),
      path("/api/v1/airings/6x", 404, "api.airing_unknown"),
      path("/api/v1/airings/99999999999999999999", 404, "api.airing_unknown"),
  };
}

std::vector<Malformed> bodies() {
  const std::string json = "Content-Type: application/json\r\n";
  const std::string big(70'000, ' ');
  return {
      plan("no JSON at all", "days=1", "json.malformed"),
      plan("JSON cut short", "{\"days\":", "json.malformed"),
      plan("an empty body", "", "json.malformed"),
      plan("JSON with bytes that are not UTF-8", "{\"days\":\"\xff\"}", "json.malformed"),
      plan("JSON nested too deep", std::string(40, '[') + std::string(40, ']'), "json.too_deep"),
      plan("JSON that is no object", "[1]", "api.body_not_object"),
      plan("a field nobody knows", R"({"days":1,"force":true})", "api.field_unknown"),
      plan("a missing field", "{}", "api.field_wrong"),
      plan("a number as text", R"({"days":"1"})", "api.field_wrong"),
      plan("half a day", R"({"days":1.5})", "api.field_wrong"),
      plan("no days", R"({"days":0})", "api.field_wrong"),
      plan("too many days", R"({"days":18446744073709551615})", "api.field_wrong"),
      {"a body that is too large", "POST /api/v1/plan", json + length(big.size()), big, 413,
       "api.body_too_large"},
      {"a length that is a lie", "POST /api/v1/plan", json + length(9'000'000'000), "{}", 413,
       "api.body_too_large"},
      {"a chunked body that is too large", "POST /api/v1/plan",
       json + "Transfer-Encoding: chunked\r\n", "11170\r\n" + big + "\r\n0\r\n\r\n", 413,
       "api.body_too_large"},
      {"a form instead of JSON", "POST /api/v1/plan",
       "Content-Type: application/x-www-form-urlencoded\r\n" + length(6), "days=1", 415,
       "api.body_type_wrong"},
      {"a body of no type", "POST /api/v1/plan", length(10), "{\"days\":1}", 415,
       "api.body_type_wrong"},
      {"a body where none belongs", "GET /api/v1/live", json + length(2), "{}", 400,
       "api.body_unexpected"},
  };
}

std::vector<Malformed> frames() {
  const std::string host = "Host: 127.0.0.1:8090\r\n", end = "\r\n";
  return {
      {"a wrong method", "DELETE /api/v1/plan", "", "", 405, "api.method_wrong"},
      {"a method nobody knows", "BREW /api/v1/live", "", "", 405, "api.method_wrong"},
      {"a browser asking for another page's sake", "OPTIONS /api/v1/plan", "", "", 405,
       "api.method_wrong"},
      {"a page from elsewhere", "POST /api/v1/plan",
       "Origin: http://evil.example\r\nContent-Type: application/json\r\n" + length(10),
       "{\"days\":1}", 403, "api.origin_foreign"},
      {"a page without a home", "GET /api/v1/live", "Origin: null\r\n", "", 403,
       "api.origin_foreign"},
      {"a host name from elsewhere", "GET / HTTP/1.1\r\nHost: evil.example\r\n" + end, "", "", 403,
       "api.host_foreign"},
      {"no host name", "GET / HTTP/1.1\r\n" + end, "", "", 400, "api.request_malformed"},
      {"two host names", "GET / HTTP/1.1\r\n" + host + host + end, "", "", 400,
       "api.request_malformed"},
      {"two lengths", "POST /api/v1/plan", length(1) + length(2), "{}", 400,
       "api.request_malformed"},
      {"a length and chunks", "POST /api/v1/plan", length(2) + "Transfer-Encoding: chunked\r\n",
       "{}", 400, "api.request_malformed"},
      {"a length that is no number", "POST /api/v1/plan", "Content-Length: -5\r\n", "", 400,
       "api.request_malformed"},
      {"a coding nobody knows", "POST /api/v1/plan", "Transfer-Encoding: gzip\r\n", "", 400,
       "api.request_malformed"},
      {"a request without a target", "GET\r\n\r\n", "", "", 400, "api.request_malformed"},
      {"a method without an end", std::string(5000, 'G') + end + end, "", "", 400,
       "api.request_malformed"},
      {"a target without an end", "GET /" + std::string(40'000, 'a') + " HTTP/1.1\r\n" + end, "",
       "", 400, "api.request_malformed"},
      {"a header without an end",
       "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n" + host + end, "", "", 400,
       "api.request_malformed"},
      {"bytes of another protocol", "\x16\x03\x01\x02\x01\x01\xfc\x03\x03 \r\n\r\n", "", "", 400,
       "api.request_malformed"},
  };
}

}  // namespace

TEST_CASE("a malformed request gets its sentence and changes nothing") {
  FakeStation station;
  station.put("channels/cable/preview/index.m3u8", "#EXTM3U\n");
  station.put("channels/cable/outbox.ts", "secret");
  const auto server = *Server::start(station.sources(), "127.0.0.1", 0);
  const std::uint16_t port = server->port();

  const std::regex unfilled("\\{[a-z]+\\}");
  std::size_t sent = 0;
  for (const auto &table : {paths(), queries(), bodies(), frames()})
    for (const Malformed &row : table) {
      INFO(row.law);
      const bool is_whole = row.line.find('\n') != std::string::npos;
      const Reply reply =
          send_raw(port, is_whole ? row.line : request_text(port, row.line, row.headers, row.body));
      CHECK(reply.status == row.status);
      CHECK(reply.has("X-Content-Type-Options: nosniff"));
      const Json fault = Json::parse(reply.body, nullptr, false);
      REQUIRE(fault.is_object());
      CHECK(fault.at("code") == row.code);
      CHECK(fault.at("zh").get<std::string>().size() > 10);
      CHECK(fault.at("en").get<std::string>().size() > 10);
      CHECK_FALSE(std::regex_search(fault.at("en").get<std::string>(), unfilled));
      ++sent;
    }
  CHECK(sent > 70);
  CHECK(station.plans == 0);
  CHECK(send_raw(port, request_text(port, "GET /api/v1/live")).status == 200);
}

TEST_CASE("a 405 names the methods that would do") {
  FakeStation station;
  const auto server = *Server::start(station.sources(), "127.0.0.1", 0);
  const auto port = server->port();
  CHECK(send_raw(port, request_text(port, "GET /api/v1/plan")).has("Allow: POST"));
  CHECK(send_raw(port, request_text(port, "DELETE /api/v1/live")).has("Allow: GET, HEAD"));
}
