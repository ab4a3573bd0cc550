// SPDX-License-Identifier: Apache-2.0
// Reads channels.xml. What a plugin's settings mean is known to its manifest, not here.
#include <fmt/format.h>

#include <algorithm>

#include "host/base/id.hpp"
#include "host/base/xml.hpp"
#include "host/channels/channel.hpp"
#include "host/library/library.hpp"

namespace civicast::channels {
namespace {

using library::HouseFormat;

constexpr std::size_t max_setting_bytes = 4000;

/// A name that stands once is a string, one that stands more often an array of strings.
void add_setting(Json &settings, const std::string &name, std::string value) {
  if (!settings.contains(name)) {
    settings[name] = std::move(value);
    return;
  }
  Json &present = settings[name];
  if (!present.is_array()) present = Json::array({present});
  present.push_back(std::move(value));
}

/// As JSON members are named: letters, digits and "_", beginning with a letter.
bool is_setting_name(const std::string &name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || name.size() > 64 || !is_letter(name.front())) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  return true;
}

Json read_settings(const xml::Element &channel) {
  Json settings = Json::object();
  for (xml::Element element : channel.children("setting")) {
    element.allow_with_text({"name"});
    const std::string name = element.text("name");
    std::string value = element.body();
    if (!name.empty() && !is_setting_name(name)) {
      element.tell_bad_value("name", {"请用字母、数字和 _，以字母开头",
                                      "Use letters, digits and _, beginning with a letter"});
    } else if (value.size() > max_setting_bytes) {
      element.tell_bad_value("name", {"它的内容超过 4000 字节，请缩短",
                                      "What it holds is longer than 4000 bytes: make it shorter"});
    } else if (!name.empty()) {
      add_setting(settings, name, std::move(value));
    }
  }
  return settings;
}

/// Numbered in order where channels.xml does not say.
std::string read_traffic_id(xml::Element element, std::size_t number) {
  if (!element.has("traffic-id")) return fmt::format("{:02}001", number % 100);
  const std::string given = element.text("traffic-id");
  if (!given.empty() && !is_traffic_id(given))
    element.tell_bad_value("traffic-id", {"应当像 01001：频道两位，前端三位",
                                          "It should be like 01001: two for the channel, three for "
                                          "the head-end"});
  return given;
}

/// What goes out as a transport stream is television, unless channels.xml says otherwise.
rules::Medium usual_medium(const HouseFormat &format) {
  if (format == HouseFormat::jpeg_720) return rules::Medium::post;
  return format == HouseFormat::mp4_720p25 ? rules::Medium::screen : rules::Medium::tv;
}

Channel read_channel(xml::Element element) {
  element.allow({"id", "plugin", "format", "medium", "name-zh", "name-en", "traffic-id"},
                {"place", "setting"});
  Channel channel;
  channel.id = element.slug();
  channel.name = element.words("name");
  channel.plugin = element.slug("plugin");
  std::vector<std::pair<std::string_view, HouseFormat>> formats;
  for (const HouseFormat &format : library::house_formats())
    formats.emplace_back(format.name(), format);
  channel.format = element.choice("format", formats);
  channel.medium =
      element.choice<rules::Medium>("medium", rules::medium_words(), usual_medium(channel.format));
  xml::Ids places;
  for (xml::Element place : element.children("place")) {
    place.allow({"id"}, {});
    channel.places.push_back(place.slug());
    places.take(place, channel.places.back());
  }
  if (channel.places.empty()) element.child("place");  // tells that one is missing
  channel.settings = read_settings(element);
  channel.at = element.at();
  return channel;
}

}  // namespace

Result<std::vector<Channel>, Faults> read_channels(const std::filesystem::path &file) {
  auto document = xml::Document::read(file, file.filename().string(), "channels");
  if (!document) return std::move(document).fault();
  xml::Element root = document->root();
  root.allow({}, {"channel"});
  std::vector<Channel> channels;
  xml::Ids ids;
  for (xml::Element element : root.children("channel")) {
    channels.push_back(read_channel(element));
    channels.back().traffic_id = read_traffic_id(element, channels.size());
    ids.take(element, channels.back().id);
  }
  if (!document->faults().empty()) return document->faults();
  return channels;
}

std::vector<HouseFormat> formats_of(const std::vector<Channel> &channels) {
  std::vector<HouseFormat> formats;
  for (const Channel &channel : channels)
    if (std::find(formats.begin(), formats.end(), channel.format) == formats.end())
      formats.push_back(channel.format);
  return formats;
}

}  // namespace civicast::channels
