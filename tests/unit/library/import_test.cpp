// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "host/library/faults.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

const std::string picture = "-f lavfi -i testsrc=s=160x120:r=25:d=2 ";
const std::string tone = "-f lavfi -i sine=f=500:d=2 ";

Asset imported(Studio &studio, const fs::path &file) {
  const auto asset = studio.import(file);
  INFO(file);
  if (!asset) INFO(asset.fault().text());
  REQUIRE(asset.ok());
  return *asset;
}

std::int64_t frames_of(Studio &studio, const Asset &asset) {
  return studio.library().require(asset.id, HouseFormat::ts_720p25).value().frames;
}

bool is_near(const std::vector<int> &colour, const std::vector<int> &wanted) {
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(colour[i] - wanted[i]) > 12) return false;
  return true;
}

const std::vector<int> black = {0, 0, 0}, white = {255, 255, 255}, red = {255, 0, 0};

}  // namespace

TEST_CASE("the same bytes twice are one asset") {
  Studio studio;
  const auto file = studio.film("a.png", "-f lavfi -i testsrc=s=64x64 -frames:v 1");
  const Asset first = imported(studio, file);
  const auto before = studio.everything();
  fs::copy_file(file, studio.path("b.png"));
  const auto second = studio.import(studio.path("b.png"), "another-id");
  REQUIRE(second.ok());
  CHECK(second->id == first.id);
  CHECK(first.id == "a-" + first.sha256.substr(0, 12));
  CHECK(studio.everything() == before);
}

TEST_CASE("an asset carries what it was given and what it is") {
  Studio studio;
  ImportRequest request;
  request.file = studio.film("poster.png", "-f lavfi -i testsrc=s=300x400 -frames:v 1");
  request.id = "values-fuqiang";
  request.title = {"富强", "Prosperity"};
  request.text = {"国家富强", "A prosperous country"};
  request.still_ns = 2 * ns_per_s;
  REQUIRE(studio.import(request).ok());
  studio.reopen();
  const Asset asset = studio.library().find("values-fuqiang").value();
  CHECK(asset.kind == AssetKind::image);
  CHECK(asset.title == Words{"富强", "Prosperity"});
  CHECK(asset.text == Words{"国家富强", "A prosperous country"});
  CHECK(asset.source_name == "poster.png");
  CHECK(asset.duration_ns == 2 * ns_per_s);
  CHECK(asset.width == 300);
  CHECK(asset.height == 400);
  CHECK_FALSE(asset.loudness_lkfs);
  CHECK(studio.library().list().size() == 1);
  CHECK(studio.library().house_files().size() == 3);
}

TEST_CASE("a still of any kind becomes a spot and a picture") {
  Studio studio;
  const std::string still = "-f lavfi -i testsrc=s=200x150 -frames:v 1";
  std::vector<fs::path> files;
  for (const char *name : {"a.png", "a.jpg", "a.gif", "a.webp", "a.bmp", "a.tiff"})
    files.push_back(studio.film(name, still));
  files.push_back(studio.bytes("a.svg",
                               "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>"
                               "<rect width='20' height='10' fill='red'/></svg>"));
  for (const fs::path &file : files) {
    ImportRequest request;
    request.file = file;
    request.still_ns = 960 * ns_per_ms;
    const auto asset = studio.import(request);
    INFO(file);
    REQUIRE(asset.ok());
    CHECK(asset->kind == AssetKind::image);
    CHECK(frames_of(studio, *asset) == 24);
    CHECK(studio.library().house_file(asset->id, HouseFormat::jpeg_720));
  }
}

TEST_CASE("what an SVG draws is drawn large and what it leaves open is white") {
  Studio studio;
  ImportRequest request;
  request.still_ns = 240 * ns_per_ms;
  request.file = studio.bytes("a.svg",
                              "<svg xmlns='http://www.w3.org/2000/svg' width='16' "
                              "height='9'><rect width='8' height='9' fill='red'/></svg>");
  const auto asset = studio.import(request);
  REQUIRE(asset.ok());
  const auto ts = studio.library().require(asset->id, HouseFormat::ts_720p25).value().path;
  CHECK(is_near(pixel(ts, 0, 620, 360), red));
  CHECK(is_near(pixel(ts, 0, 660, 360), white));
}

TEST_CASE("an SVG cannot show another file") {
  Studio studio;
  studio.film("secret.png", "-f lavfi -i color=red:s=64x64 -frames:v 1");
  ImportRequest request;
  request.still_ns = 240 * ns_per_ms;
  request.file = studio.bytes(
      "a.svg",
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
      "width='1280' height='720'><image width='1280' height='720' xlink:href='file://" +
          studio.path("secret.png").string() + "'/></svg>");
  const auto asset = studio.import(request);
  REQUIRE(asset.ok());
  const auto ts = studio.library().require(asset->id, HouseFormat::ts_720p25).value().path;
  CHECK(is_near(pixel(ts, 0, 640, 360), white));
}

TEST_CASE("a picture keeps its shape, and stands the right way up") {
  Studio studio;
  SECTION("wide pixels") {
    // 360×288 with pixels twice as wide is 720×288: 1280×512 between bars of 104.
    const Asset asset = imported(
        studio, studio.film("a.mp4", "-f lavfi -i color=red:s=360x288:d=0.24 -vf setsar=2/1"));
    const auto ts = studio.library().require(asset.id, HouseFormat::ts_720p25).value().path;
    CHECK(asset.width == 720);
    CHECK(is_near(pixel(ts, 0, 640, 96), black));
    CHECK(is_near(pixel(ts, 0, 4, 112), red));
  }
  SECTION("a film that a telephone turned") {
    studio.film("b.mp4",
                "-f lavfi -i color=red:s=320x180:d=0.24 -f lavfi -i "
                "color=white:s=320x180:d=0.24 -filter_complex hstack");
    const Asset asset =
        imported(studio, studio.film("a.mp4", "-i b.mp4 -c copy -metadata:s:v rotate=90"));
    CHECK(asset.width == 180);
    CHECK(asset.height == 640);
    const auto ts = studio.library().require(asset.id, HouseFormat::ts_720p25).value().path;
    CHECK(is_near(pixel(ts, 0, 200, 360), black));
    CHECK(is_near(pixel(ts, 0, 640, 40), white));  // as ffmpeg itself turns it
    CHECK(is_near(pixel(ts, 0, 640, 680), red));
  }
  SECTION("an odd size") {
    const Asset asset = imported(
        studio, studio.film("a.mkv", "-f lavfi -i testsrc=s=161x121:r=25:d=0.24 -c:v ffv1"));
    CHECK(asset.width == 161);
    CHECK(frames_of(studio, asset) == 6);
  }
}

TEST_CASE("any rhythm becomes 25 pictures a second of the same length") {
  Studio studio;
  const auto film = [](const std::string &rate) {
    return "-f lavfi -i testsrc=s=160x120:d=3:r=" + rate;
  };
  CHECK(frames_of(studio, imported(studio, studio.film("a.mp4", film("30000/1001")))) == 75);
  CHECK(frames_of(studio, imported(studio, studio.film("b.mp4", film("60")))) == 75);
  CHECK(frames_of(studio, imported(studio, studio.film("c.mkv", film("12")))) == 75);
  // Pictures at 0, 0.1, 0.3, 0.6, 1.0 … seconds.
  CHECK(frames_of(studio,
                  imported(studio, studio.film("d.mkv", film("10") + " -vf "
                                                                     "'setpts=N*(N+1)/2*0.1/TB' "
                                                                     "-fps_mode vfr"))) >= 70);
}

TEST_CASE("a length between two steps of the grid is rounded up") {
  Studio studio;
  const auto of = [&](const std::string &name, const std::string &seconds) {
    return frames_of(
        studio,
        imported(studio, studio.film(name, "-f lavfi -i testsrc=s=160x120:r=25:d=" + seconds)));
  };
  CHECK(of("a.mp4", "0.04") == 3);
  CHECK(of("b.mp4", "1.2") == 30);
  CHECK(of("c.mp4", "1.24") == 33);
}

TEST_CASE("sound of any layout becomes stereo at the house's loudness") {
  Studio studio;
  const auto loudness_of = [](const fs::path &file) {
    const std::string text = output_of("ffmpeg -nostdin -hide_banner -i '" + file.string() +
                                       "' -af ebur128 -f null - 2>&1 | grep 'I:' | tail -1");
    return std::stod(text.substr(text.find("I:") + 2));
  };
  for (const std::string &sound :
       {std::string("-f lavfi -i sine=f=500:d=4 -af volume=-20dB"),
        std::string("-f lavfi -i sine=f=500:d=4 -af 'pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0'"),
        std::string("-f lavfi -i anoisesrc=c=pink:d=4:a=0.9:r=32000 -ac 1")}) {
    const Asset asset = imported(
        studio,
        studio.film("a.mkv", "-f lavfi -i color=s=160x120:r=25:d=4 " + sound + " -c:a flac"));
    CHECK(asset.loudness_lkfs);
    for (const HouseFormat format : {HouseFormat::ts_720p25, HouseFormat::mp4_720p25})
      CHECK(std::abs(loudness_of(studio.library().require(asset.id, format).value().path) + 24) <
            0.3);
  }
}

TEST_CASE("gain is held back where peaks would rise too far") {
  Studio studio;
  // One loud click in quiet noise: the average would ask for more than the peak allows.
  const Asset asset =
      imported(studio, studio.film("a.mkv",
                                   "-f lavfi -i color=s=160x120:r=25:d=4 -f lavfi -i "
                                   "'aevalsrc=0.01*sin(3000*t)+0.8*between(t\\,2\\,2.002):d=4' "
                                   "-c:a pcm_s16le"));
  const auto ts = studio.library().require(asset.id, HouseFormat::ts_720p25).value().path;
  const std::string text = output_of("ffmpeg -nostdin -hide_banner -i '" + ts.string() +
                                     "' -af volumedetect -f null - 2>&1 | grep max_volume");
  CHECK(std::stod(text.substr(text.find("max_volume:") + 11)) < -1.0);
}

TEST_CASE("a film without sound gets silence, and interlaced film is made whole") {
  Studio studio;
  CHECK_FALSE(imported(studio, studio.film("a.mp4", picture)).loudness_lkfs);
  const Asset asset =
      imported(studio, studio.film("b.ts", picture + tone +
                                               "-vf tinterlace=interleave_top,fieldorder=tff "
                                               "-c:v mpeg2video -flags +ildct+ilme -c:a mp2"));
  CHECK(asset.loudness_lkfs);
}

TEST_CASE("sound alone is an asset that no picture channel can air") {
  Studio studio;
  const Asset asset = imported(studio, studio.film("a.mp3", tone));
  CHECK(asset.kind == AssetKind::audio);
  CHECK(asset.loudness_lkfs);
  CHECK_FALSE(studio.library().house_file(asset.id, HouseFormat::ts_720p25));
  const auto refused = studio.library().require(asset.id, HouseFormat::ts_720p25);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.fault().is(faults::asset_audio_only));
}

TEST_CASE("text is an asset by its words") {
  Studio studio;
  const Asset asset = imported(studio, studio.bytes("pact.md", "\xEF\xBB\xBF讲文明 树新风\n"));
  CHECK(asset.kind == AssetKind::text);
  CHECK(asset.text.zh == "讲文明 树新风\n");
  const auto refused = studio.library().require(asset.id, HouseFormat::jpeg_720);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.fault().is(faults::asset_text_only));
  CHECK(
      studio.library().require("nobody", HouseFormat::jpeg_720).fault().is(faults::asset_unknown));
}

TEST_CASE("a sound bed lies under a still and ends with it") {
  Studio studio;
  ImportRequest request;
  request.file = studio.film("a.png", "-f lavfi -i testsrc=s=64x64 -frames:v 1");
  request.sound = studio.film("a.wav", "-f lavfi -i sine=f=500:d=5");
  request.still_ns = 2400 * ns_per_ms;
  const auto asset = studio.import(request);
  REQUIRE(asset.ok());
  CHECK(asset->loudness_lkfs);
  CHECK(frames_of(studio, *asset) == 60);
}

TEST_CASE("an animated GIF is a film, and 8192 pixels are not too many") {
  Studio studio;
  CHECK(imported(studio, studio.film("a.gif", picture)).kind == AssetKind::video);
  const Asset asset =
      imported(studio, studio.film("b.png", "-f lavfi -i testsrc=s=8192x8192 -frames:v 1"));
  CHECK(asset.width == 8192);
}

TEST_CASE("a film that changes its size in the middle is fitted on both sides of the change") {
  Studio studio;
  studio.film("a.ts", "-f lavfi -i color=red:s=320x180:r=25:d=1.2");
  studio.film("b.ts", "-f lavfi -i color=white:s=180x180:r=25:d=1.2 -output_ts_offset 1.2");
  const auto file = studio.bytes("c.ts", read(studio.path("a.ts")) + read(studio.path("b.ts")));
  const Asset asset = imported(studio, file);
  const auto ts = studio.library().require(asset.id, HouseFormat::ts_720p25).value().path;
  CHECK(frames_of(studio, asset) == 60);
  CHECK(is_near(pixel(ts, 0.5, 40, 360), red));
  CHECK(is_near(pixel(ts, 2.0, 40, 360), black));
  CHECK(is_near(pixel(ts, 2.0, 640, 360), white));
}
