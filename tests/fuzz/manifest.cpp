// SPDX-License-Identifier: Apache-2.0
// Law: a stranger's plugin.json, whatever it holds, is read in bounded time and memory; it is
// refused with a few short faults at pointers that exist in it, or it reads, written again, as the
// same manifest. Any settings become typed ones that its schema finds right, and that stay so, or
// are refused with a few short faults at pointers that exist in them.
//
// Input: plugin.json, a line "---", settings as channels.xml would give them.
#include "host/workers/manifest.hpp"

#include "host/workers/faults.hpp"
#include "host/workers/schema.hpp"
#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

/// "/" stands for the whole. What is missing has no place but its parent's.
bool is_place_in(const Json &root, const std::string &where) {
  if (where.empty() || where == "/") return true;
  try {
    const Json::json_pointer pointer(where);
    return root.contains(pointer) || root.contains(pointer.parent_pointer()) ||
           pointer.parent_pointer().empty();
  } catch (const Json::exception &) {
    return false;
  }
}

void are_good(const Faults &faults, const Json &root) {
  must_hold(!faults.empty(), "a refusal has a reason");
  must_hold(faults.size() <= workers::max_faults, "faults are few");
  for (const Fault &fault : faults) {
    must_hold(fault.text().size() < 8000, "a sentence is short", fault.kind().name.data());
    must_hold(is_place_in(root, fault.where()), "a fault stands where there is something",
              fault.where());
  }
}

void take_settings(const workers::Manifest &manifest, std::string_view text) {
  const Result<Json> given = parse_json(text);
  const Json strings = given ? *given : Json::object();
  const Result<Json, Faults> typed = workers::typed_settings(manifest, strings);
  if (!typed) return are_good(typed.fault(), strings);
  must_hold(workers::validate(manifest.settings, *typed).empty(), "typed settings are valid");
  const Result<Json, Faults> again = workers::typed_settings(manifest, *typed);
  must_hold(again && *again == *typed, "typed settings are typed already");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  constexpr std::string_view line = "\n---\n";
  const std::string_view all(reinterpret_cast<const char *>(data), size);
  const std::size_t cut = std::min(all.find(line), all.size());
  const std::string_view text = all.substr(0, cut);
  const std::string_view settings = all.substr(std::min(cut + line.size(), all.size()));

  const Result<Json> root = parse_json(text);
  const Result<workers::Manifest, Faults> manifest = workers::parse_manifest(text);
  if (!manifest) {
    are_good(manifest.fault(), root ? *root : Json());
    return 0;
  }
  must_hold(root.ok(), "a manifest is JSON");
  const auto again = workers::parse_manifest(to_text(*root));
  must_hold(again && *again == *manifest, "it is the same manifest, written again");
  take_settings(*manifest, settings);
  return 0;
}
