// SPDX-License-Identifier: Apache-2.0
// Law: any bytes are JSON of at most the allowed depth, which writes and reads again as itself, or
// are refused with a sentence that is short and is UTF-8; and a document answers any pointer.
//
// Input: a pointer, a line feed, a document.
#include "sdk/base/json.hpp"

#include "sdk/runner/doc.hpp"
#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

int depth_of(const Json &json) {
  int deepest = 0;
  if (json.is_structured())
    for (const Json &member : json) deepest = std::max(deepest, depth_of(member));
  return json.is_structured() ? deepest + 1 : 0;
}

bool is_utf8(const std::string &text) {
  try {
    return !Json(text).dump().empty();
  } catch (const Json::exception &) {
    return false;
  }
}

void ask(std::string_view document, const std::string &pointer) {
  const runner::JsonDoc doc(document);
  const civ_doc *raw = doc.raw();
  const civ_text text = raw->text(raw, pointer.c_str());
  const civ_text json = raw->json(raw, pointer.c_str());
  raw->number(raw, pointer.c_str());
  const std::int32_t flag = raw->flag(raw, pointer.c_str());
  must_hold(flag == 0 || flag == 1, "a flag is 0 or 1");
  must_hold(text.data || text.size == 0, "nothing has no size");
  const Result<Json> read = parse_json({json.data, json.size});
  if (text.data)
    must_hold(read && *read == std::string(text.data, text.size), "text and json agree");
  const std::size_t count = raw->count(raw, pointer.c_str());
  if (count > 0) must_hold(json.size > 2, "members stand in the json");
  const bool is_object = read && read->is_object();
  for (std::size_t i = 0; i < 4; ++i) {
    const civ_text name = raw->name(raw, pointer.c_str(), i);
    must_hold((name.data != nullptr) == (is_object && i < count), "each member has a name");
    if (name.data)
      must_hold(read->contains(std::string(name.data, name.size)), "a name is a member's");
  }
  const std::int64_t whole = raw->integer(raw, pointer.c_str());
  if (whole != 0) must_hold(read && *read == whole, "a whole number is exact");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char *>(data), size);
  const std::size_t cut = std::min(all.find('\n'), all.size());
  const std::string pointer(all.substr(0, cut));
  const std::string_view document = all.substr(std::min(cut + 1, all.size()));

  const Result<Json> read = parse_json(document);
  if (read) {
    must_hold(depth_of(*read) <= max_json_depth, "nothing deeper than the limit gets in");
    const std::string text = to_text(*read);
    const Result<Json> again = parse_json(text);
    must_hold(again && *again == *read, "what was read is written the same");
    must_hold(to_text(*again) == text, "writing is stable");
  } else {
    const std::string sentence = read.fault().text();
    must_hold(sentence.size() < 2000, "a sentence is short");
    must_hold(is_utf8(sentence), "a sentence is UTF-8");
  }
  ask(document, pointer);
  return 0;
}
