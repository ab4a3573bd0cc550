// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/station/station.hpp"
#include "tests/unit/station/small.hpp"

using namespace civicast;
using namespace civicast::station;

namespace {

/// In `file`, `find` becomes `replace`; then the only fault is `kind` at `where`.
struct Row {
  const char *file;
  const char *find;
  const char *replace;
  const char *where;
  const char *kind;
};

const std::vector<Row> &rows() {
  static const std::vector<Row> all = {
      // station.xml
      {"station.xml", "id='small'", "id='Small Station'", "station.xml:1", "xml.bad_value"},
      {"station.xml", "zone='Asia/Shanghai'", "zone='Asia/Chengdu'", "station.xml:1",
       "zone.unknown"},
      {"station.xml", "name-en='Small'", "", "station.xml:1", "xml.missing_attribute"},
      {"station.xml", "port='0'", "port='65536'", "station.xml:2", "xml.bad_value"},
      {"station.xml", "127.0.0.1", "0.0.0.0", "station.xml:2", "station.address_not_loopback"},
      {"station.xml", "<api address='127.0.0.1' port='0'/>", "", "station.xml:1",
       "xml.missing_element"},
      {"station.xml", "</station>", "", "station.xml:3", "xml.malformed"},
      {"station.xml", "zone=", "rules='atlantis' zone=", "station.xml:1", "station.rules_unknown"},
      {"station.xml", "zone=", "rules='../cn' zone=", "station.xml:1", "xml.bad_value"},
      {"station.xml", "<station", "<!DOCTYPE station>\n<station", "station.xml:1", "xml.doctype"},
      // places.xml
      {"places.xml", "places>", "place>", "places.xml:5", "xml.malformed"},
      {"places.xml", "'screen-a'", "'hall'", "places.xml:3", "xml.twice_id"},
      {"places.xml", "<screen ", "<scren ", "places.xml:3", "xml.unknown_element"},
      {"places.xml", "name-zh='屏'", "name-zh='\xC6\xC1'", "places.xml:3", "xml.not_utf8"},
      {"places.xml", "name-zh='屏'", "name-zh='  '", "places.xml:3", "xml.missing_attribute"},
      {"places.xml", "name-zh='屏'", "name-zh='屏' kind='big'", "places.xml:3",
       "xml.unknown_attribute"},
      // channels.xml
      {"channels.xml", "id='feed' plugin", "id='cable' plugin", "channels.xml:6", "xml.twice_id"},
      {"channels.xml", "ts_720p25", "ts_720p50", "channels.xml:2", "xml.bad_value"},
      {"channels.xml", "<place id='hall'/>\n    <setting name='udp'>",
       "<place id='nowhere'/>\n    <setting name='udp'>", "channels.xml:2",
       "station.place_unknown"},
      {"channels.xml", "<place id='hall'/>\n    <setting name='udp'>", "<setting name='udp'>",
       "channels.xml:2", "xml.missing_element"},
      {"channels.xml", "name='udp'", "name='u-d-p'", "channels.xml:4", "xml.bad_value"},
      {"channels.xml", "name='udp'", "nmae='udp'", "channels.xml:4", "xml.unknown_attribute"},
      {"channels.xml", "plugin='cable'", "plugin='../cable'", "channels.xml:2", "xml.bad_value"},
      {"channels.xml", "127.0.0.1:0</setting>", "127.0.0.1:0", "channels.xml:5", "xml.malformed"},
      {"channels.xml", "127.0.0.1:0", "a & b", "channels.xml:4", "xml.malformed"},
      {"channels.xml", "<place id='hall'/>\n    <setting name='tag'>a",
       "<place id='hall'/>stray\n    <setting name='tag'>a", "channels.xml:6", "xml.stray_text"},
      {"channels.xml", "plugin='cable'", "plugin='cable' medium='cinema'", "channels.xml:2",
       "xml.bad_value"},
      // campaigns.xml
      {"campaigns.xml", "class='psa'", "class='advert'", "campaigns.xml:2", "xml.bad_value"},
      {"campaigns.xml", "last='2026-12-31'", "last='2025-12-31'", "campaigns.xml:2",
       "campaign.dates_reversed"},
      {"campaigns.xml", "'spot'", "'sport'", "campaigns.xml:5", "station.asset_unknown"},
      {"campaigns.xml", "channel='cable'", "channel='table'", "campaigns.xml:6",
       "station.channel_unknown"},
      {"campaigns.xml", "airings='10'", "airings='ten'", "campaigns.xml:6", "xml.bad_value"},
      {"campaigns.xml", "per='campaign'", "per='year'", "campaigns.xml:7", "xml.bad_value"},
      {"campaigns.xml", "<window from='18:00' to='22:00'/>", "<window from='22:00' to='02:00'/>",
       "campaigns.xml:4", "campaign.window_reversed"},
      {"campaigns.xml", "class='psa'", "class='商业'", "campaigns.xml:6",
       "station.target_not_carried"},
      {"campaigns.xml", "channel='feed'", "places='yard'", "campaigns.xml:7",
       "station.place_unknown"},
      {"campaigns.xml", "channel='feed'", "places='screen-a'", "campaigns.xml:7",
       "station.target_nowhere"},
      {"campaigns.xml", "channel='feed'", "places='hall'", "campaigns.xml:7",
       "station.target_meets"},
      {"campaigns.xml", "channel='feed'", "all='yes'", "campaigns.xml:7", "station.target_meets"},
      {"campaigns.xml", "channel='feed'", "channels='feed table'", "campaigns.xml:7",
       "station.channel_unknown"},
      // assets.xml
      {"assets.xml", "id='park'", "id='spot'", "assets.xml:6", "xml.twice_id"},
      {"assets.xml", "media/park.svg", "media/lake.svg", "assets.xml:6", "station.media_missing"},
      {"assets.xml", "media/park.svg", "media", "assets.xml:6", "station.media_missing"},
      {"assets.xml", "media/park.svg", "/etc/passwd", "assets.xml:6", "station.media_outside"},
      {"assets.xml", "media/park.svg", "media/../../park.svg", "assets.xml:6",
       "station.media_outside"},
      {"assets.xml", "seconds='9'", "seconds='0'", "assets.xml:6", "xml.bad_value"},
      {"assets.xml", "seconds='9'", "sound='media/none.opus'", "assets.xml:6",
       "station.media_missing"},
      {"assets.xml", "<text zh='字' en='Words'/>", "<text zh='字'/>", "assets.xml:3",
       "xml.missing_attribute"},
      {"assets.xml", "seconds='15'", "seconds='30'", "campaigns.xml:5", "station.asset_too_long"},
      // grids
      {"grids/cable.xml", "channel='cable'", "channel='radio'", "grids/cable.xml:1",
       "station.channel_unknown"},
      {"grids/cable.xml", "asset='ident'", "asset='idnt'", "grids/cable.xml:5",
       "station.asset_unknown"},
      {"grids/cable.xml", "assets='park'", "assets='lake'", "grids/cable.xml:2",
       "station.asset_unknown"},
      {"grids/cable.xml", "<fillers assets='park'/>", "", "grids/cable.xml:2",
       "station.fillers_missing"},
      {"grids/cable.xml", "length='1m'", "length='2m'", "grids/cable.xml:6", "grid.slots_overlap"},
      {"grids/cable.xml", "length='15s'", "length='6h'", "grids/cable.xml:6",
       "grid.beyond_midnight"},
      {"grids/cable.xml", "length='15s'", "length='0s'", "grids/cable.xml:6",
       "station.break_without_length"},
      {"grids/feed.xml", "length='0s'", "length='15s'", "grids/feed.xml:4",
       "station.moment_with_length"},
      {"grids/feed.xml", "<break", "<programme at='08:00' length='1m' asset='ident'/><break",
       "grids/feed.xml:4", "station.programme_on_feed"},
      {"grids/feed.xml", "19:00", "12:00", "campaigns.xml:4", "station.target_off_hours"},
      {"grids/feed.xml", "channel='feed'", "channel='cable'", "grids/feed.xml",
       "station.grid_second"},
  };
  return all;
}

std::vector<std::string> told(const Result<Station, Faults> &station) {
  std::vector<std::string> out;
  if (station) return out;
  for (const Fault &fault : station.fault())
    out.push_back(fault.where() + " " + std::string(fault.kind().name));
  return out;
}

}  // namespace

TEST_CASE("the small station is loaded whole") {
  const Folder folder;
  write_all_files(folder, small_station(), "");
  const auto station = load_station(folder.path());
  for (const auto &line : told(station)) UNSCOPED_INFO(line);
  REQUIRE(station.ok());
  CHECK(station->id == "small");
  CHECK(station->zone.name() == "Asia/Shanghai");
  CHECK(station->api_port == 0);
  CHECK(station->channel("cable")->settings == Json{{"udp", "127.0.0.1:0"}});
  CHECK(station->channel("feed")->settings == Json{{"tag", {"a", "b"}}});
  CHECK(station->channel("feed")->format == library::HouseFormat::jpeg_720);
  REQUIRE(station->grids.size() == 2);
  CHECK(station->grids[0].channel() == "cable");
  CHECK(station->grids[1].channel() == "feed");
  CHECK(station->grid("feed") == &station->grids[1]);
  CHECK(station->campaign("values")->targets.size() == 2);
  CHECK(station->asset("spot")->file == station->folder / "media/spot.svg");
  CHECK(station->asset("spot")->text.en == "Words");
  CHECK(station->asset("nothing") == nullptr);
}

TEST_CASE("a target by places means the channels that are seen there and carry the campaign") {
  const auto channels = [](const std::string &file, const std::string &find,
                           const std::string &replace, const std::string &scope) {
    Files files = small_station();
    std::string &text = files.at("campaigns.xml");
    text.replace(text.find("    <target channel='cable'"), std::string::npos,
                 "    <target " + scope + " airings='10'/>\n  </campaign>\n</campaigns>\n");
    if (!find.empty()) {
      std::string &other = files.at(file);
      other.replace(other.find(find), find.size(), replace);
    }
    const Folder folder;
    write_all_files(folder, files, "");
    const auto station = load_station(folder.path());
    for (const auto &line : told(station)) UNSCOPED_INFO(line);
    REQUIRE(station.ok());
    return station->campaign("values")->targets.at(0).channels;
  };
  using Ids = std::vector<std::string>;
  CHECK(channels("", "", "", "all='yes'") == Ids{"cable", "feed"});
  CHECK(channels("", "", "", "places='hall'") == Ids{"cable", "feed"});
  const std::string cable = "<place id='hall'/>\n    <setting name='udp'>";
  CHECK(channels("channels.xml", cable, "<place id='screen-a'/>\n    <setting name='udp'>",
                 "places='screen-a'") == Ids{"cable"});
  CHECK(channels("channels.xml", cable, "<place id='screen-a'/>\n    <setting name='udp'>",
                 "places='screen-a hall'") == Ids{"cable", "feed"});
  CHECK(channels("grids/cable.xml", "carries='psa'", "carries='promo'", "all='yes'") ==
        Ids{"feed"});
}

TEST_CASE("each mistake has its fault, its file and its line, and both languages") {
  CHECK(rows().size() >= 50);
  for (const Row &row : rows()) {
    INFO(row.file << ": " << row.find << " -> " << row.replace);
    Files files = small_station();
    std::string &text = files.at(row.file);
    const auto found = text.find(row.find);
    REQUIRE(found != std::string::npos);
    text.replace(found, std::string(row.find).size(), row.replace);
    const Folder folder;
    write_all_files(folder, files, "");
    const auto station = load_station(folder.path());
    REQUIRE_FALSE(station.ok());
    const Fault &fault = station.fault().front();
    INFO(fault.text());
    CHECK(told(station).front() == std::string(row.where) + " " + row.kind);
    CHECK(fault.sentence(Lang::zh).find("。") != std::string::npos);
    CHECK(fault.sentence(Lang::zh).find('{') == std::string::npos);
    CHECK(fault.sentence(Lang::en).find('{') == std::string::npos);
  }
}

TEST_CASE("the mistakes of all files are told at once") {
  Files files = small_station();
  files["places.xml"] = "<places/>";
  files["channels.xml"] = "<channels>\n<channel/></channels>";
  files["campaigns.xml"] = "not XML";
  files["grids/feed.xml"] = "<grid channel='feed'>\n</grid>";
  const Folder folder;
  write_all_files(folder, files, "");
  const auto found = told(load_station(folder.path()));
  const auto has = [&](const char *file) {
    return std::any_of(found.begin(), found.end(),
                       [&](const std::string &line) { return line.rfind(file, 0) == 0; });
  };
  CHECK(has("places.xml:1 "));
  CHECK(has("channels.xml:2 "));
  CHECK(has("campaigns.xml:1 "));
  CHECK(has("grids/feed.xml:1 "));
}

TEST_CASE("a file that is not there is told, and so is a folder that is no station") {
  for (const char *missing : {"places.xml", "channels.xml", "campaigns.xml", "assets.xml"}) {
    Files files = small_station();
    files.erase(missing);
    const Folder folder;
    write_all_files(folder, files, "");
    const auto station = load_station(folder.path());
    REQUIRE_FALSE(station.ok());
    CHECK(station.fault().front().kind().name == "file.unreadable");
    CHECK(station.fault().front().text().find(missing) != std::string::npos);
  }
  const Folder empty;
  CHECK(told(load_station(empty.path())) == std::vector<std::string>{" station.missing"});
  CHECK(told(load_station(empty.path() / "nowhere")) ==
        std::vector<std::string>{" station.missing"});
}

TEST_CASE("a channel without a grid is told") {
  Files files = small_station();
  files.erase("grids/feed.xml");
  const Folder folder;
  write_all_files(folder, files, "");
  CHECK(told(load_station(folder.path())) ==
        std::vector<std::string>{"channels.xml:6 station.grid_missing"});
}
