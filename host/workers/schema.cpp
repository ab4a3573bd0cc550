// SPDX-License-Identifier: Apache-2.0
#include "host/workers/schema.hpp"

#include <charconv>
#include <optional>
#include <regex>

#include "host/workers/faults.hpp"

namespace civicast::workers {
namespace {

struct Wanted {
  std::string zh, en;
};

Fault wrong(const std::string &at, const Json &value, const Wanted &wanted) {
  const std::string shown = value.is_string() ? value.get<std::string>() : to_text(value);
  return Fault(faults::setting_wrong,
               {{"value", shown}, {"wanted_zh", wanted.zh}, {"wanted", wanted.en}})
      .at(at.empty() ? "/" : at);
}

std::string type_of(const Json &schema) {
  return schema.value("type", "string");
}

bool has_type(const Json &value, const std::string &type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return value.is_string();
}

Wanted wanted_type(const std::string &type) {
  if (type == "integer") return {"整数", "a whole number"};
  if (type == "number") return {"数字", "a number"};
  if (type == "boolean") return {"true 或 false", "true or false"};
  if (type == "array") return {"列表", "a list"};
  if (type == "object") return {"一组设置", "a group of settings"};
  return {"文字", "a text"};
}

std::size_t characters(const std::string &text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

/// What each format means here; the same words stand in the console's form.
struct Format {
  std::string_view name;
  const char *pattern;
  Wanted wanted;
};
const Format formats[] = {
    {"path", "[^\\x00]+", {"文件路径", "a path"}},
    {"uri", "[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+", {"网址", "an address such as https://…"}},
    {"hostname",
     "[A-Za-z0-9]([A-Za-z0-9.:-]{0,252})",
     {"主机名或 IP 地址", "a host name or address"}},
    {"color", "#[0-9A-Fa-f]{6}", {"颜色，如 #C8102E", "a colour such as #C8102E"}},
    {"time",
     "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
     {"时间，如 19:30", "a time such as 19:30"}},
    {"duration",
     "[0-9]{1,9}(ms|s|m|h)",
     {"时长，如 500ms、30s、5m", "a duration such as 500ms, 30s or 5m"}},
};

/// Longer texts are not given to a regular expression: std::regex recurses.
constexpr std::size_t max_pattern_text = 2048;

std::optional<Wanted> text_misfit(const Json &schema, const std::string &text) {
  const std::size_t length = characters(text);
  if (length < schema.value("minLength", std::size_t{0}) ||
      length > schema.value("maxLength", max_pattern_text))
    return Wanted{"长度合适的文字", "a text of the allowed length"};
  if (const auto format = schema.find("format"); format != schema.end())
    for (const Format &known : formats)
      if (*format == known.name && !std::regex_match(text, std::regex(known.pattern)))
        return known.wanted;
  if (const auto pattern = schema.find("pattern"); pattern != schema.end()) {
    const auto &expression = pattern->get_ref<const std::string &>();
    if (!std::regex_search(text, std::regex(expression)))
      return Wanted{"符合 " + expression + " 的文字", "a text that matches " + expression};
  }
  return std::nullopt;
}

class Validator {
 public:
  void value(const Json &schema, const Json &value, const std::string &at) {
    const std::string type = type_of(schema);
    if (!has_type(value, type)) return tell(wrong(at, value, wanted_type(type)));
    if (const auto options = schema.find("enum"); options != schema.end())
      if (std::find(options->begin(), options->end(), value) == options->end())
        return tell(
            wrong(at, value, {"其中之一：" + to_text(*options), "one of " + to_text(*options)}));
    if (value.is_number()) number(schema, value, at);
    if (value.is_string())
      if (const auto misfit = text_misfit(schema, value.get_ref<const std::string &>()))
        tell(wrong(at, value, *misfit));
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i)
        this->value(schema["items"], value[i], at + "/" + std::to_string(i));
    if (value.is_object()) object(schema, value, at);
  }

  Faults take() { return std::move(faults_); }

 private:
  void tell(Fault fault) { faults_.push_back(std::move(fault)); }

  void number(const Json &schema, const Json &value, const std::string &at) {
    const auto least = schema.find("minimum");
    const auto most = schema.find("maximum");
    if (least != schema.end() && value < *least)
      tell(
          wrong(at, value, {"不小于 " + to_text(*least) + " 的数", "at least " + to_text(*least)}));
    if (most != schema.end() && value > *most)
      tell(wrong(at, value, {"不大于 " + to_text(*most) + " 的数", "at most " + to_text(*most)}));
  }

  void object(const Json &schema, const Json &value, const std::string &at) {
    const Json properties = schema.value("properties", Json::object());
    for (const Json &name : schema.value("required", Json::array()))
      if (!value.contains(name.get_ref<const std::string &>()))
        tell(Fault(faults::setting_missing, {{"name", name.get<std::string>()}})
                 .at(at + "/" + name.get<std::string>()));
    for (const auto &[name, member] : value.items()) {
      if (const auto property = properties.find(name); property != properties.end())
        this->value(*property, member, at + "/" + name);
      else
        tell(Fault(faults::setting_unknown, {{"name", name}, {"known", names(properties)}})
                 .at(at + "/" + name));
    }
  }

  static std::string names(const Json &properties) {
    std::string out;
    for (const auto &[name, unused] : properties.items()) out += (out.empty() ? "" : ", ") + name;
    return out.empty() ? "—" : out;
  }

  Faults faults_;
};

/// What `text` is as `type`; the text itself when it is not one, which validation then refuses.
Json scalar(const std::string &type, const std::string &text) {
  if (type == "boolean" && (text == "true" || text == "false")) return text == "true";
  const char *end = text.data() + text.size();
  if (type == "integer") {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
  }
  if (type == "number") {
    double number = 0;
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
  }
  return text;
}

Json convert(const Json &schema, const Json &value) {
  const std::string type = type_of(schema);
  if (type == "array") {
    // A setting given once cannot be told from a list of one.
    const Json list = value.is_array() ? value : Json::array({value});
    Json out = Json::array();
    for (const Json &item : list)
      out.push_back(schema.contains("items") ? convert(schema["items"], item) : item);
    return out;
  }
  if (type == "object" && value.is_object()) {
    const Json properties = schema.value("properties", Json::object());
    Json out = Json::object();
    for (const auto &[name, member] : value.items())
      out[name] = properties.contains(name) ? convert(properties[name], member) : member;
    for (const auto &[name, property] : properties.items())
      if (!out.contains(name) && property.contains("default")) out[name] = property["default"];
    return out;
  }
  return value.is_string() ? scalar(type, value.get_ref<const std::string &>()) : value;
}

}  // namespace

Faults validate(const Json &schema, const Json &value) {
  Validator validator;
  validator.value(schema, value, "");
  return validator.take();
}

Result<Json, Faults> typed(const Json &schema, const Json &strings) {
  Json out = convert(schema, strings);
  Faults found = validate(schema, out);
  if (!found.empty()) return found;
  return out;
}

}  // namespace civicast::workers
