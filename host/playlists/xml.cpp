// SPDX-License-Identifier: Apache-2.0
#include "host/playlists/xml.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "host/base/xml.hpp"
#include "host/grids/live_source.hpp"
#include "host/playlists/faults.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::playlists {
namespace {

const std::vector<std::pair<std::string_view, ItemKind>> kinds = {
    {"placement", ItemKind::placement},
    {"programme", ItemKind::programme},
    {"filler", ItemKind::filler},
    {"bulletin", ItemKind::bulletin}};

const std::vector<std::pair<std::string_view, campaigns::AdClass>> classes = {
    {"psa", campaigns::AdClass::psa},
    {"information", campaigns::AdClass::information},
    {"promo", campaigns::AdClass::promo},
    {"commercial", campaigns::AdClass::commercial},
    {"emergency", campaigns::AdClass::emergency}};

/// "2026-11-23T19:00:00.120+08:00": the zone's text, with as many decimals as are needed.
std::string time_text(std::int64_t utc_ns, const Zone &zone) {
  std::string text = zone.local_text(utc_ns);
  std::int64_t rest = (utc_ns % ns_per_s + ns_per_s) % ns_per_s;
  if (rest == 0) return text;
  std::string decimals = fmt::format(".{:09}", rest);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return text.insert(19, decimals);
}

std::string escaped(const std::string &text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
      case '\r':
      case '\t':  // Written as they are, a reader would make blanks of them.
        out += fmt::format("&#{};", static_cast<int>(c));
        break;
      default:  // XML has no way to say other control characters.
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  return out;
}

std::string attribute(const char *name, const std::string &value) {
  return value.empty() ? "" : fmt::format(" {}=\"{}\"", name, escaped(value));
}

/// Chinese Standard Time has no seconds in its offset, but the past of other zones does.
std::int64_t read_time(xml::Element &element, const char *name) {
  const std::string given = element.text(name);
  if (const auto utc_ns = parse_rfc3339(given)) return *utc_ns;
  if (!given.empty())
    element.tell_bad_value(
        name, {"应当像 2026-11-23T19:00:00+08:00", "It should be like 2026-11-23T19:00:00+08:00"});
  return 0;
}

void read_placement(xml::Element &element, Item &item) {
  item.campaign = element.slug("campaign");
  item.ad_class = element.choice("class", classes);
  item.topic = element.optional_text("topic", 64);
  item.break_id = element.optional_text("break", 128);
  if (element.has("makes-good")) item.makes_good = element.slug("makes-good");
  if (!item.makes_good.empty() && item.makes_good == item.id)
    element.tell(Fault(faults::playlist_makes_itself_good));
}

void refuse_placement_fields(xml::Element &element) {
  for (const char *field : {"campaign", "class", "topic", "break", "makes-good"})
    if (element.has(field))
      element.tell(Fault(faults::playlist_field_misplaced, {{"field", field}}));
}

/// An asset; of a live programme an address, and its standby if it has one.
void read_content(xml::Element &element, Item &item) {
  if (!element.has("live")) {
    item.asset = element.slug("asset");
    return;
  }
  if (item.kind != ItemKind::programme) element.tell(Fault(faults::playlist_live_misplaced));
  item.live = element.text("live", grids::max_live_bytes + 1);
  if (const auto expected = item.live.empty() ? std::nullopt : grids::live_misfit(item.live))
    element.tell_bad_value("live", *expected);
  if (element.has("asset")) item.asset = element.slug("asset");
}

void read_places(xml::Element &element, Item &item) {
  if (!element.has("places")) return;
  if (item.kind != ItemKind::bulletin) element.tell(Fault(faults::playlist_places_misplaced));
  item.places = element.slugs("places");
}

Item read_item(xml::Element &element, xml::Ids &ids) {
  element.allow({"id", "kind", "start", "end", "asset", "campaign", "class", "topic", "break",
                 "title-zh", "title-en", "live", "places", "makes-good"},
                {});
  Item item;
  if (element.has("id")) {
    item.id = element.slug();
    if (!item.id.empty()) ids.take(element, item.id);
  }
  item.kind = element.choice("kind", kinds);
  item.start_ns = read_time(element, "start");
  item.end_ns = read_time(element, "end");
  read_content(element, item);
  read_places(element, item);
  item.title = {element.optional_text("title-zh"), element.optional_text("title-en")};
  if (item.kind == ItemKind::placement)
    read_placement(element, item);
  else
    refuse_placement_fields(element);
  if (item.end_ns < item.start_ns) element.tell(Fault(faults::playlist_item_ends_early));
  return item;
}

Result<Reading, Faults> reading_of(xml::Document document) {
  xml::Element root = document.root();
  root.allow({"channel", "date"}, {"item"});
  Reading reading;
  reading.at = root.at();
  reading.playlist.channel = root.slug("channel");
  reading.playlist.date = root.date("date");
  xml::Ids ids;
  int line_before = 0;
  std::int64_t free_ns = 0;
  for (xml::Element &element : root.children("item")) {
    Item item = read_item(element, ids);
    if (item.kind != ItemKind::bulletin) {  // which lies over the others
      if (line_before > 0 && item.start_ns < free_ns)
        element.tell(
            Fault(faults::playlist_items_overlap, {{"line", std::to_string(line_before)}}));
      line_before = element.line();
      free_ns = std::max(free_ns, item.end_ns);
    }
    reading.playlist.items.push_back(std::move(item));
    reading.items_at.push_back(element.at());
  }
  if (!document.faults().empty()) return document.faults();
  return reading;
}

}  // namespace

std::string_view word(ItemKind kind) {
  for (const auto &[word, value] : kinds)
    if (value == kind) return word;
  return "";
}

std::string write_xml(const Playlist &playlist, const Zone &zone) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<playlist channel=\"{}\" date=\"{}\">\n",
      escaped(playlist.channel), date_text(playlist.date));
  for (const Item &item : playlist.items) {
    out += "  <item";
    out += attribute("id", item.id);
    out += attribute("kind", std::string(word(item.kind)));
    out += attribute("start", time_text(item.start_ns, zone));
    out += attribute("end", time_text(item.end_ns, zone));
    out += attribute("asset", item.asset);
    out += attribute("live", item.live);
    out += attribute("places", joined_places(item.places));
    if (item.kind == ItemKind::placement) {
      out += attribute("campaign", item.campaign);
      out += attribute("class", std::string(campaigns::word(item.ad_class)));
      out += attribute("topic", item.topic);
      out += attribute("break", item.break_id);
      out += attribute("makes-good", item.makes_good);
    }
    out += attribute("title-zh", item.title.zh);
    out += attribute("title-en", item.title.en);
    out += "/>\n";
  }
  return out + "</playlist>\n";
}

Result<Reading, Faults> read_xml(const std::filesystem::path &file) {
  auto document =
      xml::Document::read(file, file.filename().string(), "playlist", max_playlist_bytes);
  if (!document) return document.fault();
  return reading_of(std::move(*document));
}

Result<Reading, Faults> parse_playlist(std::string_view text, const std::string &shown) {
  auto document = xml::Document::parse(text, shown, "playlist", max_playlist_bytes);
  if (!document) return document.fault();
  return reading_of(std::move(*document));
}

}  // namespace civicast::playlists
