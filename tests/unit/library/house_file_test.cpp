// SPDX-License-Identifier: Apache-2.0
// House files, looked at by somebody else: ffprobe and ffmpeg.
#include <catch2/catch.hpp>

#include "host/library/verify.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

struct Made {
  HouseFile ts, mp4, jpeg;
};

/// 5.04 s of film with sound that is a little longer.
Made make(Studio &studio) {
  const auto asset =
      studio.import(studio.film("a.mp4",
                                "-f lavfi -i testsrc2=s=320x180:r=25:d=5.04 -f lavfi -i "
                                "sine=f=500:d=5.1 -c:a aac"));
  REQUIRE(asset.ok());
  const auto of = [&](HouseFormat format) {
    return studio.library().require(asset->id, format).value();
  };
  return {of(HouseFormat::ts_720p25), of(HouseFormat::mp4_720p25), of(HouseFormat::jpeg_720)};
}

std::string nal_types(const fs::path &file, std::size_t limit) {
  const std::string bytes =
      output_of("ffmpeg -nostdin -v error -i '" + file.string() + "' -c:v copy -an -f h264 - ");
  std::string types;
  for (std::size_t at = 0; types.size() < limit;) {
    at = bytes.find(std::string("\0\0\1", 3), at);
    if (at == std::string::npos) break;
    types.push_back(static_cast<char>('A' + (bytes[at + 3] & 31)));
    at += 3;
  }
  return types;
}

}  // namespace

TEST_CASE("a house TS has a picture every 3600 ticks and a sound frame every 2160") {
  Studio studio;
  const Made made = make(studio);
  const auto video = packets(made.ts.path, "v", "pts,dts,flags");
  const auto audio = packets(made.ts.path, "a", "pts");
  REQUIRE(video.size() == 126);
  REQUIRE(audio.size() == 210);
  CHECK(made.ts.frames == 126);
  CHECK(made.ts.duration_ns == 5040 * ns_per_ms);
  const long first = std::stol(video[0]);
  CHECK(std::stol(audio[0]) == first);
  for (std::size_t n = 0; n < video.size(); ++n) {
    const std::string time = std::to_string(first + static_cast<long>(n) * 3600);
    CHECK(video[n].rfind(time + "," + time + (n % 25 == 0 ? ",K" : ",_"), 0) == 0);
  }
  for (std::size_t n = 0; n < audio.size(); ++n)
    CHECK(std::stol(audio[n]) == first + static_cast<long>(n) * 2160);
}

TEST_CASE("each access unit of a house TS begins with its delimiter, each IDR with its sets") {
  Studio studio;
  const Made made = make(studio);
  // A is 0: J delimiter (9), H and I parameter sets (7, 8), G hints (6), F IDR (5), B slice (1).
  const std::string types = nal_types(made.ts.path, 2000);
  CHECK(types.rfind("JHIG", 0) == 0);
  CHECK(std::count(types.begin(), types.end(), 'J') == 126);
  CHECK(std::count(types.begin(), types.end(), 'H') == 6);
  CHECK(types.find('F') < types.find('B'));
}

TEST_CASE("a house MP4 holds the same pictures without filler, index first") {
  Studio studio;
  const Made made = make(studio);
  CHECK(packets(made.mp4.path, "v", "pts").size() == 126);
  CHECK(nal_types(made.mp4.path, 4000).find('M') == std::string::npos);
  const std::string head = read(made.mp4.path).substr(0, 4096);
  CHECK(head.find("moov") < head.find("mdat"));
  const std::string decode = "ffmpeg -nostdin -v error -i '";
  const std::string hash = "' -map 0:v -f framemd5 - | grep -v '#' | cut -d, -f6";
  CHECK(output_of(decode + made.mp4.path.string() + hash) ==
        output_of(decode + made.ts.path.string() + hash));
}

TEST_CASE("a house file is named by its own bytes") {
  Studio studio;
  const Made made = make(studio);
  for (const HouseFile &file : {made.ts, made.mp4, made.jpeg}) {
    CHECK(file.path.stem().string() == file.sha256);
    CHECK(file.path.parent_path().filename().string() == file.sha256.substr(0, 2));
    CHECK(output_of("sha256sum < '" + file.path.string() + "'").substr(0, 64) == file.sha256);
  }
  CHECK(made.jpeg.mime == "image/jpeg");
}

TEST_CASE("house files of different sources agree on every codec parameter") {
  Studio studio;
  const Made film = make(studio);
  ImportRequest request;
  request.still_ns = 240 * ns_per_ms;
  request.file = studio.film("p.png", "-f lavfi -i testsrc=s=64x64 -frames:v 1");
  const auto still = studio.import(request);
  REQUIRE(still.ok());
  const auto head = [](const fs::path &file) {
    return output_of("ffmpeg -nostdin -v error -i '" + file.string() +
                     "' -c:v copy -an -bsf:v filter_units=pass_types=7-8 -frames:v 1 -f h264 - | "
                     "sha256sum");
  };
  CHECK(head(film.ts.path) ==
        head(studio.library().require(still->id, HouseFormat::ts_720p25).value().path));
}

TEST_CASE("a wrong house file is told from a right one") {
  Studio studio;
  const Made made = make(studio);
  CHECK_FALSE(wrong_with(made.ts.path, HouseFormat::ts_720p25, 126));
  CHECK_FALSE(wrong_with(made.mp4.path, HouseFormat::mp4_720p25, 126));
  CHECK_FALSE(wrong_with(made.jpeg.path, HouseFormat::jpeg_720, 0));
  CHECK(wrong_with(made.ts.path, HouseFormat::ts_720p25, 129));
  CHECK(wrong_with(studio.cut(made.ts.path, "cut.ts", 0.5), HouseFormat::ts_720p25, 126));
  CHECK(wrong_with(studio.cut(made.mp4.path, "cut.mp4", 0.5), HouseFormat::mp4_720p25, 126));
  CHECK(wrong_with(made.mp4.path, HouseFormat::ts_720p25, 126));
  const std::string source = "-i '" + made.ts.path.string() + "' ";
  const auto other = [&](const std::string &name, const std::string &how) {
    return wrong_with(studio.film(name, source + how), HouseFormat::ts_720p25, 126);
  };
  CHECK(other("gop.ts", "-c:a copy -c:v libx264 -g 50 -bf 0"));
  CHECK(other("b.ts", "-c:a copy -c:v libx264 -g 25 -bf 2"));
  CHECK(other("aac.ts", "-c:v copy -c:a aac"));
  CHECK(other("mute.ts", "-c:v copy -an"));
  CHECK(other("small.ts", "-c:a copy -s 640x360 -c:v libx264 -g 25 -bf 0"));
}
