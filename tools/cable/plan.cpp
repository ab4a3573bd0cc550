// SPDX-License-Identifier: Apache-2.0
#include "tools/cable/plan.hpp"

#include <algorithm>
#include <fstream>

#include "host/library/library.hpp"
#include "host/playlists/xml.hpp"
#include "host/station/station.hpp"
#include "plugins/cable/format/gate.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::cable_render {
namespace {

/// A list has no time of its own: it begins here, so that every run gives the same bytes.
constexpr std::int64_t list_start_ns = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z

Refusal refusal(const Fault &fault) {
  return {{fault.text()}};
}
Refusal refusal(const Faults &faults) {
  Refusal out;
  for (const Fault &fault : faults) out.sentences.push_back(fault.text());
  return out;
}

cable::Kind kind_of(playlists::ItemKind kind) {
  return cable::kind_of(playlists::word(kind));
}

const formats::HouseFormat &format_named(const std::string &id) {
  if (const formats::HouseFormat *found = formats::find(id)) return *found;
  std::string known;
  for (const formats::HouseFormat &each : formats::all()) known += " " + each.id;
  throw Refusal{{"没有成品格式 “" + id + "”。可用的有：" + known +
                 "。 · There is no house format \"" + id + "\". There are:" + known + "."}};
}

cable::Item item_of(const playlists::Item &planned, const std::string &at,
                    const Result<library::HouseFile> &file) {
  if (!file) throw cable::Flaw("media.missing", file.fault().text());
  cable::Item item;
  item.id = planned.id.empty() ? at : planned.id;
  item.kind = kind_of(planned.kind);
  item.asset = planned.asset;
  item.title = planned.title.zh;
  item.break_id = planned.break_id;
  item.path = file->path.string();
  item.sha256 = file->sha256;
  item.start_ns = planned.start_ns;
  item.end_ns = planned.end_ns;
  return item;
}

struct Line {
  int number = 0;
  std::filesystem::path file;
};

std::vector<Line> lines_of(const std::filesystem::path &list) {
  std::ifstream in(list);
  std::vector<Line> lines;
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.empty() || text.front() == '#') continue;
    lines.push_back({number, std::filesystem::absolute(list).parent_path() / text});
  }
  if (lines.empty())
    throw Refusal{
        {list.string() +
         "：读不出任何文件名。每行写一个成品文件。 · No file is named in it. Write the name "
         "of one house file on each line."}};
  return lines;
}

/// The first format whose gate lets the file pass; else the first one of all, whose gate says why.
const formats::HouseFormat &format_of(const std::filesystem::path &file) {
  for (const formats::HouseFormat &house : formats::all()) try {
      cable::Gate(house).inspect(file.string(), "");
      return house;
    } catch (const cable::Flaw &) {
      continue;
    }
  return formats::all().front();
}

}  // namespace

Plan playlist_plan(const std::filesystem::path &file, const std::filesystem::path &station_dir) {
  const auto reading = playlists::read_xml(file);
  if (!reading) throw refusal(reading.fault());
  const auto station = station::load_station(station_dir);
  if (!station) throw refusal(station.fault());
  const channels::Channel *channel = station->channel(reading->playlist.channel);
  if (!channel)
    throw Refusal{{reading->at + "：台站没有频道 “" + reading->playlist.channel +
                   "”。 · The station has no channel \"" + reading->playlist.channel + "\"."}};
  const SystemClock clock;
  const auto store = store::Store::open(station_dir / "civicast.db");
  if (!store) throw refusal(store.fault());
  const auto library = library::Library::open(**store, station_dir, clock);
  if (!library) throw refusal(library.fault());
  Plan plan;
  plan.house = &format_named(library::name_of(channel->format));
  cable::Gate gate(*plan.house);
  Refusal wrong;
  for (const playlists::Item &planned : reading->playlist.items) {
    const std::string &at = reading->items_at[plan.items.size() + wrong.sentences.size()];
    try {
      cable::Item item = item_of(planned, at, (*library)->require(planned.asset, channel->format));
      item.clip_frames = gate.inspect(item.path, item.sha256).frames;
      plan.items.push_back(std::move(item));
    } catch (const cable::Flaw &flaw) {
      wrong.sentences.push_back(at + ": " + flaw.what());
    }
  }
  if (!wrong.sentences.empty()) throw wrong;
  if (plan.items.empty())
    throw Refusal{{reading->at + "：播出单是空的。 · The playlist is empty."}};
  plan.start_ns = plan.items.front().start_ns - cable::frame_ns(plan.house->grid_pictures());
  return plan;
}

Plan list_plan(const std::filesystem::path &file, const std::string &format) {
  const std::vector<Line> lines = lines_of(file);
  Plan plan;
  plan.house = &(format.empty() ? format_of(lines.front().file) : format_named(format));
  plan.start_ns = list_start_ns;
  cable::Gate gate(*plan.house);
  Refusal wrong;
  std::int64_t at_ns = plan.start_ns + cable::frame_ns(plan.house->grid_pictures());
  for (const Line &line : lines) {
    cable::Item item;
    item.path = line.file.string();
    item.asset = line.file.stem().string();
    item.id = std::to_string(line.number);
    try {
      item.clip_frames = gate.inspect(item.path, "").frames;
    } catch (const cable::Flaw &flaw) {
      wrong.sentences.push_back(file.string() + ":" + std::to_string(line.number) + ": " +
                                flaw.what() +
                                (flaw.detail.empty() ? "" : " (" + flaw.detail + ")"));
      continue;
    }
    item.start_ns = at_ns;
    item.end_ns = at_ns += cable::frame_ns(item.clip_frames);
    plan.items.push_back(std::move(item));
  }
  if (!wrong.sentences.empty()) throw wrong;
  plan.round_ns = plan.items.back().end_ns - plan.items.front().start_ns;
  return plan;
}

std::vector<cable::Item> round_of(const Plan &plan, std::int64_t round) {
  std::vector<cable::Item> items = plan.items;
  for (cable::Item &item : items) {
    if (plan.round_ns > 0) item.id = std::to_string(round + 1) + "." + item.id;
    item.start_ns += round * plan.round_ns;
    item.end_ns += round * plan.round_ns;
  }
  return items;
}

}  // namespace civicast::cable_render
