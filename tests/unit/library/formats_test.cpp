// SPDX-License-Identifier: Apache-2.0
// House files of every format of the table, looked at by ffprobe and ffmpeg.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "host/library/access_unit.hpp"
#include "host/library/constant_rate.hpp"
#include "host/library/decoder_buffer.hpp"
#include "host/library/verify.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

std::vector<HouseFormat> every_cable_format() {
  std::vector<HouseFormat> all;
  for (const formats::HouseFormat &cable : formats::all()) all.emplace_back(cable);
  return all;
}

HouseFormat format_named(const std::string &name) {
  return house_format(name).value();
}

/// What ffprobe should see.
struct Seen {
  const char *format, *codec, *profile, *level, *size, *sar, *fields, *colour, *sound;
};
const Seen all_seen[] = {
    {"ts_720p25", "h264", "High", "31", "1280x720", "1:1", "progressive", "bt709", "mp2"},
    {"ts_1080i25", "h264", "High", "40", "1920x1080", "1:1", "tt", "bt709", "mp2"},
    {"ts_1080p25", "h264", "High", "40", "1920x1080", "1:1", "progressive", "bt709", "mp2"},
    {"ts_576i25", "mpeg2video", "Main", "8", "720x576", "64:45", "tt", "bt470bg", "mp2"},
    {"ts_hevc_1080p25", "hevc", "Main", "120", "1920x1080", "1:1", "unknown", "bt709", "mp2"},
    {"ts_720p25_ac3", "h264", "High", "31", "1280x720", "1:1", "progressive", "bt709", "ac3"},
    {"ts_720p25_aac", "h264", "High", "31", "1280x720", "1:1", "progressive", "bt709", "aac"},
};

void check_parameters(const fs::path &file, const Seen &seen) {
  const auto video = [&](const char *entry) { return stream_fact(file, "v", entry); };
  CHECK(video("codec_name") == seen.codec);
  CHECK(video("profile") == seen.profile);
  CHECK(video("level") == seen.level);
  CHECK(video("width") + "x" + video("height") == seen.size);
  CHECK(video("sample_aspect_ratio") == seen.sar);
  CHECK(video("field_order") == seen.fields);
  CHECK(video("color_space") == seen.colour);
  CHECK(video("color_primaries") == seen.colour);
  CHECK(stream_fact(file, "a", "codec_name") == seen.sound);
  CHECK(stream_fact(file, "a", "sample_rate") == "48000");
  CHECK(stream_fact(file, "a", "channels") == "2");
}

void check_steps(const HouseFile &file, std::int64_t pictures, std::int64_t sounds) {
  const formats::HouseFormat &format = *file.format.cable();
  const auto video = packets(file.path, "v", "pts,dts,flags");
  const auto audio = packets(file.path, "a", "pts");
  CHECK(file.frames == pictures);
  CHECK(file.duration_ns == pictures * 40 * ns_per_ms);
  REQUIRE(static_cast<std::int64_t>(video.size()) == pictures);
  REQUIRE(static_cast<std::int64_t>(audio.size()) == sounds);
  const long first = std::stol(video[0]);
  CHECK(std::stol(audio[0]) == first);
  for (std::size_t n = 0; n < video.size(); ++n) {
    const std::string time = std::to_string(first + static_cast<long>(n) * 3600);
    const bool opens = n % static_cast<std::size_t>(format.video.gop_pictures) == 0;
    CHECK(video[n].rfind(time + "," + time + (opens ? ",K" : ",_"), 0) == 0);
  }
  for (std::size_t n = 0; n < audio.size(); ++n)
    CHECK(std::stol(audio[n]) == first + static_cast<long>(n) * format.sound_ticks());
}

/// The instant of the loudest sample, from the beginning of the first sound frame.
double loudest_s(const fs::path &file) {
  const std::string bytes =
      output_of("ffmpeg -nostdin -v error -i '" + file.string() + "' -map 0:a -ac 1 -f s16le -");
  std::size_t loudest = 0;
  int most = 0;
  for (std::size_t n = 0; n + 1 < bytes.size() / 2; ++n) {
    std::int16_t sample = 0;
    std::memcpy(&sample, bytes.data() + 2 * n, 2);
    if (std::abs(int{sample}) > most) {
      most = std::abs(int{sample});
      loudest = n;
    }
  }
  CHECK(most > 1000);
  return static_cast<double>(loudest) / 48'000;
}

}  // namespace

TEST_CASE("an import makes what the channels want, each as its table says") {
  Studio studio(every_cable_format());
  // A click at 0.7 s, of which encoders make a hump as wide as their filters.
  const auto asset = studio.import(
      studio.film("a.mkv",
                  "-f lavfi -i testsrc2=s=640x360:r=25:d=1.12 -f lavfi -i "
                  "'aevalsrc=0.01*sin(3000*t)+0.9*between(t\\,0.7\\,0.7003):d=1.12:s=48000' "
                  "-c:v libx264 -preset ultrafast -c:a pcm_s16le"));
  REQUIRE(asset.ok());
  CHECK(studio.library().unmade().empty());
  CHECK(studio.library().house_files().size() == formats::all().size() + 2);
  for (const Seen &seen : all_seen) {
    INFO(seen.format);
    const HouseFile file = studio.library().require(asset->id, format_named(seen.format)).value();
    const formats::HouseFormat &format = *file.format.cable();
    CHECK(file.mime == "video/mp2t");
    CHECK(file.made_from == "source");
    CHECK(studio.library().duration_in(asset->id, file.format) == file.duration_ns);
    CHECK_FALSE(wrong_with(file.path, file.format, file.frames));
    check_parameters(file.path, seen);
    // 28 pictures: 30 on the grid of Layer II, 28 on that of AC-3, 52.5 frames of AAC.
    switch (format.sound.codec) {
      case formats::SoundCodec::mp2:
        check_steps(file, 30, 50);
        break;
      case formats::SoundCodec::ac3:
        check_steps(file, 28, 35);
        break;
      case formats::SoundCodec::aac:
        check_steps(file, 28, 53);
    }
    CHECK(loudest_s(file.path) == Approx(0.70015).margin(0.0005));
    CHECK(
        output_of("ffmpeg -nostdin -v error -xerror -i '" + file.path.string() + "' -f null - 2>&1")
            .empty());
  }
}

TEST_CASE("house files of one format agree on every codec parameter, whatever they are made of") {
  Studio studio(
      {format_named("ts_1080i25"), format_named("ts_576i25"), format_named("ts_hevc_1080p25")});
  ImportRequest request;
  request.still_ns = 240 * ns_per_ms;
  request.file = studio.film("p.png", "-f lavfi -i testsrc=s=64x64 -frames:v 1");
  const auto still = studio.import(request);
  const auto film = studio.import(
      studio.film("a.mkv", "-f lavfi -i mandelbrot=s=320x240:r=30 -t 0.24 -c:v ffv1"));
  REQUIRE(still.ok());
  REQUIRE(film.ok());
  for (const char *name : {"ts_1080i25", "ts_576i25", "ts_hevc_1080p25"}) {
    INFO(name);
    const auto head = [&](const Asset &asset) {
      return stream_fact(studio.library().require(asset.id, format_named(name)).value().path, "v",
                         "extradata_hash");
    };
    CHECK(head(*still).rfind("SHA256:", 0) == 0);
    CHECK(head(*still) == head(*film));
  }
}

TEST_CASE("snow, which no encoder can hold, is softened until it fits") {
  const HouseFormat sd = format_named("ts_576i25");
  Studio studio({sd});
  const auto asset = studio.import(studio.film(
      "a.mkv",
      "-f lavfi -i nullsrc=s=720x576:r=25:d=1.2 -vf 'geq=lum=random(1)*255:cb=128:cr=128' "
      "-pix_fmt yuv420p -c:v ffv1"));
  REQUIRE(asset.ok());
  const HouseFile file = studio.library().require(asset->id, sd).value();
  CHECK_FALSE(wrong_with(file.path, sd, 30));
}

TEST_CASE("a house file that is not in its format is told from one that is") {
  Studio studio;
  const std::string in =
      "-f lavfi -i testsrc2=s=720x576:r=25:d=0.48 -f lavfi -i sine=d=0.48:r=48000 ";
  const std::string right =
      "-vf setsar=64/45,setfield=tff -c:v mpeg2video -b:v 4200k -minrate 4200k -maxrate 4200k "
      "-bufsize 1835008 -g 12 -bf 0 -flags +cgop+ildct+ilme+low_delay -sc_threshold 1000000000 "
      "-color_primaries bt470bg -colorspace bt470bg -c:a mp2 -b:a 192k -ac 2 "
      "-shortest -pes_payload_size 0 -output_ts_offset 1 ";
  const auto wrong_when = [&](const std::string &how) {
    return wrong_with(studio.film("x.ts", in + right + how), format_named("ts_576i25"), 12)
        .value_or("");
  };
  CHECK(wrong_when("-vf setsar=16/15,setfield=tff").find("another shape") != std::string::npos);
  CHECK(wrong_when("-flags -ildct-ilme").find("field order") != std::string::npos);
  CHECK(wrong_when("-vf setsar=64/45,setfield=bff -top 0").find("field order") !=
        std::string::npos);
  CHECK(wrong_when("-colorspace bt709").find("colours") != std::string::npos);
  CHECK(wrong_when("-s 704x576").find("another size") != std::string::npos);
  CHECK(wrong_when("-g 6").find("not where it must be") != std::string::npos);
  CHECK_FALSE(wrong_when("-flags -low_delay -bf 2").empty());
  CHECK(wrong_when("-c:a ac3").find("sound") != std::string::npos);
  CHECK(wrong_when("-c:v libx264").find("another codec") != std::string::npos);
}

TEST_CASE("what opens a group of pictures is read from start codes") {
  const auto unit = [](formats::VideoCodec codec, const std::vector<std::uint8_t> &bytes) {
    const av::Packet packet = av::new_packet();
    REQUIRE(av_new_packet(packet.get(), static_cast<int>(bytes.size())) == 0);
    std::memcpy(packet->data, bytes.data(), bytes.size());
    return access_unit(codec, *packet);
  };
  // MPEG-2: a group's header with its time code, closed or not; a picture's, of type I, P, B.
  const auto mpeg2 = [&](std::uint8_t closed, std::uint8_t type) {
    return unit(formats::VideoCodec::mpeg2,
                {0, 0, 1, 0xB3, 9, 0, 0, 1, 0xB8, 0, 8, 0, closed, 0, 0, 1, 0, 0, type, 0, 0});
  };
  CHECK(mpeg2(0x40, 1 << 3).opens_a_group);
  CHECK_FALSE(mpeg2(0x00, 1 << 3).opens_a_group);
  CHECK_FALSE(mpeg2(0x40, 2 << 3).opens_a_group);
  CHECK_FALSE(mpeg2(0x40, 2 << 3).has_backward);
  CHECK(mpeg2(0x40, 3 << 3).has_backward);
  CHECK(mpeg2(0x40, 1 << 3).has_parameters);
  const auto hevc = [&](std::uint8_t kind) {
    return unit(formats::VideoCodec::hevc,
                {0, 0, 1, 35 << 1, 1, 0, 0, 1, static_cast<std::uint8_t>(kind << 1), 1, 9});
  };
  CHECK(hevc(19).opens_a_group);
  CHECK(hevc(20).opens_a_group);
  CHECK_FALSE(hevc(21).opens_a_group);  // CRA: what follows may need what came before
  CHECK_FALSE(hevc(1).opens_a_group);
  CHECK(hevc(1).has_picture);
  CHECK(hevc(1).has_delimiter);
  CHECK_FALSE(hevc(32).has_picture);
  CHECK_FALSE(hevc(32).has_parameters);
}

TEST_CASE("a decoder's buffer that runs dry or over is noticed") {
  formats::Video format =
      formats::find("ts_720p25")->video;  // 16,000 bytes a picture, 200,000 held
  SECTION("pictures of the right size") {
    DecoderBuffer buffer(format);
    for (int n = 0; n < 1000; ++n) buffer.picture(16'000);
    CHECK_FALSE(buffer.wrong());
  }
  SECTION("a picture that the buffer just holds, and small ones after it") {
    DecoderBuffer buffer(format);
    buffer.picture(200'000);
    for (int n = 0; n < 12; ++n) buffer.picture(2'000);
    CHECK_FALSE(buffer.wrong());
  }
  SECTION("a picture that it does not hold") {
    DecoderBuffer buffer(format);
    buffer.picture(200'001);
    CHECK(buffer.wrong());
  }
  SECTION("pictures that are a little too large for too long") {
    DecoderBuffer buffer(format);
    for (int n = 0; n < 1000; ++n) buffer.picture(16'400);
    CHECK(buffer.wrong());
  }
  SECTION("pictures that are a little too small for too long") {
    DecoderBuffer buffer(format);
    for (int n = 0; n < 1000; ++n) buffer.picture(15'600);
    CHECK(buffer.wrong());
  }
}

TEST_CASE("filler keeps the rate of H.265 constant") {
  const formats::Video &format = formats::find("ts_hevc_1080p25")->video;
  ConstantRate rate(format);
  DecoderBuffer buffer(format);
  std::int64_t bytes = 0;
  for (int n = 0; n < 2000; ++n) {
    const av::Packet packet = av::new_packet();
    REQUIRE(av_new_packet(packet.get(), n % 25 == 0 ? 60'000 : 1000) == 0);
    std::memset(packet->data, 7, static_cast<std::size_t>(packet->size));
    const int before = packet->size;
    rate.fill(*packet);
    bytes += packet->size;
    buffer.picture(packet->size);
    if (packet->size == before) continue;
    const unsigned char head[] = {7, 0, 0, 0, 1, 38 << 1, 1, 0xFF};
    CHECK(std::memcmp(packet->data + before - 1, head, sizeof head) == 0);
    CHECK(packet->data[packet->size - 1] == 0x80);
  }
  CHECK_FALSE(buffer.wrong());
  CHECK(static_cast<double>(bytes) * 8 / 80 == Approx(4'200'000).epsilon(0.01));
}
