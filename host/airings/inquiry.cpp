// SPDX-License-Identifier: Apache-2.0
#include "host/airings/inquiry.hpp"

#include <algorithm>
#include <array>

#include "host/airings/airing.hpp"
#include "host/airings/faults.hpp"
#include "host/airings/text.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::airings {
namespace {

constexpr std::array<std::string_view, 4> words = {"ask", "answer", "again", "leave"};
constexpr std::size_t max_id_bytes = 256, max_by_bytes = 200, max_note_bytes = 2000;

Fault malformed(const char *part) {
  return Fault(faults::inquiry_malformed, {{"part", part}});
}

}  // namespace

std::string_view word(Inquiry::Step step) {
  return words.at(static_cast<std::size_t>(step));
}

std::optional<Inquiry::Step> inquiry_step(std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return {};
  return static_cast<Inquiry::Step>(found - words.begin());
}

std::string encode(const Inquiry &i) {
  return to_text({{"at", rfc3339(i.at_ns)},
                  {"by", bounded(i.by, max_by_bytes)},
                  {"channel", bounded(i.channel, max_id_bytes)},
                  {"kind", "inquiry"},
                  {"known", bounded(i.known, max_note_bytes)},
                  {"note", bounded(i.note, max_note_bytes)},
                  {"placement", bounded(i.placement, max_id_bytes)},
                  {"step", word(i.step)},
                  {"through", bounded(i.through, max_by_bytes)},
                  {"v", 1},
                  {"verdict", bounded(i.verdict, max_id_bytes)}});
}

Result<Inquiry> decode_inquiry(std::string_view entry) {
  if (entry.size() > max_entry_bytes || !is_inquiry(entry)) return malformed("kind");
  const auto read = parse_json(entry);
  const auto text = [&](const char *name) {
    const auto found = read->find(name);
    return found != read->end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto at = parse_rfc3339(text("at"));
  if (!at) return malformed("at");
  const auto step = inquiry_step(text("step"));
  if (!step) return malformed("step");
  Inquiry inquiry{*step,        text("channel"), text("placement"), text("by"), text("through"),
                  text("note"), text("verdict"), text("known"),     *at};
  if (encode(inquiry) != entry) return malformed("form");
  return inquiry;
}

bool is_inquiry(std::string_view entry) {
  const auto value = parse_json(entry);
  if (!value || !value->is_object()) return false;
  const auto kind = value->find("kind");
  return kind != value->end() && kind->is_string() && *kind == "inquiry";
}

}  // namespace civicast::airings
