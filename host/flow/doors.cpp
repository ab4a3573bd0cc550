// SPDX-License-Identifier: Apache-2.0
#include "host/flow/doors.hpp"

#include <sys/stat.h>

#include "host/flow/bulletin_doors.hpp"
#include "host/flow/item_json.hpp"
#include "host/flow/report_doors.hpp"
#include "host/ledger/faults.hpp"
#include "host/ledger/served.hpp"
#include "sdk/base/rfc3339.hpp"
#include "sdk/base/text.hpp"

namespace civicast::flow {
namespace {

constexpr const char *version = "0.1.0";
constexpr const char *by_http = "http";

Json station_json(Flow &flow) {
  const auto &station = flow.rooms().station;
  return {{"id", station.id},
          {"name", words_json(station.name)},
          {"zone", station.zone.name()},
          {"now", rfc3339(flow.clock().now_ns())},
          {"version", version}};
}

Json channels_json(Flow &flow) {
  Json out = Json::array();
  for (const auto &channel : flow.rooms().station.channels)
    out.push_back({{"id", channel.id},
                   {"name", words_json(channel.name)},
                   {"plugin", channel.plugin},
                   {"format", library::name_of(channel.format)},
                   {"places", channel.places},
                   {"counters", flow.counter_names(channel.id)}});
  return out;
}

Json target_json(const campaigns::Target &target) {
  using Unit = campaigns::Target::Unit;
  Json out = {{"channels", target.channels}};
  if (!target.places.empty()) out["places"] = target.places;
  if (target.is_for_all) out["all"] = true;
  const char *per = target.per == campaigns::Target::Per::day ? "day" : "campaign";
  if (target.unit == Unit::airings) {
    out["airings"] = target.airings;
    out["per"] = per;
  } else if (target.unit == Unit::seconds) {
    out["seconds"] = target.seconds;
    out["per"] = per;
  } else {
    out["share"] = target.share_permille / 10.0;
    out["of"] = target.unit == Unit::share_of_seconds ? "seconds" : "airings";
  }
  if (target.day_cap > 0) out["day_cap"] = target.day_cap;
  if (target.channel_day_cap > 0) out["channel_day_cap"] = target.channel_day_cap;
  return out;
}

Json campaigns_json(const station::Station &station) {
  Json out = Json::array();
  for (const auto &campaign : station.campaigns) {
    Json assets = Json::array();
    for (const auto &rotation : campaign.assets) assets.push_back(rotation.asset);
    Json targets = Json::array();
    for (const auto &target : campaign.targets) targets.push_back(target_json(target));
    Json apart = Json::array();
    for (const auto &one : campaign.not_with)
      apart.push_back(one.campaign.empty() ? Json{{"topic", one.topic}}
                                           : Json{{"campaign", one.campaign}});
    out.push_back({{"id", campaign.id},
                   {"title", words_json(campaign.title)},
                   {"class", campaigns::word(campaign.ad_class)},
                   {"topic", campaign.topic},
                   {"first", date_text(campaign.first)},
                   {"last", date_text(campaign.last)},
                   {"assets", std::move(assets)},
                   {"targets", std::move(targets)},
                   {"not_with", std::move(apart)},
                   {"position", campaigns::word(campaign.position)}});
  }
  return out;
}

Json places_json(const station::Station &station) {
  Json out = Json::array();
  for (const auto &place : station.places.all())
    out.push_back({{"id", place.id},
                   {"kind", places::word(place.kind)},
                   {"name", words_json(place.name)},
                   {"parent", place.parent}});
  return out;
}

Json assets_json(library::Library &library) {
  Json out = Json::array();
  for (const auto &asset : library.list()) {
    const bool has_picture =
        library.house_file(asset.id, library::HouseFormat::jpeg_720).has_value();
    out.push_back({{"id", asset.id},
                   {"title", words_json(asset.title)},
                   {"kind", library::name_of(asset.kind)},
                   {"duration_ms", asset.duration_ns / ns_per_ms},
                   {"width", asset.width},
                   {"height", asset.height},
                   {"loudness_lkfs", asset.loudness_lkfs ? Json(*asset.loudness_lkfs) : Json()},
                   {"sha256", asset.sha256},
                   {"thumbnail", has_picture ? Json(thumbnail_address(asset.id)) : Json()}});
  }
  return out;
}

/// The checkpoint file is written when it is signed; 0 if it cannot be asked.
std::int64_t signed_ns(const std::filesystem::path &station) {
  struct stat facts {};
  if (::stat((station / "ledger" / "checkpoint").c_str(), &facts) != 0) return 0;
  return facts.st_mtim.tv_sec * ns_per_s + facts.st_mtim.tv_nsec;
}

Json ledger_json(Flow &flow) {
  auto &ledger = *flow.rooms().ledger;
  const auto newest = ledger.last_signed();
  const auto watched = flow.watched();
  Json verdict = nullptr;
  if (watched.verdict)
    verdict = {{"good", watched.verdict->good},
               {"at", rfc3339(watched.verdict->at_ns)},
               {"size", watched.verdict->size},
               {"fault", watched.verdict->fault ? to_json(*watched.verdict->fault) : Json()}};
  return {{"size", ledger.size()},
          {"signed_size", newest.size},
          {"origin", newest.note.substr(0, newest.note.find('\n'))},
          {"root", hex(newest.root)},
          {"checkpoint", newest.note},
          {"signed_at", instant_json(signed_ns(flow.rooms().station.folder))},
          {"witnessing", flow.witnessing().standing()},
          {"verdict", std::move(verdict)}};
}

Result<Json, Faults> playlist_json(Flow &flow, const api::PlaylistQuery &query) {
  Rooms &rooms = flow.rooms();
  const auto &zone = rooms.station.zone;
  const Date date =
      query.date.value_or(zone.date_at(query.span ? query.span->since_ns : flow.clock().now_ns()));
  const auto from = query.span ? query.span->since_ns : zone.instant(date, 0);
  const auto to = query.span ? query.span->until_ns : zone.instant(date, 86400);
  const auto items = query.span ? rooms.playlists->between(query.channel, from, to)
                                : rooms.playlists->day(query.channel, date);
  // Items in progress at `from` started before it.
  const auto known = standings(*rooms.store, query.channel, from - 3600 * ns_per_s, to);
  Json out = Json::array();
  for (const auto &item : items) {
    const auto at = known.find(item.id);
    out.push_back(item_json(item, at == known.end() ? nullptr : &at->second));
  }
  return Json{{"channel", query.channel}, {"date", date_text(date)}, {"items", std::move(out)}};
}

std::vector<std::string> subtree(const station::Station &station, const std::string &place) {
  return place.empty() ? std::vector<std::string>{} : station.places.subtree(place);
}

Result<Json, Faults> counts_json(Rooms &rooms, const api::CountsQuery &query) {
  counts::Question question;
  for (const auto &name : query.by)
    if (const auto by = counts::by(name)) question.by.push_back(*by);
  question.campaign = query.campaign;
  question.channel = query.channel;
  question.places = subtree(rooms.station, query.place);
  question.from = query.from;
  question.to = query.to;
  Json rows = Json::array();
  for (const auto &row : counts::count(*rooms.store, question)) {
    Json out = {{"airings", row.airings},   {"seconds", row.seconds},
                {"measured", row.measured}, {"reported", row.reported},
                {"inferred", row.inferred}, {"incomplete", row.incomplete}};
    for (std::size_t i = 0; i < row.keys.size(); ++i)
      out[std::string(counts::word(question.by[i]))] = row.keys[i];
    rows.push_back(std::move(out));
  }
  return Json{{"by", query.by}, {"rows", std::move(rows)}};
}

/// How a person settled the placement, where nobody could tell what became of it; null if nobody
/// did. An airing that came to light afterwards says so too.
Json settled_json(Rooms &rooms, const airings::Airing &airing) {
  const Json steps = rooms.held->steps(airing.placement);
  for (const Json &step : steps)
    if (step.at("step") == "again" || step.at("step") == "leave") return step;
  return nullptr;
}

Json airing_json(Rooms &rooms, const counts::Entry &entry) {
  const auto &airing = entry.airing;
  return {{"entry", entry.entry},
          {"channel", airing.channel},
          {"placement", airing.placement},
          {"place", airing.place},
          {"play", airing.play},
          {"fact", airings::word(airing.fact)},
          {"status", airings::word(airing.status)},
          {"evidence", airings::word(airing.evidence)},
          {"start", instant_json(airing.start_ns)},
          {"end", instant_json(airing.end_ns)},
          {"campaign", airing.campaign},
          {"asset", airing.asset},
          {"title", words_json(airing.title)},
          {"recorded", instant_json(airing.recorded_ns)},
          {"counted", airing.counts()},
          {"settled", settled_json(rooms, airing)},
          {"dispute", airing.dispute ? words_json(airing.dispute->sentence) : Json()}};
}

Result<Json, Faults> airings_json(Rooms &rooms, const api::AiringsQuery &query) {
  const auto &zone = rooms.station.zone;
  counts::Filter filter;
  filter.channel = query.channel;
  filter.campaign = query.campaign;
  filter.places = subtree(rooms.station, query.place);
  if (query.from) filter.from_ns = zone.instant(*query.from, 0);
  if (query.to) filter.to_ns = zone.instant(next_day(*query.to), 0);
  if (query.before) filter.before = static_cast<std::uint64_t>(*query.before);
  filter.only_placements = true;
  filter.limit = static_cast<std::size_t>(query.limit);
  Json out = Json::array();
  Json next_before = nullptr;
  const auto entries = counts::list(*rooms.store, filter);
  for (const auto &entry : entries) out.push_back(airing_json(rooms, entry));
  if (entries.size() == filter.limit) next_before = entries.back().entry;
  return Json{{"airings", std::move(out)}, {"next_before", next_before}};
}

/// From the ledger itself, with its proof, and what was planned beside what was.
std::optional<Json> whole_airing_json(Rooms &rooms, std::uint64_t entry) {
  if (entry >= rooms.ledger->size()) return std::nullopt;
  const auto texts = rooms.ledger->read(entry, 1);
  if (!texts || texts->empty() || !airings::is_airing(texts->front())) return std::nullopt;
  const auto airing = airings::decode(texts->front());
  if (!airing) return std::nullopt;
  Json out = airing_json(rooms, {entry, *airing});
  out["inquiry"] = rooms.held->steps(airing->placement);
  out["planned_start"] = instant_json(airing->planned_start_ns);
  out["planned_end"] = instant_json(airing->planned_end_ns);
  out["house_sha256"] = airing->house_sha256;
  out["plugin"] = airing->plugin;
  out["plugin_version"] = airing->plugin_version;
  out["remote"] = airing->remote;
  out["proof"] = Json::parse(airing->proof);
  return out;
}

exchange::Upload upload_of(const api::UploadQuery &query) {
  return {query.name, query.text};
}

exchange::Wish wish_of(const api::UploadQuery &query) {
  return {query.channel, query.date, query.is_partial, query.is_trial, query.is_closed};
}

/// `write` is export_schedule or export_as_run.
template <class Write>
Result<api::Download, Faults> download(Flow &flow, const api::FileQuery &query,
                                       const Write &write) {
  const auto format = exchange::format_named(query.format);
  if (!format) return Faults{format.fault()};
  const auto house = flow.house();
  const Date date = query.date.value_or(house.station.zone.date_at(house.now_ns));
  auto file = write(house, query.channel, date, *format);
  if (!file) return file.fault();
  return api::Download{std::move(file->name), std::move(file->type), std::move(file->text)};
}

}  // namespace

api::Sources sources_of(Flow &flow, const std::filesystem::path &console_folder) {
  Rooms &rooms = flow.rooms();
  api::Sources sources;
  sources.station = [&flow] { return station_json(flow); };
  sources.live = [&flow] { return flow.live(); };
  sources.channels = [&flow] { return channels_json(flow); };
  sources.campaigns = [&rooms] { return campaigns_json(rooms.station); };
  sources.places = [&rooms] { return places_json(rooms.station); };
  sources.assets = [&rooms] { return assets_json(*rooms.library); };
  sources.ledger = [&flow] { return ledger_json(flow); };
  sources.playlist = [&flow](const auto &query) { return playlist_json(flow, query); };
  sources.counts = [&rooms](const auto &query) { return counts_json(rooms, query); };
  sources.airings = [&rooms](const auto &query) { return airings_json(rooms, query); };
  sources.airing = [&rooms](std::uint64_t entry) { return whole_airing_json(rooms, entry); };
  sources.replan = [&flow](int days) { return flow.replan(days); };
  sources.import_schedule = [&flow](const auto &query) {
    return flow.import_schedule(upload_of(query), wish_of(query));
  };
  sources.import_as_run = [&flow](const auto &query) {
    return flow.import_as_run(upload_of(query), wish_of(query));
  };
  sources.schedule_file = [&flow](const auto &query) {
    return download(flow, query, exchange::export_schedule);
  };
  sources.as_run_file = [&flow](const auto &query) {
    return download(flow, query, exchange::export_as_run);
  };
  add_bulletins(sources, flow);
  add_reports(sources, flow);
  sources.held = [&rooms](const auto &query) {
    return rooms.held->list(query.channel, static_cast<std::size_t>(query.limit));
  };
  sources.decide = [&flow](const api::HeldDecision &asked) -> Result<Json, Faults> {
    return flow.decide(
        {asked.placement, *airings::inquiry_step(asked.choice), asked.by, by_http, asked.note});
  };
  sources.checkpoint = [&flow]() -> Result<std::string> { return flow.witnessing().checkpoint(); };
  sources.add_checkpoint = [&flow](const std::string &body) -> api::PlainAnswer {
    auto reply = flow.witnessing().add_checkpoint(body);
    return {reply.status, std::move(reply.type), std::move(reply.body)};
  };
  sources.tile = [&rooms](const std::string &path) -> Result<std::string> {
    const auto tile = ledger::parse_tile_path(path);
    if (!tile) return Fault(ledger::faults::tile_malformed, {{"path", shortened(path, 100)}});
    return ledger::read_tile(*rooms.ledger, *tile);
  };
  sources.thumbnail = [&rooms](const std::string &asset) -> std::optional<std::filesystem::path> {
    const auto file = rooms.library->house_file(asset, library::HouseFormat::jpeg_720);
    if (!file) return {};
    return file->path;
  };
  sources.channels_folder = rooms.station.folder / "channels";
  sources.console_folder = console_folder;
  return sources;
}

}  // namespace civicast::flow
