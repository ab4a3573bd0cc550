// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "fake_station.hpp"
#include "host/api/faults.hpp"

using namespace civicast;
using namespace civicast::api;

namespace {

struct Running {
  FakeStation station;
  std::unique_ptr<Server> server = *Server::start(station.sources(), "127.0.0.1", 0);
  Reply get(const std::string &target, const std::string &headers = {}) const {
    return send_raw(server->port(), request_text(server->port(), "GET " + target, headers));
  }
};

}  // namespace

TEST_CASE("a server on port 0 says which port it took") {
  const Running running;
  CHECK(running.server->port() != 0);
  CHECK(running.server->url() == "http://127.0.0.1:" + std::to_string(running.server->port()));
}

TEST_CASE("a port that is taken, or an address that is not loopback, is refused") {
  Running running;
  const auto taken = Server::start(running.station.sources(), "127.0.0.1", running.server->port());
  REQUIRE_FALSE(taken.ok());
  CHECK(taken.fault().is(faults::port_unusable));
  const auto open = Server::start(running.station.sources(), "0.0.0.0", 0);
  REQUIRE_FALSE(open.ok());
  CHECK(open.fault().is(faults::bind_not_loopback));
}

TEST_CASE("every answer carries the headers that keep a browser safe") {
  const Running running;
  for (const char *target : {"/", "/api/v1/live", "/nothing"}) {
    const Reply reply = running.get(target);
    CHECK(reply.has("X-Content-Type-Options: nosniff"));
    CHECK(reply.head.find("Content-Security-Policy: default-src 'none'") != std::string::npos);
    CHECK(reply.has("Cross-Origin-Resource-Policy: same-origin"));
  }
}

TEST_CASE("what has not changed is not sent again") {
  const Running running;
  const Reply first = running.get("/api/v1/live");
  REQUIRE(first.status == 200);
  const std::size_t at = first.head.find("ETag: ") + 6;
  const std::string etag = first.head.substr(at, first.head.find("\r\n", at) - at);
  const Reply second = running.get("/api/v1/live", "If-None-Match: " + etag + "\r\n");
  CHECK(second.status == 304);
  CHECK(second.body.empty());
  CHECK(running.get("/api/v1/live", "If-None-Match: \"other\"\r\n").status == 200);
}

TEST_CASE("a plan is made once for each good request") {
  Running running;
  const std::string body = R"({"days": 3})";
  const Reply reply = send_raw(
      running.server->port(),
      request_text(running.server->port(), "POST /api/v1/plan",
                   "Content-Type: application/json; charset=utf-8\r\nContent-Length: 11\r\n",
                   body));
  CHECK(reply.status == 200);
  CHECK(reply.json() == Json{{"days", 3}, {"placements", 12}});
  CHECK(running.station.plans == 1);
  const Reply chunked =
      send_raw(running.server->port(),
               request_text(running.server->port(), "POST /api/v1/plan",
                            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                            "b\r\n" + body + "\r\n0\r\n\r\n"));
  CHECK(chunked.status == 200);
  CHECK(running.station.plans == 2);
}

TEST_CASE("one connection carries several requests, also when they come at once") {
  const Running running;
  const std::string host = "Host: 127.0.0.1:" + std::to_string(running.server->port()) + "\r\n";
  const Reply reply =
      send_raw(running.server->port(), "GET /api/v1/ledger HTTP/1.1\r\n" + host + "\r\n" +
                                           request_text(running.server->port(), "GET /checkpoint"));
  CHECK(reply.status == 200);
  CHECK(reply.body.find("{\"size\":7}HTTP/1.1 200 OK") == 0);
  CHECK(reply.body.find("chenghua/airings\n7\n") != std::string::npos);
}

TEST_CASE("a HEAD has the headers of the GET and no body") {
  const Running running;
  const Reply reply =
      send_raw(running.server->port(), request_text(running.server->port(), "HEAD /api/v1/ledger"));
  CHECK(reply.status == 200);
  CHECK(reply.has("Content-Length: 10"));
  CHECK(reply.body.empty());
}

TEST_CASE("a source that breaks down costs its own request only, and tells nothing of the inside") {
  FakeStation station;
  Sources sources = station.sources();
  sources.campaigns = []() -> Json { throw std::runtime_error("secret path"); };
  const auto server = *Server::start(std::move(sources), "127.0.0.1", 0);
  const Reply reply =
      send_raw(server->port(), request_text(server->port(), "GET /api/v1/campaigns"));
  CHECK(reply.status == 500);
  CHECK(reply.json().at("code") == "api.breakdown");
  CHECK(reply.body.find("secret") == std::string::npos);
  CHECK(send_raw(server->port(), request_text(server->port(), "GET /api/v1/live")).status == 200);
}

TEST_CASE("the console is served from its folder, or a page says how to build it") {
  const Running running;
  const Reply absent = running.get("/");
  CHECK(absent.status == 200);
  CHECK(absent.body.find("控制台尚未构建") != std::string::npos);
  CHECK(absent.body.find("cmake --build build --target console") != std::string::npos);
  running.station.put("console/index.html", "<!doctype html>page");
  running.station.put("console/assets/index-Ab1_.js", "script");
  CHECK(running.get("/").body == "<!doctype html>page");
  const Reply script = running.get("/assets/index-Ab1_.js");
  CHECK(script.body == "script");
  CHECK(script.has("Content-Type: text/javascript; charset=utf-8"));
  CHECK(script.has("Cache-Control: max-age=31536000, immutable"));
  CHECK(running.get("/assets/none.js").status == 404);
}

TEST_CASE("a server that stops frees its port") {
  FakeStation station;
  std::uint16_t port = 0;
  {
    const auto server = *Server::start(station.sources(), "127.0.0.1", 0);
    port = server->port();
    // An idle connection must not hold the stop up.
    const Poco::Net::StreamSocket idle(Poco::Net::SocketAddress("127.0.0.1", port));
  }
  CHECK(Server::start(station.sources(), "127.0.0.1", port).ok());
}
