// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sdk/base/disk.hpp"
#include "sdk/base/faults.hpp"
#include "sdk/base/json.hpp"
#include "sdk/formats/faults.hpp"
#include "sdk/formats/house_format.hpp"
#include "sdk/formats/table_files.hpp"

using namespace civicast;
using namespace civicast::formats;

namespace {

Json table() {
  return Json::parse(table_files().at("house.json"));
}

/// The table with one value changed.
std::string with(const char *pointer, const Json &value) {
  Json changed = table();
  changed[Json::json_pointer(pointer)] = value;
  return changed.dump();
}

std::string without(const char *parent, const char *name) {
  Json changed = table();
  changed[Json::json_pointer(parent)].erase(name);
  return changed.dump();
}

std::string reason_of(const Fault &fault) {
  for (const auto &[name, value] : fault.facts())
    if (name == "reason") return value;
  return {};
}

}  // namespace

TEST_CASE("the house formats are those that cable head-ends ask for") {
  std::vector<std::string> ids;
  for (const HouseFormat &each : all()) ids.push_back(each.id);
  CHECK(ids == std::vector<std::string>{"ts_720p25", "ts_1080i25", "ts_1080p25", "ts_576i25",
                                        "ts_hevc_1080p25", "ts_720p25_ac3", "ts_720p25_aac"});
  CHECK(find("ts_4320p25") == nullptr);
}

TEST_CASE("the first house format keeps the numbers that its files were made with") {
  const HouseFormat *format = find("ts_720p25");
  REQUIRE(format != nullptr);
  CHECK(format->rate_bits_per_s == 4'000'000);
  CHECK(format->video.codec == VideoCodec::h264);
  CHECK(format->video.profile == "high");
  CHECK(format->video.level == "3.1");
  CHECK(format->video.width == 1280);
  CHECK(format->video.height == 720);
  CHECK(format->video.gop_pictures == 25);
  CHECK(format->video.bits_per_s == 3'200'000);
  CHECK(format->video.vbv_bits == 1'600'000);
  CHECK_FALSE(format->video.is_interlaced());
  CHECK(format->sound.codec == SoundCodec::mp2);
  CHECK(format->sound.bits_per_s == 192'000);
  CHECK(format->sound_ticks() == 2160);
  CHECK(format->pictures_for(15'000'000'000) == 375);
  CHECK(format->pictures_for(15'000'000'001) == 378);
  CHECK(format->pictures_for(0) == 3);
}

TEST_CASE("the grid is the least length that whole pictures and whole sound frames share") {
  struct Row {
    const char *id;
    int pictures, sounds;
    std::int64_t sound_ticks;
  };
  const Row row = GENERATE(Row{"ts_720p25", 3, 5, 2160}, Row{"ts_576i25", 3, 5, 2160},
                           Row{"ts_720p25_ac3", 4, 5, 2880}, Row{"ts_720p25_aac", 8, 15, 1920});
  const HouseFormat *format = find(row.id);
  REQUIRE(format != nullptr);
  CHECK(format->grid_pictures() == row.pictures);
  CHECK(format->grid_sounds() == row.sounds);
  CHECK(format->sound_ticks() == row.sound_ticks);
  CHECK(row.pictures * picture_ticks == row.sounds * row.sound_ticks);
  CHECK(format->sounds_for(row.pictures * 7) == row.sounds * 7);
}

TEST_CASE("AAC sound ends at most half a frame from its pictures") {
  const HouseFormat *format = find("ts_720p25_aac");
  REQUIRE(format != nullptr);
  CHECK(format->step_pictures() == 1);
  for (std::int64_t pictures = 1; pictures < 1000; ++pictures) {
    const std::int64_t off =
        format->sounds_for(pictures) * format->sound_ticks() - pictures * picture_ticks;
    CHECK(std::abs(off) * 2 <= format->sound_ticks());
  }
}

TEST_CASE("a table with a mistake is refused where the mistake stands") {
  struct Row {
    std::string table, at, reason;
  };
  const auto row = GENERATE(
      Row{R"([])", "", "not an object"}, Row{R"({})", "", "\"formats\" is missing"},
      Row{R"({"formats":[]})", "/formats", "not a list of 1 to 64"},
      Row{R"({"formats":[7]})", "/formats/0", "not an object"},
      Row{with("/more", 1), "/more", "nothing is known of this member"},
      Row{with("/formats/0/id", "720p"), "/formats/0/id", "not \"ts_\" and then a-z, 0-9, \"_\""},
      Row{with("/formats/1/id", "ts_720p25"), "/formats/1/id", "stands twice"},
      Row{without("/formats/0/name", "en"), "/formats/0/name", "\"en\" is missing"},
      Row{without("/formats/2/video", "gop"), "/formats/2/video", "\"gop\" is missing"},
      Row{with("/formats/0/video/gop", 0), "/formats/0/video/gop",
          "not a whole number from 1 to 250"},
      Row{with("/formats/0/video/gop", -25), "/formats/0/video/gop",
          "not a whole number from 1 to 250"},
      Row{with("/formats/0/video/gop", 2.5), "/formats/0/video/gop",
          "not a whole number from 1 to 250"},
      Row{with("/formats/0/video/bits", "3200000"), "/formats/0/video/bits",
          "not a whole number from 100000 to 100000000"},
      Row{with("/formats/0/video/bits", 18446744073709551615u), "/formats/0/video/bits",
          "not a whole number from 100000 to 100000000"},
      Row{with("/formats/0/video/codec", "av1"), "/formats/0/video/codec",
          "none of h264, hevc, mpeg2"},
      Row{with("/formats/0/video/pixel", 1), "/formats/0/video/pixel", "not two numbers"},
      Row{with("/formats/0/video/pixel", {1, 0}), "/formats/0/video/pixel/1",
          "not a whole number from 1 to 255"},
      Row{with("/formats/0/video/frames", 25), "/formats/0/video/frames",
          "nothing is known of this member"},
      Row{with("/formats/0/sound/ends", "never"), "/formats/0/sound/ends",
          "none of together, nearest"},
      Row{with("/formats/0/sound", nullptr), "/formats/0/sound", "not an object"});
  const auto read = read_formats(row.table);
  INFO(row.table.substr(0, 200));
  REQUIRE_FALSE(read.ok());
  CHECK(read.fault().is(formats::faults::format_malformed));
  CHECK(read.fault().where() == row.at);
  CHECK(reason_of(read.fault()) == row.reason);
}

TEST_CASE("a format that no decoder or stream could carry is refused") {
  struct Row {
    std::string table, reason;
  };
  const auto row = GENERATE(
      Row{with("/formats/0/video/level", "9"), "this codec has no such profile and level here"},
      Row{with("/formats/0/video/profile", "extended"),
          "this codec has no such profile and level here"},
      Row{with("/formats/0/video/width", 1920), "the picture is larger than its level allows"},
      Row{with("/formats/3/video/bits", 16'000'000), "the bit rate is above its level"},
      Row{with("/formats/3/video/vbv_bits", 1'835'009), "the buffer is above its level"},
      Row{with("/formats/0/video/height", 719),
          "width and height do not divide into chroma samples"},
      Row{with("/formats/1/video/height", 1078),
          "width and height do not divide into chroma samples"},
      Row{with("/formats/4/video/scan", "top_first"),
          "H.265 has no interlaced coding that receivers know"},
      Row{with("/formats/0/video/vbv_bits", 3'200'000),
          "the buffer takes longer to fill than a transport stream may hold"},
      Row{with("/formats/0/video/vbv_bits", 100'000), "the buffer does not hold two pictures"},
      Row{with("/formats/3/video/pixel", {59, 54}), "MPEG-2 has no word for this shape of sample"},
      Row{with("/formats/0/sound/frame_samples", 1024), "a frame of this codec holds 1152 samples"},
      Row{with("/formats/0/sound/rate", 44'100), "sound must have 48000 samples a second"},
      Row{with("/formats/0/sound/channels", 6), "sound must have two channels"},
      Row{with("/formats/0/sound/bits", 200'000), "Layer II has no such bit rate in stereo"},
      Row{with("/formats/5/sound/bits", 200'000), "AC-3 has no such bit rate in stereo"},
      Row{with("/formats/6/sound/bits", 1000), "the bit rate of sound is out of all bounds"},
      Row{with("/formats/0/rate", 3'500'000),
          "picture and sound leave less than 8 % of the rate to the stream itself"});
  const auto read = read_formats(row.table);
  REQUIRE_FALSE(read.ok());
  CHECK(read.fault().is(formats::faults::format_impossible));
  CHECK(reason_of(read.fault()) == row.reason);
}

TEST_CASE("a table that is no JSON is refused with a sentence") {
  const auto read = read_formats("{\"formats\":");
  REQUIRE_FALSE(read.ok());
  CHECK(read.fault().is(civicast::faults::json_malformed));
}

TEST_CASE("channels.xml may name every format of the table, and only those") {
  const auto schema = read_file(CIVICAST_CHANNELS_XSD, 1 << 20);
  REQUIRE(schema.ok());
  std::size_t named = 0;
  for (auto at = schema->find("value=\"ts_"); at != std::string::npos;
       at = schema->find("value=\"ts_", at + 1))
    ++named;
  CHECK(named == all().size());
  for (const HouseFormat &each : all())
    CHECK(schema->find("<xs:enumeration value=\"" + each.id + "\"/>") != std::string::npos);
}
