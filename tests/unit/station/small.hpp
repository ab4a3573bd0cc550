// SPDX-License-Identifier: Apache-2.0
// The smallest whole station: two channels, one campaign, three assets.
#pragma once

#include <map>
#include <string>

#include "tests/unit/folder/folder.hpp"

namespace civicast::station {

using Files = std::map<std::string, std::string>;

/// By name, each line's number beside what tests change in it.
inline Files small_station() {
  return {
      {"station.xml",
       "<station id='small' name-zh='小站' name-en='Small' zone='Asia/Shanghai'>\n"
       "  <api address='127.0.0.1' port='0'/>\n"
       "</station>\n"},
      {"places.xml",
       "<places>\n"
       "  <centre id='hall' name-zh='中心' name-en='Hall'>\n"
       "    <screen id='screen-a' name-zh='屏' name-en='Screen'/>\n"
       "  </centre>\n"
       "</places>\n"},
      {"channels.xml",
       "<channels>\n"
       "  <channel id='cable' plugin='cable' format='ts_720p25' name-zh='有线' name-en='Cable'>\n"
       "    <place id='hall'/>\n"
       "    <setting name='udp'>127.0.0.1:0</setting>\n"
       "  </channel>\n"
       "  <channel id='feed' plugin='feed' format='jpeg_720' name-zh='公告' name-en='Feed'>\n"
       "    <place id='hall'/>\n"
       "    <setting name='tag'>a</setting>\n"
       "    <setting name='tag'>b</setting>\n"
       "  </channel>\n"
       "</channels>\n"},
      {"campaigns.xml",
       "<campaigns>\n"
       "  <campaign id='values' title-zh='值' title-en='Values' class='psa'\n"
       "            first='2026-01-01' last='2026-12-31'>\n"
       "    <window from='18:00' to='22:00'/>\n"
       "    <asset id='spot'/>\n"
       "    <target channel='cable' airings='10'/>\n"
       "    <target channel='feed' airings='5' per='campaign'/>\n"
       "  </campaign>\n"
       "</campaigns>\n"},
      {"assets.xml",
       "<assets>\n"
       "  <asset id='spot' file='media/spot.svg' seconds='15' title-zh='片' title-en='Spot'>\n"
       "    <text zh='字' en='Words'/>\n"
       "  </asset>\n"
       "  <asset id='ident' file='media/ident.svg' seconds='12' title-zh='台标' "
       "title-en='Ident'/>\n"
       "  <asset id='park' file='media/park.svg' seconds='9' title-zh='公园' title-en='Park'/>\n"
       "</assets>\n"},
      {"grids/cable.xml",
       "<grid channel='cable'>\n"
       "  <day weekdays='daily'>\n"
       "    <fillers assets='park'/>\n"
       "    <hours from='06:00' to='24:00'>\n"
       "      <programme at='18:59' length='1m' asset='ident'/>\n"
       "      <break at='19:00' length='15s' carries='psa'/>\n"
       "    </hours>\n"
       "  </day>\n"
       "</grid>\n"},
      {"grids/feed.xml",
       "<grid channel='feed'>\n"
       "  <day weekdays='daily'>\n"
       "    <hours from='06:00' to='24:00'>\n"
       "      <break at='19:00' length='0s'/>\n"
       "    </hours>\n"
       "  </day>\n"
       "</grid>\n"},
      {"media/spot.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='16' height='9'/>"},
      {"media/ident.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='32' height='18'/>"},
      {"media/park.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='36'/>"},
  };
}

inline void write_all_files(const Folder &folder, const Files &files, const std::string &below) {
  for (const auto &[name, text] : files) folder.write(below + name, text);
}

}  // namespace civicast::station
