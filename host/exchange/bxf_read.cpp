// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "host/airings/text.hpp"
#include "host/base/xml_scan.hpp"
#include "host/exchange/bxf.hpp"
#include "host/exchange/bxf_tree.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/smpte_time.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::exchange {
namespace {

using namespace bxf;

/// Texts of people are kept up to here.
constexpr std::size_t max_text_bytes = 400;
constexpr double most_fps = 240;

bool is_utf16(std::string_view text) {
  return text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF";
}

Fault malformed(const Words &reason) {
  return Fault(faults::bxf_malformed, {{"reason_zh", reason.zh}, {"reason_en", reason.en}});
}

class File {
 public:
  File(const std::string &shown, const Zone &zone) : shown_(shown), zone_(zone) {}

  Reading run(std::string_view text) && {
    if (load(text)) {
      for (const pugi::xml_node schedule : all_below(tree_.root(), "Schedule"))
        read_schedule(schedule);
      if (secondary_ > 0)
        remark(Fault(faults::bxf_secondary_skipped, {{"count", std::to_string(secondary_)}}),
               shown_);
    }
    conclude(reading_.faults, faults_left_out_);
    conclude(reading_.remarks, remarks_left_out_);
    return std::move(reading_);
  }

 private:
  // Loading.

  bool load(std::string_view text) {
    if (!is_utf16(text)) {
      if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
      for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\n') line_ends_.push_back(i);
      if (const auto bad = xml::bad_utf8(text))
        return leave_out_at(*bad, malformed({"有不是 UTF-8 的字节，请另存为 UTF-8",
                                             "it has bytes that are not UTF-8; save it as UTF-8"}));
      if (const auto mistake = xml::scan(text)) {
        const Words doctype{"不接受 DOCTYPE", "a DOCTYPE is not accepted"};
        return leave_out_at(mistake->offset,
                            malformed(mistake->is_doctype ? doctype : mistake->problem));
      }
    }
    const auto result =
        tree_.load_buffer(text.data(), text.size(), pugi::parse_default,
                          is_utf16(text) ? pugi::encoding_utf16 : pugi::encoding_utf8);
    if (result) return true;
    return leave_out_at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)),
                        malformed({"标签不完整或对不上", result.description()}));
  }

  bool leave_out_at(std::size_t offset, Fault fault) {
    tell(reading_.faults, std::move(fault).at(line_at(offset)), faults_left_out_);
    return false;
  }

  std::string line_at(std::size_t offset) const {
    if (line_ends_.empty()) return shown_;
    const auto before = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
    return fmt::format("{}:{}", shown_, before - line_ends_.begin() + 1);
  }

  std::string at(pugi::xml_node node) const {
    return line_at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)));
  }

  // Schedules.

  void read_schedule(pugi::xml_node schedule) {
    const std::string action = attribute(schedule.parent(), "action");
    if (is_called(action, "remove") || is_called(action, "delete")) {
      tell(reading_.faults, Fault(faults::bxf_removal, {{"action", action}}).at(at(schedule)),
           faults_left_out_);
      return;
    }
    read_channel(schedule);
    for (const pugi::xml_node one : schedule.children()) {
      if (is_called(one.name(), "ScheduledEvent")) read_scheduled(one);
      if (is_called(one.name(), "AsRun")) read_as_run(one);
    }
  }

  void read_channel(pugi::xml_node schedule) {
    const pugi::xml_node channel = child(schedule, "Channel");
    for (const char *name : {"shortName", "channelNumber"})
      if (reading_.channel.empty()) reading_.channel = bounded(attribute(channel, name));
    if (reading_.channel.empty()) reading_.channel = bounded(text_of(child(channel, "Name")));
  }

  void read_scheduled(pugi::xml_node scheduled) {
    auto all = children(scheduled, "ScheduleElements");
    if (all.empty()) all.push_back(scheduled);
    for (const pugi::xml_node elements : all) {
      begin();
      const pugi::xml_node data = child(elements, "EventData");
      if (!data) {
        missing(elements, "EventData");
        continue;
      }
      Event event = scheduled_event(data, child(elements, "Content"));
      if (!is_bad_ && !is_secondary_) keep(std::move(event), data);
    }
  }

  Event scheduled_event(pugi::xml_node data, pugi::xml_node content) {
    Event event;
    const pugi::xml_node primary = child(data, "PrimaryEvent");
    const std::string type = attribute(data, "eventType");
    is_secondary_ = !primary || is_called(type, "Comment") || is_called(type, "Macro") ||
                    is_called(type, "NonPrimary");
    if (is_secondary_) {
      ++secondary_;
      return event;
    }
    if (is_called(attribute(data, "action"), "remove"))
      return leave_out(data, Fault(faults::bxf_removal, {{"action", "remove"}})), event;
    event.id = event_id(child(data, "EventId"));
    read_kind(event, primary);
    read_content(event, content, text_of(child(data, "EventTitle")));
    event.start = start(data);
    if (const pugi::xml_node end = at_path(data, "LengthOption/EndDateTime"))
      event.length_ms = until(event, end);
    else
      event.length_ms = duration(at_path(data, "LengthOption/Duration"), data, "LengthOption");
    event.note = note(data);
    return event;
  }

  void read_kind(Event &event, pugi::xml_node primary) {
    const pugi::xml_node details = at_path(primary, "NonProgramEvent/Details");
    const pugi::xml_node programme = child(primary, "ProgramEvent");
    event.kind = programme ? EventKind::programme : EventKind::spot;
    event.title = bounded(text_of(child(programme, "ProgramName")));
    event.ad_type = bounded(text_of(child(details, "AdType")));
    const pugi::xml_node advertiser = at_path(details, "Advertiser/AdvertiserName");
    event.advertiser = bounded(attribute(advertiser, "AdvertiserCode"));
    if (event.advertiser.empty()) event.advertiser = bounded(text_of(advertiser));
  }

  // As-runs.

  void read_as_run(pugi::xml_node as_run) {
    begin();
    pugi::xml_node run = child(as_run, "BasicAsRun");
    const bool is_basic = static_cast<bool>(run);
    if (!run) run = child(as_run, "CompleteAsRun");
    if (!run) return missing(as_run, "BasicAsRun");
    reading_.is_as_run = true;
    Event event;
    if (is_basic) {
      event.id = event_id(child(run, "AsRunEventId"));
      read_content(event, child(run, "Content"), {});
    } else {
      // The planned event stands in it as in a schedule.
      pugi::xml_node elements = child(run, "ScheduleElements");
      if (!elements) elements = run;
      event = scheduled_event(child(elements, "EventData"), child(elements, "Content"));
    }
    const pugi::xml_node detail = child(run, "AsRunDetail");
    if (!detail && !is_bad_) return missing(run, "AsRunDetail");
    if (!is_secondary_) read_detail(event, detail);
    if (!is_bad_ && !is_secondary_) keep(std::move(event), run);
  }

  void read_detail(Event &event, pugi::xml_node detail) {
    const std::string type = text_of(child(detail, "Type"));
    for (const char *secondary : {"NonPrimary", "Auxiliary", "Comment", "Macro", "Data"})
      is_secondary_ = is_secondary_ || is_called(type, secondary);
    if (is_secondary_) {
      ++secondary_;
      return;
    }
    read_status(event, detail);
    event.actual.start = start(detail);
    event.actual.length_ms = duration(child(detail, "Duration"), detail, "Duration");
    const bool was_on =
        event.status == airings::Status::aired_without_discrepancy || event.actual.length_ms > 0;
    if (!was_on) {
      // What never was on air has the planned time there, for want of a word.
      if (!event.start) event.start = event.actual.start;
      event.actual = {};
    }
    event.note = note(detail);
  }

  /// Several may stand there: only what has nothing against it aired without discrepancy.
  void read_status(Event &event, pugi::xml_node detail) {
    for (const pugi::xml_node one : children(detail, "Status")) {
      const auto status = bxf_status(text_of(one));
      if (!status) return wrong(one, "Status", text_of(one), "Aired Without Discrepancy, …");
      if (!event.status || *event.status == airings::Status::aired_without_discrepancy)
        event.status = status;
    }
    if (!event.status) missing(detail, "Status");
  }

  // Parts of both.

  static std::string event_id(pugi::xml_node holder) {
    const pugi::xml_node inner = child(holder, "EventId");
    return bounded(inner ? text_of(inner) : text_of(holder));
  }

  void read_content(Event &event, pugi::xml_node content, const std::string &title) {
    const pugi::xml_node id = child(content, "ContentId");
    event.spot = bounded(text_of(child(id, "HouseNumber")));
    if (event.spot.empty()) event.spot = bounded(text_of(child(id, "AlternateId")));
    if (const std::string name = bounded(text_of(child(content, "Name"))); !name.empty())
      event.title = name;
    if (event.title.empty()) event.title = bounded(title);
  }

  static std::string note(pugi::xml_node parent) {
    return bounded(text_of(at_path(parent, "EventNotes/EventNote")));
  }

  std::optional<LocalTime> start(pugi::xml_node parent) {
    const pugi::xml_node time = child(parent, "StartDateTime");
    if (!time) return missing(parent, "StartDateTime"), std::nullopt;
    return local_time(time);
  }

  std::optional<LocalTime> local_time(pugi::xml_node time) {
    if (const pugi::xml_node smpte = child(time, "SmpteDateTime")) {
      const auto date = parse_date(attribute(smpte, "broadcastDate").substr(0, 10));
      if (!date)
        return wrong(smpte, "SmpteDateTime/@broadcastDate", attribute(smpte, "broadcastDate"),
                     "2026-11-23"),
               std::nullopt;
      const auto ms = smpte_ms(smpte);
      if (!ms) return {};
      return LocalTime{*date, *ms};
    }
    const pugi::xml_node utc = child(time, "UtcDateTime");
    if (!utc) return missing(time, "SmpteDateTime"), std::nullopt;
    const auto utc_ns = parse_rfc3339(text_of(utc));
    if (!utc_ns)
      return wrong(utc, "UtcDateTime", text_of(utc), "2026-11-23T11:00:00Z"), std::nullopt;
    const Date date = zone_.date_at(*utc_ns);
    return LocalTime{date, zone_.second_of_day(*utc_ns) * ms_per_s +
                               (*utc_ns % ns_per_s + ns_per_s) % ns_per_s / ns_per_ms};
  }

  std::optional<std::int64_t> smpte_ms(pugi::xml_node holder) {
    const std::string given = attribute(holder, "frameRate");
    double fps = frames_per_s;
    if (!given.empty()) fps = std::strtod(given.c_str(), nullptr);
    if (!(fps >= 1 && fps <= most_fps))
      return wrong(holder, "@frameRate", given, "25"), std::nullopt;
    const pugi::xml_node code = child(holder, "SmpteTimeCode");
    if (!code) return missing(holder, "SmpteTimeCode"), std::nullopt;
    const auto time = parse_time_code(text_of(code), fps);
    if (!time) return wrong(code, "SmpteTimeCode", text_of(code), "HH:MM:SS:FF"), std::nullopt;
    if (time->is_beyond)
      remark(Fault(faults::bxf_frame_beyond, {{"path", "SmpteTimeCode"},
                                              {"text", text_of(code)},
                                              {"fps", fmt::format("{:g}", fps)}}),
             at(code));
    return time->ms;
  }

  std::int64_t duration(pugi::xml_node duration, pugi::xml_node parent, const char *path) {
    if (!duration) return missing(parent, path), 0;
    if (const pugi::xml_node smpte = child(duration, "SmpteDuration"))
      return smpte_ms(smpte).value_or(0);
    const pugi::xml_node other = child(duration, "UtcDuration");
    if (!other) return missing(duration, "SmpteDuration"), 0;
    const auto ms = parse_xml_duration_ms(text_of(other));
    if (!ms) wrong(other, "UtcDuration", text_of(other), "PT15S");
    return ms.value_or(0);
  }

  std::int64_t until(const Event &event, pugi::xml_node end) {
    const auto time = local_time(end);
    if (!time || !event.start) return 0;
    const auto length_ms =
        days_between(event.start->date, time->date) * ms_per_day + time->ms - event.start->ms;
    if (length_ms < 0 || length_ms > ms_per_day)
      wrong(end, "LengthOption/EndDateTime", date_text(time->date), "> StartDateTime");
    return std::clamp<std::int64_t>(length_ms, 0, ms_per_day);
  }

  // Telling. After the first mistake in an event nothing more is told of it.

  void begin() { is_bad_ = is_secondary_ = false; }

  void keep(Event event, pugi::xml_node node) {
    event.at = at(node);
    reading_.events.push_back(std::move(event));
  }

  void leave_out(pugi::xml_node node, Fault fault) {
    if (!is_bad_) tell(reading_.faults, std::move(fault).at(at(node)), faults_left_out_);
    is_bad_ = true;
  }

  void missing(pugi::xml_node parent, const std::string &path) {
    leave_out(parent, Fault(faults::bxf_field_missing,
                            {{"path", bounded(std::string(parent.name()) + "/" + path)}}));
  }

  void wrong(pugi::xml_node node, const char *path, const std::string &text, const char *expected) {
    leave_out(node, Fault(faults::bxf_field_wrong,
                          {{"path", path}, {"text", bounded(text)}, {"expected", expected}}));
  }

  void remark(Fault fault, const std::string &where) {
    tell(reading_.remarks, std::move(fault).at(where), remarks_left_out_);
  }

  /// One line, without blanks around it.
  static std::string bounded(const std::string &text) {
    std::string out = airings::bounded(text, max_text_bytes);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    out.erase(out.find_last_not_of(' ') + 1);
    return out.erase(0, std::min(out.find_first_not_of(' '), out.size()));
  }

  const std::string &shown_;
  const Zone &zone_;
  pugi::xml_document tree_;
  std::vector<std::size_t> line_ends_;
  bool is_bad_ = false, is_secondary_ = false;
  std::size_t secondary_ = 0, faults_left_out_ = 0, remarks_left_out_ = 0;
  Reading reading_;
};

}  // namespace

Reading read_bxf(std::string_view text, const std::string &shown, const Zone &zone) {
  return File(shown, zone).run(text);
}

}  // namespace civicast::exchange
