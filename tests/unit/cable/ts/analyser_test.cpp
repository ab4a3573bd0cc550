// SPDX-License-Identifier: Apache-2.0
// The analyser that judges the signal is judged itself: it is handed each fault, and names it.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "plugins/cable/ts/bits.hpp"
#include "tests/tools/ts/cues.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/ts/signal.hpp"

namespace civicast::cable {
namespace {

std::vector<std::uint8_t> from_base64(const std::string &text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> out;
  unsigned bits = 0, held = 0;
  for (const char letter : text) {
    if (letter == '=') break;
    held = held << 6 | static_cast<unsigned>(letters.find(letter));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(held >> bits));
  }
  return out;
}

tests::TsReport report_of_file(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
  tests::TsCheck check;
  check.look_at_pictures();
  check.feed(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  return check.report();
}

/// A stream of the ffmpeg program's own.
tests::TsReport made_by_ffmpeg(const std::string &codecs) {
  const TempFolder folder;
  const std::string file = folder / "made.ts";
  const std::string command =
      "ffmpeg -v error -y -f lavfi -i testsrc2=s=720x576:r=25 -f lavfi -i sine=r=48000 -t 4 -ac "
      "2 " +
      codecs + " -muxrate 6M -f mpegts '" + file + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  return report_of_file(file);
}

bool is_start(const std::uint8_t *p, int pid) {
  return pid_of(p) == pid && starts_unit(p);
}

}  // namespace

TEST_CASE("The analyser reads the standard's own cue message as the standard does") {
  // SCTE 35 §14.2.
  const tests::CueSection cue = tests::read_cue(
      from_base64("/DAvAAAAAAAA///wFAVIAACPf+/+c2nALv4AUsz1AAAAAAAKAAhDVUVJAAABNWLbowo="));
  CHECK(cue.flaw.empty());
  CHECK(cue.command == 5);
  CHECK(cue.tier == 0xFFF);
  CHECK(cue.event_id == 0x4800008F);
  CHECK(cue.is_out);
  CHECK(cue.is_program);
  CHECK_FALSE(cue.is_cancel);
  CHECK_FALSE(cue.is_immediate);
  CHECK(cue.pts == 0x07369C02E);
  CHECK(cue.duration == 0x00052CCF5);
  CHECK(cue.auto_return);
  CHECK(cue.avail == 0);
  CHECK(cue.descriptors == 1);
}

TEST_CASE("The analyser reads cues without a time, of other commands, and with an adjustment") {
  const tests::CueSection timeless =
      tests::read_cue(from_base64("/DAhAAAAAAAAAP/wEAUAAAA3f+9/fgBSZcAAAAAAAAAmObEZ"));
  CHECK(timeless.flaw.empty());
  CHECK_FALSE(timeless.pts);
  CHECK(timeless.duration == 5'400'000);
  CHECK_FALSE(timeless.auto_return);
  const tests::CueSection signal = tests::read_cue(from_base64(
      "/DA0AAAAAAAA///wBQb+cr0AUAAeAhxDVUVJSAAAjn/PAAGlmbAICAAAAAAsoKGKNAIAmsnRfg=="));  // §14.1
  CHECK(signal.flaw.empty());
  CHECK(signal.command == 6);
  CHECK(signal.pts == 0x072BD0050);
  const tests::CueSection adjusted = tests::read_cue(
      from_base64("/DBCAAGRZOeYAP/wBQb/ijB9aAAsAipDVUVJAAAAAX//AABSfTABFG1zbmJjX0VQMDE3MTc0MzEyNzg2"
                  "NgEBAABDk4yN"));
  CHECK(adjusted.flaw.empty());
  CHECK(adjusted.pts == (0x18A307D68 + 0x19164E798) % kClockWrap);
  const tests::CueSection null = tests::read_cue(from_base64("/DARAAAAAAAAAP/wAAAAAHpPv/8="));
  CHECK(null.flaw.empty());
  CHECK(null.command == 0);
}

TEST_CASE("The analyser names what is wrong with a cue message") {
  const std::vector<std::uint8_t> good =
      from_base64("/DAlAAAAAAAAAP/wFAUAAAABf+/+LRQrAP4BI9MIAAEBAQAAfxV6SQ==");
  for (std::size_t byte = 0; byte < good.size(); ++byte) {
    std::vector<std::uint8_t> bad = good;
    bad[byte] ^= 0x10;
    CHECK(tests::read_cue(bad).flaw == "wrong CRC");
  }
  CHECK(tests::read_cue({}).flaw == "wrong CRC");
  // The published one of two that circulate whose CRC is not right.
  CHECK(tests::read_cue(from_base64("/DARAAAAAAAAAP/wAAAAAHpPGuQ=")).flaw == "wrong CRC");
}

TEST_CASE("The analyser counts each fault that is made in a clean signal") {
  const Signal &clean = real_signal();
  REQUIRE(judged(clean).is_clean());
  const auto with = [&](auto &&damage) {
    Signal signal = clean;
    damage(signal);
    const tests::TsReport report = judged(signal);
    CHECK_FALSE(report.is_clean());
    return report;
  };
  const auto of = [](int pid) { return [pid](const std::uint8_t *p) { return pid_of(p) == pid; }; };

  CHECK(with([&](Signal &s) { s[find(s, kSecond, of(kNullPid))][0] = 0; }).sync_errors == 1);
  CHECK(with([&](Signal &s) { s[find(s, kSecond, of(kAudio))][1] |= 0x80; }).transport_errors == 1);
  CHECK(with([&](Signal &s) {
          s[find(s, 5 * kSecond, of(kAudio))] = null_packet();
        }).continuity_errors == 1);
  CHECK(with([&](Signal &s) { s[find(s, 5 * kSecond, of(kMap))][20] ^= 1; }).crc_errors == 1);
  CHECK(with([&](Signal &s) {
          s[find(s, 5 * kSecond, of(kAssociationPid))][20] ^= 1;
        }).crc_errors == 1);
  const auto clock = [](const std::uint8_t *p) { return has_clock(p); };
  CHECK(with([&](Signal &s) {
          move_clock(s[find(s, 5 * kSecond, clock)].data(), 27);
        }).pcr_accuracy_max_ns == Approx(1000).margin(75));
  CHECK(with([&](Signal &s) {
          move_clock(s[find(s, 5 * kSecond, clock)].data(), kSystemClock);
        }).pcr_jumps >= 1);
  CHECK(with([&](Signal &s) {
          for (std::size_t i = 5 * kSecond; i < 6 * kSecond; ++i)
            if (stamps_of(s[i].data()).pts >= 0 && pid_of(s[i].data()) == kAudio)
              take_stamps(s[i].data());
        }).audio.pts_interval_max_ms > 900);
  const tests::TsReport late = with([&](Signal &s) {
    const auto start = [](const std::uint8_t *p) { return is_start(p, kVideo); };
    move_stamps(s[find(s, 5 * kSecond, start)].data(), -90'000);
  });
  CHECK(late.video.late_units == 1);
  CHECK(late.video.lead_min_ticks < 0);
  CHECK(late.audio.late_units == 0);
}

TEST_CASE(
    "The analyser measures how often tables come within a session, not from one to the next") {
  const Signal &clean = real_signal();
  const tests::TsReport alone = judged(clean);
  const auto map = [](const std::uint8_t *p) { return pid_of(p) == kMap; };
  // It ends where its longest wait for a map does, just before the tables.
  std::size_t end = 0;
  for (std::size_t last = find(clean, 0, map), longest = 0; last < 9 * kSecond;) {
    const std::size_t next = find(clean, last + 1, map);
    if (next - last > longest) end = next - 1, longest = next - last;
    last = next;
  }
  Signal two(clean.begin(), clean.begin() + static_cast<std::ptrdiff_t>(end));
  const auto follow = [&two, &clean] { two.insert(two.end(), clean.begin(), clean.end()); };
  Signal late = two;
  follow();
  CHECK(judged(two).sessions == 2);
  CHECK(judged(two).pat_interval_max_ms == Approx(alone.pat_interval_max_ms).margin(1e-3));
  CHECK(judged(two).pmt_interval_max_ms == Approx(alone.pmt_interval_max_ms).margin(1e-3));
  // The second one's first wait counts,
  const std::size_t second = find(two, end + 20, map);
  two[second] = null_packet();
  CHECK(judged(two).pmt_interval_max_ms > 190);
  // and so does the first one's last.
  late.resize(end + kSecond / 10, null_packet());
  two = late;
  follow();
  CHECK(judged(two).pmt_interval_max_ms > 190);
}

TEST_CASE("The analyser lets a packet be repeated once, if it is the same") {
  Signal signal = real_signal();
  const auto null = [](const std::uint8_t *p) { return pid_of(p) == kNullPid; };
  std::size_t at = 5 * kSecond, before = 0;
  do {
    at = find(signal, at + 1, null);
    before = at - 1;
  } while (pid_of(signal[before].data()) != kVideo || has_clock(signal[before].data()));
  signal[at] = signal[before];
  CHECK(judged(signal).duplicates == 1);
  CHECK(judged(signal).continuity_errors == 0);
  signal[at][187] ^= 1;
  CHECK(judged(signal).duplicates == 0);
  CHECK(judged(signal).continuity_errors == 1);
}

TEST_CASE("The analyser knows the codecs and the pictures of streams that others made") {
  const std::string x264 = "-c:v libx264 -preset ultrafast -g 25 ";
  const tests::TsReport plain = made_by_ffmpeg(x264 + "-bf 0 -c:a mp2");
  CHECK(plain.video.codec() == std::string("h264"));
  CHECK(plain.audio.codec() == std::string("mp2"));
  CHECK(plain.pictures.frames == plain.pictures.units);
  CHECK(plain.pictures.frames >= 98);
  CHECK(plain.pictures.interlaced_frames == 0);
  CHECK(plain.pictures.entries == 4);

  const tests::TsReport paff =
      made_by_ffmpeg(x264 + "-flags +ildct+ilme -x264-params tff=1 -c:a ac3");
  CHECK(paff.audio.codec() == std::string("ac3"));
  CHECK(paff.pictures.interlaced_frames == paff.pictures.frames);
  CHECK(paff.pictures.uneven_units == 0);

  const tests::TsReport old = made_by_ffmpeg("-c:v mpeg2video -flags +ildct+ilme -g 12 -c:a aac");
  CHECK(old.video.codec() == std::string("mpeg2video"));
  CHECK(old.audio.codec() == std::string("aac"));
  CHECK(old.pictures.frames == old.pictures.units);
  CHECK(old.pictures.interlaced_frames == old.pictures.frames);
  const tests::TsReport progressive = made_by_ffmpeg("-c:v mpeg2video -g 12 -c:a mp2");
  CHECK(progressive.pictures.interlaced_frames == 0);
  CHECK(progressive.pictures.frames == progressive.pictures.units);

  const tests::TsReport high = made_by_ffmpeg(
      "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=25 -c:a mp2");
  CHECK(high.video.codec() == std::string("hevc"));
  CHECK(high.pictures.frames == high.pictures.units);
  CHECK(high.pictures.uneven_units == 0);
}

TEST_CASE("The analyser knows the two fields of an H.264 frame") {
  const auto nal = [](int header, const BitWriter &body) {
    std::vector<std::uint8_t> out{0, 0, 1, static_cast<std::uint8_t>(header)};
    for (const std::uint8_t byte : body.bytes()) out.push_back(byte);
    out.insert(out.end(), {0x80, 0x80});
    return out;
  };
  const auto zero = [](BitWriter &w) -> BitWriter & { return w.flag(true); };  // Exp-Golomb
  BitWriter sequence;
  sequence.put(8, 77).put(8, 0).put(8, 30);  // main profile
  zero(zero(sequence));                      // id, frame numbers of 4 bits
  sequence.put(3, 3);                        // order of pictures: type 2
  zero(sequence).flag(false);
  zero(zero(sequence)).flag(false);  // width, height, not only frames
  BitWriter set;
  zero(zero(set));
  const auto slice = [&](bool is_field, bool is_bottom) {
    BitWriter w;
    zero(w).put(5, 6);  // first macroblock 0, a P slice of type 5
    zero(w).put(4, 0).flag(is_field);
    if (is_field) w.flag(is_bottom);
    return nal(0x41, w);
  };
  tests::PictureReader reader;
  reader.set_stream_type(0x1B);
  const auto unit = [&](std::initializer_list<std::vector<std::uint8_t>> nals) {
    std::vector<std::uint8_t> all;
    for (const auto &each : nals) all.insert(all.end(), each.begin(), each.end());
    reader.unit(all);
  };
  unit({nal(0x67, sequence), nal(0x68, set), slice(true, false), slice(true, true)});
  CHECK(reader.report().fields == 2);
  CHECK(reader.report().uneven_units == 0);
  unit({slice(false, false)});
  CHECK(reader.report().interlaced_frames == 1);
  CHECK(reader.report().uneven_units == 0);
  unit({slice(true, false)});
  CHECK(reader.report().uneven_units == 1);
}

TEST_CASE("A unit that holds two pictures, or none, is not taken for one") {
  tests::PictureReader reader;
  reader.set_stream_type(0x02);
  const auto picture = [](int structure) {
    std::vector<std::uint8_t> out{0, 0, 1, 0x00, 0, 0x0F, 0xFF, 0xF8, 0, 0, 1, 0xB5, 0x8F, 0xFF};
    out.insert(out.end(), {static_cast<std::uint8_t>(0xF0 | structure), 0x80, 0x80, 0x00});
    return out;
  };
  const auto unit = [&](std::initializer_list<int> structures) {
    std::vector<std::uint8_t> out;
    for (const int structure : structures)
      for (const std::uint8_t byte : picture(structure)) out.push_back(byte);
    const std::int64_t before = reader.report().uneven_units;
    reader.unit(out);
    return reader.report().uneven_units - before;
  };
  CHECK(unit({3}) == 0);
  CHECK(unit({1, 2}) == 0);
  CHECK(unit({2, 1}) == 0);
  CHECK(unit({}) == 1);
  CHECK(unit({3, 3}) == 1);
  CHECK(unit({1}) == 1);
  CHECK(unit({1, 1}) == 1);
  CHECK(reader.report().frames == 3);
  CHECK(reader.report().fields == 7);
}

}  // namespace civicast::cable
