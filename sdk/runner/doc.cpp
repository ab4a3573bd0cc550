// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/doc.hpp"

#include <cmath>
#include <cstdint>
#include <iterator>

namespace civicast::runner {
namespace {

/// The exact value of a whole number that an int64_t can hold; of all else 0.
std::int64_t whole(const Json &value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return 0;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return 0;
  constexpr double exact = 9007199254740992.0;  // 2^53: up to here a double is a whole number
  const double number = value.get<double>();
  const bool is_whole = number >= -exact && number <= exact && number == std::floor(number);
  return is_whole ? static_cast<std::int64_t>(number) : 0;
}

}  // namespace

const JsonDoc &JsonDoc::self(const civ_doc *doc) {
  return *static_cast<JsonDoc *>(doc->self);
}

JsonDoc::JsonDoc(std::string_view text) : root_(Json::object()), raw_{} {
  Result<Json> read = parse_json(text);
  if (read && read->is_object()) root_ = std::move(*read);
  raw_.size = sizeof raw_;
  raw_.self = this;
  raw_.text = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    if (!found || !found->is_string()) return civ_text{nullptr, 0};
    const auto &value = found->get_ref<const std::string &>();
    return civ_text{value.data(), value.size()};
  };
  raw_.number = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    return found && found->is_number() ? found->get<double>() : 0.0;
  };
  raw_.integer = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    return found ? whole(*found) : std::int64_t{0};
  };
  raw_.flag = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    return std::int32_t{found && found->is_boolean() && found->get<bool>()};
  };
  raw_.count = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    return found && found->is_structured() ? found->size() : std::size_t{0};
  };
  raw_.name = [](const civ_doc *doc, const char *at, std::size_t index) {
    const Json *found = self(doc).find(at);
    if (!found || !found->is_object() || index >= found->size()) return civ_text{nullptr, 0};
    const std::string &name = std::next(found->begin(), static_cast<std::ptrdiff_t>(index)).key();
    return civ_text{name.data(), name.size()};
  };
  raw_.json = [](const civ_doc *doc, const char *at) { return self(doc).json(at); };
}

const Json *JsonDoc::find(const char *at) const noexcept {
  try {
    return &root_.at(Json::json_pointer(at ? at : ""));
  } catch (const Json::exception &) {
    return nullptr;  // absent, or no JSON pointer: both read as absent
  }
}

civ_text JsonDoc::json(const char *at) const {
  const Json *found = find(at);
  if (!found) return {nullptr, 0};
  const std::lock_guard lock(mutex_);
  const std::string &text = written_.emplace_back(to_text(*found));
  return {text.data(), text.size()};
}

}  // namespace civicast::runner
