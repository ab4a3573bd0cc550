// SPDX-License-Identifier: Apache-2.0
#include "host/workers/schema.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include "host/workers/faults.hpp"
#include "host/workers/pattern.hpp"
#include "sdk/base/text.hpp"

namespace civicast::workers {
namespace {

struct Wanted {
  std::string zh, en;
};

/// So much of a text is shown to whoever has to mend it.
constexpr std::size_t shown_bytes = 200;

std::string shown(const Json &value) {
  if (value.is_object()) return "{…}";
  return shortened(value.is_string() ? value.get_ref<const std::string &>() : to_text(value),
                   shown_bytes);
}

Fault wrong(const std::string &at, const std::string &shown_value, const Wanted &wanted) {
  return Fault(faults::setting_wrong,
               {{"value", shown_value}, {"wanted_zh", wanted.zh}, {"wanted", wanted.en}})
      .at(at.empty() ? "/" : at);
}

const Json &member_or(const Json &schema, const char *name, const Json &otherwise) {
  const auto found = schema.find(name);
  return found == schema.end() ? otherwise : *found;
}
const Json none_ = Json::object();

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

/// Characters of a text whose schema has no maxLength.
constexpr std::size_t max_text = 2048;

std::optional<Wanted> text_misfit(const Json &schema, const std::string &text, Patterns &patterns) {
  const std::size_t length = characters(text);
  if (length < schema.value("minLength", std::size_t{0}) ||
      length > schema.value("maxLength", max_text))
    return Wanted{"长度合适的文字", "a text of the allowed length"};
  if (const auto format = schema.find("format"); format != schema.end())
    for (const Format &known : formats)
      if (*format == known.name && !patterns.is_all_of(text, known.pattern)) return known.wanted;
  if (const auto pattern = schema.find("pattern"); pattern != schema.end()) {
    const auto &expression = pattern->get_ref<const std::string &>();
    if (!patterns.occurs_in(text, expression))
      return Wanted{"符合 " + expression + " 的文字", "a text that matches " + expression};
  }
  return std::nullopt;
}

std::optional<Wanted> number_misfit(const Json &schema, const Json &value) {
  const auto least = schema.find("minimum");
  const auto most = schema.find("maximum");
  if (least != schema.end() && value < *least)
    return Wanted{"不小于 " + to_text(*least) + " 的数", "at least " + to_text(*least)};
  if (most != schema.end() && value > *most)
    return Wanted{"不大于 " + to_text(*most) + " 的数", "at most " + to_text(*most)};
  return std::nullopt;
}

/// Stops at max_faults: a description and a value that disagree everywhere must not cost more.
class Validator {
 public:
  void value(const Json &schema, const Json &value, const std::string &at, bool is_secret = false) {
    if (is_full()) return;
    is_secret |= schema.value("x-secret", false);
    const std::string type = type_of(schema);
    const std::string said = is_secret ? "•••" : shown(value);
    const auto misfit = [&](const Wanted &wanted) { tell(wrong(at, said, wanted)); };
    if (!has_type(value, type)) return misfit(wanted_type(type));
    if (const auto options = schema.find("enum"); options != schema.end())
      if (std::find(options->begin(), options->end(), value) == options->end())
        return misfit({"其中之一：" + shown(*options), "one of " + shown(*options)});
    if (value.is_number())
      if (const auto wanted = number_misfit(schema, value)) misfit(*wanted);
    if (value.is_string())
      if (const auto wanted = text_misfit(schema, value.get_ref<const std::string &>(), patterns_))
        misfit(*wanted);
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size() && !is_full(); ++i)
        this->value(schema["items"], value[i], at + "/" + std::to_string(i), is_secret);
    if (value.is_object()) object(schema, value, at, is_secret);
  }

  Faults take() { return std::move(faults_); }

 private:
  bool is_full() const { return faults_.size() >= max_faults; }
  void tell(Fault fault) {
    if (!is_full()) faults_.push_back(std::move(fault));
  }

  void object(const Json &schema, const Json &value, const std::string &at, bool is_secret) {
    const Json &properties = member_or(schema, "properties", none_);
    for (const Json &name : member_or(schema, "required", none_)) {
      const auto &wanted = name.get_ref<const std::string &>();
      if (!value.contains(wanted))
        tell(Fault(faults::setting_missing, {{"name", wanted}}).at(pointer_to(at, wanted)));
    }
    for (const auto &[name, member] : value.items()) {
      if (is_full()) return;
      if (const auto property = properties.find(name); property != properties.end())
        this->value(*property, member, pointer_to(at, name), is_secret);
      else
        tell(Fault(faults::setting_unknown,
                   {{"name", shortened(name, shown_bytes)}, {"known", names(properties)}})
                 .at(name.size() <= shown_bytes ? pointer_to(at, name) : at));
    }
  }

  static std::string names(const Json &properties) {
    std::string out;
    for (const auto &[name, unused] : properties.items()) {
      if (out.size() > 10 * shown_bytes) break;
      out += (out.empty() ? "" : ", ") + name;
    }
    return out.empty() ? "—" : shortened(out, 10 * shown_bytes);
  }

  Faults faults_;
  Patterns patterns_;
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
    // It reads "nan" and "inf" too, which JSON has no words for.
    if (read.ec == std::errc() && read.ptr == end && std::isfinite(number)) return number;
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
    const Json &properties = member_or(schema, "properties", none_);
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

Result<Json, Faults> with_house_format(const Json &schema, const Json &strings,
                                       const std::string &house_format) {
  Json out = strings;
  Faults found;
  if (house_format.empty() || !strings.is_object()) return out;
  for (const auto &[name, property] : member_or(schema, "properties", none_).items()) {
    if (!property.value("x-house-format", false)) continue;
    if (!out.contains(name))
      out[name] = house_format;
    else if (out[name] != house_format)
      found.push_back(Fault(faults::setting_format_differs,
                            {{"name", name}, {"value", shown(out[name])}, {"format", house_format}})
                          .at(pointer_to("", name)));
  }
  if (!found.empty()) return found;
  return out;
}

Result<Json, Faults> typed(const Json &schema, const Json &strings) {
  Json out = convert(schema, strings);
  Faults found = validate(schema, out);
  if (!found.empty()) return found;
  return out;
}

}  // namespace civicast::workers
