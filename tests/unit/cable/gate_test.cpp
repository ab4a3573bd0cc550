// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fstream>

#include "plugins/cable/format/gate.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

std::string flaw_of(const std::string &path) {
  Gate gate(the_house());
  try {
    gate.inspect(path, "");
  } catch (const Flaw &flaw) {
    return flaw.code;
  }
  return "";
}

}  // namespace

TEST_CASE("A house file passes the gate with its length in frames") {
  Gate gate(the_house());
  CHECK(gate.inspect(house_file({.frames = 75}), "").frames == 75);
  CHECK(gate.inspect(house_file({.frames = 75}), "").frames == 75);
}

TEST_CASE("A file that would break the signal is refused, each for its own reason") {
  CHECK(flaw_of("/no/such/file.ts") == "media.missing");
  CHECK(flaw_of("/tmp") == "media.missing");
  CHECK(flaw_of(house_file({.frames = 50, .video_options = "-bf 2"})) == "media.reordered");
  CHECK(flaw_of(house_file({.frames = 50, .video_options = "-g 50 -keyint_min 50"})) ==
        "media.gop");
  CHECK(flaw_of(house_file({.frames = 50, .video_options = "-s 640x360"})) == "media.size");
  CHECK(flaw_of(house_file({.frames = 50, .video_options = "-vf fps=50"})) == "media.gap");
  CHECK(flaw_of(house_file({.frames = 50, .video_options = "-c:v mpeg2video"})) ==
        "media.picture_codec");
  CHECK(flaw_of(house_file({.frames = 50, .audio_options = "-c:a aac"})) == "media.sound_codec");
  CHECK(flaw_of(house_file({.frames = 50, .audio_options = "-an"})) == "media.sound_codec");
  CHECK(flaw_of(house_file({.frames = 50, .rate = "6000k", .buffer = "6000k"})) ==
        "media.rate_too_high");
}

TEST_CASE("A file that is no transport stream, or a damaged one, is refused") {
  const TempFolder folder;
  std::ofstream(folder / "text.ts") << "这不是视频\n";
  std::ofstream(folder / "empty.ts").flush();
  CHECK_FALSE(flaw_of(folder / "text.ts").empty());
  CHECK_FALSE(flaw_of(folder / "empty.ts").empty());
  std::ifstream in(house_file({.frames = 75}), std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  bytes.erase(188 * 1000, 188 * 40);
  std::ofstream(folder / "hole.ts", std::ios::binary) << bytes;
  CHECK_FALSE(flaw_of(folder / "hole.ts").empty());
}

}  // namespace civicast::cable
