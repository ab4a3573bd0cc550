// SPDX-License-Identifier: Apache-2.0
// HLS: the list, by a reading of RFC 8216 that is this test's own, and the segments, by ffprobe.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "plugins/cable/send/hls.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/send/disk.hpp"
#include "tests/unit/cable/send/net.hpp"
#include "tests/unit/cable/send/stream.hpp"

namespace civicast::cable {
namespace {

struct Listed {
  std::string name, time;
  double seconds = 0;
  bool is_break = false;
};
struct Playlist {
  explicit Playlist(const std::string &folder) {
    std::ifstream in(folder + "/live.m3u8");
    Listed next;
    std::string line;
    REQUIRE(std::getline(in, line));
    REQUIRE(line == "#EXTM3U");
    while (std::getline(in, line)) {
      const auto after = [&](const std::string &tag) { return line.substr(tag.size()); };
      const auto is = [&](const std::string &tag) { return line.find(tag) == 0; };
      if (line == "#EXT-X-INDEPENDENT-SEGMENTS") is_independent = true;
      if (is("#EXT-X-TARGETDURATION:")) target = std::stoi(after("#EXT-X-TARGETDURATION:"));
      if (is("#EXT-X-MEDIA-SEQUENCE:")) sequence = std::stoi(after("#EXT-X-MEDIA-SEQUENCE:"));
      if (is("#EXT-X-DISCONTINUITY-SEQUENCE:"))
        breaks = std::stoi(after("#EXT-X-DISCONTINUITY-SEQUENCE:"));
      if (line == "#EXT-X-DISCONTINUITY") next.is_break = true;
      if (is("#EXT-X-PROGRAM-DATE-TIME:")) next.time = after("#EXT-X-PROGRAM-DATE-TIME:");
      if (is("#EXTINF:")) next.seconds = std::stod(after("#EXTINF:"));
      REQUIRE(line != "#EXT-X-ENDLIST");
      if (line.empty() || line[0] == '#') continue;
      next.name = line;
      REQUIRE(std::filesystem::exists(folder + "/" + line));
      REQUIRE(std::lround(next.seconds) <= target);
      segments.push_back(next);
      next = {};
    }
  }
  bool is_independent = false;
  int target = -1, sequence = -1, breaks = -1;
  std::vector<Listed> segments;
};

/// An HLS output without its thread.
struct Made {
  explicit Made(const std::string &folder, int segment_s = 2, int keep = 3,
                std::int64_t start_ns = kStartNs)
      : hls({folder, segment_s, keep}, loss), feed(hls, start_ns) {}
  Tally tally{"hls", "hls:hls"};
  LossCount loss{tally};
  Hls hls;
  TapeFeed feed;
};

std::vector<std::uint8_t> joined(const std::string &folder, const Playlist &list) {
  std::vector<std::uint8_t> out;
  for (const Listed &one : list.segments) {
    const auto bytes = file_bytes(folder + "/" + one.name);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

TEST_CASE("Segments are the bytes as sent, begin with tables and a key picture, and last as said") {
  const TempFolder folder;
  const std::string hls = folder / "hls";
  const std::vector<std::uint8_t> &stream = slate_stream(12);
  Made made(hls, 2, 10);
  made.feed.feed(stream);
  made.feed.close();
  const Playlist list(hls);
  CHECK(list.is_independent);
  CHECK(list.sequence == 0);
  CHECK(list.breaks == 0);
  CHECK(list.target == 3);
  REQUIRE(list.segments.size() == 6);
  const std::vector<std::uint8_t> all = joined(hls, list);
  // But for what precedes the first tables.
  REQUIRE(all.size() + 188 == stream.size());
  CHECK(std::equal(all.begin(), all.end(), stream.begin() + 188));
  for (std::size_t i = 0; i < list.segments.size(); ++i) {
    const Listed &one = list.segments[i];
    INFO(one.name);
    CHECK_FALSE(one.is_break);
    if (i + 1 < list.segments.size()) CHECK(one.seconds == 2.0);
    CHECK(one.time.find("2026-11-27T09:00:") == 0);
    CHECK(one.time.size() == std::string("2026-11-27T09:00:00.000Z").size());
    check_entry(file_bytes(hls + "/" + one.name));
    const Ran probe =
        run("ffprobe -v error -of json -show_entries packet=stream_index,flags,pts_time '" + hls +
            "/" + one.name + "'");
    REQUIRE(probe.code == 0);
    const auto packets = nlohmann::json::parse(probe.text)["packets"];
    std::string first;
    int pictures = 0;
    for (const auto &packet : packets) {
      if (packet["stream_index"] != 0) continue;
      if (pictures++ == 0) first = packet["flags"];
    }
    CHECK(first[0] == 'K');
    if (i + 1 < list.segments.size()) CHECK(pictures == 50);
  }
}

TEST_CASE("A player reads the whole list without a fault") {
  const TempFolder folder;
  const std::string hls = folder / "hls";
  Made made(hls, 2, 10);
  made.feed.feed(slate_stream(12));
  made.feed.close();
  // The end is told to the player, which would wait for more of a live list.
  std::ofstream(hls + "/live.m3u8", std::ios::app) << "#EXT-X-ENDLIST\n";
  const Ran probe =
      run("ffprobe -v warning -of json -count_frames -select_streams v "
          "-show_entries stream=nb_read_frames,codec_name '" +
          hls + "/live.m3u8' 2>&1");
  INFO(probe.text);
  REQUIRE(probe.code == 0);
  const std::size_t json = probe.text.find('{');
  REQUIRE(json != std::string::npos);
  const std::string before = probe.text.substr(0, json);
  CHECK(before.find("rror") == std::string::npos);
  CHECK(before.find("orrupt") == std::string::npos);
  const auto streams = nlohmann::json::parse(probe.text.substr(json))["streams"];
  REQUIRE(streams.size() == 1);
  CHECK(streams[0]["codec_name"] == "h264");
  CHECK(std::stoi(streams[0]["nb_read_frames"].get<std::string>()) >= 290);
}

TEST_CASE("The list holds the newest segments, and the disk as many again") {
  const TempFolder folder;
  const std::string hls = folder / "hls";
  Made made(hls, 1, 3);
  made.feed.feed(slate_stream(12));
  const Playlist list(hls);
  REQUIRE(list.segments.size() == 3);
  CHECK(list.sequence == 8);
  CHECK(list.segments[0].name == "segment-0000000008.ts");
  std::vector<std::string> expected{"live.m3u8"};
  for (int i = 5; i <= 10; ++i) expected.push_back(HlsList::name(i));
  std::vector<std::string> names = names_in(hls);
  names.erase(std::remove(names.begin(), names.end(), "segment.open"), names.end());
  CHECK(names == expected);
}

TEST_CASE(
    "After a restart the numbers go on, with a break, and nothing of a torn segment is left") {
  const TempFolder folder;
  const std::string hls = folder / "hls";
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  {
    Made made(hls, 1, 4);
    made.feed.feed(stream);  // killed: not closed
  }
  const Playlist before(hls);
  REQUIRE(before.segments.size() == 3);
  // Whole, but the death came before it was in the list.
  std::ofstream(hls + "/" + HlsList::name(3)) << "unseen";
  Made made(hls, 1, 4, kStartNs + 60'000'000'000);
  CHECK_FALSE(std::filesystem::exists(hls + "/" + HlsList::name(3)));
  made.feed.feed(stream);
  const Playlist after(hls);
  REQUIRE(after.segments.size() == 4);
  CHECK(after.sequence == 2);
  CHECK(after.breaks == 0);
  CHECK(after.segments[0].name == before.segments[2].name);
  CHECK(after.segments[0].time == before.segments[2].time);
  CHECK(after.segments[1].is_break);
  CHECK(after.segments[1].time.find("2026-11-27T09:01:00") == 0);
  CHECK_FALSE(after.segments[2].is_break);
  made.feed.feed(stream);
  const Playlist later(hls);
  CHECK(later.breaks == 1);  // the break has left the list, and is still counted
}

TEST_CASE("A list that cannot be read costs the list, and no number is given twice") {
  const TempFolder folder;
  for (const std::string &text :
       {std::string("#EXTM3U\n#EXT-X-MEDIA-SEQ"), std::string(), std::string(3000, '\xFF')}) {
    const std::string hls = folder / ("hls" + std::to_string(text.size()));
    std::filesystem::create_directory(hls);
    std::ofstream(hls + "/live.m3u8") << text;
    std::ofstream(hls + "/" + HlsList::name(41)) << "old";
    Made made(hls, 1, 3);
    made.feed.feed(slate_stream(4));
    CHECK(Playlist(hls).sequence == 42);
  }
}

TEST_CASE("A list that was written reads as itself, whatever it holds") {
  HlsList list(3, 5);
  for (std::int64_t i = 0; i < 12; ++i)
    list.add({100 + i, 180'000 + i * 3601, 1'795'770'000'123 + i * 2000, i % 5 == 0});
  HlsList again(3, 5);
  REQUIRE(again.take_up(list.text()));
  CHECK(again.text() == list.text());
  CHECK(again.segments() == list.segments());
}

TEST_CASE("A full disk costs whole segments, which are counted, and leaves a break") {
  const TempFolder folder;
  const std::string hls = folder / "hls";
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  Made made(hls, 1, 20);
  made.feed.feed(stream);
  const Playlist before(hls);
  {
    const SmallDisk disk(300'000);  // a segment has half a megabyte
    made.feed.feed(stream);
  }
  const OutputState full = made.tally.state();
  CHECK(full.errors > 1000);
  CHECK(full.last_error.find("磁盘已满") == 0);
  CHECK(Playlist(hls).segments.size() == before.segments.size());
  made.feed.feed(stream);
  const Playlist after(hls);
  REQUIRE(after.segments.size() > before.segments.size());
  for (std::size_t i = 0; i < after.segments.size(); ++i) {
    INFO(after.segments[i].name);
    CHECK(after.segments[i].is_break == (i == before.segments.size()));
    CHECK(after.segments[i].name == HlsList::name(static_cast<std::int64_t>(i)));
  }
  made.feed.close();
  // Every datagram was either written or counted; the odd packets round in both.
  const OutputState end = made.tally.state();
  CHECK(std::abs(end.sent + end.errors - static_cast<std::int64_t>(3 * stream.size() / 1316)) <= 3);
}

TEST_CASE("A signal without entries is given up, and never fills the disk") {
  const TempFolder folder;
  const std::string hls = folder / "hls";
  const std::vector<std::uint8_t> &stream = slate_stream(12);
  // One entry, and then none: the picture's mark is taken away.
  std::vector<std::uint8_t> bytes = stream;
  for (std::size_t at = 188 * 100; at < bytes.size(); at += 188)
    if ((bytes[at + 3] & 0x20) && bytes[at + 4] > 0) bytes[at + 5] &= 0xBF;
  Made made(hls, 1, 3);
  made.feed.feed(bytes);
  CHECK(names_in(hls).empty());
  CHECK(made.tally.state().errors > 3000);
  CHECK(made.tally.state().last_error.find("信号中没有可切分的位置") == 0);
}

}  // namespace
}  // namespace civicast::cable
