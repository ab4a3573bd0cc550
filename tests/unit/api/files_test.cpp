// SPDX-License-Identifier: Apache-2.0
// Files of other systems at the doors.
#include <catch2/catch.hpp>

#include "fake_station.hpp"
#include "host/api/doors.hpp"
#include "host/api/faults.hpp"

using namespace civicast;
using namespace civicast::api;

namespace {

const std::string bytes_type = "application/octet-stream";

Request post(const std::string &target, const std::string &body,
             const std::string &type = bytes_type) {
  return {"POST", target, body, type};
}

std::string code_of(const Answer &answer) {
  return Json::parse(answer.body).at("code").get<std::string>();
}

}  // namespace

TEST_CASE("a file and the wish that comes with it reach their source") {
  FakeStation station;
  const Doors doors(station.sources());
  const std::string file("LOI\\r\\n\0\xff", 8);
  const auto answer = doors.answer(
      post("/api/v1/schedules/cable?name=B2301001.SCH&date=2026-11-23&trial=true", file));
  REQUIRE(answer.status == 200);
  CHECK(Json::parse(answer.body) == Json{{"done", false}});
  CHECK(station.uploaded.channel == "cable");
  CHECK(station.uploaded.name == "B2301001.SCH");
  CHECK(date_text(*station.uploaded.date) == "2026-11-23");
  CHECK(station.uploaded.is_trial);
  CHECK_FALSE(station.uploaded.is_partial);
  CHECK(station.uploaded.text == file);

  REQUIRE(doors.answer(post("/api/v1/asruns/cable?partial=true&closed=true", file)).status == 200);
  CHECK(station.uploaded.name == "upload");
  CHECK(station.uploaded.is_partial);
  CHECK(station.uploaded.is_closed);
  CHECK_FALSE(station.uploaded.is_trial);
}

TEST_CASE("a file goes out under its own name") {
  FakeStation station;
  const Doors doors(station.sources());
  for (const char *door : {"schedules", "asruns"}) {
    const auto answer = doors.answer(
        {"GET", std::string("/api/v1/") + door + "/cable?date=2026-11-23&format=bxf", "", ""});
    REQUIRE(answer.status == 200);
    CHECK(answer.file_name == "B2301001.VER");
    CHECK(answer.body == "LOI\r\n");
    CHECK(answer.type == "text/plain; charset=utf-8");
    CHECK(station.filed.format == "bxf");
    CHECK(date_text(*station.filed.date) == "2026-11-23");
  }
  CHECK(doors.answer({"GET", "/api/v1/asruns/cable", "", ""}).status == 200);
  CHECK(station.filed.format == "ver");
}

TEST_CASE("what is wrong with a file's request is told, and nothing is asked") {
  FakeStation station;
  const Doors doors(station.sources());
  const std::string door = "/api/v1/schedules/cable";
  CHECK(code_of(doors.answer(post("/api/v1/schedules/nowhere", "x"))) == "api.channel_unknown");
  CHECK(code_of(doors.answer(post(door + "?trial=yes", "x"))) == "api.flag_malformed");
  CHECK(code_of(doors.answer(post(door + "?name=a%5Cb", "x"))) == "api.name_malformed");
  CHECK(code_of(doors.answer(post(door + "?name=" + std::string(201, 'a'), "x"))) ==
        "api.name_malformed");
  CHECK(code_of(doors.answer(post(door + "?closed=true", "x"))) == "api.query_unknown");
  CHECK(code_of(doors.answer(post(door + "?date=monday", "x"))) == "api.date_malformed");
  CHECK(code_of(doors.answer(post(door, "{}", "application/json"))) == "api.body_type_wrong");
  CHECK(code_of(doors.answer({"GET", door + "?format=ver", "", ""})) == "api.format_unknown");
  CHECK(station.uploaded.text.empty());
}

TEST_CASE("only the doors for files take large bodies, and they have an end too") {
  FakeStation station;
  const Doors doors(station.sources());
  CHECK(doors.body_limit("POST", "/api/v1/plan") == max_body_bytes);
  CHECK(doors.body_limit("GET", "/api/v1/schedules/cable") == max_body_bytes);
  CHECK(doors.body_limit("POST", "/api/v1/schedules/cable?trial=true") == max_upload_bytes);
  CHECK(doors.body_limit("POST", "/nothing") == max_body_bytes);
  const std::string large(max_upload_bytes + 1, ' ');
  CHECK(code_of(doors.answer(post("/api/v1/asruns/cable", large))) == "api.body_too_large");
  CHECK(doors.answer(post("/api/v1/asruns/cable", large.substr(1))).status == 200);
}

TEST_CASE("a file comes whole over the wire, with a length or in chunks") {
  FakeStation station;
  const auto server = *Server::start(station.sources(), "127.0.0.1", 0);
  std::string file;
  for (int i = 0; file.size() < 300'000; ++i) file += std::to_string(i) + "\r\n";
  const std::string door = "POST /api/v1/schedules/cable?name=a.sch";
  const std::string type = "Content-Type: application/octet-stream\r\n";
  const Reply reply = send_raw(
      server->port(),
      request_text(server->port(), door,
                   type + "Content-Length: " + std::to_string(file.size()) + "\r\n", file));
  CHECK(reply.status == 200);
  CHECK(station.uploaded.text == file);
  station.uploaded.text.clear();
  char size[16];
  std::snprintf(size, sizeof size, "%zx", file.size());
  const Reply chunked = send_raw(
      server->port(), request_text(server->port(), door, type + "Transfer-Encoding: chunked\r\n",
                                   std::string(size) + "\r\n" + file + "\r\n0\r\n\r\n"));
  CHECK(chunked.status == 200);
  CHECK(station.uploaded.text == file);
  const Reply lie =
      send_raw(server->port(),
               request_text(server->port(), door, type + "Content-Length: 99999999999\r\n", "x"));
  CHECK(lie.status == 413);
  const Reply file_out =
      send_raw(server->port(), request_text(server->port(), "GET /api/v1/asruns/cable", ""));
  CHECK(file_out.has("Content-Disposition: attachment; filename=\"B2301001.VER\""));
}
