// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/house.hpp"

#include <algorithm>

#include "host/exchange/bxf.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/faults.hpp"

namespace civicast::exchange {
namespace {

std::string known_channels(const House &house) {
  std::string known;
  for (const auto &one : house.station.channels) known += (known.empty() ? "" : ", ") + one.id;
  return known;
}

std::string lower(std::string text) {
  for (char &c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// The channel that a file calls by its id, its traffic id or its name.
const channels::Channel *called(const House &house, const std::string &name) {
  if (name.empty()) return nullptr;
  for (const auto &one : house.station.channels)
    if (lower(name) == one.id || name == one.traffic_id || name == one.name.zh ||
        name == one.name.en)
      return &one;
  return nullptr;
}

Fault wrong_purpose(bool wants_as_run) {
  const Words schedule{"节目单", "a schedule"}, as_run{"播出记录", "an as-run"};
  const Words &found = wants_as_run ? schedule : as_run;
  const Words &wanted = wants_as_run ? as_run : schedule;
  return Fault(faults::wrong_purpose, {{"found_zh", found.zh},
                                       {"found_en", found.en},
                                       {"wanted_zh", wanted.zh},
                                       {"wanted_en", wanted.en}});
}

}  // namespace

Result<const channels::Channel *, Faults> channel_named(const House &house, const std::string &id) {
  if (const auto *channel = house.station.channel(id)) return channel;
  return Faults{Fault(faults::channel_untold, {{"text", id}, {"known", known_channels(house)}})};
}

Result<Opened, Faults> open_upload(const House &house, const Upload &upload, const Wish &wish,
                                   bool wants_as_run) {
  const std::string &shown = upload.name;
  if (upload.text.size() > max_file_bytes)
    return Faults{
        Fault(faults::file_too_large, {{"limit", std::to_string(max_file_bytes)}}).at(shown)};
  Opened opened;
  const Zone &zone = house.station.zone;
  if (looks_like_xml(upload.text)) {
    opened.format = Format::bxf;
    opened.reading = read_bxf(upload.text, shown, zone);
  } else if (looks_like_ccms(upload.text)) {
    opened.reading = read_ccms(upload.text, shown, wish.date.value_or(zone.date_at(house.now_ns)));
  } else {
    return Faults{Fault(faults::format_unknown).at(shown)};
  }
  Reading &reading = opened.reading;
  if (reading.events.empty()) {
    if (reading.faults.empty()) reading.faults.push_back(Fault(faults::nothing_inside).at(shown));
    return std::move(reading.faults);
  }
  if (reading.is_as_run != wants_as_run) return Faults{wrong_purpose(wants_as_run).at(shown)};
  if (wish.channel.empty()) {
    opened.channel = called(house, reading.channel);
    if (!opened.channel)
      return Faults{Fault(faults::channel_untold,
                          {{"text", reading.channel}, {"known", known_channels(house)}})
                        .at(shown)};
    return opened;
  }
  auto named = channel_named(house, wish.channel);
  if (!named) return named.fault();
  opened.channel = *named;
  return opened;
}

}  // namespace civicast::exchange
