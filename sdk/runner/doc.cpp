// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/doc.hpp"

namespace civicast::runner {

const JsonDoc &JsonDoc::self(const civ_doc *doc) {
  return *static_cast<JsonDoc *>(doc->self);
}

JsonDoc::JsonDoc(std::string_view text) : root_(Json::object()), raw_{} {
  Result<Json> read = parse_json(text);
  if (read && read->is_object()) root_ = std::move(*read);
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
  raw_.flag = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    return std::int32_t{found && found->is_boolean() && found->get<bool>()};
  };
  raw_.count = [](const civ_doc *doc, const char *at) {
    const Json *found = self(doc).find(at);
    return found && found->is_structured() ? found->size() : std::size_t{0};
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
