// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "host/workers/faults.hpp"
#include "host/workers/pattern.hpp"
#include "host/workers/schema.hpp"
#include "sdk/base/text.hpp"

namespace civicast::workers {
namespace {

const std::set<std::string, std::less<>> known_words = {
    "type",        "properties", "required",      "additionalProperties",
    "items",       "enum",       "default",       "title",
    "description", "minimum",    "maximum",       "minLength",
    "maxLength",   "pattern",    "format",        "x-order",
    "x-group",     "x-unit",     "x-secret",      "x-widget",
    "x-when",      "x-restart",  "x-house-format"};
const std::set<std::string, std::less<>> known_types = {"string",  "integer", "number",
                                                        "boolean", "array",   "object"};
const std::set<std::string, std::less<>> known_formats = {"path",  "uri",  "hostname",
                                                          "color", "time", "duration"};

/// A console draws what stands here; more than this is no form.
constexpr std::size_t max_name_bytes = 64;
constexpr std::size_t max_options = 256;
constexpr std::size_t max_pattern_bytes = 256;
constexpr std::size_t max_text_characters = 16 * 1024;

bool is_count(const Json &value) {
  return value.is_number_unsigned() && value <= max_text_characters;
}

bool is_text_for_people(const Json &value) {
  if (value.is_string()) return true;
  return value.is_object() && value.contains("zh") && value.contains("en") &&
         value["zh"].is_string() && value["en"].is_string();
}

bool is_short_pattern(const Json &value) {
  return value.is_string() && value.get_ref<const std::string &>().size() <= max_pattern_bytes &&
         is_pattern(value.get_ref<const std::string &>());
}

bool are_properties(const Json &value) {
  if (!value.is_object()) return false;
  for (const auto &[name, unused] : value.items())
    if (name.empty() || name.size() > max_name_bytes) return false;
  return true;
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
  if (word == "properties") return are_properties(value);
  if (word == "items") return value.is_object();
  if (word == "required") return is_list_of_text(value);
  if (word == "additionalProperties") return value == false;
  if (word == "enum") return value.is_array() && !value.empty() && value.size() <= max_options;
  if (word == "title" || word == "description") return is_text_for_people(value);
  if (word == "minimum" || word == "maximum") return value.is_number();
  if (word == "minLength" || word == "maxLength") return is_count(value);
  if (word == "pattern") return is_short_pattern(value);
  if (word == "x-secret" || word == "x-restart") return value.is_boolean();
  if (word == "x-house-format") return value == true;
  if (word == "x-order") return value.is_number_integer();
  return true;
}

/// Keeps every place where a schema leaves the subset, up to max_faults.
class Checker {
 public:
  explicit Checker(std::string top) : top_(std::move(top)) {}

  void check(const Json &schema, const std::string &at) {
    if (is_full()) return;
    if (!schema.is_object()) return tell(at, "not an object");
    const std::size_t before = faults_.size();
    for (const auto &[word, value] : schema.items()) check_word(word, value, at);
    if (!schema.contains("type")) tell(at, "\"type\" is missing");
    if (faults_.size() != before) return;

    static const Json none = Json::object();
    const Json &properties = schema.contains("properties") ? schema["properties"] : none;
    for (const auto &[name, property] : properties.items())
      check(property, pointer_to(at + "/properties", name));
    check_house_formats(properties, at);
    if (schema.contains("items")) check(schema["items"], at + "/items");
    if (schema.contains("required"))
      for (const Json &name : schema["required"])
        if (!properties.contains(name.get_ref<const std::string &>()))
          tell(at + "/required", shortened(name.get_ref<const std::string &>(), max_name_bytes) +
                                     " is required but not described");
    if (faults_.size() == before && schema.contains("default"))
      for (const Fault &fault : validate(schema, schema["default"]))
        tell(at + "/default", "the default is not valid: " + fault.sentence(Lang::en));
  }

  void tell(const std::string &where, const std::string &reason) {
    if (!is_full()) faults_.push_back(Fault(faults::schema_wrong, {{"reason", reason}}).at(where));
  }

  Faults take() { return std::move(faults_); }

 private:
  bool is_full() const { return faults_.size() >= max_faults; }

  /// The host fills it in from the channel, which has one, and looks for it at the top only.
  void check_house_formats(const Json &properties, const std::string &at) {
    for (const auto &[name, property] : properties.items()) {
      if (!property.is_object() || !property.contains("x-house-format")) continue;
      const std::string where = pointer_to(at + "/properties", name) + "/x-house-format";
      if (property.value("type", Json()) != "string") tell(where, "a house format is a string");
      if (at != top_) tell(where, "only a setting at the top can be the channel's house format");
    }
  }

  void check_word(const std::string &word, const Json &value, const std::string &at) {
    const std::string shown = shortened(word, max_name_bytes);
    const std::string where = shown == word ? pointer_to(at, word) : at;
    if (known_words.count(word) == 0)
      tell(where, "\"" + shown + "\" is not in the subset");
    else if (!fits(word, value))
      tell(where, "\"" + shown + "\" has a wrong value");
  }

  std::string top_;
  Faults faults_;
};

}  // namespace

Faults check_schema(const Json &schema, const std::string &at) {
  Checker checker(at);
  checker.check(schema, at);
  Faults found = checker.take();
  if (found.empty() && schema["type"] != "object")
    found.push_back(Fault(faults::schema_wrong, {{"reason", "settings must be an object"}}).at(at));
  return found;
}

}  // namespace civicast::workers
