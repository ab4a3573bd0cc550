// SPDX-License-Identifier: Apache-2.0
// The preview of every house format: something that a browser plays, made beside the signal and
// never at its cost.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "plugins/cable/play/preview.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

constexpr int kSeconds = 14;

std::vector<std::string> segments(const std::string &folder) {
  std::vector<std::string> found;
  std::error_code error;  // none is there yet
  for (const auto &entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".ts") found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

bool comes_true(const std::function<bool()> &condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::string output_of(const std::string &command, const TempFolder &folder) {
  const std::string said = folder / "said";
  const int code = std::system((command + " > '" + said + "' 2>&1").c_str());
  std::ifstream in(said);
  return (code == 0 ? "" : "failed: ") + std::string((std::istreambuf_iterator<char>(in)), {});
}

struct Aired {
  std::vector<std::uint8_t> signal;
  Fact fact;
};

/// A clip between two stretches of slate. `pace` is called after each second.
Aired air(const formats::HouseFormat &house, Tap *tap, const std::function<void(int)> &pace) {
  Rig rig({house}, tap);
  Aired aired;
  rig.output.bytes = &aired.signal;
  rig.plan("p", house_file_of(house.id, 75), 4000, 75);
  for (int second = 1; second <= kSeconds; ++second) {
    rig.run_for_ms(1000);
    pace(second);
  }
  aired.fact = rig.facts.final_of("p");
  return aired;
}

/// All that is in the preview, as one file.
std::string whole(const std::string &preview, const TempFolder &folder) {
  std::ofstream out(folder / "whole.ts", std::ios::binary);
  for (const std::string &name : segments(preview))
    out << std::ifstream(name, std::ios::binary).rdbuf();
  return folder / "whole.ts";
}

}  // namespace

TEST_CASE(
    "The preview of every house format is what browsers play, and the signal knows nothing of it") {
  for (const formats::HouseFormat &house : formats::all()) {
    INFO(house.id);
    const TempFolder folder;
    const std::string place = folder / "preview";
    Aired with;
    {
      Preview preview(place, house);
      with = air(house, &preview, [&](int second) {
        // Its queue is of some seconds: the simulated clock waits for the thread.
        const auto made = static_cast<std::size_t>(std::max(0, (second - 3) / 2));
        REQUIRE(comes_true([&] { return segments(place).size() >= made; }));
      });
      CHECK(preview.drops() == 0);
    }
    const Aired without = air(house, nullptr, [](int) {});
    CHECK(with.fact.status == CIV_AIRED_WITHOUT_DISCREPANCY);
    CHECK(proof(with.fact) == proof(without.fact));
    CHECK((with.signal == without.signal));

    const std::string file = whole(place, folder);
    const auto found = nlohmann::json::parse(
        output_of("ffprobe -v error -count_frames -show_streams -of json '" + file + "'", folder));
    REQUIRE(found["streams"].size() == 2);
    const auto &video = found["streams"][0], &audio = found["streams"][1];
    INFO(found.dump());
    CHECK(video["codec_name"] == "h264");
    CHECK(video["pix_fmt"] == "yuv420p");
    CHECK(video["field_order"] == "progressive");
    CHECK(video["width"].get<int>() <= 1920);
    CHECK(video["has_b_frames"] == 0);
    CHECK(std::stoi(video["nb_read_frames"].get<std::string>()) >= (kSeconds - 5) * 25);
    CHECK(audio["codec_name"] == "aac");
    CHECK(audio["profile"] == "LC");
    CHECK(audio["sample_rate"] == "48000");
    CHECK(audio["channels"] == 2);
    CHECK(output_of("ffmpeg -v error -xerror -i '" + file + "' -map 0 -f null -", folder) == "");
  }
}

TEST_CASE("A preview that cannot be written costs the signal nothing") {
  const formats::HouseFormat &house = the_house();
  const TempFolder folder;
  std::ofstream(folder / "file") << "not a folder";
  Preview preview(folder / "file/preview", house);
  const Aired with = air(house, &preview, [](int) {});
  const Aired without = air(house, nullptr, [](int) {});
  CHECK((with.signal == without.signal));
  CHECK(with.fact.status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(comes_true([&] { return preview.drops() > 0; }));
}

}  // namespace civicast::cable
