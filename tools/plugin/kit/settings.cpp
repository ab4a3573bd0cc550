// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/settings.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "host/workers/schema.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::kit {
namespace {

std::string type_of(const Json &schema) {
  return schema.value("type", "string");
}

/// By its format, and else the least that its bounds allow.
Json made_text(const Json &schema) {
  const std::string format = schema.value("format", "");
  if (format == "path") return "${temp}/file";
  if (format == "uri") return "${far_side}/";
  if (format == "hostname") return "127.0.0.1";
  if (format == "color") return "#C8102E";
  if (format == "time") return "19:30";
  if (format == "duration") return "5s";
  return std::string(std::max<std::size_t>(schema.value("minLength", std::size_t{0}), 1), 'a');
}

Json made_value(const Json &schema) {
  if (schema.contains("default")) return schema["default"];
  if (schema.contains("enum")) return schema["enum"].front();
  const std::string type = type_of(schema);
  if (type == "boolean") return false;
  if (type == "array") return Json::array();
  if (type == "object") return made_settings(schema, Json::object());
  if (type == "string") return made_text(schema);
  return schema.contains("minimum") ? schema["minimum"] : Json(1);
}

/// "127.0.0.1:8092" as "127.0.0.1:${free_port}".
Json with_free_port(const Json &value) {
  static const std::regex address("(127\\.0\\.0\\.1|localhost|\\[::1\\]):[0-9]{1,5}");
  if (!value.is_string() || !std::regex_match(value.get_ref<const std::string &>(), address))
    return value;
  const auto &text = value.get_ref<const std::string &>();
  return text.substr(0, text.rfind(':') + 1) + "${free_port}";
}

void replace_all(std::string &text, const std::string &what,
                 const std::function<std::string()> &by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    const std::string value = by();
    text.replace(at, what.size(), value);
    at += value.size();
  }
}

Json fill(const Json &schema, const Json &value, const Filling &filling) {
  if (value.is_object() || value.is_array()) {
    Json out = value;
    const Json properties = schema.value("properties", Json::object());
    const Json items = schema.value("items", Json::object());
    for (auto it = out.begin(); it != out.end(); ++it)
      *it = fill(value.is_array()                ? items
                 : properties.contains(it.key()) ? properties[it.key()]
                                                 : Json::object(),
                 *it, filling);
    return out;
  }
  if (!value.is_string()) return value;
  std::string text = value.get<std::string>();
  replace_all(text, "${temp}", [&] { return filling.temp.string(); });
  replace_all(text, "${far_side}", filling.far_side);
  replace_all(text, "${free_port}", [] { return std::to_string(free_port()); });
  if (text != value && type_of(schema) == "integer") return std::stoll(text);
  return text;
}

int bound_port(int type, int wanted) {
  const Fd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(wanted));
  socklen_t size = sizeof address;
  auto *raw = reinterpret_cast<sockaddr *>(&address);
  if (!fd || ::bind(fd.get(), raw, size) != 0) return -1;
  return ::getsockname(fd.get(), raw, &size) == 0 ? ntohs(address.sin_port) : -1;
}

std::string random_text(std::size_t least, std::size_t most, std::mt19937_64 &random) {
  // No "/" and no ".": what is taken for a path must stay in the test's own folder.
  static const char *const letters[] = {"a", "Z",  "7",  " ", "-", "_", "\"", "<",
                                        "&", "文", "明", "é", "😀", "'", "\t"};
  std::string out;
  const std::size_t length =
      std::uniform_int_distribution<std::size_t>(least, std::min(most, least + 40))(random);
  for (std::size_t i = 0; i < length; ++i) out += letters[random() % std::size(letters)];
  return out;
}

}  // namespace

Json made_settings(const Json &schema, const Json &given) {
  Json out = given;
  const Json required = schema.value("required", Json::array());
  const Json properties = schema.value("properties", Json::object());
  for (const auto &[name, property] : properties.items()) {
    if (out.contains(name)) continue;
    if (property.value("x-house-format", false)) {  // a host gives it always
      out[name] = property.value("default", property.contains("enum")
                                                ? property["enum"].front().get<std::string>()
                                                : std::string("ts_720p25"));
      continue;
    }
    const bool is_required = std::find(required.begin(), required.end(), name) != required.end();
    if (property.contains("default"))
      out[name] = with_free_port(property["default"]);
    else if (is_required)
      out[name] = made_value(property);
  }
  return out;
}

Json filled(const Json &schema, const Json &settings, const Filling &filling) {
  return fill(schema, settings, filling);
}

std::vector<Bent> bent_settings(const Json &schema, const Json &right) {
  std::vector<Bent> out;
  const auto bend = [&](const std::string &name, const Json &value, const std::string &what) {
    Bent bent{right, "/" + name, what};
    bent.settings[name] = value;
    if (!workers::validate(schema, bent.settings).empty()) out.push_back(std::move(bent));
  };
  const Json properties = schema.value("properties", Json::object());
  for (const auto &[name, property] : properties.items()) {
    const bool is_text = type_of(property) == "string";
    bend(name, is_text ? Json(17) : Json("…"), "a value of another type");
    if (property.contains("minimum"))
      bend(name, property["minimum"].get<double>() - 1, "a number below its minimum");
    if (property.contains("maximum"))
      bend(name, property["maximum"].get<double>() + 1, "a number above its maximum");
    if (property.contains("enum")) bend(name, "none of them", "none of the values it may have");
    if (is_text && property.contains("maxLength"))
      bend(name, std::string(property["maxLength"].get<std::size_t>() + 1, 'x'), "too long a text");
    if (is_text && (property.contains("pattern") || property.contains("format")))
      bend(name, std::string("\x01 ?"), "a text of another form");
  }
  for (const Json &name : schema.value("required", Json::array())) {
    Bent bent{right, "/" + name.get<std::string>(), "it is missing"};
    bent.settings.erase(name.get<std::string>());
    out.push_back(std::move(bent));
  }
  return out;
}

Json random_value(const Json &schema, std::mt19937_64 &random) {
  if (schema.contains("enum")) return schema["enum"][random() % schema["enum"].size()];
  const std::string type = type_of(schema);
  if (type == "boolean") return random() % 2 == 0;
  if (type == "integer" || type == "number") {
    const double least = schema.value("minimum", -1e6), most = schema.value("maximum", 1e6);
    const double value = std::uniform_real_distribution<double>(least, most)(random);
    // The ends are where mistakes live.
    const double picked = random() % 3 == 0 ? least : random() % 3 == 0 ? most : value;
    if (type == "integer") return static_cast<std::int64_t>(picked);
    return picked;
  }
  if (type == "array") {
    Json out = Json::array();
    for (std::uint64_t i = random() % 4; i > 0; --i)
      out.push_back(random_value(schema.value("items", Json{{"type", "string"}}), random));
    return out;
  }
  if (type == "object") {
    Json out = Json::object();
    const Json required = schema.value("required", Json::array());
    const Json properties = schema.value("properties", Json::object());
    for (const auto &[name, property] : properties.items())
      if (random() % 2 == 0 || std::find(required.begin(), required.end(), name) != required.end())
        out[name] = random_value(property, random);
    return out;
  }
  if (schema.contains("format")) return made_text(schema);
  return random_text(schema.value("minLength", std::size_t{0}),
                     schema.value("maxLength", std::size_t{2000}), random);
}

int free_port() {
  // The same number for both: what listens by one may send by the other.
  for (int tries = 0; tries < 100; ++tries)
    if (const int port = bound_port(SOCK_STREAM, 0); port > 0 && bound_port(SOCK_DGRAM, port) > 0)
      return port;
  throw std::runtime_error("no free port on 127.0.0.1");
}

std::vector<std::string> secrets_of(const Json &schema, const Json &settings) {
  std::vector<std::string> out;
  const Json properties = schema.value("properties", Json::object());
  for (const auto &[name, property] : properties.items()) {
    if (!settings.is_object() || !settings.contains(name)) continue;
    const Json &value = settings[name];
    if (property.value("x-secret", false))
      out.push_back(value.is_string() ? value.get<std::string>() : to_text(value));
    else if (value.is_object())
      for (std::string &secret : secrets_of(property, value)) out.push_back(std::move(secret));
  }
  return out;
}

}  // namespace civicast::kit
