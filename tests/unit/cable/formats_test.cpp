// SPDX-License-Identifier: Apache-2.0
// Every house format is a signal: the same laws, with other codecs.
#include <catch2/catch.hpp>

#include <fstream>

#include "plugins/cable/format/gate.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

std::string flaw_of(const formats::HouseFormat &house, const std::string &path) {
  Gate gate(house);
  try {
    gate.inspect(path, "");
  } catch (const Flaw &flaw) {
    return flaw.code + ": " + flaw.detail;
  }
  return "";
}

/// What the ffmpeg program has to say against a stream.
std::string complaints(const std::vector<std::uint8_t> &bytes) {
  const TempFolder folder;
  std::ofstream(folder / "air.ts", std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const std::string command = "ffmpeg -v error -xerror -i '" + folder / "air.ts" +
                              "' -map 0 -f null - > '" + folder / "said" + "' 2>&1";
  const int code = std::system(command.c_str());
  std::ifstream in(folder / "said");
  std::string said((std::istreambuf_iterator<char>(in)), {});
  return code == 0 ? said : "failed: " + said;
}

}  // namespace

TEST_CASE("A file of one house format passes the gate of its own and of no other that differs") {
  for (const formats::HouseFormat &house : formats::all()) {
    INFO(house.id);
    const std::string file = house_file_of(house.id, 75);
    CHECK(flaw_of(house, file) == "");
    for (const formats::HouseFormat &other : formats::all()) {
      INFO("at the gate of " << other.id);
      if (other.id != house.id) CHECK_FALSE(flaw_of(other, file).empty());
    }
  }
}

TEST_CASE("Clips and the slate of every house format are one signal that decodes without a word") {
  for (const formats::HouseFormat &house : formats::all()) {
    INFO(house.id);
    Rig rig({house});
    std::vector<std::uint8_t> bytes;
    rig.output.bytes = &bytes;
    const int frames = 75;
    for (int i = 0; i < 6; ++i)  // two in a row, then a gap
      rig.plan("p" + std::to_string(i), house_file_of(house.id, frames),
               1000 + i * 3000 + i / 2 * 1000, frames);
    rig.run_for_ms(24'000);
    for (int i = 0; i < 6; ++i)
      CHECK(rig.facts.final_of("p" + std::to_string(i)).status == CIV_AIRED_WITHOUT_DISCREPANCY);
    const tests::TsReport report = rig.output.check.report();
    INFO(report.json());
    CHECK(report.continuity_errors == 0);
    CHECK(report.pcr_jumps == 0);
    CHECK(report.pcr_interval_max_ms <= 40);
    CHECK(report.pcr_accuracy_max_ns <= 500);
    CHECK(report.pat_interval_max_ms <= 100);
    CHECK(report.pmt_interval_max_ms <= 100);
    CHECK(report.bit_rate == Approx(static_cast<double>(house.rate_bits_per_s)).epsilon(1e-6));
    CHECK(report.video.steps ==
          std::map<std::int64_t, std::int64_t>{{kVideoTicks, report.video.units - 1}});
    // A unit holds some whole frames of sound: of AAC more in silence than else.
    for (const auto &[step, times] : report.audio.steps) CHECK(step % house.sound_ticks() == 0);
    CHECK(complaints(bytes) == "");
  }
}

TEST_CASE("Tables come ten times a second in the slowest signal that a house format may have") {
  formats::HouseFormat house = *formats::find("ts_720p25");
  house.rate_bits_per_s = 1'000'000;
  house.video.width = 320;
  house.video.height = 180;
  house.video.bits_per_s = 600'000;
  house.video.vbv_bits = 240'000;
  Rig rig({house});
  rig.run_for_ms(120'000);
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.pat_interval_max_ms > 90);
  CHECK(report.pat_interval_max_ms <= 100);
  CHECK(report.pmt_interval_max_ms <= 100);
  CHECK(report.is_clean());
}

}  // namespace civicast::cable
