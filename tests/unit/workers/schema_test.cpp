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

TEST_CASE("a pattern or a text made to take for ever is answered at once") {
  // Each of these costs a matcher that tries every way more steps than there are atoms, or one
  // that recurses its stack.
  const std::string expression =
      GENERATE(as<std::string>(), "^(a+)+$", "^(a|a)*$", "^(a*)*b?$", "(x+x+)+y", "^[^b]+$");
  const Json pattern = {{"type", "string"}, {"maxLength", 16'384U}, {"pattern", expression}};
  const Json described = {{"type", "object"}, {"properties", {{"t", pattern}}}};
  REQUIRE(check_schema(described, "").empty());
  const std::string text = std::string(16'000, expression[0] == '(' ? 'x' : 'a') + "bb";
  CHECK(places(validate(described, {{"t", text}})) == std::vector<std::string>{"/t"});
}

TEST_CASE("a pattern that cannot be matched in linear time is outside the subset") {
  const auto expression =
      GENERATE(as<std::string>(), "(a)\\1", "(?=a)b", "(?<!a)b", "((a{100}){100}){100}", "(");
  const Json described = {{"type", "object"},
                          {"properties", {{"t", {{"type", "string"}, {"pattern", expression}}}}}};
  CHECK(places(check_schema(described, "")) == std::vector<std::string>{"/properties/t/pattern"});
}

TEST_CASE("a pattern reads characters, not bytes") {
  const Json described = {{"type", "object"},
                          {"properties", {{"t", {{"type", "string"}, {"pattern", "^.{2}$"}}}}}};
  CHECK(validate(described, {{"t", "频道"}}).empty());
  CHECK_FALSE(validate(described, {{"t", "频"}}).empty());
}

TEST_CASE("a description and a value that disagree everywhere cost a hundred short faults") {
  Json properties = Json::object(), value = Json::object(), list = Json::array();
  for (int i = 0; i < 2000; ++i) {
    properties["p" + std::to_string(i)] = {{"type", "integer"}};
    value["q" + std::to_string(i)] = i;
  }
  const Faults unknown = validate({{"type", "object"}, {"properties", properties}}, value);
  CHECK(unknown.size() == max_faults);
  for (const Fault &fault : unknown) CHECK(fault.text().size() < 8000);

  const Json numbers = {{"type", "array"}, {"items", {{"type", "integer"}}}};
  for (int i = 0; i < 1000; ++i) list.push_back(std::string(10'000, 'x'));
  const Faults wrong =
      validate({{"type", "object"}, {"properties", {{"l", numbers}}}}, {{"l", list}});
  CHECK(wrong.size() == max_faults);
  for (const Fault &fault : wrong) CHECK(fault.text().size() < 8000);
}

TEST_CASE("a secret is not shown when it is wrong") {
  const Json described = Json::parse(R"({"type":"object","properties":{
    "token":{"type":"string","x-secret":true,"pattern":"^[0-9]+$"},
    "keys":{"type":"array","x-secret":true,"items":{"type":"string","enum":["a"]}},
    "vault":{"type":"object","x-secret":true,"properties":{"pin":{"type":"integer"}}}}})");
  const Json given = {{"token", "hunter2"}, {"keys", {"hunter2"}}, {"vault", {{"pin", "hunter2"}}}};
  const Faults found = validate(described, given);
  CHECK(places(found) == std::vector<std::string>{"/keys/0", "/token", "/vault/pin"});
  for (const Fault &fault : found) CHECK(fault.text().find("hunter2") == std::string::npos);
}

TEST_CASE("a fault's place is a JSON pointer, whatever the setting is called") {
  const Json described = {{"type", "object"}, {"properties", {{"a/b~c", {{"type", "integer"}}}}}};
  CHECK(places(validate(described, {{"a/b~c", "x"}, {"d/e", 1}})) ==
        std::vector<std::string>{"/a~1b~0c", "/d~1e"});
}

TEST_CASE("what is no number is no setting") {
  CHECK_FALSE(typed(schema, {{"file", "a"}, {"rate", "nan"}}));
  CHECK_FALSE(typed(schema, {{"file", "a"}, {"rate", "inf"}}));
}

TEST_CASE("a setting marked as the house format is the channel's, and no other") {
  const Json described = parse_json(R"({"type":"object","properties":{
    "format":{"type":"string","default":"ts_720p25","x-house-format":true},
    "udp":{"type":"string","default":""}}})")
                             .value();
  REQUIRE(check_schema(described, "/settings").empty());
  CHECK(with_house_format(described, {{"udp", "a"}}, "ts_1080i25").value() ==
        Json({{"udp", "a"}, {"format", "ts_1080i25"}}));
  CHECK(with_house_format(described, {{"format", "ts_1080i25"}}, "ts_1080i25").ok());
  // A host that has none, or a plugin that asks for none: nothing is filled in.
  CHECK(with_house_format(described, Json::object(), "").value() == Json::object());
  CHECK(with_house_format(schema, {{"file", "a"}}, "ts_1080i25").value() == Json({{"file", "a"}}));
  const auto differs = with_house_format(described, {{"format", "ts_576i25"}}, "ts_1080i25");
  REQUIRE_FALSE(differs.ok());
  CHECK(differs.fault().front().is(faults::setting_format_differs));
  CHECK(differs.fault().front().where() == "/format");
  const std::string sentence = differs.fault().front().sentence(Lang::en);
  CHECK(sentence.find("ts_576i25") != std::string::npos);
  CHECK(sentence.find("ts_1080i25") != std::string::npos);
}

TEST_CASE("only a string at the top can be the house format") {
  const auto [text, where] = GENERATE(table<std::string, std::string>({
      {R"({"type":"object","properties":{"f":{"type":"integer","x-house-format":true}}})",
       "/s/properties/f/x-house-format"},
      {R"({"type":"object","properties":{"f":{"type":"string","x-house-format":"yes"}}})",
       "/s/properties/f/x-house-format"},
      {R"({"type":"object","properties":{"g":{"type":"object","properties":{)"
       R"("f":{"type":"string","x-house-format":true}}}}})",
       "/s/properties/g/properties/f/x-house-format"},
  }));
  const auto found = places(check_schema(Json::parse(text), "/s"));
  REQUIRE_FALSE(found.empty());
  CHECK(found.front() == where);
}
