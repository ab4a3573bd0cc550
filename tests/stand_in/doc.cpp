// SPDX-License-Identifier: Apache-2.0
#include "tests/stand_in/doc.hpp"

#include <iterator>
#include <utility>

namespace stand_in {

Doc::Doc(nlohmann::json json) : json_(std::move(json)), raw_{} {
  raw_.size = sizeof raw_;
  raw_.self = this;
  raw_.text = text;
  raw_.number = number;
  raw_.integer = integer;
  raw_.flag = flag;
  raw_.count = count;
  raw_.name = name;
  raw_.json = json_text;
}

const nlohmann::json *Doc::find(const civ_doc *doc, const char *at) {
  const nlohmann::json &json = static_cast<const Doc *>(doc->self)->json_;
  const nlohmann::json::json_pointer pointer(at);
  return json.contains(pointer) ? &json.at(pointer) : nullptr;
}

civ_text Doc::text(const civ_doc *doc, const char *at) {
  const nlohmann::json *found = find(doc, at);
  if (!found || !found->is_string()) return {nullptr, 0};
  const auto &value = found->get_ref<const std::string &>();
  return {value.data(), value.size()};
}

double Doc::number(const civ_doc *doc, const char *at) {
  const nlohmann::json *found = find(doc, at);
  return found && found->is_number() ? found->get<double>() : 0.0;
}

int64_t Doc::integer(const civ_doc *doc, const char *at) {
  const nlohmann::json *found = find(doc, at);
  return found && found->is_number_integer() ? found->get<int64_t>() : 0;
}

civ_text Doc::name(const civ_doc *doc, const char *at, size_t index) {
  const nlohmann::json *found = find(doc, at);
  if (!found || !found->is_object() || index >= found->size()) return {nullptr, 0};
  const std::string &key = std::next(found->begin(), static_cast<std::ptrdiff_t>(index)).key();
  return {key.data(), key.size()};
}

int32_t Doc::flag(const civ_doc *doc, const char *at) {
  const nlohmann::json *found = find(doc, at);
  return found && found->is_boolean() && found->get<bool>() ? 1 : 0;
}

size_t Doc::count(const civ_doc *doc, const char *at) {
  const nlohmann::json *found = find(doc, at);
  return found && found->is_structured() ? found->size() : 0;
}

civ_text Doc::json_text(const civ_doc *doc, const char *at) {
  const nlohmann::json *found = find(doc, at);
  if (!found) return {nullptr, 0};
  auto &texts = static_cast<Doc *>(doc->self)->texts_;
  texts.push_back(found->dump());
  return {texts.back().data(), texts.back().size()};
}

}  // namespace stand_in
