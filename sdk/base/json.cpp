// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/json.hpp"

#include <algorithm>

#include "sdk/base/faults.hpp"

namespace civicast {
namespace {

/// Depth of the text's brackets, without parsing: a parser that recurses must not be asked first.
bool is_too_deep(std::string_view text, int max_depth) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_depth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

/// Where and why, without what stands there: that may be long, no UTF-8, or a secret.
std::string reason_of(const Json::exception &error) {
  std::string_view what = error.what();
  what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
  what = what.substr(0, what.find("; last read"));
  // "number overflow parsing '1e999…'"
  return std::string(what.substr(0, what.find(" parsing '")));
}

std::string_view word(Actor actor) {
  switch (actor) {
    case Actor::person:
      return "person";
    case Actor::operator_:
      return "operator";
    case Actor::engineer:
      return "engineer";
  }
  return "engineer";
}

}  // namespace

Result<Json> parse_json(std::string_view text, int max_depth) {
  if (is_too_deep(text, max_depth))
    return Fault(faults::json_too_deep, {{"limit", std::to_string(max_depth)}});
  try {
    return Json::parse(text);
  } catch (const Json::exception &error) {
    return Fault(faults::json_malformed, {{"reason", reason_of(error)}});
  }
}

Json to_json(const Fault &fault) {
  return {{"code", fault.kind().name},
          {"number", fault.kind().number},
          {"at", fault.where()},
          {"zh", fault.sentence(Lang::zh)},
          {"en", fault.sentence(Lang::en)},
          {"who", word(fault.kind().actor)}};
}

std::string to_text(const Json &json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace civicast
