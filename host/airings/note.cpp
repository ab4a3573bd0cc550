// SPDX-License-Identifier: Apache-2.0
#include "host/airings/note.hpp"

#include "host/airings/text.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::airings {
namespace {

constexpr std::string_view beginning = "{\"kind\":\"note\",";

}  // namespace

std::string encode(const Note &note) {
  return to_text({{"kind", "note"},
                  {"person", note.person},
                  {"placement", note.placement},
                  {"recorded", rfc3339(note.recorded_ns)},
                  {"text", note.text},
                  {"v", 1}});
}

std::optional<Note> decode_note(std::string_view entry) {
  // Nearly every entry is an airing: do not parse what cannot be a note.
  if (entry.substr(0, beginning.size()) != beginning || !is_utf8(entry)) return {};
  const auto json = parse_json(entry);
  if (!json || !json->is_object()) return {};
  Note note;
  for (const auto &[name, member] :
       {std::pair{"person", &note.person}, std::pair{"placement", &note.placement},
        std::pair{"text", &note.text}}) {
    const auto found = json->find(name);
    if (found == json->end() || !found->is_string()) return {};
    *member = found->get<std::string>();
  }
  const auto recorded = json->find("recorded");
  if (recorded == json->end() || !recorded->is_string()) return {};
  const auto utc_ns = parse_rfc3339(recorded->get<std::string>());
  if (!utc_ns) return {};
  note.recorded_ns = *utc_ns;
  if (encode(note) != entry) return {};
  return note;
}

}  // namespace civicast::airings
