// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "host/airings/text.hpp"
#include "host/exchange/bxf.hpp"
#include "host/exchange/smpte_time.hpp"
#include "host/exchange/uuid5.hpp"

namespace civicast::exchange {
namespace {

using airings::Status;

constexpr const char *name_space = "http://smpte-ra.org/schemas/2021/2017/BXF";

/// XML has no way to say most control characters, and a foreign reader no way to take them.
std::string plain(const std::string &text) {
  std::string out = airings::bounded(text, text.size() * 3);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  for (const std::string_view no_character : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (auto at = out.find(no_character); at != out.npos; at = out.find(no_character))
      out.replace(at, no_character.size(), " ");
  return out;
}

pugi::xml_node add(pugi::xml_node parent, const char *name) {
  return parent.append_child(name);
}

void add_text(pugi::xml_node parent, const char *name, const std::string &text) {
  add(parent, name).text().set(plain(text).c_str());
}

void set(pugi::xml_node node, const char *name, const std::string &value) {
  node.append_attribute(name).set_value(plain(value).c_str());
}

void add_id(pugi::xml_node parent, const std::string &id) {
  if (id.empty())
    add(parent, "Null");
  else
    add_text(parent, "EventId", id);
}

void add_start(pugi::xml_node parent, const LocalTime &start) {
  pugi::xml_node time = add(add(parent, "StartDateTime"), "SmpteDateTime");
  set(time, "broadcastDate", date_text(start.date));
  set(time, "frameRate", std::to_string(frames_per_s));
  add_text(time, "SmpteTimeCode", time_code(std::clamp<std::int64_t>(start.ms, 0, ms_per_day - 1)));
}

void add_duration(pugi::xml_node parent, std::int64_t ms) {
  pugi::xml_node duration = add(add(parent, "Duration"), "SmpteDuration");
  set(duration, "frameRate", std::to_string(frames_per_s));
  add_text(duration, "SmpteTimeCode", time_code(std::clamp<std::int64_t>(ms, 0, ms_per_day - 1)));
}

void add_content(pugi::xml_node parent, const Event &event) {
  pugi::xml_node content = add(parent, "Content");
  add_text(add(content, "ContentId"), "HouseNumber", event.spot);
  if (!event.title.empty()) add_text(content, "Name", event.title);
}

void add_kind(pugi::xml_node data, const Event &event) {
  pugi::xml_node primary = add(data, "PrimaryEvent");
  if (event.kind == EventKind::programme) {
    pugi::xml_node programme = add(primary, "ProgramEvent");
    add_text(programme, "SegmentNumber", "1");
    add_text(programme, "ProgramName", event.title);
    return;
  }
  pugi::xml_node details = add(add(primary, "NonProgramEvent"), "Details");
  add_text(details, "AdType", event.ad_type.empty() ? "Other" : event.ad_type);
  add_text(details, "SpotType", "Standard");
  if (!event.advertiser.empty())
    add_text(add(details, "Advertiser"), "AdvertiserName", event.advertiser);
}

void add_scheduled(pugi::xml_node schedule, const Event &event) {
  pugi::xml_node elements = add(add(schedule, "ScheduledEvent"), "ScheduleElements");
  pugi::xml_node data = add(elements, "EventData");
  set(data, "eventType", "Primary");
  add_id(add(data, "EventId"), event.id);
  add_kind(data, event);
  add_start(data, event.start.value_or(LocalTime{}));
  add_duration(add(data, "LengthOption"), event.length_ms);
  add_text(data, "StartMode", "Fixed");
  add_text(data, "EndMode", "Duration");
  add_content(elements, event);
}

void add_run(pugi::xml_node schedule, const Event &event) {
  pugi::xml_node basic = add(add(schedule, "AsRun"), "BasicAsRun");
  add_id(add(basic, "AsRunEventId"), event.id);
  add_content(basic, event);
  pugi::xml_node detail = add(basic, "AsRunDetail");
  add_text(detail, "Status", std::string(bxf_word(*event.status)));
  add_text(detail, "Type", "Primary");
  const bool was_on = event.actual.start.has_value();
  add_start(detail, was_on ? *event.actual.start : event.start.value_or(LocalTime{}));
  add_duration(detail, was_on ? event.actual.length_ms : 0);
  if (!event.note.empty()) add_text(add(detail, "EventNotes"), "EventNote", event.note);
}

std::string schedule_name(const BxfHead &head) {
  return head.station + "/" + head.channel + "/" + date_text(head.date);
}

class Message {
 public:
  Message(const BxfHead &head, const Zone &zone, bool is_as_run) {
    pugi::xml_node declaration = document_.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    pugi::xml_node root = document_.append_child("BxfMessage");
    set(root, "xmlns", name_space);
    set(root, "id",
        urn_of("message", schedule_name(head) + (is_as_run ? "/as-run/" : "/plan/") +
                              std::to_string(head.now_ns)));
    set(root, "dateTime", zone.local_text(head.now_ns));
    set(root, "messageType", "Information");
    set(root, "origin", "Civicast");
    set(root, "originType", is_as_run ? "Automation" : "Traffic");
    set(root, "userName", head.station);
    set(root, "destination", is_as_run ? "Traffic" : "Automation");
    pugi::xml_node data = add(root, "BxfData");
    set(data, "action", "add");
    schedule_ = add(data, "Schedule");
    set(schedule_, "type", "Primary");
    set(schedule_, "scheduleId", urn_of("schedule", schedule_name(head)));
    set(schedule_, "scheduleStart", zone.local_text(zone.instant(head.date, 0)));
    set(schedule_, "scheduleEnd", zone.local_text(zone.instant(next_day(head.date), 0)));
    pugi::xml_node channel = add(schedule_, "Channel");
    set(channel, "channelNumber", head.channel);
    set(channel, "shortName", head.channel);
    if (!head.channel_name.empty()) add_text(schedule_, "ScheduleName", head.channel_name);
  }

  pugi::xml_node schedule() { return schedule_; }

  std::string text() const {
    std::ostringstream out;
    document_.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
    return out.str();
  }

 private:
  pugi::xml_document document_;
  pugi::xml_node schedule_;
};

}  // namespace

std::string write_bxf_schedule(const std::vector<Event> &events, const BxfHead &head,
                               const Zone &zone) {
  Message message(head, zone, false);
  for (const Event &event : events) add_scheduled(message.schedule(), event);
  return message.text();
}

std::string write_bxf_as_run(const std::vector<Event> &events, const BxfHead &head,
                             const Zone &zone) {
  Message message(head, zone, true);
  for (const Event &event : events)
    if (event.status) add_run(message.schedule(), event);
  return message.text();
}

std::string bxf_file_name(const BxfHead &head, bool is_as_run) {
  const std::string day = date_text(head.date);
  return fmt::format(
      "BXF[{}{}{}][{}][{}][{}].xml", day.substr(0, 4), day.substr(5, 2), day.substr(8, 2),
      is_as_run ? "Automation" : "Traffic", is_as_run ? "Traffic" : "Automation",
      urn_of("schedule", schedule_name(head)).substr(std::string_view("urn:uuid:").size()));
}

}  // namespace civicast::exchange
