// SPDX-License-Identifier: Apache-2.0
#include "tests/plan_questions/asked_station.hpp"

#include <stdlib.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "host/base/zone.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::test {
namespace {

const char *channels = R"(<channels>
  <channel id="feed" plugin="feed" format="jpeg_720" name-zh="公告" name-en="Notices">
    <place id="rongmei"/>
    <setting name="listen">127.0.0.1:0</setting>
    <setting name="folder">public</setting>
  </channel>
</channels>)";

/// 40 moments a day, of which 24 lie in the first campaign's window.
const char *grid = R"(<grid channel="feed">
  <day weekdays="daily">
    <hours from="02:00" to="22:00">
      <repeat every="30m">
        <break length="0s" max="1" carries="psa"/>
      </repeat>
    </hours>
  </day>
</grid>)";

const char *campaigns = R"(<campaigns>
  <campaign id="wants-much" class="psa" weight="1" title-zh="一" title-en="One"
            first="2026-01-01" last="2099-12-31" separation="1h">
    <window from="08:00" to="20:00"/>
    <asset id="one"/>
    <target channel="feed" airings="14" per="day"/>
  </campaign>
  <campaign id="heavy" class="psa" weight="9" title-zh="二" title-en="Two"
            first="2026-01-01" last="2099-12-31" separation="0s">
    <window from="00:00" to="24:00"/>
    <asset id="two"/>
    <target channel="feed" airings="16" per="day"/>
  </campaign>
</campaigns>)";

}  // namespace

AskedStation::AskedStation() {
  std::string name = (std::filesystem::temp_directory_path() / "civicast-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  folder_ = name;
  const std::filesystem::path sample(CIVICAST_SAMPLE);
  for (const char *file : {"station.xml", "places.xml"})
    std::filesystem::copy_file(sample / file, folder_ / file);
  for (const char *inner : {"grids", "media"}) std::filesystem::create_directory(folder_ / inner);
  write("channels.xml", channels);
  write("grids/feed.xml", grid);
  write("campaigns.xml", campaigns);
  write("assets.xml", R"(<assets>
  <asset id="one" file="media/one.txt" title-zh="一" title-en="One"/>
  <asset id="two" file="media/two.txt" title-zh="二" title-en="Two"/>
</assets>)");
  for (const std::string id : {"one", "two"}) {
    write("media/" + id + ".txt", "words " + id);
    const Ran ran =
        run({"asset", "import", (folder_ / "media" / (id + ".txt")).string(), "--id", id});
    INFO(ran.output);
    REQUIRE(ran.status == 0);
  }
  const auto zone = *Zone::find("Asia/Shanghai");
  tomorrow_ = date_text(next_day(zone.date_at(SystemClock().now_ns())));
}

AskedStation::~AskedStation() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string AskedStation::write(const std::string &file, const std::string &text) const {
  std::ofstream(folder_ / file) << text;
  return (folder_ / file).string();
}

Ran AskedStation::shell(const std::vector<std::string> &words, const char *redirection) const {
  std::string command = std::string(CIVICAST) + " --station '" + folder_.string() + "'";
  for (const std::string &word : words) command += " '" + word + "'";
  std::FILE *pipe = ::popen((command + redirection).c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ran out;
  char chunk[4096];
  for (std::size_t got; (got = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;)
    out.output.append(chunk, got);
  out.status = WEXITSTATUS(::pclose(pipe));
  return out;
}

Ran AskedStation::run(const std::vector<std::string> &words) const {
  return shell(words, " 2>&1");
}

Ran AskedStation::plan(std::vector<std::string> words) const {
  words.insert(words.begin(), {"plan", "--from", tomorrow_, "--days", "1"});
  return run(words);
}

Json AskedStation::json(std::vector<std::string> words) const {
  words.insert(words.begin(), {"plan", "--from", tomorrow_, "--days", "1", "--format", "json"});
  const Ran ran = shell(words, " 2>/dev/null");
  INFO(ran.output);
  const auto parsed = parse_json(ran.output);
  REQUIRE(parsed.ok());
  return *parsed;
}

}  // namespace civicast::test
