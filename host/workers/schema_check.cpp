// SPDX-License-Identifier: Apache-2.0
#include <regex>
#include <set>

#include "host/workers/faults.hpp"
#include "host/workers/schema.hpp"

namespace civicast::workers {
namespace {

const std::set<std::string, std::less<>> known_words = {
    "type",        "properties", "required", "additionalProperties",
    "items",       "enum",       "default",  "title",
    "description", "minimum",    "maximum",  "minLength",
    "maxLength",   "pattern",    "format",   "x-order",
    "x-group",     "x-unit",     "x-secret", "x-widget",
    "x-when",      "x-restart"};
const std::set<std::string, std::less<>> known_types = {"string",  "integer", "number",
                                                        "boolean", "array",   "object"};
const std::set<std::string, std::less<>> known_formats = {"path",  "uri",  "hostname",
                                                          "color", "time", "duration"};

bool is_count(const Json &value) {
  return value.is_number_unsigned();
}

bool is_text_for_people(const Json &value) {
  if (value.is_string()) return true;
  return value.is_object() && value.contains("zh") && value.contains("en") &&
         value["zh"].is_string() && value["en"].is_string();
}

bool is_pattern(const Json &value) {
  if (!value.is_string() || value.get_ref<const std::string &>().size() > 256) return false;
  try {
    const std::regex compiled(value.get<std::string>());
    return true;
  } catch (const std::regex_error &) {
    return false;
  }
}

bool is_list_of_text(const Json &value) {
  if (!value.is_array()) return false;
  for (const Json &item : value)
    if (!item.is_string()) return false;
  return true;
}

bool is_one_of(const Json &value, const std::set<std::string, std::less<>> &words) {
  return value.is_string() && words.count(value.get_ref<const std::string &>()) > 0;
}

/// Whether the value of keyword `word` has the right shape.
bool fits(const std::string &word, const Json &value) {
  if (word == "type") return is_one_of(value, known_types);
  if (word == "format") return is_one_of(value, known_formats);
  if (word == "properties" || word == "items") return value.is_object();
  if (word == "required") return is_list_of_text(value);
  if (word == "additionalProperties") return value == false;
  if (word == "enum") return value.is_array() && !value.empty();
  if (word == "title" || word == "description") return is_text_for_people(value);
  if (word == "minimum" || word == "maximum") return value.is_number();
  if (word == "minLength" || word == "maxLength") return is_count(value);
  if (word == "pattern") return is_pattern(value);
  if (word == "x-secret" || word == "x-restart") return value.is_boolean();
  if (word == "x-order") return value.is_number_integer();
  return true;
}

void check(const Json &schema, const std::string &at, Faults &out) {
  const auto tell = [&](const std::string &where, const std::string &reason) {
    out.push_back(Fault(faults::schema_wrong, {{"reason", reason}}).at(where));
  };
  if (!schema.is_object()) return tell(at, "not an object");
  const std::size_t before = out.size();
  for (const auto &[word, value] : schema.items()) {
    if (known_words.count(word) == 0)
      tell(at + "/" + word, "\"" + word + "\" is not in the subset");
    else if (!fits(word, value))
      tell(at + "/" + word, "\"" + word + "\" has a wrong value");
  }
  if (!schema.contains("type")) tell(at, "\"type\" is missing");
  if (out.size() != before) return;

  const Json properties = schema.value("properties", Json::object());
  for (const auto &[name, property] : properties.items())
    check(property, at + "/properties/" + name, out);
  if (schema.contains("items")) check(schema["items"], at + "/items", out);
  for (const Json &name : schema.value("required", Json::array()))
    if (!properties.contains(name.get_ref<const std::string &>()))
      tell(at + "/required", name.get<std::string>() + " is required but not described");
  if (out.size() == before && schema.contains("default"))
    for (const Fault &fault : validate(schema, schema["default"]))
      tell(at + "/default", "the default is not valid: " + fault.sentence(Lang::en));
}

}  // namespace

Faults check_schema(const Json &schema, const std::string &at) {
  Faults out;
  check(schema, at, out);
  if (out.empty() && schema["type"] != "object")
    out.push_back(Fault(faults::schema_wrong, {{"reason", "settings must be an object"}}).at(at));
  return out;
}

}  // namespace civicast::workers
