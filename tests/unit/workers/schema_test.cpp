// SPDX-License-Identifier: Apache-2.0
#include "host/workers/schema.hpp"

#include <catch2/catch.hpp>

#include "host/workers/faults.hpp"

using namespace civicast;
using namespace civicast::workers;

namespace {

const Json schema = Json::parse(R"({
  "type": "object", "required": ["file"], "additionalProperties": false,
  "properties": {
    "file":  {"type": "string", "format": "path", "minLength": 1},
    "port":  {"type": "integer", "minimum": 0, "maximum": 65535, "default": 8091},
    "rate":  {"type": "number", "default": 4.5},
    "on":    {"type": "boolean", "default": true},
    "mode":  {"type": "string", "enum": ["udp", "file"], "default": "udp"},
    "color": {"type": "string", "format": "color"},
    "hosts": {"type": "array", "items": {"type": "string", "format": "hostname"}}
  }})");

std::vector<std::string> places(const Faults &faults) {
  std::vector<std::string> out;
  for (const Fault &fault : faults) out.push_back(fault.where());
  return out;
}

}  // namespace

TEST_CASE("settings that are all text become what the schema says, with its defaults") {
  const auto made =
      typed(schema, {{"file", "/a"}, {"port", "80"}, {"on", "false"}, {"hosts", "a"}});
  REQUIRE(made);
  CHECK(*made == Json::parse(R"({"file":"/a","port":80,"rate":4.5,"on":false,"mode":"udp",
                                 "hosts":["a"]})"));
}

TEST_CASE("every wrong setting is named by its pointer, all in one pass") {
  const auto made = typed(schema, {{"port", "99999"},
                                   {"rate", "fast"},
                                   {"on", "yes"},
                                   {"mode", "tcp"},
                                   {"color", "red"},
                                   {"hosts", Json::array({"good", "not good"})},
                                   {"prot", "1"}});
  REQUIRE_FALSE(made);
  CHECK(places(made.fault()) == std::vector<std::string>{"/file", "/color", "/hosts/1", "/mode",
                                                         "/on", "/port", "/prot", "/rate"});
}

TEST_CASE("numbers are whole texts, not their beginnings") {
  CHECK_FALSE(typed(schema, {{"file", "a"}, {"port", "80x"}}));
  CHECK_FALSE(typed(schema, {{"file", "a"}, {"port", "8.5"}}));
  CHECK_FALSE(typed(schema, {{"file", "a"}, {"port", ""}}));
  CHECK_FALSE(typed(schema, {{"file", "a"}, {"port", "-1"}}));
}

TEST_CASE("a schema outside the subset is refused where it leaves it") {
  CHECK(check_schema(schema, "/settings").empty());
  const auto [text, where] = GENERATE(table<std::string, std::string>({
      {R"({"type":"object","oneOf":[]})", "/s/oneOf"},
      {R"({"type":"object","properties":{"a":{"type":"date"}}})", "/s/properties/a/type"},
      {R"({"type":"object","properties":{"a":{"type":"string","pattern":"("}}})",
       "/s/properties/a/pattern"},
      {R"({"type":"object","properties":{"a":{"type":"integer","default":"x"}}})",
       "/s/properties/a/default"},
      {R"({"type":"object","required":["b"]})", "/s/required"},
      {R"({"type":"object","additionalProperties":true})", "/s/additionalProperties"},
      {R"({"type":"object","properties":{"a":{"type":"string","title":{"zh":"x"}}}})",
       "/s/properties/a/title"},
      {R"({"type":"string"})", "/s"},
      {R"([])", "/s"},
  }));
  CHECK(places(check_schema(Json::parse(text), "/s")) == std::vector<std::string>{where});
}
