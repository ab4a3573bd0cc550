// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/station/station.hpp"
#include "tests/unit/station/small.hpp"

using namespace civicast;
using namespace civicast::station;

namespace {

const std::string own_rules =
    "<rules id='%' title-zh='本地' title-en='Local'>\n"
    "  <source id='act' first='2010-01-01' title-zh='法' title-en='Act' number-zh='一'"
    " number-en='One'/>\n"
    "  <rule id='local' source='act' media='radio' counts='psa' least-airings='1' zh='本地'"
    " en='Local'/>\n"
    "</rules>\n";

std::string named(const std::string &id) {
  std::string text = own_rules;
  return text.replace(text.find('%'), 1, id);
}

Files station_under(const std::string &rules) {
  Files files = small_station();
  std::string &text = files["station.xml"];
  text.replace(text.find("zone="), 5, "rules='" + rules + "' zone=");
  return files;
}

}  // namespace

TEST_CASE("a station that names no jurisdiction has no legal minima") {
  const Folder folder;
  write_all_files(folder, small_station(), "");
  const auto station = load_station(folder.path());
  REQUIRE(station.ok());
  CHECK(station->rules.rules.empty());
}

TEST_CASE("a station's rules are the product's, unless it has a file of that name itself") {
  const Folder folder;
  write_all_files(folder, station_under("cn"), "");
  const auto shipped = load_station(folder.path());
  REQUIRE(shipped.ok());
  CHECK(shipped->rules.id == "cn");
  CHECK(shipped->rules.rules.size() >= 3);
  folder.write("rules/cn.xml", named("cn"));
  const auto own = load_station(folder.path());
  REQUIRE(own.ok());
  REQUIRE(own->rules.rules.size() == 1);
  CHECK(own->rules.rules[0].id == "local");
}

TEST_CASE("a mistake in a station's own rules is told with their file, and what is known with it") {
  Files files = station_under("local");
  files["rules/local.xml"] = named("other");
  const Folder folder;
  write_all_files(folder, files, "");
  const auto station = load_station(folder.path());
  REQUIRE_FALSE(station.ok());
  CHECK(station.fault().front().where() == "rules/local.xml:1");
  Files unknown = station_under("atlantis");
  unknown["rules/local.xml"] = named("local");
  const Folder second;
  write_all_files(second, unknown, "");
  const auto other = load_station(second.path());
  REQUIRE_FALSE(other.ok());
  for (const Lang lang : {Lang::zh, Lang::en})
    CHECK(other.fault().front().sentence(lang).find("local, cn") != std::string::npos);
}

TEST_CASE("a new station takes its own rules with it") {
  Files files = station_under("local");
  files["rules/local.xml"] = named("local");
  const Folder folder;
  write_all_files(folder, files, "template/");
  REQUIRE(create_station(folder.path() / "template", folder.path() / "new").ok());
  const auto station = load_station(folder.path() / "new");
  REQUIRE(station.ok());
  CHECK(station->rules.id == "local");
}

TEST_CASE("a channel is to the law what its format says, unless channels.xml says otherwise") {
  Files files = small_station();
  std::string &text = files["channels.xml"];
  text.replace(text.find("plugin='feed'"), 13, "plugin='feed' medium='广播'");
  const Folder folder;
  write_all_files(folder, files, "");
  const auto station = load_station(folder.path());
  REQUIRE(station.ok());
  CHECK(station->channel("cable")->medium == rules::Medium::tv);
  CHECK(station->channel("feed")->medium == rules::Medium::radio);
}
