// SPDX-License-Identifier: Apache-2.0
#include "host/grids/slots.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "host/base/time_text.hpp"
#include "host/grids/faults.hpp"
#include "host/grids/live_source.hpp"
#include "sdk/base/text.hpp"

namespace civicast::grids {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr int max_items = 100;

struct Span {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
};

std::vector<campaigns::AdClass> read_carries(xml::Element element) {
  std::vector<campaigns::AdClass> carries;
  if (!element.has("carries")) return carries;
  for (const std::string &name : element.parts("carries")) {
    const auto ad_class = campaigns::ad_class_named(name);
    if (!ad_class) {
      element.tell_bad_value(
          "carries", {"可写 psa（公益广告）、information（公共信息）、promo（宣传片）、"
                      "commercial（商业）、emergency（应急），以空格分隔",
                      "Use psa, information, promo, commercial or emergency, with blanks between"});
      continue;
    }
    if (std::find(carries.begin(), carries.end(), *ad_class) == carries.end())
      carries.push_back(*ad_class);
  }
  return carries;
}

/// `asset`, or `live` with or without a `standby` and a title.
void read_programme(xml::Element element, Slot &slot) {
  if (!element.has("live")) {
    slot.asset = element.slug("asset");
    for (const char *name : {"standby", "title-zh", "title-en"})
      if (element.has(name)) element.tell(Fault(faults::only_of_live, {{"name", name}}));
    return;
  }
  slot.live = element.text("live", max_live_bytes + 1);
  if (const auto expected = slot.live.empty() ? std::nullopt : live_misfit(slot.live))
    element.tell(Fault(faults::live_malformed, {{"url", shortened(slot.live, max_live_bytes)},
                                                {"expected_zh", expected->zh},
                                                {"expected", expected->en}}));
  if (element.has("asset")) element.tell(Fault(faults::live_with_asset));
  if (element.has("standby")) slot.asset = element.slug("standby");
  if (element.has("title-zh") || element.has("title-en")) slot.title = element.words("title");
}

/// A `<break>` or `<programme>` without its start.
Slot read_slot(xml::Element element) {
  Slot slot;
  slot.line = element.line();
  slot.is_break = element.name() == "break";
  slot.length_ms = element.length_ms("length");
  if (slot.is_break) {
    slot.max_items = element.whole("max", 0, max_items, 0);
    slot.carries = read_carries(element);
    return slot;
  }
  read_programme(element, slot);
  if (parse_length_ms(element.optional_text("length")) == 0)
    element.tell(Fault(faults::programme_without_length,
                       {{"asset", slot.live.empty() ? slot.asset : slot.live}}));
  return slot;
}

bool is_span(xml::Element element, const Span &span) {
  if (span.from_ms < span.to_ms) return true;
  element.tell(Fault(faults::hours_reversed,
                     {{"from", clock_text(span.from_ms)}, {"to", clock_text(span.to_ms)}}));
  return false;
}

void tell_outside(xml::Element element, const Span &span, const Span &hours) {
  element.tell(Fault(faults::outside_hours, {{"start", clock_text(span.from_ms)},
                                             {"end", clock_text(span.to_ms)},
                                             {"from", clock_text(hours.from_ms)},
                                             {"to", clock_text(hours.to_ms)}}));
}

/// A `<break at=…>` or `<programme at=…>`.
void read_single(xml::Element element, const Span &hours, Pattern &pattern) {
  const bool is_break = element.name() == "break";
  if (is_break) {
    element.allow({"at", "length", "max", "carries"}, {});
  } else {
    element.allow({"at", "length", "asset", "live", "standby", "title-zh", "title-en"}, {});
  }
  Slot slot = read_slot(element);
  slot.start_ms = element.clock_ms("at");
  const Span span{slot.start_ms, slot.start_ms + slot.length_ms};
  if (span.to_ms > day_ms || span.from_ms == day_ms)
    return element.tell(Fault(faults::beyond_midnight, {{"start", clock_text(span.from_ms)},
                                                        {"length", length_text(slot.length_ms)}}));
  if (!parse_clock_ms(element.optional_text("at"))) return;  // told by clock_ms
  if (span.from_ms < hours.from_ms || span.to_ms > hours.to_ms)
    return tell_outside(element, span, hours);
  pattern.slots.push_back(std::move(slot));
}

/// One round of a `<repeat>`, from 0.
std::vector<Slot> read_cycle(xml::Element repeat, std::int64_t &sum_ms) {
  std::vector<Slot> cycle;
  for (xml::Element element : repeat.children()) {
    if (element.name() == "filler") {
      element.allow({"length"}, {});
      sum_ms += element.length_ms("length");
      continue;
    }
    if (element.name() == "break") {
      element.allow({"length", "max", "carries"}, {});
    } else if (element.name() == "programme") {
      element.allow({"length", "asset", "live", "standby", "title-zh", "title-en"}, {});
    } else {
      continue;  // told by allow
    }
    Slot slot = read_slot(element);
    slot.start_ms = sum_ms;
    slot.repeats = true;
    sum_ms += slot.length_ms;
    cycle.push_back(std::move(slot));
  }
  return cycle;
}

void read_repeat(xml::Element element, const Span &hours, Pattern &pattern) {
  element.allow({"every", "from", "to"}, {"programme", "break", "filler"});
  const auto every_ms = element.length_ms("every");
  const Span span{element.clock_ms("from", hours.from_ms), element.clock_ms("to", hours.to_ms)};
  std::int64_t sum_ms = 0;
  const auto cycle = read_cycle(element, sum_ms);
  if (element.children().empty()) element.child("break");        // tells that one is missing
  if (!parse_length_ms(element.optional_text("every"))) return;  // told by length_ms
  const auto every = length_text(every_ms);
  if (every_ms < 1000) return element.tell(Fault(faults::repeat_too_fast, {{"every", every}}));
  if (sum_ms > every_ms)
    return element.tell(
        Fault(faults::cycle_too_long, {{"sum", length_text(sum_ms)}, {"every", every}}));
  if (!is_span(element, span)) return;
  if (span.from_ms < hours.from_ms || span.to_ms > hours.to_ms)
    return tell_outside(element, span, hours);
  if (span.to_ms - span.from_ms < every_ms)
    return element.tell(Fault(
        faults::repeat_never,
        {{"from", clock_text(span.from_ms)}, {"to", clock_text(span.to_ms)}, {"every", every}}));
  for (auto round = span.from_ms; round + every_ms <= span.to_ms; round += every_ms) {
    for (Slot slot : cycle) {
      slot.start_ms += round;
      pattern.slots.push_back(std::move(slot));
      // Told once by the caller; a file of many repeats must not take all memory first.
      if (pattern.slots.size() > max_slots_a_day) return;
    }
  }
}

void read_hours(xml::Element element, const Span &hours, Pattern &pattern) {
  for (xml::Element child : element.children()) {
    if (pattern.slots.size() > max_slots_a_day) return;
    if (child.name() == "repeat") read_repeat(child, hours, pattern);
    if (child.name() == "break" || child.name() == "programme") read_single(child, hours, pattern);
  }
}

/// A live programme goes on behind the breaks that stand in it: what they leave of it, piece by
/// piece. Of any other programme a break would cut off an end that nobody has seen.
void cut_breaks_into_live(std::vector<Slot> &slots) {
  std::vector<Slot> breaks, pieces;
  for (const Slot &slot : slots)
    if (slot.is_break) breaks.push_back(slot);
  for (const Slot &slot : slots) {
    if (slot.live.empty()) {
      pieces.push_back(slot);
      continue;
    }
    Slot rest = slot;
    const std::int64_t end_ms = slot.start_ms + slot.length_ms;
    const auto add_until = [&](std::int64_t until_ms) {
      rest.length_ms = until_ms - rest.start_ms;
      if (rest.length_ms > 0) pieces.push_back(rest);
    };
    for (const Slot &one : breaks) {
      const std::int64_t break_end_ms = one.start_ms + one.length_ms;
      if (one.length_ms == 0 || break_end_ms <= rest.start_ms || one.start_ms >= end_ms) continue;
      add_until(one.start_ms);
      rest.start_ms = break_end_ms;
    }
    add_until(end_ms);
  }
  slots = std::move(pieces);
  std::stable_sort(slots.begin(), slots.end(),
                   [](const Slot &a, const Slot &b) { return a.start_ms < b.start_ms; });
}

/// Told once for each pair of lines: two repeats that overlap do so thousands of times.
void tell_overlaps(xml::Element day, const std::vector<Slot> &slots) {
  const auto end_of = [](const Slot &slot) { return slot.start_ms + slot.length_ms; };
  std::set<std::pair<int, int>> told;
  const Slot *longest = nullptr;  // of what came before, what ends last
  for (const Slot &slot : slots) {
    if (longest && (slot.start_ms < end_of(*longest) || slot.start_ms == longest->start_ms) &&
        told.emplace(std::minmax(longest->line, slot.line)).second)
      day.tell_at(slot.line, Fault(faults::slots_overlap, {{"start", clock_text(slot.start_ms)},
                                                           {"line", std::to_string(longest->line)},
                                                           {"end", clock_text(end_of(*longest))}}));
    if (!longest || end_of(slot) >= end_of(*longest)) longest = &slot;
  }
}

}  // namespace

void read_slots(xml::Element day, Pattern &pattern) {
  std::vector<std::pair<Span, int>> taken;
  for (xml::Element element : day.children("hours")) {
    element.allow({"from", "to"}, {"repeat", "programme", "break"});
    const Span hours{element.clock_ms("from"), element.clock_ms("to")};
    const bool is_read = parse_clock_ms(element.optional_text("from")) &&
                         parse_clock_ms(element.optional_text("to"));
    if (!is_read || !is_span(element, hours)) continue;
    for (const auto &[other, line] : taken)
      if (hours.from_ms < other.to_ms && other.from_ms < hours.to_ms)
        element.tell(Fault(faults::hours_overlap, {{"line", std::to_string(line)}}));
    taken.emplace_back(hours, element.line());
    read_hours(element, hours, pattern);
  }
  if (auto fillers = day.optional_child("fillers")) {
    fillers->allow({"assets"}, {});
    pattern.fillers = fillers->slugs("assets");
  }
  if (pattern.slots.size() > max_slots_a_day)
    return day.tell(Fault(faults::too_many_slots, {{"limit", std::to_string(max_slots_a_day)}}));
  std::stable_sort(pattern.slots.begin(), pattern.slots.end(),
                   [](const Slot &a, const Slot &b) { return a.start_ms < b.start_ms; });
  cut_breaks_into_live(pattern.slots);
  tell_overlaps(day, pattern.slots);
}

}  // namespace civicast::grids
